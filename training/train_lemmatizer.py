"""Lemmas: Stanza's lemmatizer, a dictionary of the training words first, a small sequence model for the others.

python -m training.train_lemmatizer --work ../work
"""

import argparse
from pathlib import Path

import torch
from stanza.models import lemmatizer


def main() -> None:
    """Train; the best on dev is `lemmatizer/en_news_lemmatizer.pt`."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--epochs", type=int, default=3)
    arguments.add_argument("--threads", type=int, default=1)
    arguments.add_argument("--dictionary-only", action="store_true", help="leave unknown words as they are")
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    options = {
        "train_file": args.work / "data/train.conllu", "eval_file": args.work / "data/dev.conllu",
        "save_dir": args.work / "lemmatizer", "save_name": "en_news_lemmatizer.pt", "shorthand": "en_news",
        "num_epoch": args.epochs, "batch_size": 200, "hidden_dim": 100, "lr": 0.003,
    }  # fmt: skip
    switches = ["--dict_only"] if args.dictionary_only else []
    lemmatizer.main([*switches, *(str(part) for name, value in options.items() for part in (f"--{name}", value))])


if __name__ == "__main__":
    main()

"""Sentence and word splitting: Stanza's character tokenizer, and its splitter of multi-word tokens ("don't").

    python -m training.train_tokenizer --work ../work

Both learn from the prepared text, which looks like the text at run time: straight marks, a paragraph on one line, and
no sentence that runs over the end of a paragraph. English multi-word tokens are made of their words' own letters, so
Stanza trains the splitter as a classifier of letters; the words it gives add up to the token, and have exact offsets.
"""

import argparse
from pathlib import Path

import torch
from stanza.models import mwt_expander, tokenizer
from stanza.utils.datasets import prepare_tokenizer_data

TOKENIZER = {"max_seqlen": 300, "batch_size": 32, "dropout": 0.33, "unit_dropout": 0.33, "eval_steps": 200,
             "anneal_after": 1000, "max_steps_before_stop": 1600}  # fmt: skip


def main() -> None:
    """Label the text, train the tokenizer, train the splitter."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--steps", type=int, default=4000)
    arguments.add_argument("--threads", type=int, default=1)
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    data, models = args.work / "data", args.work / "tokenizer"
    for split in ("train", "dev"):
        files = [
            data / f"{split}.txt",
            data / f"{split}.conllu",
            "-o",
            data / f"{split}.labels",
            "-m",
            data / f"{split}.mwt.json",
        ]
        prepare_tokenizer_data.main([str(file) for file in files])
    if not (models / "tokenizer.done").exists():
        train_tokenizer(data, models, args.steps)
        (models / "tokenizer.done").touch()
    mwt_expander.main(options({
        "train_file": data / "train.conllu", "eval_file": data / "dev.conllu", "gold_file": data / "dev.conllu",
        "lang": "en", "shorthand": "en_news", "save_dir": models, "save_name": "en_news_mwt.pt", "num_epoch": 12,
    }))  # fmt: skip


def train_tokenizer(data: Path, models: Path, steps: int) -> None:
    """Train with Stanza's command; the best on dev is `en_news_tokenizer.pt`."""
    files = {
        "txt_file": data / "train.txt", "label_file": data / "train.labels", "mwt_json_file": data / "train.mwt.json",
        "dev_txt_file": data / "dev.txt", "dev_label_file": data / "dev.labels", "dev_conll_gold": data / "dev.conllu",
        "save_dir": models, "save_name": "en_news_tokenizer.pt", "lang": "en", "shorthand": "en_news", "steps": steps,
    }  # fmt: skip
    tokenizer.main(options({**files, **TOKENIZER}))


def options(values: dict[str, object]) -> list[str]:
    """`values` as command line options."""
    return [str(part) for name, value in values.items() for part in (f"--{name}", value)]


if __name__ == "__main__":
    main()

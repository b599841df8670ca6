"""Train sentence and word splitting: Stanza's character tokenizer, and its splitter of multi-word tokens ("don't").

    python -m training.train_tokenizer --work ../work

Both are trained on the prepared text, which resembles the text at run time: straight quotes, one line per paragraph,
and no sentence across paragraphs. English multi-word tokens are the concatenation of their words, so Stanza trains the
splitter as a classifier of characters, and the resulting words have exact offsets.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import torch
from stanza.models import mwt_expander, tokenizer
from stanza.models.tokenization.trainer import Trainer
from stanza.utils.datasets import prepare_tokenizer_data

from training.recipe import recipe

_RECIPE: Final = recipe("train_tokenizer")
FIRST: Final[dict[str, float]] = _RECIPE["first"]
SECOND: Final[dict[str, float]] = _RECIPE["second"]


def main() -> None:
    """Label the text, train the tokenizer, then the splitter."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
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
    finished = models / "tokenizer.done"
    if not finished.exists():
        train_tokenizer(data, models)
        finished.touch()
    mwt_expander.main(options({
        "train_file": data / "train.conllu", "eval_file": data / "dev.conllu", "gold_file": data / "dev.conllu",
        "lang": "en", "shorthand": "en_news", "save_dir": models, "save_name": "en_news_mwt.pt",
        "num_epoch": 12, "lr": 0.002, "dropout": 0.2, "emb_dropout": 0.2,
    }))  # fmt: skip


def train_tokenizer(data: Path, models: Path) -> None:
    """Train with Stanza's command, then continue from the best model at half the rate: `en_news_tokenizer.pt`."""
    files = {
        "txt_file": data / "train.txt", "label_file": data / "train.labels", "mwt_json_file": data / "train.mwt.json",
        "dev_txt_file": data / "dev.txt", "dev_label_file": data / "dev.labels", "dev_conll_gold": data / "dev.conllu",
        "save_dir": models, "lang": "en", "shorthand": "en_news", "max_seqlen": 300, "batch_size": 32,
    }  # fmt: skip
    tokenizer.main(options({**files, **FIRST, "save_name": "first.pt"}))
    Trainer.load = load_weights
    tokenizer.main(options({**files, **SECOND, "load_name": "first.pt", "save_name": "en_news_tokenizer.pt"}))


def load_weights(self: Any, file: str) -> None:
    """Do what Stanza's `--load_name` intends; in 1.15.0 the call does not match the method's signature."""
    self.model.load_state_dict(torch.load(file, weights_only=True)["model"])


def options(values: dict[str, object]) -> list[str]:
    """Return `values` as command-line options."""
    return [str(part) for name, value in values.items() for part in (f"--{name}", value)]


if __name__ == "__main__":
    main()

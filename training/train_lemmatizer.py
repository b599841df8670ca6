"""Train Stanza's lemmatizer: a dictionary of the training words, and a small sequence model for other words.

    python -m training.train_lemmatizer --work ../work

The sequence model is used only for words that the dictionary lacks, so it is trained on each distinct word once; the
most frequent words come first, which is how the dictionary resolves ambiguity.
"""

import argparse
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
from stanza.models import lemmatizer

from training.corpora import conllu
from training.corpora.conllu import Sentence


def main() -> None:
    """Train; the best model on dev is `lemmatizer/en_news_lemmatizer.pt`."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--epochs", type=int, default=8)
    arguments.add_argument("--threads", type=int, default=1)
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    data, models = args.work / "data", args.work / "lemmatizer"
    models.mkdir(exist_ok=True)
    conllu.write(models / "words.conllu", word_types(conllu.read(data / "train.conllu")))
    options = {
        "train_file": models / "words.conllu", "eval_file": data / "dev.conllu", "save_dir": models,
        "save_name": "en_news_lemmatizer.pt", "shorthand": "en_news", "num_epoch": args.epochs, "batch_size": 100,
        "hidden_dim": 100, "lr": 0.002, "dropout": 0.3, "emb_dropout": 0.3, "pos_dropout": 0.3,
    }  # fmt: skip
    lemmatizer.main([str(part) for name, value in options.items() for part in (f"--{name}", value)])


def word_types(sentences: Iterable[Sentence]) -> Iterator[Sentence]:
    """Yield each word form with each of its tags, once, with its most frequent lemma, as sentences of one word."""
    counts: Counter[tuple[str, str, str]] = Counter()
    for sentence in sentences:
        # words that are split in the text
        counts.update((row[1], row[3], row[2]) for row in sentence.words() if row[4] != "GW")
    yielded = set()
    for (form, tag, lemma), _ in counts.most_common():
        if (form, tag) not in yielded and lemma != "_":
            yielded.add((form, tag))
            yield Sentence([], [["1", form, lemma, tag, "_", "_", "0", "root", "_", "_"]])


if __name__ == "__main__":
    main()

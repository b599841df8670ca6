"""Prepare the published treebanks as training data for every model of the pack.

    python -m training.prepare --treebanks ../shared/treebanks --work ../work

EWT and GUM are joined. Quotation marks are straightened as at run time, and a random sample of the training sentences
(with a fixed seed) is respelled as in news (dashes, ellipses, headline case). In dev and test, only quotation marks are
straightened. Empty nodes, enhanced dependencies, and everything in MISC except `SpaceAfter` and `Entity` are dropped.
"""

import argparse
import random
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from service.input.characters import straighten
from training.corpora import conllu
from training.corpora.conllu import Sentence
from training.recipe import recipe

TREEBANKS = ("ewt", "gum")
SPLITS = ("train", "dev", "test")
_RECIPE: Final = recipe("prepare")
SEED: Final[int] = _RECIPE["seed"]
DASH_SHARE: Final[float] = _RECIPE["dash_share"]  # of the sentences with a dash
ELLIPSIS_SHARE: Final[float] = _RECIPE["ellipsis_share"]  # of the sentences with three dots
HEADLINE_SHARE: Final[float] = _RECIPE["headline_share"]  # of all sentences of 4 to 20 words
CAPITALS_SHARE: Final[float] = _RECIPE["capitals_share"]
_DASHES = ("--", "-", "—", "–")
_MINOR_WORD = re.compile(r"^(a|an|the|of|in|on|at|to|by|for|and|or|but|as|with|from)$")


def main() -> None:
    """Read the treebanks; write `data/{train,dev,test}.conllu` and each treebank's dev and test files."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--treebanks", type=Path, default=Path("../shared/treebanks"))
    parser.add_argument("--work", type=Path, default=Path("../work"))
    args = parser.parse_args()
    data: Path = args.work / "data"
    data.mkdir(parents=True, exist_ok=True)
    for split in SPLITS:
        prepared: list[Sentence] = []
        for bank in TREEBANKS:
            sentences = [cleaned(sentence) for sentence in conllu.read(args.treebanks / bank / f"{split}.conllu")]
            conllu.write(data / f"{bank}.{split}.conllu", sentences)
            (data / f"{bank}.{split}.txt").write_text(conllu.raw_text(sentences), encoding="utf-8")
            prepared += sentences
        if split == "train":
            prepared = list(as_news(prepared, random.Random(SEED)))
        conllu.write(data / f"{split}.conllu", prepared)
        (data / f"{split}.txt").write_text(conllu.raw_text(prepared), encoding="utf-8")
        print(f"{split}: {len(prepared)} sentences, {sum(len(s.words()) for s in prepared)} words")


def cleaned(sentence: Sentence) -> Sentence:
    """Return `sentence` with straight quotes, only basic dependencies, and only the MISC values used in training."""
    rows = []
    for row in sentence.rows:
        if "." in row[0]:
            continue
        misc = [value for value in row[9].split("|") if value.startswith(("SpaceAfter=", "Entity="))]
        rows.append([row[0], straighten(row[1]), straighten(row[2]), *row[3:8], "_", "|".join(misc) or "_"])
    return Sentence(
        [line for line in sentence.comments if line.split()[1].startswith(("newdoc", "newpar", "sent_id"))], rows
    )


def as_news(sentences: list[Sentence], rng: random.Random) -> Iterator[Sentence]:
    """Yield the same sentences in order, some of them respelled as in news."""
    for sentence in sentences:
        forms = [row[1] for row in sentence.surface()]
        if any(form in _DASHES for form in forms[1:-1]) and rng.random() < DASH_SHARE:
            respell_dashes(sentence, rng)
        if "..." in forms and rng.random() < ELLIPSIS_SHARE:
            for row in sentence.rows:
                row[1] = "…" if row[1] == "..." else row[1]
        draw = rng.random()
        if 4 <= len(forms) <= 20 and draw < HEADLINE_SHARE:
            recase(sentence, headline)
        elif draw > 1 - CAPITALS_SHARE:
            recase(sentence, str.upper)
        yield sentence


def respell_dashes(sentence: Sentence, rng: random.Random) -> None:
    """Respell the sentence's free-standing dashes in one of the styles of newsrooms."""
    dash, spaced = rng.choice([("—", True), ("—", False), ("–", True), ("--", True), ("--", False), ("-", True)])
    surface = sentence.surface()
    for before, row, after in zip(surface, surface[1:], surface[2:], strict=False):
        both_words = before[1][-1:].isalpha() and after[1][:1].isalpha()
        free = "SpaceAfter=No" not in before[9].split("|") and "SpaceAfter=No" not in row[9].split("|")
        if row[1] in _DASHES and both_words and free:
            row[1] = dash
            if not spaced:
                for glued in (before, row):
                    glued[9] = "SpaceAfter=No" if glued[9] == "_" else f"SpaceAfter=No|{glued[9]}"


def recase(sentence: Sentence, case: Callable[[str], str]) -> None:
    """Apply `case` to every form of the sentence, both tokens and their words."""
    for row in sentence.rows:
        row[1] = case(row[1])


def headline(form: str) -> str:
    """Return `form` in the title case of headlines."""
    return form if _MINOR_WORD.match(form) or not form[:1].isalpha() else form[0].upper() + form[1:]


if __name__ == "__main__":
    main()

"""Texts like news articles that differ every time, so that the response cache does not affect measurements.

A text is a random selection of sentences from the golden articles, the seeds and, if ../shared has them, everyday
articles, in random order, with half of the names replaced. Number and seed determine it, so a run can be repeated.
Lengths are as in newsrooms: mostly about 2,000 characters, a few 150, a few 20,000.
"""

import random
import re
from collections.abc import Iterable, Sequence
from functools import cache
from math import log
from typing import Final

from benchmarks.pages import ROOT
from training.corpora.news import CORPORA

_FOLDERS: Final = (ROOT / "tests/golden/articles", ROOT / "tests/golden/seeds", CORPORA / "everyday")
_NOT_ARTICLES: Final = frozenset({"sections.txt"})
_SENTENCE: Final = re.compile(r"[^\s].*?(?:[.!?][”’\"']*(?=\s+[“\"A-Z])|\Z)", re.DOTALL)
_NAME: Final = re.compile(r"(?<=[a-z,] )[A-Z][a-z]{3,}")  # in the middle of a sentence
_ONSETS: Final = "b br c ch d dr f g gr h j k kl l m n p pr r s sh st t th tr v w".split()
_VOWELS: Final = "a e i o u ai ea ee oo".split()
_CODAS: Final = "l ll n nd ng r rd rt s ss t tt ck mer ley son ton ner win".split()
_TYPICAL, _SPREAD = 2_000, 0.7  # characters, and the standard deviation of their logarithm
SHORTEST, LONGEST = 150, 20_000
_SENTENCES_OF_A_PARAGRAPH: Final = (1, 1, 1, 2, 2, 3)


def varied_text(number: int, seed: int = 20, characters: int | None = None) -> str:
    """Return the text with this number, of this or a random length."""
    choice = random.Random(f"{seed} {number}")
    target_length = characters or round(min(max(choice.lognormvariate(log(_TYPICAL), _SPREAD), SHORTEST), LONGEST))
    sentences, size = [], 0
    while size < target_length:
        sentences.append(choice.choice(_sentences()))
        size += len(sentences[-1]) + 1
    return _renamed("\n\n".join(_paragraphs(sentences, choice)), choice)


def _paragraphs(sentences: Sequence[str], choice: random.Random) -> Iterable[str]:
    start = 0
    while start < len(sentences):
        end = start + choice.choice(_SENTENCES_OF_A_PARAGRAPH)
        yield " ".join(sentences[start:end])
        start = end


def _renamed(text: str, choice: random.Random) -> str:
    """Replace half of the names in `text` by made-up words, consistently."""
    names: dict[str, str] = {}

    def renamed(found: re.Match[str]) -> str:
        name = found[0]
        if name not in names:
            names[name] = _made_up(choice) if choice.random() < 0.5 else name
        return names[name]

    return _NAME.sub(renamed, text)


def _made_up(choice: random.Random) -> str:
    syllables = (choice.choice(_ONSETS) + choice.choice(_VOWELS) for _ in range(choice.choice((1, 1, 2))))
    return ("".join(syllables) + choice.choice(_CODAS)).capitalize()


@cache
def _sentences() -> tuple[str, ...]:
    result: dict[str, None] = {}  # an ordered set
    for folder in _FOLDERS:
        for path in sorted(folder.glob("*.txt")):
            if path.name not in _NOT_ARTICLES:
                for paragraph in path.read_text(encoding="utf-8").split("\n"):
                    result.update(dict.fromkeys(sentence[0].strip() for sentence in _SENTENCE.finditer(paragraph)))
    return tuple(sentence for sentence in result if sentence)

"""Nicknames that stand in marks within a name: Joe “The Hammer” Hart. Their marks neither quote nor end a phrase."""

from collections.abc import Iterator
from typing import Final

from service.parsing.tree import Sentence

_MARKS: Final = frozenset("\"“”'‘’`") | {"''", "``"}
_MOST_WORDS: Final = 4


def nicknames(sentence: Sentence) -> Iterator[tuple[int, int]]:
    """The positions of the marks before and behind each nickname of `sentence`."""
    words = sentence.words
    opened: int | None = None
    for position, word in enumerate(words):
        if word.upos != "PUNCT" or word.text not in _MARKS:
            continue
        if opened is not None and _is_nickname(sentence, opened, position):
            yield opened, position
            opened = None
        else:
            opened = position


def through_nicknames(sentence: Sentence, positions: list[int]) -> list[int]:
    """The words of a name at `positions`, an unbroken run, with its nickname and what of it stands beyond."""
    first, last = positions[0], positions[-1]
    for before, behind in nicknames(sentence):
        if last == before - 1 or last == behind or first == behind + 1:
            first, last = min(first, before - 1), max(last, behind + 1)
    while first and _in_name(sentence, first) and _in_name(sentence, first - 1) and first < positions[0]:
        first -= 1
    while last + 1 < len(sentence.words) and last > positions[-1] and _in_name(sentence, last + 1):
        last += 1
    return list(range(first, last + 1))


def _is_nickname(sentence: Sentence, before: int, behind: int) -> bool:
    inside = sentence.words[before + 1 : behind]
    return (
        before > 0
        and behind + 1 < len(sentence.words)
        and 0 < len(inside) <= _MOST_WORDS
        and all(word.upos != "PUNCT" for word in inside)
        and inside[-1].text[:1].isupper()
        and _in_name(sentence, before - 1)
        and _in_name(sentence, behind + 1)
    )


def _in_name(sentence: Sentence, position: int) -> bool:
    word = sentence.words[position]
    return word.upos == "PROPN" and word.text[:1].isupper()

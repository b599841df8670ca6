"""Sets of words of a sentence as bits of an integer: bit 0 is the first word.

There are dozens of word sets for each cue, and set operations on integers are cheap.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from service.parsing.tree import ROOT, Sentence

WordSet = int


def between(start: int, end: int) -> WordSet:
    """Return the words from `start` up to but not including `end`; none if `end` is not greater than `start`."""
    return ((1 << (end - start)) - 1) << start if end > start else 0


def first(words: WordSet) -> int:
    """Return the position of the first word; `words` must not be empty."""
    return (words & -words).bit_length() - 1


def last(words: WordSet) -> int:
    """Return the position of the last word; `words` must not be empty."""
    return words.bit_length() - 1


def positions(words: WordSet) -> Iterator[int]:
    """Yield the positions of `words`, in text order."""
    while words:
        lowest = words & -words
        yield lowest.bit_length() - 1
        words ^= lowest


def subtrees(sentence: Sentence) -> tuple[WordSet, ...]:
    """Return the subtree of each word: the word and its direct and indirect dependents."""
    result = [1 << position for position in range(len(sentence.words))]
    waiting = [position for position, word in enumerate(sentence.words) if word.head == ROOT]
    order = []
    while waiting:
        position = waiting.pop()
        order.append(position)
        waiting.extend(sentence.children(position))
    for position in reversed(order):
        head = sentence.words[position].head
        if head != ROOT:
            result[head] |= result[position]
    return tuple(result)


def grouped(kinds: Iterable[str]) -> Mapping[str, WordSet]:
    """Return the words of each kind; `kinds` has the kind of each word."""
    result: defaultdict[str, WordSet] = defaultdict(int)
    bit = 1
    for kind in kinds:
        result[kind] |= bit
        bit <<= 1
    return result


def united(groups: Mapping[str, WordSet], kinds: Iterable[str]) -> WordSet:
    """Return the words of any of `kinds`."""
    result = 0
    for kind in kinds:
        result |= groups.get(kind, 0)
    return result


def masks_of(words: Sequence[WordSet], width: int) -> NDArray[np.bool_]:
    """Return word sets as an array [word sets, width], with `width` at least the size of their sentences."""
    size = (width + 7) // 8
    packed = np.frombuffer(b"".join(word_set.to_bytes(size, "little") for word_set in words), np.uint8).reshape(
        -1, size
    )
    return np.unpackbits(packed, axis=1, count=width, bitorder="little").astype(np.bool_)

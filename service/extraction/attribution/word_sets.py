"""Sets of words of one sentence as the bits of an integer: bit 0 is its first word.

A ranker looks at dozens of word sets for each cue; unions, differences and overlaps of integers cost next to nothing.
"""

from collections.abc import Iterator

from service.parsing.tree import ROOT, Sentence

WordSet = int


def between(start: int, end: int) -> WordSet:
    """The words from `start` up to, not including, `end`; none where `end` is not behind `start`."""
    return ((1 << (end - start)) - 1) << start if end > start else 0


def first(words: WordSet) -> int:
    """The first of `words`, which are not empty."""
    return (words & -words).bit_length() - 1


def last(words: WordSet) -> int:
    """The last of `words`, which are not empty."""
    return words.bit_length() - 1


def positions(words: WordSet) -> Iterator[int]:
    """The positions of `words`, in text order."""
    while words:
        lowest = words & -words
        yield lowest.bit_length() - 1
        words ^= lowest


def subtrees(sentence: Sentence) -> tuple[WordSet, ...]:
    """For each word, the word and all that it governs, directly or not."""
    found = [1 << position for position in range(len(sentence.words))]
    waiting = [position for position, word in enumerate(sentence.words) if word.head == ROOT]
    order = []
    while waiting:
        position = waiting.pop()
        order.append(position)
        waiting.extend(sentence.children(position))
    for position in reversed(order):
        head = sentence.words[position].head
        if head != ROOT:
            found[head] |= found[position]
    return tuple(found)

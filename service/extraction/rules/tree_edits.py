"""Edits of dependency trees that several repairs make, and what they ask about words."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import replace

from service.parsing.tree import Entity, Sentence, Word


def reattach(words: list[Word], dependents: Iterable[int], head: int) -> None:
    """Make `head` the governor of the words at `dependents`."""
    for at in dependents:
        words[at] = replace(words[at], head=head)


def as_name(word: Word, deprel: str, head: int) -> Word:
    """Return `word` as a proper noun with this relation and head."""
    return replace(word, upos="PROPN", xpos="NNP" if word.xpos else "", feats="", deprel=deprel, head=head)


def begins_full_name(words: Sequence[Word], at: int) -> bool:
    """Return whether the word is a proper noun, and the next one the rest of the same name."""
    return words[at].upos == "PROPN" and words[at + 1].head == at and words[at + 1].relation == "flat"


def entity_positions(sentence: Sentence, entity: Entity) -> range:
    """Return the positions of the words in `entity`."""
    starts = [word.span.start for word in sentence.words]
    return range(bisect_left(starts, entity.span.start), bisect_left(starts, entity.span.end))

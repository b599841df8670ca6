"""Masks: what features say in place of a name, nationality or party, so that no decision depends on who is named."""

from collections.abc import Mapping, Sequence
from typing import Final

from service.extraction.wordlists import nations
from service.parsing.tree import EntityKind, Word

_CAPITALIZED: Final = frozenset({"NOUN", "ADJ", "X"})
_PARTIES: Final = frozenset(
    """
republican democrat democratic gop libertarian conservative labour tory socialist communist marxist maoist liberal
islamist christian muslim jewish catholic protestant hindu sikh buddhist evangelical mormon
""".split()
)


def masks(words: Sequence[Word], entities: Mapping[int, EntityKind]) -> tuple[str | None, ...]:
    """Return for each word the mask that replaces it in features, or None if it is not masked.

    `entities` maps the positions of words in named entities to the kind of entity.
    """
    return tuple(_mask(word, position, entities.get(position)) for position, word in enumerate(words))


def _mask(word: Word, position: int, kind: EntityKind | None) -> str | None:
    if word.upos == "PROPN":
        return f"<{kind or 'name'}>"
    if word.upos not in _CAPITALIZED:
        return None
    if kind is not None:
        return f"<{kind}>"
    lemma = word.lemma.lower()
    capital = position > 0 and word.text[:1].isupper()
    return f"<{word.upos.lower()}>" if capital or lemma in _PARTIES or lemma in nations() else None

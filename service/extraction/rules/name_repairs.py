"""Repairs of trees around names that the parser attached to the wrong word.

DENVER, March 4 — *Compass* today announced …
My neighbor *Gus* put it best …
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.wordlists import person_words
from service.parsing.tree import Entity, Sentence, Word

_DASHES: Final = frozenset({"--", "-", "–", "—", "---"})
_LONGEST_DATELINE: Final = 18  # words
_AFTER_DATELINE: Final = frozenset({"appos", "flat", "nmod", "list", "dep", "conj"})
_OWN: Final = frozenset({"my", "our", "your", "his", "her", "their"})


def wire_dateline(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the name after a dateline the subject that the parser took the place for: "DENVER, March 4 — *Compass*
    today announced".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words = sentence.words
    dash = next((at for at, word in enumerate(words[:_LONGEST_DATELINE]) if word.text in _DASHES), 0)
    place = words[0]
    if not dash or place.relation not in {"nsubj", "obl", "obj"} or place.head <= dash:
        return None
    before = [word.text for word in words[:dash]]
    marked = place.text.isupper() or bool({"(", "/"} & set(before))
    if not marked or any(text[:1].islower() for text in before):
        return None
    name = next((at for at in sentence.children(0) if at > dash and sentence.subtree(at)[0] in {dash, dash + 1}), None)
    if name is None or words[name].relation not in _AFTER_DATELINE or words[name].upos not in {"PROPN", "NOUN"}:
        return None
    if any(entity.span.overlaps(place.span) for entity in people):
        return None
    result = list(words)
    result[name] = replace(words[name], deprel="nsubj", head=place.head)
    result[0] = replace(place, deprel="dep", head=name)
    for child in sentence.children(0):
        if child > name:
            result[child] = replace(words[child], head=name)
    return result


def name_after_own_role(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a given name to the relation before it: "My neighbor *Gus* put it best".

    Applies where the parser made the name a dependent of the verb. Returns the repaired words, or None if there is
    nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    named = {entity.span.start for entity in people}
    for at in range(1, len(words) - 1):
        role, name = words[at - 1], words[at]
        owner = sentence.child(at - 1, "nmod:poss")
        if name.upos != "PROPN" or name.span.start not in named or owner is None or role.relation != "nsubj":
            continue
        if words[owner].text.lower() not in _OWN or is_plural(role) or role_of(role) not in person_words().roles:
            continue
        if name.head == role.head and name.relation in {"advmod", "obl", "obj", "dep", "nsubj"}:
            result[at] = replace(name, deprel="appos", head=at - 1)
    return result if result != list(words) else None

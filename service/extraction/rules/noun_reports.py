"""Nouns that report a clause, with the one who says so: "assurances from *the landlord* that the lift was safe"."""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import positions
from service.extraction.rules.constructions import (
    can_speak,
    is_finite,
    new_proposal,
    with_content,
    with_cue,
    with_source,
)

RULE: Final = "noun-report"
_FROM: Final = frozenset({"from", "by"})


def noun_reports(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Give a noun of speech the clause with "that" and the person or body after "from" or "by"."""
    result = list(proposals)
    nouns = cue_lexicon().nouns
    for noun in range(1, len(view.words) - 3):
        if view.words[noun].upos != "NOUN" or nouns.get(view.lemmas[noun]) not in SPEECH or view.quoted >> noun & 1:
            continue
        clause, voice = _clause(view, noun), _voice(view, noun)
        if clause is None or voice is None or not noun < voice < clause:
            continue
        content = view.subtrees[clause] & view.solid
        known = next((one for one in result if one.cue == noun), None)
        if known is None:
            result = sorted([*result, new_proposal(view, noun, content, voice, RULE)], key=lambda one: one.cue)
        else:
            changed = with_cue(with_content(with_source(known, voice, RULE), content, RULE), RULE)
            result = [changed if one is known else one for one in result]
    return result


def _clause(view: SentenceView, noun: int) -> int | None:
    """Return the finite clause with "that" which the noun governs."""
    for at in positions(view.children[noun]):
        word = view.words[at]
        if at > noun and word.relation in {"acl", "ccomp"} and view.role(at, "mark") == "that" and is_finite(view, at):
            return at
    return None


def _voice(view: SentenceView, noun: int) -> int | None:
    """Return the person or body after "from" or "by"."""
    for at in positions(view.children[noun]):
        if at > noun and view.words[at].relation == "nmod" and view.role(at, "case") in _FROM and can_speak(view, at):
            return at
    return None

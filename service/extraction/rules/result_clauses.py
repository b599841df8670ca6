"""The subject of a result clause without "that".

She sang so loudly *a man* in the hall turned round and *said*, “Who is that?”
He was in such a rage *a nurse* *shouted*, “Sit down!”
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.rules.constructions import can_speak, with_source
from service.extraction.tags import FINITE, IN_NOUN_PHRASE, NOUNS, SPEAKER_PRONOUNS

RULE: Final = "result-clause"
_DEGREES: Final = frozenset({"ADV", "ADJ"})
_ARTICLES: Final = frozenset({"a", "an"})
_SUBJECT_PRONOUNS: Final = SPEAKER_PRONOUNS - {"you", "who"}


def result_clauses(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Give a report in a result clause after "so" or "such" the subject of that clause as its source."""
    if "so" not in view.texts and "such" not in view.texts:
        return list(proposals)
    return [_with_own_subject(view, proposal) for proposal in proposals]


def _with_own_subject(view: SentenceView, proposal: Proposal) -> Proposal:
    """Return `proposal` with the subject of its result clause, or without a source if that can't speak."""
    cue, source = proposal.cue, proposal.source.best
    if source is None or view.quoted >> cue & 1:
        return proposal
    for degree in range(cue - 1, -1, -1):
        clause = _clause_after(view, degree)
        if clause is None:
            continue
        subject, verb = clause
        if not subject < verb <= cue or degree < source <= verb or not _is_chain(view, verb, cue):
            continue
        return with_source(proposal, subject if can_speak(view, subject) else None, RULE)
    return proposal


def _clause_after(view: SentenceView, degree: int) -> tuple[int, int] | None:
    """Return the subject and the finite verb of the clause after "so" or "such" at `degree`."""
    start, count = degree + 1, len(view.words)
    if view.text_at(degree) == "such" and view.text_at(start) in _ARTICLES:
        start += 1
        while start < count and view.words[start].upos == "ADJ":
            start += 1
        if start == count or view.words[start].upos != "NOUN":
            return None
    elif view.text_at(degree) != "so" or start == count or view.words[start].upos not in _DEGREES:
        return None
    start += 1
    verb = start
    while verb < count and _is_in_phrase(view, verb):
        verb += 1
    if verb in {start, count} or view.words[verb].xpos not in FINITE:
        return None
    opens = view.words[start]
    if opens.upos not in {"DET", "PROPN"} and not (view.text_at(start) in _SUBJECT_PRONOUNS and verb == start + 1):
        return None
    subject = next((at for at in range(start, verb) if _is_top(view, at, range(start, verb))), None)
    return None if subject is None else (subject, verb)


def _is_in_phrase(view: SentenceView, position: int) -> bool:
    """Return whether the word can be part of a subject: "the officer *behind him*"."""
    after_preposition = view.words[position].upos == "PRON" and view.words[position - 1].upos == "ADP"
    pronoun = view.text_at(position) in _SUBJECT_PRONOUNS
    return pronoun or after_preposition or view.words[position].upos in IN_NOUN_PHRASE


def _is_top(view: SentenceView, position: int, phrase: range) -> bool:
    """Return whether the noun or pronoun at `position` is governed from outside the phrase."""
    word = view.words[position]
    nominal = word.upos in NOUNS or view.text_at(position) in _SUBJECT_PRONOUNS
    return nominal and word.head not in phrase


def _is_chain(view: SentenceView, verb: int, cue: int) -> bool:
    """Return whether the cue is the verb, or is coordinated with it without a subject of its own."""
    inside = range(verb, cue + 1)
    if any(view.sentence.child(at, "nsubj") in inside for at in inside if view.words[at].upos == "VERB"):
        return False
    return verb == cue or any(view.words[at].upos == "CCONJ" for at in inside)

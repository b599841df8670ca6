"""Rules for sentences with two reports.

A second report ends the content of the first, and has its own source or shares the first one's.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import NO_CLASS, SentenceView
from service.extraction.attribution.sources import is_main
from service.extraction.attribution.word_sets import WordSet, first, positions
from service.extraction.rules.constructions import (
    before,
    can_speak,
    grammar_lexicon,
    is_finite,
    part_after,
    reports,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.rules.content_ends import is_refusal
from service.extraction.rules.passives import is_passive
from service.extraction.tags import FIRST_PERSON, IN_NOUN_PHRASE, JOINING, VERBS

SECOND_REPORT: Final = "second-report"
_KEPT: Final = -1  # in place of a source: the second report keeps the one it has
_CLAUSE_BREAKS: Final = frozenset({",", ";", "—", "–"})
_OPPOSING: Final = frozenset({"while", "whereas"})
_CONTRASTING: Final = _OPPOSING | JOINING | {"although", "though", "as", "with"}
_RELATIVE_OPENINGS: Final = frozenset({"which", "who", "whose"})
_LEADING: Final = frozenset({":", ","})
_BEFORE_QUOTATION: Final = IN_NOUN_PHRASE | {"PRON", "SCONJ", "PUNCT", "ADV"}
_DROPPED: Final = -8.0  # log-odds of a cue that does not report
_NEAR: Final = 8  # words between a verb and the quotation it introduces


def second_reports(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """End the content of each proposal where a second report begins."""
    result, second = list(proposals), set()
    for number in range(len(result)):
        for other in range(len(result)):
            outer, inner = result[number], result[other]
            if number == other or other in second or inner.cue < outer.cue or not _can_contain(view, outer, inner):
                continue
            start = _start_of_second(view, outer, inner)
            source = None if start is None else _second_source(view, outer, inner, start)
            if start is None or source is None:
                continue
            second.add(other)
            result[number] = _before_second(view, outer, start)
            result[other] = with_cue(inner, SECOND_REPORT)
            if source != _KEPT:
                result[other] = with_source(result[other], source, SECOND_REPORT)
    kept = [item for item in result if item.cue_score > _DROPPED]
    return [item for item in kept if not any(other is not item and _supersedes(view, other, item) for other in kept)]


def _start_of_second(view: SentenceView, outer: Proposal, inner: Proposal) -> int | None:
    """Return where the part of the content of `outer` begins that `inner` reports, or None if it is all of it."""
    start = part_after(view, outer.content.best, inner.cue, outer.cue)
    if start is None:
        return None
    opening = _opening(view, inner.cue)
    participle = view.words[inner.cue].xpos == "VBG" and view.text_at(opening - 1) == ","
    if opening > start and (participle or view.text_at(opening) in _OPPOSING | JOINING | _RELATIVE_OPENINGS):
        return opening
    return start


def _before_second(view: SentenceView, outer: Proposal, start: int) -> Proposal:
    """Return `outer` with the content before `start`; it is dropped if it cannot report what is left."""
    content = outer.content.best & before(start)
    result = with_content(outer, content, SECOND_REPORT)
    if _is_clause(view, content) or _takes_noun_phrases(view, outer):
        return result
    return replace(result, cue_score=_DROPPED)


def _supersedes(view: SentenceView, proposal: Proposal, other: Proposal) -> bool:
    """Return whether `other` reports nothing of its own next to `proposal`.

    Of two cues with the same content, the governing one reports it: "wrote to her *insisting* she …".
    """
    content = proposal.content.best
    same = bool(content) and content == other.content.best
    return (
        (same and _governs(view, proposal) and not _governs(view, other))
        or _only_governs(view, other, proposal)
        or _in_own_words(view, proposal, other)
    )


def _only_governs(view: SentenceView, outer: Proposal, inner: Proposal) -> bool:
    """Return whether the content of `outer` is only the participle of `inner`: "wrote to them *claiming* that …"."""
    word = view.words[inner.cue]
    if (
        inner.cue < outer.cue
        or word.xpos != "VBG"
        or word.head != outer.cue
        or not reports(view, inner.cue)
        or not inner.content.best
    ):
        return False
    if view.role(inner.cue, "mark", "case"):
        return False  # "admitted to threatening the girl"
    return bool(outer.content.best) and not outer.content.best & ~view.subtrees[inner.cue] & view.solid


def _in_own_words(view: SentenceView, outer: Proposal, inner: Proposal) -> bool:
    """Return whether `inner` is in the first person, without marks, in the content of `outer`: "*I would say* the team
    is ready, Dunn said"."""
    subject = view.sentence.child(inner.cue, "nsubj")
    return (
        subject is not None
        and view.text_at(subject) in FIRST_PERSON
        and bool(outer.content.best >> inner.cue & 1)
        and not outer.content.best & view.quoted
        and reports(view, outer.cue)
        and outer.source.best is not None
        and view.text_at(outer.source.best) not in FIRST_PERSON
        and outer.cue_score > 0
    )


def _governs(view: SentenceView, proposal: Proposal) -> bool:
    """Return whether the head of the content depends directly on the cue."""
    return any(view.words[at].head == proposal.cue for at in positions(view.tops(proposal.content.best)))


def _is_clause(view: SentenceView, words: WordSet) -> bool:
    return any(view.words[at].upos in VERBS for at in positions(words))


def _takes_noun_phrases(view: SentenceView, outer: Proposal) -> bool:
    """Return whether the cue reports noun phrases as well as clauses: "criticised the delay", not "released two
    reports"."""
    mentions = {"refer", "quote", "cite", "point", "release", "issue", "publish", "post"}
    return view.classes[outer.cue].isalpha() and view.lemmas[outer.cue] not in mentions


def _can_contain(view: SentenceView, outer: Proposal, inner: Proposal) -> bool:
    """Return whether both are reports and the content of `outer` includes `inner` outside quotation marks."""
    return (
        bool(outer.content.best >> inner.cue & 1)
        and (outer.cue_score > 0 or view.classes[outer.cue] not in NO_CLASS)
        and not view.quoted >> inner.cue & 1
        and view.words[inner.cue].upos == "VERB"
        and not is_passive(view, inner.cue)
        and (view.classes[inner.cue] in SPEECH | {"think"} or is_refusal(view, inner.cue))
    )


def _shared(view: SentenceView, outer: Proposal) -> int:
    """Return the source that a second report takes from the first; -1 for none, and for a place: "SYDNEY: …"."""
    source = outer.source.best
    return -1 if source is None or view.entities.get(source) == "place" else source


def _second_source(view: SentenceView, outer: Proposal, inner: Proposal, start: int) -> int | None:
    """Return the source of `inner` as a second report.

    Returns `_KEPT` if its own source stays, None if `inner` is part of what is said. `start` is where its part of the
    content begins.
    """
    cue = inner.cue
    if is_refusal(view, cue):
        return _shared(view, outer)
    if _introduces_quotation(view, cue):
        return _KEPT
    subject = view.sentence.child(cue, "nsubj")
    if view.words[cue].xpos == "VBG" and view.text_at(start - 1) in _CLAUSE_BREAKS:
        if subject is None and start == _opening(view, cue):
            return _shared(view, outer) if _is_second_participle(view, outer, cue) else None
        if view.text_at(start) == "with" and reports(view, cue):
            return _KEPT
    if not reports(view, cue):
        return None
    if subject is not None:
        return subject if _has_second_subject(view, cue, subject, start) else None
    return _shared(view, outer) if _is_second_verb(view, outer, cue, start) else None


def _is_second_participle(view: SentenceView, outer: Proposal, cue: int) -> bool:
    """Return whether the source of `outer` says what a participle after a comma reports: "…, *adding* that …"."""
    if view.lemmas[cue] in grammar_lexicon().continuing and _has_clause(view, cue):
        return True
    return reports(view, cue) and (bool(_quotes(view, cue)) or not _can_be_said(view, outer, cue))


def _has_second_subject(view: SentenceView, cue: int, subject: int, start: int) -> bool:
    """Return whether a verb of speech has a speaker of its own, in a clause that contrasts with the one before it.

    Example: "…, while the league condemned the move".
    """
    if not can_speak(view, subject):
        return False
    opening = view.text_at(start)
    if not (is_finite(view, cue) and _has_clause(view, cue)):
        return opening in _OPPOSING
    joined = opening in _OPPOSING or (opening in _CONTRASTING and view.text_at(start - 1) in _CLAUSE_BREAKS)
    return joined and view.text_at(subject) not in {"who", "that", "which"}


def _is_second_verb(view: SentenceView, outer: Proposal, cue: int, start: int) -> bool:
    """Return whether a coordinated verb of speech has the source of `outer`: "said he was ill *and denied* it"."""
    if view.words[cue].relation != "conj":
        return False
    if _is_spoken_past(view, cue):
        return True
    same_form = view.words[cue].xpos == view.words[outer.cue].xpos
    if same_form and _leads_to_quotation(view, cue):
        return True
    unsaid = not _can_be_said(view, outer, cue)
    if same_form and unsaid and view.text_at(start) in JOINING and not is_main(view.sentence, cue):
        return True
    if not _has_clause(view, cue):
        return False
    lemma, lexicon = view.lemmas[cue], grammar_lexicon()
    return (same_form and lemma in lexicon.resuming) or (lemma in lexicon.continuing and (lemma == "add" or unsaid))


def _has_clause(view: SentenceView, cue: int) -> bool:
    """Return whether the cue governs a clause or quoted words after it."""
    return view.sentence.child(cue, "ccomp", "parataxis") is not None or bool(_quotes(view, cue))


def _quotes(view: SentenceView, cue: int) -> WordSet:
    """Return the quoted words that the cue governs and that follow it: "called it “a sham”"."""
    return view.subtrees[cue] & view.quoted & ~before(cue + 1)


def _is_spoken_past(view: SentenceView, cue: int) -> bool:
    """Return whether the cue is a past-tense verb coordinated with a verb whose auxiliary it does not share.

    Example: "said he had watched it and *slammed* it".
    """
    word = view.words[cue]
    if word.relation != "conj" or word.xpos != "VBD" or word.head < 0:
        return False
    if view.sentence.child(cue, "nsubj", "aux") is not None or not reports(view, cue):
        return False
    return view.sentence.child(word.head, "aux") is not None


def _leads_to_quotation(view: SentenceView, cue: int) -> bool:
    """Return whether a quotation follows the cue with no other verb in between: "and slammed the hearings as a
    “disgrace”"."""
    openings = [first(words) for words in view.quoted_spans.values() if first(words) > cue]
    opening = min(openings, default=None)
    return opening is not None and opening - cue - 1 <= _NEAR and _is_one_phrase(view, cue, opening)


def _opening(view: SentenceView, cue: int) -> int:
    return first(view.subtrees[cue] & view.solid)


def _can_be_said(view: SentenceView, outer: Proposal, cue: int) -> bool:
    """Return whether the clause above the cue has a subject who could say what the cue reports."""
    for at in view.sentence.ancestors(cue):
        if at == outer.cue:
            return False
        subject = view.sentence.child(at, "nsubj")
        if subject is not None:
            return can_speak(view, subject)
    return False


def _introduces_quotation(view: SentenceView, cue: int) -> bool:
    """Return whether a quotation follows the verb of speech: directly, or after a comma, a colon or the addressee."""
    if not reports(view, cue) or view.lemmas[cue] in grammar_lexicon().never_introducing or view.quoted >> cue & 1:
        return False
    for words in view.quoted_spans.values():
        opening = first(words)
        if not 0 < opening - cue <= _NEAR or not _is_one_phrase(view, cue, opening):
            continue
        if opening == cue + 1 or view.text_at(opening - 1) in _LEADING:
            return True
    return False


def _is_one_phrase(view: SentenceView, cue: int, opening: int) -> bool:
    """Return whether no verb stands between the cue and the opening of a quotation."""
    return all(word.upos in _BEFORE_QUOTATION for word in view.words[cue + 1 : opening])

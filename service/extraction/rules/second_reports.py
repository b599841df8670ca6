"""Rules for sentences with two reports.

A second report ends the content of the first, and has its own source or shares the first one's. A source that passes on
another's report is `via`, not the speaker.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import NO_CLASS, SentenceView
from service.extraction.attribution.sources import is_main
from service.extraction.attribution.word_sets import WordSet, between, first, positions
from service.extraction.rules.constructions import (
    before,
    can_speak,
    grammar_lexicon,
    is_document,
    is_finite,
    part_after,
    reports,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.rules.content_ends import is_refusal
from service.extraction.rules.passives import is_passive

PASSED_ON: Final = "passed-on"
NESTED: Final = "nested-report"
HEARD: Final = "heard-from"


def hearsay(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Remove proposals that only name who passed on another report.

    The report passed on gets at least the cue score of a rule.
    """
    result = _nested(view, [_heard_from(view, proposal) for proposal in proposals])
    for outer in list(result):
        if not _passes_on(view, outer.cue):
            continue
        inner = next((item for item in result if _is_passed_on(view, item, outer)), None)
        if inner is None:
            continue
        aside = _aside(view, outer.cue)
        content = inner.content.best & ~aside
        passed_on = with_cue(with_content(inner, content, PASSED_ON) if content else inner, PASSED_ON)
        result = [passed_on if item is inner else item for item in result if item is not outer]
    return result


def _heard_from(view: SentenceView, proposal: Proposal) -> Proposal:
    """Set the person heard as the source: "the court heard from *Gough* that …"."""
    cue = proposal.cue
    if view.lemmas[cue] not in grammar_lexicon().hearing or view.sentence.child(cue, "ccomp") is None:
        return proposal
    for child in view.sentence.children(cue):
        if child > cue and view.role(child, "case") == "from" and can_speak(view, child):
            return with_cue(with_source(proposal, child, HEARD), HEARD)
    return proposal


def _nested(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Remove documents and outlets that present someone else's report: "papers show that Thatcher *warned* …"."""
    result = list(proposals)
    for outer in proposals:
        clause, source = view.sentence.child(outer.cue, "ccomp"), outer.source.best
        if clause is None or source is None or not reports(view, outer.cue) or view.passive(clause):
            continue
        inner = next((item for item in result if item.cue == clause and reports(view, clause)), None)
        shown = is_document(view, source) and view.lemmas[outer.cue] in cue_lexicon().evidence | {"reveal", "report"}
        if inner is None or not (shown or view.lemmas[outer.cue] in grammar_lexicon().outlet):
            continue
        subject = view.sentence.child(clause, "nsubj")
        said = view.sentence.child(clause, "ccomp") is not None or bool(inner.content.best & view.quoted)
        if said and subject is not None and inner.source.best == subject and can_speak(view, subject):
            result = [with_cue(item, NESTED) if item is inner else item for item in result if item is not outer]
    return result


def _passes_on(view: SentenceView, cue: int) -> bool:
    """Return whether the word is an outlet's "according" or "reported"."""
    if view.text_at(cue) == "according":
        return True
    word, aside = view.words[cue], view.aside(cue)
    if word.upos != "VERB" or view.lemmas[cue] not in grammar_lexicon().outlet or aside is None:
        return False
    if word.relation == "acl":  # "tweeted Ana Pell, the Echo reported."
        return view.text_at(aside.first - 1) == "," and aside.last == cue and view.text_at(cue + 1) == "."
    return word.relation in {"parataxis", "ccomp"}


def _is_passed_on(view: SentenceView, inner: Proposal, outer: Proposal) -> bool:
    """Return whether `inner` is the report in a finite main clause that is the content of `outer`."""
    cue = inner.cue
    return (
        inner is not outer
        and bool(outer.content.best >> cue & 1)
        and (reports(view, cue) or _has_quotes(view, inner))
        and is_main(view.sentence, cue)
        and is_finite(view, cue)
        and _is_next_to(view, outer.cue, inner)
        and not view.quoted >> cue & 1
        and view.lemmas[cue] not in grammar_lexicon().never_introducing
        and inner.source.best is not None
        and can_speak(view, inner.source.best)
        and (view.sentence.child(cue, "ccomp") is not None or bool(view.quoted) or view.words[cue].relation != "root")
    )


def _has_quotes(view: SentenceView, inner: Proposal) -> bool:
    """Return whether the verb's whole content is inside quotation marks, whatever the verb: "blogged"."""
    content = inner.content.best
    return bool(content) and not content & ~view.quoted and view.words[inner.cue].upos == "VERB"


def _is_next_to(view: SentenceView, authority: int, inner: Proposal) -> bool:
    """Return whether the clause closest to the authority is that of the report or its content."""
    for at in view.sentence.ancestors(authority):
        if at == inner.cue or inner.content.best >> at & 1:
            return True
        if view.finite & view.children[at]:
            return False
    return False


def _aside(view: SentenceView, cue: int) -> WordSet:
    aside = view.aside(cue)
    return 0 if aside is None else between(aside.first, aside.last + 1)


SECOND_REPORT: Final = "second-report"
_CONTRASTING: Final = frozenset({"while", "whereas", "but", "although", "though", "as", "with"})
_JOINING: Final = frozenset({"and", "but"})
_OPPOSING: Final = frozenset({"while", "whereas"})
_RELATIVE: Final = frozenset({"which", "who", "whose"})
_LEADING: Final = frozenset({":", ",", "that"})
_BETWEEN: Final = frozenset({"ADP", "DET", "NOUN", "PROPN", "ADJ", "PRON", "NUM", "PART", "SCONJ", "PUNCT", "ADV"})
_DROPPED: Final = -8.0  # log-odds of a cue that does not report
_FIRST_PERSON: Final = frozenset({"i", "we"})
_NEAR: Final = 8  # words between a verb and the quotation it introduces


def second_reports(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """End the content of each proposal where a second report begins."""
    result, second = list(proposals), set()
    for number in range(len(result)):
        for other in range(len(result)):
            outer, inner = result[number], result[other]
            if number == other or other in second or inner.cue < outer.cue or not _can_contain(view, outer, inner):
                continue
            start = part_after(view, outer.content.best, inner.cue, outer.cue)
            if start is None:
                continue
            opening = _opening(view, inner.cue)
            if opening > start and (
                (view.words[inner.cue].xpos == "VBG" and view.text_at(opening - 1) == ",")
                or view.text_at(opening) in _OPPOSING | _JOINING | _RELATIVE
            ):
                start = opening
            source = _second_source(view, outer, inner, start)
            if source is None:
                continue
            second.add(other)
            first_part = outer.content.best & before(start)
            result[number] = with_content(outer, first_part, SECOND_REPORT)
            if not _is_clause(view, first_part) and not _takes_noun_phrases(view, outer):
                result[number] = _without_cue(result[number])
            result[other] = with_cue(inner, SECOND_REPORT)
            if source >= 0:
                result[other] = with_source(result[other], source, SECOND_REPORT)
    return _without_duplicates(view, [item for item in result if item.cue_score > _DROPPED])


def _without_duplicates(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Keep only the governing cue of two proposals with the same content: "wrote to her *insisting* she …"."""
    result = list(proposals)
    for proposal in proposals:
        for other in proposals:
            same = proposal is not other and proposal.content.best and proposal.content.best == other.content.best
            if same and _governs(view, proposal) and not _governs(view, other) and other in result:
                result.remove(other)
            if proposal is not other and other in result and _only_governs(view, other, proposal):
                result.remove(other)
            if proposal is not other and other in result and _in_own_words(view, proposal, other):
                result.remove(other)
    return result


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
        and view.text_at(subject) in _FIRST_PERSON
        and bool(outer.content.best >> inner.cue & 1)
        and not outer.content.best & view.quoted
        and reports(view, outer.cue)
        and outer.source.best is not None
        and view.text_at(outer.source.best) not in _FIRST_PERSON
        and outer.cue_score > 0
    )


def _governs(view: SentenceView, proposal: Proposal) -> bool:
    """Return whether the head of the content depends directly on the cue."""
    return any(view.words[at].head == proposal.cue for at in positions(view.tops(proposal.content.best)))


def _without_cue(proposal: Proposal) -> Proposal:
    """Return `proposal` with a cue score so low that it is dropped."""
    return replace(proposal, cue_score=_DROPPED)


def _is_clause(view: SentenceView, words: WordSet) -> bool:
    return any(view.words[at].upos in {"VERB", "AUX"} for at in positions(words))


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

    Returns -1 if its own source stays, None if `inner` is part of what is said. `start` is where its part of the
    content begins.
    """
    cue, words, lexicon = inner.cue, view.words, grammar_lexicon()
    behind_comma = view.text_at(start - 1) in {",", ";", "—", "–"}
    if is_refusal(view, cue):
        return _shared(view, outer)
    subject = view.sentence.child(cue, "nsubj")
    clausal = view.sentence.child(cue, "ccomp", "parataxis") is not None or bool(_quotes(view, cue))
    if introduces(view, cue) is not None:
        return -1
    if words[cue].xpos == "VBG" and behind_comma and subject is None and start == _opening(view, cue):
        if view.lemmas[cue] in lexicon.continuing and clausal:
            return _shared(view, outer)
        blaming = reports(view, cue) and (bool(_quotes(view, cue)) or not _can_be_said(view, outer, cue))
        return _shared(view, outer) if blaming else None
    if words[cue].xpos == "VBG" and view.text_at(start) == "with" and behind_comma and reports(view, cue):
        return -1
    if subject is not None and can_speak(view, subject) and is_finite(view, cue) and reports(view, cue) and clausal:
        joined = (behind_comma and view.text_at(start) in _CONTRASTING | {"and"}) or view.text_at(start) in _OPPOSING
        return subject if joined and view.text_at(subject) not in {"who", "that", "which"} else None
    if subject is not None and view.text_at(start) in _OPPOSING and can_speak(view, subject) and reports(view, cue):
        return subject  # "…, while the league condemned the move"
    alike = words[cue].relation == "conj" and subject is None and words[cue].xpos == words[outer.cue].xpos
    if alike and reports(view, cue) and _leads_to_quotation(view, cue):
        return _shared(view, outer)
    spoken = words[cue].relation == "conj" and subject is None and reports(view, cue) and clausal
    foreign = alike and reports(view, cue) and not is_main(view.sentence, cue) and not _can_be_said(view, outer, cue)
    if _is_spoken_past(view, cue) or (foreign and view.text_at(start) in _JOINING):
        return _shared(view, outer)
    resumed = view.lemmas[cue] in lexicon.resuming and words[cue].xpos == words[outer.cue].xpos
    adds = view.lemmas[cue] == "add" or not _can_be_said(view, outer, cue)
    if spoken and (resumed or (view.lemmas[cue] in lexicon.continuing and adds)):
        return _shared(view, outer)
    return None


def _quotes(view: SentenceView, cue: int) -> WordSet:
    """Return the quoted words that the cue governs and that follow it: "called it “a sham”"."""
    return view.subtrees[cue] & view.quoted & ~before(cue + 1)


def _is_spoken_past(view: SentenceView, cue: int) -> bool:
    """Return whether the cue is a past-tense verb coordinated with a verb whose auxiliary it does not share.

    Example: "said he had watched it and *slammed* it".
    """
    word, head = view.words[cue], view.words[cue].head
    if (
        word.relation != "conj"
        or word.xpos != "VBD"
        or head < 0
        or view.sentence.child(cue, "nsubj", "aux") is not None
    ):
        return False
    return reports(view, cue) and view.sentence.child(head, "aux") is not None


def _leads_to_quotation(view: SentenceView, cue: int) -> bool:
    """Return whether a quotation follows the cue with no other verb in between: "and slammed the hearings as a
    “disgrace”"."""
    openings = [first(words) for words in view.quoted_spans.values() if first(words) > cue]
    inside = view.words[cue + 1 : min(openings, default=cue + 1)]
    return bool(openings) and len(inside) <= _NEAR and all(word.upos in _BETWEEN for word in inside)


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


def introduces(view: SentenceView, cue: int) -> int | None:
    """Return the first word of the quotation introduced by the verb of speech at `cue`.

    The quotation follows the verb directly, or after a comma, a colon or the addressee. Returns None if there is none.
    """
    if not reports(view, cue) or view.lemmas[cue] in grammar_lexicon().never_introducing:
        return None
    for words in view.quoted_spans.values():
        opening = first(words)
        if not 0 < opening - cue <= _NEAR or view.quoted >> cue & 1:
            continue
        inside = view.words[cue + 1 : opening]
        if any(word.upos not in _BETWEEN for word in inside):
            continue
        if view.text_at(opening - 1) in _LEADING - {"that"} or opening == cue + 1:
            return opening
    return None

"""Rules for reports that somebody passes on: "*According to the Herald*, Lund said …".

The outlet or the document that passes a report on is `via`, not the speaker.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.sources import is_main
from service.extraction.attribution.word_sets import WordSet, between, positions
from service.extraction.rules.constructions import (
    can_speak,
    grammar_lexicon,
    is_document,
    is_finite,
    new_proposal,
    reports,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.wordlists import word_list

PASSED_ON: Final = "passed-on"
NESTED: Final = "nested-report"
HEARD: Final = "heard-from"


def hearsay(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Remove proposals that only name who passed on another report.

    The report passed on gets at least the cue score of a rule.
    """
    known = _with_heard(view, list(proposals))
    result = _nested(view, [_heard_from(view, proposal) for proposal in known])
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


def _with_heard(view: SentenceView, proposals: list[Proposal]) -> list[Proposal]:
    """Add the reports of those heard that the models did not find: "members heard from *Gough* that …"."""
    known = {proposal.cue for proposal in proposals}
    for cue in positions(view.verbs & ~view.quoted):
        clause = view.sentence.child(cue, "ccomp") if view.lemmas[cue] in grammar_lexicon().hearing else None
        if clause is None or clause < cue or cue in known or view.role(clause, "mark") != "that":
            continue
        new = _heard_from(view, new_proposal(view, cue, view.subtrees[clause] & view.solid, None, HEARD))
        if new.source.best is not None and is_finite(view, cue):
            proposals = sorted([*proposals, new], key=lambda item: item.cue)
    return proposals


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
    result = [outer for outer in proposals if not _shows_report(view, outer, proposals)]
    for outer in list(result):
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


def _shows_report(view: SentenceView, outer: Proposal, proposals: Sequence[Proposal]) -> bool:
    """Return whether what is published has a relative clause with a report: "posted *a video* in which he *said*"."""
    thing = view.sentence.child(outer.cue, "obj")
    if thing is None or view.lemmas[outer.cue] not in grammar_lexicon().issuing | word_list("sentences", "issuing"):
        return False
    shown = is_document(view, thing) or view.lemmas[thing] in word_list("rules", "recordings")
    clause = view.sentence.child(thing, "acl:relcl")
    inner = next((item for item in proposals if item.cue == clause), None)
    if clause is None or inner is None or not shown:
        return False
    subject = view.sentence.child(clause, "nsubj")
    return reports(view, clause) and subject is not None and can_speak(view, subject)


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

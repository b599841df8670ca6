"""Whoever passes on what another is reported to have said is not the one who said it, but `via`.

"We will fight," Brand said at a fair, according to *The Herald*.   … blogged Dave Gore, *Gleam magazine* reported.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.cue_lexicon import cue_lexicon
from service.extraction.grammar.edits import with_content, with_cue, with_source
from service.extraction.grammar.grammar_lexicon import grammar_lexicon
from service.extraction.grammar.trees import can_speak, is_document, is_finite, reports
from service.extraction.learned.proposals import Proposal
from service.extraction.learned.view import SentenceView
from service.extraction.learned.wordsets import WordSet, between
from service.extraction.via import is_main

RULE: Final = "passed-on"
NESTED: Final = "reported-report"
HEARD: Final = "heard-from"


def hearsay(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """`proposals` without those that only say who passed another's report on; what is passed on is as sure as they."""
    found = _nested(view, [_heard(view, one) for one in proposals])
    for outer in list(found):
        if not _passes_on(view, outer.cue):
            continue
        inner = next((one for one in found if _is_passed_on(view, one, outer)), None)
        if inner is None:
            continue
        aside = _aside(view, outer.cue)
        content = inner.content.best & ~aside
        kept = with_cue(with_content(inner, content, RULE) if content else inner, RULE)
        found = [kept if one is inner else one for one in found if one is not outer]
    return found


def _heard(view: SentenceView, proposal: Proposal) -> Proposal:
    """Who is heard from speaks: "the court heard from *Gough* that …"."""
    cue = proposal.cue
    if view.lemmas[cue] not in grammar_lexicon().hearing or view.sentence.child(cue, "ccomp") is None:
        return proposal
    for child in view.sentence.children(cue):
        if child > cue and view.role(child, "case") == "from" and can_speak(view, child):
            return with_cue(with_source(proposal, child, HEARD), HEARD)
    return proposal


def _nested(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """`proposals` without papers and outlets that show what another said: "papers show that Thatcher *warned* …"."""
    found = list(proposals)
    for outer in proposals:
        clause, source = view.sentence.child(outer.cue, "ccomp"), outer.source.best
        if clause is None or source is None or not reports(view, outer.cue) or view.passive(clause):
            continue
        inner = next((one for one in found if one.cue == clause and reports(view, clause)), None)
        shown = is_document(view, source) and view.lemmas[outer.cue] in cue_lexicon().evidence | {"reveal", "report"}
        if inner is None or not (shown or view.lemmas[outer.cue] in grammar_lexicon().outlet):
            continue
        subject = view.sentence.child(clause, "nsubj")
        said = view.sentence.child(clause, "ccomp") is not None or bool(inner.content.best & view.quoted)
        if said and subject is not None and inner.source.best == subject and can_speak(view, subject):
            found = [with_cue(one, NESTED) if one is inner else one for one in found if one is not outer]
    return found


def _passes_on(view: SentenceView, cue: int) -> bool:
    """Whether the word is the "according" or the "reported" of an outlet."""
    if view.text_at(cue) == "according":
        return True
    word, aside = view.words[cue], view.aside(cue)
    if word.upos != "VERB" or view.lemmas[cue] not in grammar_lexicon().outlet or aside is None:
        return False
    if word.relation == "acl":  # "tweeted Ana Pell, the Echo reported."
        return view.text_at(aside.first - 1) == "," and aside.last == cue and view.text_at(cue + 1) == "."
    return word.relation in {"parataxis", "ccomp"}


def _is_passed_on(view: SentenceView, inner: Proposal, outer: Proposal) -> bool:
    """Whether `inner` is the report of a finite main clause that `outer` has as its content."""
    cue = inner.cue
    return (
        inner is not outer
        and bool(outer.content.best >> cue & 1)
        and (reports(view, cue) or _quotes(view, inner))
        and is_main(view.sentence, cue)
        and is_finite(view, cue)
        and _is_beside(view, outer.cue, inner)
        and not view.quoted >> cue & 1
        and view.lemmas[cue] not in grammar_lexicon().never_introducing
        and inner.source.best is not None
        and can_speak(view, inner.source.best)
        and (view.sentence.child(cue, "ccomp") is not None or bool(view.quoted) or view.words[cue].relation != "root")
    )


def _quotes(view: SentenceView, inner: Proposal) -> bool:
    """Whether all that the verb reports stands in marks, whatever verb it is: "blogged"."""
    content = inner.content.best
    return bool(content) and not content & ~view.quoted and view.words[inner.cue].upos == "VERB"


def _is_beside(view: SentenceView, authority: int, inner: Proposal) -> bool:
    """Whether the nearest clause that the authority hangs on is that of the report, or what it reports."""
    for at in view.sentence.ancestors(authority):
        if at == inner.cue or inner.content.best >> at & 1:
            return True
        if view.finite & view.children[at]:
            return False
    return False


def _aside(view: SentenceView, cue: int) -> WordSet:
    aside = view.aside(cue)
    return 0 if aside is None else between(aside.first, aside.last + 1)

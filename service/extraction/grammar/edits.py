"""What a rule changes in a proposal: its source, its content, how sure its cue is. Each change leaves the rule's
name."""

from dataclasses import replace
from typing import Final

from service.extraction.learned.proposals import Choice, Proposal
from service.extraction.learned.view import SentenceView
from service.extraction.learned.wordsets import WordSet
from service.extraction.report import Rule

# Log-odds of learned choices that are nearly always right: what a rule decides counts as much.
_SOURCE: Final = 4.0
_NOBODY: Final = 1.5
_CONTENT: Final = 2.5
CUE: Final = 2.5


def with_source(proposal: Proposal, source: int | None, rule: str) -> Proposal:
    """`proposal` with the word at `source`, or nobody, as its source."""
    best = _SOURCE if source is not None else _NOBODY
    choice = proposal.source
    if choice.best == source and choice.score >= best <= choice.margin:
        return proposal
    chosen = Choice(source, max(choice.score, best), max(choice.margin, best), choice.mass)
    return _noted(replace(proposal, source=chosen), rule)


def with_content(proposal: Proposal, content: WordSet, rule: str) -> Proposal:
    """`proposal` with the words of `content`, less its cue and the punctuation, as what it reports."""
    content &= proposal.view.solid & ~(1 << proposal.cue)
    choice = proposal.content
    if choice.best == content and choice.score >= _CONTENT <= choice.margin:
        return proposal
    chosen = Choice(content, max(choice.score, _CONTENT), max(choice.margin, _CONTENT), choice.mass)
    way = proposal.way if choice.best == content else "rule"
    return _noted(replace(proposal, content=chosen, way=way), rule)


def with_cue(proposal: Proposal, rule: str, least: float = CUE) -> Proposal:
    """`proposal` with a cue that is at least as sure as `least` (log-odds)."""
    if proposal.cue_score >= least:
        return proposal
    return _noted(replace(proposal, cue_score=least), rule)


def made(view: SentenceView, cue: int, content: WordSet, source: int | None, rule: str) -> Proposal:
    """A proposal that no learned choice made: the word at `cue`, with that content and source."""
    return Proposal(
        view=view,
        cue=cue,
        cue_score=CUE,
        content=Choice(content & view.solid & ~(1 << cue), _CONTENT, _CONTENT, _CONTENT),
        way="rule",
        source=Choice(source, _SOURCE, _SOURCE, _SOURCE),
        rules=(Rule(rule),),
    )


def _noted(proposal: Proposal, rule: str) -> Proposal:
    known = {one.name for one in proposal.rules}
    return proposal if rule in known else replace(proposal, rules=(*proposal.rules, Rule(rule)))

"""Gives each quoted stretch to the cue that reports it, or to nobody, in text order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.learned.linear import LinearModel
from service.extraction.learned.proposals import Proposal, chosen
from service.extraction.learned.stretch_features import (
    Owned,
    Quotation,
    nobody_features,
    quotations_of,
    stretch_features,
)
from service.extraction.page import Page

SENTENCES_BEFORE: Final = 2
SENTENCES_BEHIND: Final = 1


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose a stretch is: the key of a cue, or None. `score` and `margin` say how sure that is, in log-odds."""

    cue: tuple[int, int] | None
    score: float
    margin: float


def owners_of(page: Page, proposals: Sequence[Proposal], model: LinearModel) -> dict[int, Owner]:
    """The owner of each quoted stretch, by the stretch's number on the page."""
    by_sentence = in_sentences(proposals)
    owners: dict[int, Owner] = {}
    earlier: Owned | None = None
    for quotation in quotations_of(page):
        near = near_by(quotation, by_sentence, earlier)
        scored: list[tuple[float, tuple[int, int] | None]] = [(model.score(nobody_features(quotation, earlier)), None)]
        for proposal in near:
            scored.append((model.score(stretch_features(quotation, proposal, earlier, near)), proposal.key))
        choice = chosen(scored)
        owners[quotation.number] = Owner(choice.best, choice.score, choice.margin)
        if choice.best is not None:
            earlier = Owned(quotation, choice.best)
    return owners


def in_sentences(proposals: Sequence[Proposal]) -> dict[int, list[Proposal]]:
    """The proposals by the number of their sentence."""
    found: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        found.setdefault(proposal.view.index, []).append(proposal)
    return found


def near_by(
    quotation: Quotation, by_sentence: Mapping[int, Sequence[Proposal]], earlier: Owned | None
) -> list[Proposal]:
    """The proposals that may report the stretch: those near it, and the one that reports the stretch before."""
    sentences = range(quotation.first - SENTENCES_BEFORE, quotation.last + SENTENCES_BEHIND + 1)
    found = [proposal for sentence in sentences for proposal in by_sentence.get(sentence, ())]
    if earlier is not None and earlier.cue[0] not in sentences:
        found += [proposal for proposal in by_sentence.get(earlier.cue[0], ()) if proposal.key == earlier.cue]
    return found

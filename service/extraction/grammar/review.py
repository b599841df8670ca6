"""What hand-written rules of grammar correct in the learned choices of a sentence, before quoted stretches find their
cues. Each rule is a function from a sentence's proposals to proposals, and leaves its name (`explain`)."""

from collections.abc import Callable, Sequence
from itertools import groupby
from typing import Final

from service.extraction.grammar.hearsay import hearsay
from service.extraction.grammar.inversions import inversions
from service.extraction.grammar.participles import participles
from service.extraction.grammar.passives import passives
from service.extraction.grammar.second_reports import second_reports
from service.extraction.learned.proposals import Proposal
from service.extraction.learned.view import SentenceView

RULES: Final[tuple[Callable[[SentenceView, Sequence[Proposal]], list[Proposal]], ...]] = (
    passives,
    inversions,
    participles,
    hearsay,
    second_reports,
)


def reviewed(proposals: Sequence[Proposal]) -> list[Proposal]:
    """`proposals`, which are in text order, as the rules leave them."""
    found: list[Proposal] = []
    for _, group in groupby(proposals, key=lambda proposal: proposal.view.index):
        own = list(group)
        for rule in RULES:
            if own:
                own = rule(own[0].view, own)
        found += own
    return found

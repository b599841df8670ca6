"""Grammar rules that correct the learned choices before quoted spans are matched to cues.

Each rule is a function from a sentence's proposals to proposals, and adds its name for `explain`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.document import Document
from service.extraction.rules.citations import citations
from service.extraction.rules.introductions import introductions
from service.extraction.rules.inversions import inversions
from service.extraction.rules.mistagged import WORDS, misread
from service.extraction.rules.participles import participles
from service.extraction.rules.passives import passives
from service.extraction.rules.second_reports import hearsay, second_reports
from service.parsing.tree import Sentence

Rule = Callable[[SentenceView, Sequence[Proposal]], list[Proposal]]

RULES: Final[tuple[Rule, ...]] = (
    misread,
    passives,
    inversions,
    participles,
    hearsay,
    second_reports,
    introductions,
    citations,
)


def apply_rules(document: Document, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Apply all rules to `proposals`, sentence by sentence.

    Returns the proposals in text order.
    """
    by_sentence: dict[int, list[Proposal]] = {}
    for proposal in proposals:
        by_sentence.setdefault(proposal.view.index, []).append(proposal)
    found: list[Proposal] = []
    for index, sentence in document.parse.numbered():
        own = by_sentence.get(index, [])
        if not own and not document.quoted_spans_in(sentence.span) and not _can_be_misread(sentence):
            continue  # all other rules only change existing proposals
        view = own[0].view if own else SentenceView(document, index)
        for rule in RULES:
            own = rule(view, own)
        found += own
    return found


def _can_be_misread(sentence: Sentence) -> bool:
    return any(word.text.lower() in WORDS for word in sentence.words)

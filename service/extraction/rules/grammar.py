"""The grammar rules, which correct the learned choices.

They are applied before quoted spans are matched to cues. Each is a function from a sentence's proposals to proposals,
and adds its name for `explain`.
"""

from collections.abc import Callable, Sequence
from typing import Final

from service.extraction.attribution.proposals import Proposal, by_sentence
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.document import Document
from service.extraction.rules.embedded_questions import embedded_questions
from service.extraction.rules.hearsay import hearsay
from service.extraction.rules.introductions import citations, introductions
from service.extraction.rules.inversions import inversions
from service.extraction.rules.mistagged import misread
from service.extraction.rules.noun_reports import noun_reports
from service.extraction.rules.participles import participles
from service.extraction.rules.passives import passives
from service.extraction.rules.result_clauses import result_clauses
from service.extraction.rules.second_reports import second_reports
from service.extraction.wordlists import word_list
from service.parsing.tree import Sentence

GrammarRule = Callable[[SentenceView, Sequence[Proposal]], list[Proposal]]

RULES: Final[tuple[GrammarRule, ...]] = (
    misread,
    passives,
    inversions,
    participles,
    hearsay,
    second_reports,
    result_clauses,
    embedded_questions,
    introductions,
    citations,
    noun_reports,
)


def apply_rules(document: Document, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Apply all rules to `proposals`, sentence by sentence.

    Returns the proposals in text order.
    """
    of_sentences = by_sentence(proposals)
    result: list[Proposal] = []
    for index, sentence in document.parse.numbered():
        own = of_sentences.get(index, [])
        if not own and not document.quoted_spans_in(sentence.span) and not _can_be_misread(sentence):
            continue  # all other rules only change existing proposals
        view = own[0].view if own else SentenceView(document, index)
        for rule in RULES:
            own = rule(view, own)
        result += own
    return result


def _can_be_misread(sentence: Sentence) -> bool:
    triggers = word_list("rules", "mistagged_triggers") | word_list("rules", "heard")
    return any(word.text.lower() in triggers for word in sentence.words)

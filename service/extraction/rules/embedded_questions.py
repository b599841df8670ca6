"""Questions with a preposition that are reported: "She did not say *at what price*", "asked *to whom* it was paid"."""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import between
from service.extraction.rules.constructions import reports, with_content, with_cue

RULE: Final = "embedded-question"
_TOPICS: Final = frozenset({"of", "about"})  # "spoke of what he had seen" says no more than that
_ASKING: Final = frozenset({"what", "which", "whom", "whose", "how"})


def embedded_questions(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Give a verb of speech the question that a preposition opens directly after it."""
    if not _ASKING.intersection(view.texts):
        return list(proposals)
    return [_with_question(view, proposal) for proposal in proposals]


def _with_question(view: SentenceView, proposal: Proposal) -> Proposal:
    first, count = proposal.cue + 1, len(view.words)
    if first + 1 >= count or not reports(view, proposal.cue) or proposal.source.best is None:
        return proposal
    case, asking = view.text_at(first), view.text_at(first + 1)
    opens = view.words[first].upos == "ADP" and case not in _TOPICS and asking in _ASKING
    if not opens or view.passive(proposal.cue) or view.quoted & ~between(0, first):
        return proposal
    end = next((at for at in range(first, count) if view.text_at(at) in {",", ";", "."} or at == count - 1), count)
    content = between(first, end + (end == count - 1 and view.words[end].upos != "PUNCT")) & view.solid
    return with_cue(with_content(proposal, content, RULE), RULE, least=2.0)

"""Questions with a preposition that are reported: "She did not say *at what price*", "asked *to whom* it was paid"."""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, positions
from service.extraction.rules.constructions import grammar_lexicon, reports, with_content, with_cue
from service.extraction.wordlists import word_list

RULE: Final = "embedded-question"
CLEFT: Final = "cleft"
_NEAR: Final = 4  # words before the verb
_TOPICS: Final = frozenset({"of", "about"})  # "spoke of what he had seen" says no more than that
_CLEAR_QUESTION_WORDS: Final = frozenset({"what", "which", "whom", "whose", "how"})
_QUESTION_WORDS: Final = _CLEAR_QUESTION_WORDS | {"who", "when", "where", "why"}
_OPEN: Final = frozenset({"if", "whether"})


def embedded_questions(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Give a verb of speech the question that a preposition opens directly after it."""
    if not _CLEAR_QUESTION_WORDS.intersection(view.texts):
        return list(proposals)
    return [_without_cleft(view, _with_question(view, proposal)) for proposal in proposals]


def _without_cleft(view: SentenceView, proposal: Proposal) -> Proposal:
    """Remove "what" and "was" round the content of a cleft sentence: "*What* Cole said *was* that it was late"."""
    cue = proposal.cue
    that = next((at for at in range(cue + 2, len(view.words)) if view.text_at(at) == "that"), None)
    subject = view.sentence.child(cue, "nsubj")
    if that is None or view.text_at(that - 1) not in {"is", "was"} or view.text_at(0) != "what" or subject is None:
        return proposal
    content = between(that, len(view.words)) & view.solid
    apart = any(view.text_at(at) == "," for at in range(cue, that))
    if apart or not reports(view, cue) or not proposal.content.best & content or view.quoted >> that & 1:
        return proposal
    return with_content(proposal, content, CLEFT)


def is_put_by_nobody(proposal: Proposal) -> bool:
    """Return whether the content is a question or request that was put to the subject, and nobody is named who did:
    "*Asked if he would go*, Cole shrugged"."""
    view, cue = proposal.view, proposal.cue
    asked = view.lemmas[cue] in grammar_lexicon().addressing and view.words[cue].relation in {"advcl", "acl"}
    if not asked or proposal.source.best is not None or view.words[cue].xpos not in {"VBN", "VBD"}:
        return False
    words = proposal.content.best & view.solid & ~view.quoted
    opening = next((at for at in positions(words) if view.words[at].upos != "ADP"), None)
    return opening is not None and opening > cue and view.text_at(opening) in _QUESTION_WORDS | _OPEN | {"to"}


def is_left_open(view: SentenceView, cue: int) -> bool:
    """Return whether the question is not answered: "did *not* say at what price"."""
    return any(view.text_at(at) in word_list("rules", "leaving_open") for at in range(max(cue - _NEAR, 0), cue))


def _opens(view: SentenceView, cue: int) -> bool:
    """Return whether a preposition and a question word follow the verb."""
    first = cue + 1
    if first + 1 >= len(view.words) or view.words[first].upos != "ADP" or view.text_at(first) in _TOPICS:
        return False
    return view.text_at(first + 1) in _CLEAR_QUESTION_WORDS


def _question(view: SentenceView, cue: int) -> WordSet:
    """Return the words of the questions after the verb: "say *to whom it was paid, or on what terms*"."""
    first, count = cue + 1, len(view.words)
    end = first
    while end < count - 1 and view.text_at(end) not in {";", "."}:
        if view.text_at(end) == "," and not _continues(view, end):
            break
        end += 1
    return between(first, end + (end == count - 1 and view.words[end].upos != "PUNCT"))


def _continues(view: SentenceView, comma: int) -> bool:
    """Return whether another question follows the comma."""
    at = comma + 1
    while view.text_at(at) in {"and", "or", "nor"} or (at < len(view.words) and view.words[at].upos == "ADP"):
        at += 1
    return view.text_at(at) in _QUESTION_WORDS and at < len(view.words) - 1


def _with_question(view: SentenceView, proposal: Proposal) -> Proposal:
    first = proposal.cue + 1
    if not reports(view, proposal.cue) or proposal.source.best is None or not _opens(view, proposal.cue):
        return proposal
    if view.passive(proposal.cue) or view.quoted & ~between(0, first):
        return proposal
    content = _question(view, proposal.cue) & view.solid
    return with_cue(with_content(proposal, content, RULE), RULE, least=2.0)

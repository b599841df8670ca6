"""Rules for quoted words that the writer borrows from someone: the person cited is the source.

To quote *Mark Twain*, “a lie travels fast”.
To borrow a phrase from *the judge*, the case was “a jigsaw with no lid”.
The film is, as *one critic* put it, “a long yawn”.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first
from service.extraction.rules.constructions import can_speak, new_proposal, reports

CITED: Final = "cited"
_CITING: Final = frozenset({"quote", "cite", "borrow", "echo"})
_PHRASES: Final = frozenset({"phrase", "line", "word", "words", "expression", "metaphor", "image", "term"})
_FROM: Final = frozenset({"from", "of"})
_PUTTING: Final = frozenset({"put", "describe", "phrase", "call"})


def citations(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Add proposals for quoted words after "To quote X," and around "as X put it"."""
    if not view.quoted:
        return list(proposals)
    cited = _to_quote(view) or _as_put(view)
    if cited is None:
        return list(proposals)
    others = [one for one in proposals if not _is_rival(view, one, cited)]
    return sorted([*others, cited], key=lambda one: one.cue)


def _is_rival(view: SentenceView, proposal: Proposal, cited: Proposal) -> bool:
    """Return whether the proposal has the cue or some of the words of the cited one, and no report of its own."""
    shared = proposal.content.best & cited.content.best
    return proposal.cue == cited.cue or (bool(shared) and not reports(view, proposal.cue))


def _to_quote(view: SentenceView) -> Proposal | None:
    if view.text_at(0) != "to" or view.text_at(1) not in _CITING:
        return None
    source = view.sentence.child(1, "obj")
    if source is not None and view.lemmas[source] in _PHRASES:
        source = _origin(view, source)
    if source is None or not (can_speak(view, source) or view.words[source].upos == "PROPN"):
        return None
    comma = next((at for at in range(source + 1, len(view.words)) if view.text_at(at) == ","), len(view.words))
    words = _first_quoted(view, comma)
    return new_proposal(view, 1, words, source, CITED) if words else None


def _origin(view: SentenceView, phrase: int) -> int | None:
    """Return the person from whom a phrase is borrowed: "a line from the judge", "the judge's phrase"."""
    owner = view.sentence.child(phrase, "nmod:poss")
    if owner is not None:
        return owner
    after = (at for at in range(phrase + 1, len(view.words)) if view.role(at, "case") in _FROM)
    return next((at for at in after if view.heads[at] in {phrase, 1}), None)


def _as_put(view: SentenceView) -> Proposal | None:
    for cue in range(1, len(view.words)):
        if view.lemmas[cue] not in _PUTTING:
            continue
        mark, thing = view.sentence.child(cue, "mark", "advmod"), view.sentence.child(cue, "obj")
        subject = view.sentence.child(cue, "nsubj")
        if mark is None or view.text_at(mark) != "as" or thing is None or view.text_at(thing) not in {"it", "them"}:
            continue
        start, end = mark, thing + 1
        if subject is None or not start < subject < cue or not can_speak(view, subject) or view.quoted >> cue & 1:
            continue
        inside = view.text_at(start - 1) == "," and view.text_at(end) in {",", ":"}
        words = _first_quoted(view, end)
        if inside and words and not view.quoted & between(0, start):
            return new_proposal(view, cue, words, subject, CITED)
    return None


def _first_quoted(view: SentenceView, position: int) -> WordSet:
    """Return the words of the first quoted span after `position`; empty if there is none."""
    return next((words for words in view.quoted_spans.values() if first(words) > position), 0)

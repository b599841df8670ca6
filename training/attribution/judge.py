"""Compare drafts with gold, and confidences with outcomes."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from service.extraction.attribution.attributions import Draft
from service.extraction.attribution.content_spans import kind_of
from service.extraction.attribution.cues import cue_at
from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.attribution.sources import phrase_span
from service.extraction.rules.statements import is_speech
from service.input.article import Span
from training.attribution.gold import letters
from training.attribution.parses import CorpusDocument
from training.recipe import recipe

_RECIPE: Final = recipe("attribution.judge")
INSIDE: Final[float] = _RECIPE[
    "inside"
]  # share of a draft's letters in a gold content from which it counts as a part of it
BINS = 10


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a draft compares with gold.

    `right`: it matches a gold attribution and its source. `speech`: it is right, and the attribution is speech. `part`:
    it is only a part of a gold content, and counts neither as right nor as wrong.
    """

    right: bool = False
    speech: bool = False
    part: bool = False


def verdicts_of(document: CorpusDocument, drafts: Sequence[Draft]) -> list[Verdict]:
    """Return a verdict for each draft. Of those that overlap a gold content by half, the same cue takes precedence,
    then the larger overlap."""
    text = document.text
    golds = [letters(text, marked["content"]) for marked in document.attributions]
    draft_letters = [letters(text, _spans(draft)) for draft in drafts]
    pairs = []
    for number, draft in enumerate(drafts):
        cue = draft.proposal.view.words[draft.proposal.cue].span
        for gold_index, gold in enumerate(golds):
            total = len(draft_letters[number]) + len(gold)
            overlap = 2 * len(draft_letters[number] & gold) / total if total else 0.0
            if overlap >= 0.5:
                same_cue = any(
                    cue.start < end and start < cue.end for start, end in document.attributions[gold_index]["cue"]
                )
                pairs.append((not same_cue, -overlap, gold_index, number))
    matched: dict[int, int] = {}
    claimed: set[int] = set()
    for _, _, gold_index, number in sorted(pairs):
        if gold_index not in claimed and number not in matched:
            claimed.add(gold_index)
            matched[number] = gold_index
    return [
        _verdict(draft, document.attributions[matched[number]])
        if number in matched
        else Verdict(
            part=any(len(draft_letters[number] & gold) >= INSIDE * len(draft_letters[number]) > 0 for gold in golds)
        )
        for number, draft in enumerate(drafts)
    ]


def _spans(draft: Draft) -> list[Span]:
    document = draft.proposal.view.document
    return [*draft.contents, *(document.quoted_spans[number].span for number in draft.later_spans)]


def _verdict(draft: Draft, marked: dict[str, Any]) -> Verdict:
    right = _same_source(draft, marked.get("source", []))
    view = draft.proposal.view
    cue = cue_at(view.sentence, draft.proposal.cue, cue_lexicon())
    speech = marked.get("speech", is_speech(kind_of(view.document, draft.contents), cue.cue_class))
    return Verdict(right, right and speech)


def _same_source(draft: Draft, marked: Sequence[Sequence[int]]) -> bool:
    head = draft.proposal.source.best
    if head is None or not marked:
        return head is None and not marked
    span = phrase_span(draft.proposal.view.sentence, head)
    return any(start < span.end and span.start < end for start, end in marked)


def best_threshold(scored: Sequence[tuple[float, bool]], golds: int) -> tuple[float, float]:
    """Return the confidence threshold with the best F1, to two decimals, and that F1."""
    best = (0.0, 0.0)
    for hundredth in range(5, 95):
        accepted = [right for confidence, right in scored if confidence >= hundredth / 100]
        score = 2 * sum(accepted) / (len(accepted) + golds) if accepted else 0.0
        best = max(best, (score, hundredth / 100))
    return best[1], best[0]


@dataclass(frozen=True, slots=True)
class Prediction:
    """A predicted attribution: its confidence, and whether it is correct."""

    confidence: float
    right: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """The predictions in an interval of confidence: their mean confidence, and the share that is correct."""

    start: float
    count: int
    confidence: float
    right: float


def bins_of(predictions: Sequence[Prediction]) -> list[Bin]:
    """Return the non-empty bins of equal width, lowest confidence first; 1.0 is in the last."""
    by_bin: dict[int, list[Prediction]] = {}
    for prediction in predictions:
        by_bin.setdefault(min(int(prediction.confidence * BINS), BINS - 1), []).append(prediction)
    return [
        Bin(
            start=index / BINS,
            count=len(members),
            confidence=sum(prediction.confidence for prediction in members) / len(members),
            right=sum(prediction.right for prediction in members) / len(members),
        )
        for index, members in sorted(by_bin.items())
    ]


def calibration_error(predictions: Sequence[Prediction]) -> float:
    """Return the mean absolute difference of a bin's confidence and its accuracy, weighted by bin size."""
    return sum(bin.count * abs(bin.confidence - bin.right) for bin in bins_of(predictions)) / max(len(predictions), 1)


def brier(predictions: Sequence[Prediction]) -> float:
    """Return the mean squared difference of the confidence and the outcome."""
    return sum((prediction.confidence - prediction.right) ** 2 for prediction in predictions) / max(len(predictions), 1)

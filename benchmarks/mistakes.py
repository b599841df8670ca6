"""Classify the errors in attributions, based on the scorer's matching."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from benchmarks.figures import Verdict, verdicts
from benchmarks.results import Marked, Result
from training.corpora.news import Scorer, Spans

CATEGORIES = {
    "missed": "marked, and nothing was found there",
    "wrong-content": "found by its cue or in part, but the contents overlap by less than half",
    "merged": "one found where several are marked",
    "split": "several found where one is marked",
    "wrong-source": "found, with another source",
    "boundary": "right, but the content is not exactly the one that is marked",
    "spurious": "found, and nothing is marked there",
}
MOST = 0.5  # share of a content's letters inside another content


@dataclass(frozen=True, slots=True)
class Mistake:
    """An error: the gold attribution (None if there is none), and the predictions related to it."""

    category: str
    result: Result
    gold: Marked | None
    predicted: tuple[Marked, ...]

    @property
    def attributed(self) -> Marked:
        """The attribution that the error is counted under: the gold one, else the predicted one."""
        return self.gold if self.gold is not None else self.predicted[0]


def mistakes_of(result: Result, scorer: Scorer) -> Iterator[Mistake]:
    """Yield the errors of a document: those of gold attributions in text order, then predictions without gold."""
    gold_verdicts, predicted_verdicts = verdicts(result, scorer)
    contents = _Contents(result, scorer)
    reported: set[int] = set()
    for number, verdict in enumerate(gold_verdicts):
        category, predicted = _of_gold(contents, number, verdict, predicted_verdicts)
        if category:
            reported.update(predicted)
            yield Mistake(category, result, result.gold[number], tuple(result.predicted[p] for p in predicted))
    for number, verdict in enumerate(predicted_verdicts):
        if verdict.found or number in reported:
            continue
        containing = [g for g, gold in enumerate(gold_verdicts) if gold.found and contents.holds(g, number)]
        category = "split" if containing else "spurious"
        yield Mistake(category, result, result.gold[containing[0]] if containing else None, (result.predicted[number],))


class _Contents:
    """The letters of a document's contents, to compare them."""

    def __init__(self, result: Result, scorer: Scorer) -> None:
        text = result.document["text"]
        self.result = result
        self.gold = [scorer.letters(text, marked.attribution["content"]) for marked in result.gold]
        self.predicted = [scorer.letters(text, marked.attribution["content"]) for marked in result.predicted]

    def holds(self, gold: int, predicted: int) -> bool:
        """Return whether most of the prediction is in the gold content."""
        return _mostly(self.predicted[predicted], self.gold[gold])

    def covers(self, predicted: int, gold: int) -> bool:
        """Return whether most of the gold content is in the prediction."""
        return _mostly(self.gold[gold], self.predicted[predicted])

    def related(self, gold: int, predicted: int) -> bool:
        """Return whether the two share a letter of their contents, or a character of their cues."""
        cues = self.result.gold[gold].attribution["cue"], self.result.predicted[predicted].attribution["cue"]
        return bool(self.gold[gold] & self.predicted[predicted]) or _touch(*cues)


def _of_gold(
    contents: _Contents, gold: int, verdict: Verdict, predicted_verdicts: Sequence[Verdict]
) -> tuple[str, list[int]]:
    """Return the type of error of a gold attribution ("" for none), and the related predictions."""
    if verdict.partner is not None:
        category = "wrong-source" if not verdict.right else "" if verdict.exact else "boundary"
        return category, [verdict.partner]
    related = [number for number in range(len(predicted_verdicts)) if contents.related(gold, number)]
    merged = [number for number in related if predicted_verdicts[number].found and contents.covers(number, gold)]
    if merged:
        return "merged", merged
    parts = [number for number in related if contents.holds(gold, number)]
    if len(parts) > 1:
        return "split", parts
    unmatched = [number for number in related if not predicted_verdicts[number].found]
    return ("wrong-content", unmatched) if unmatched else ("missed", [])


def _mostly(inner: set[int], outer: set[int]) -> bool:
    return bool(inner) and len(inner & outer) >= MOST * len(inner)


def _touch(ours: Spans, theirs: Spans) -> bool:
    return any(start < other_end and other < end for start, end in ours for other, other_end in theirs)

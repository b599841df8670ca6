"""The scorer's figures, for all documents and by part.

A part is scored like the scorer's quoted attributions: everything is paired first. Then precision is the share of
predictions in the part that are correct, recall the share of gold attributions in it that are matched correctly. If
only predictions have the property (resolution), there is no recall.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks.results import Marked, Result
from training.corpora.news import Scorer, publisher

TRIPLES = ("attribution", "content", "content_exact", "quoted_attribution", "quoted_content", "quoted_content_exact")


@dataclass(frozen=True, slots=True)
class Verdict:
    """The scorer's result for one attribution. `partner` is the index of its match on the other side, or None."""

    partner: int | None = None
    right: bool = False  # found, with the correct source
    exact: bool = False  # found, with exactly the same letters and digits

    @property
    def found(self) -> bool:
        """Whether the contents overlap enough."""
        return self.partner is not None


@dataclass(frozen=True, slots=True)
class Part:
    """The figures of a subset; None for a share of zero items. `gold` is None if only predictions have the property."""

    gold: int | None
    predicted: int
    precision: float | None
    recall: float | None

    @property
    def f1(self) -> float | None:
        """The harmonic mean of precision and recall."""
        if self.precision is None or self.recall is None:
            return None
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def figures_of(results: Iterable[Result], scorer: Scorer) -> dict[str, Any]:
    """Return the scorer's output for `results`."""
    results = list(results)
    return scorer.score(
        {result.document["id"]: result.document for result in results},
        {
            result.document["id"]: {"attributions": [marked.attribution for marked in result.predicted]}
            for result in results
        },
    )


def verdicts(result: Result, scorer: Scorer) -> tuple[list[Verdict], list[Verdict]]:
    """Return the verdict for each gold attribution and for each prediction, in order."""
    text = result.document["text"]
    gold = [scorer.letters(text, marked.attribution["content"]) for marked in result.gold]
    predicted = [scorer.letters(text, marked.attribution["content"]) for marked in result.predicted]
    of_gold, of_predicted = [Verdict()] * len(gold), [Verdict()] * len(predicted)
    for g, p in scorer.match(gold, predicted).items():
        right = scorer.same_source(result.gold[g].attribution, result.predicted[p].attribution)
        exact = gold[g] == predicted[p]
        of_gold[g], of_predicted[p] = Verdict(p, right, exact), Verdict(g, right, exact)
    return of_gold, of_predicted


def split(
    results: Iterable[Result],
    scorer: Scorer,
    of_predicted: Callable[[Marked], str],
    of_gold: Callable[[Marked], str] | None = None,
) -> dict[str, Part]:
    """Split the attributions by a property, the largest subset first."""
    gold: dict[str, list[Verdict]] = {}
    predicted: dict[str, list[Verdict]] = {}
    for result in results:
        gold_verdicts, predicted_verdicts = verdicts(result, scorer)
        for marked, verdict in zip(result.predicted, predicted_verdicts, strict=True):
            predicted.setdefault(of_predicted(marked), []).append(verdict)
        if of_gold is not None:
            for marked, verdict in zip(result.gold, gold_verdicts, strict=True):
                gold.setdefault(of_gold(marked), []).append(verdict)
    parts = {
        name: Part(
            gold=len(gold.get(name, [])) if of_gold is not None else None,
            predicted=len(predicted.get(name, [])),
            precision=_share(predicted.get(name, [])),
            recall=_share(gold.get(name, [])),
        )
        for name in gold | predicted
    }
    return dict(sorted(parts.items(), key=lambda item: (-(item[1].gold or 0), -item[1].predicted, item[0])))


def _share(scored: Sequence[Verdict]) -> float | None:
    return sum(verdict.right for verdict in scored) / len(scored) if scored else None


def by_publisher(results: Iterable[Result], scorer: Scorer) -> dict[str, dict[str, Any]]:
    """Return the scorer's figures by publisher."""
    published: dict[str, list[Result]] = {}
    for result in results:
        published.setdefault(publisher(result.document), []).append(result)
    return {name: figures_of(published[name], scorer) for name in sorted(published)}


def by_document(results: Iterable[Result], scorer: Scorer) -> dict[str, dict[str, Any]]:
    """Return the scorer's figures by document, the worst attribution F1 first."""
    figures = {result.document["id"]: figures_of([result], scorer) for result in results}
    return dict(sorted(figures.items(), key=lambda item: (item[1]["attribution"][2], item[0])))

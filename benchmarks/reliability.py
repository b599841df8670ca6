"""Measure calibration: of quotes with confidence 0.8, eight in ten should be correct.

    python -m benchmarks.reliability [--split dev | --corpus FILE] [--limit N] [--jobs 2] [--plot FILE] [--write]

A prediction is correct if the scorer matches it and its source is correct; its confidence is that of its first quote.
Prints the expected calibration error (Naeini et al., 2015: ten bins of equal width), the Brier score (1950: mean
squared error of the confidence), the precision in each bin, the scorer's figures at each `min_confidence`, and the
precision at each recall. `--write` puts them into docs/accuracy.md, with the plot.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

from benchmarks.arguments import add_corpus, add_write, arguments_for, check_write, results_for
from benchmarks.figures import verdicts
from benchmarks.pages import ACCURACY, filled, table, write_between
from benchmarks.results import Result, as_attributions
from service.extraction.report import QuoteIndex, Report
from training.attribution.judge import BINS, Prediction, bins_of, brier, calibration_error
from training.corpora.news import Scorer, scorer

PLOT = ACCURACY.with_name("reliability.svg")


@dataclass(frozen=True, slots=True)
class Point:
    """Recall and precision of the predictions with at least `confidence`."""

    confidence: float
    precision: float
    recall: float


def main() -> None:
    """Run the command line."""
    arguments = arguments_for(__doc__)
    add_corpus(arguments)
    arguments.add_argument("--plot", type=Path, help="draw the plot into this SVG file")
    add_write(arguments, "put plot and tables into docs/")
    args = arguments.parse_args()
    check_write(arguments, args)
    results, score = results_for(args, min_confidence=0.0), scorer(args.corpora)
    predictions = predictions_of(results, score)
    curve = curve_of(predictions, sum(len(result.gold) for result in results))
    page = "\n\n".join(
        [summary(predictions), bins_table(predictions), thresholds_table(results, score), recalls_table(curve)]
    )
    print(page)
    plot = filled("reliability.svg", bins=bins_of(predictions), found=len(predictions), curve=curve)
    if args.plot:
        args.plot.write_text(plot, encoding="utf-8")
    if args.write:
        PLOT.write_text(plot, encoding="utf-8")
        write_between(ACCURACY, "reliability", page)


def predictions_of(results: Iterable[Result], scorer: Scorer) -> list[Prediction]:
    """Return every predicted attribution of `results`."""
    return [
        Prediction(marked.confidence, verdict.right)
        for result in results
        for marked, verdict in zip(result.predicted, verdicts(result, scorer)[1], strict=True)
    ]


def curve_of(predictions: Iterable[Prediction], gold: int) -> list[Point]:
    """Return precision and recall at decreasing confidence."""
    points, result, right = [], 0, 0
    surest_first = sorted(predictions, key=lambda prediction: -prediction.confidence)
    for confidence, same_confidence in groupby(surest_first, key=lambda prediction: prediction.confidence):
        for prediction in same_confidence:
            result += 1
            right += prediction.right
        points.append(Point(confidence, right / result, right / max(gold, 1)))
    return points


def at_least(report: Report, confidence: float) -> Report:
    """Return the quotes of `report` that `min_confidence` would keep."""
    kept = [number for number, quote in enumerate(report.quotes) if quote.confidence >= confidence]
    new_index = {QuoteIndex(number): QuoteIndex(index) for index, number in enumerate(kept)}
    quotes = [report.quotes[number] for number in kept]
    return Report(
        quotes=tuple(
            quote if quote.continues is None else replace(quote, continues=new_index.get(quote.continues))
            for quote in quotes
        )
    )


def summary(predictions: Sequence[Prediction]) -> str:
    """Format the calibration error and the Brier score."""
    return table(
        ("predictions", "precision", "mean confidence", "expected calibration error", "Brier score"),
        [
            (
                str(len(predictions)),
                sum(prediction.right for prediction in predictions) / max(len(predictions), 1),
                sum(prediction.confidence for prediction in predictions) / max(len(predictions), 1),
                calibration_error(predictions),
                brier(predictions),
            )
        ],
    )


def bins_table(predictions: Sequence[Prediction]) -> str:
    """Format the accuracy of each bin."""
    return table(
        ("confidence", "predictions", "mean confidence", "precision"),
        [
            (f"{bin.start:.1f} to {bin.start + 1 / BINS:.1f}", bin.count, bin.confidence, bin.right)
            for bin in bins_of(predictions)
        ],
    )


def thresholds_table(results: Sequence[Result], scorer: Scorer) -> str:
    """Format the scorer's figures at each `min_confidence`."""
    gold = {result.document["id"]: result.document for result in results}
    rows: list[tuple[Any, ...]] = []
    for step in range(BINS):
        kept = {
            result.document["id"]: {"attributions": as_attributions(at_least(result.report, step / BINS))}
            for result in results
        }
        figures = scorer.score(gold, kept)
        rows.append(
            (
                f"{step / BINS:.1f}",
                figures["counts"]["pred"],
                *figures["attribution"],
                *figures["quoted_attribution"][:2],
            )
        )
    return table(("`min_confidence`", "predictions", "P", "R", "F1", "quoted P", "quoted R"), rows)


def recalls_table(curve: Sequence[Point]) -> str:
    """Format the best precision at each recall, and the confidence threshold for it."""
    rows: list[tuple[Any, ...]] = []
    for step in range(1, BINS + 1):
        reaching = [point for point in curve if point.recall >= step / BINS]
        if reaching:
            best = max(reaching, key=lambda point: point.precision)
            rows.append((f"{step / BINS:.1f}", best.precision, f"{best.confidence:.3f}"))
    return table(("recall", "best precision", "at confidence"), rows)


if __name__ == "__main__":
    main()

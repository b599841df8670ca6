"""Score Pullquote on annotated attributions, with the scorer that comes with the corpora.

    python -m benchmarks.accuracy [--split dev | --corpus FILE] [--limit N] [--jobs 2] [--json FILE]
    python -m benchmarks.accuracy --write [--step "what changed"]

Prints figures for all articles, then by kind, cue class, resolution and publisher, then the worst documents. `--json`
writes all of them to a file, with those of each document. `--write` puts them into the README and docs/accuracy.md, and
`--step` adds a row to the table of steps. PULLQUOTE_MODEL selects the model. docs/accuracy.md defines the figures.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.arguments import add_corpus, add_write, arguments_for, check_write, results_for
from benchmarks.figures import TRIPLES, Part, by_document, by_publisher, figures_of, split
from benchmarks.pages import ACCURACY, README, add_step, steps, steps_table, table, write_between
from benchmarks.results import Result
from training.corpora.news import Scorer, scorer

WORST = 10
PARTS = {"kind": "kind", "cue_class": "cue class", "resolution": "resolution"}
COLUMNS = {
    "attribution": "attribution F1",
    "quoted_attribution": "quoted attribution F1",
    "quoted_content_exact": "quoted content, exact F1",
}
# From the corpora's README: measured with the same scorer on the same articles.
OTHERS: tuple[tuple[str, float, float, float | None], ...] = (
    ("textacy 0.13 `direct_quotations`", 0.182, 0.393, 0.198),
    ("Gender Gap Tracker (2023 rules, spaCy)", 0.423, 0.514, 0.374),
    ("BBC Citron, retrained on PolNeAR", 0.577, 0.727, 0.500),
)
SECOND_READER = ("a second human annotator, on 99 articles", 0.771, 0.933, None)


def main() -> None:
    """Run the command line."""
    arguments = arguments_for(__doc__)
    add_corpus(arguments)
    arguments.add_argument("--json", type=Path, help="write all figures to this file")
    add_write(arguments, "put the figures into the README and docs/accuracy.md")
    arguments.add_argument("--step", metavar="NAME", help="with --write: add a row to the table of steps")
    args = arguments.parse_args()
    check_write(arguments, args)
    if args.step and not args.write:
        arguments.error("--step needs --write.")
    measured = measure(results_for(args), scorer(args.corpora))
    print(shown(measured))
    if args.json:
        args.json.write_text(json.dumps(measured, indent=1, ensure_ascii=False, default=asdict) + "\n", "utf-8")
    if args.step:
        add_step(args.step, measured["overall"])
    if args.write:
        write(measured)


def measure(results: list[Result], scorer: Scorer) -> dict[str, Any]:
    """Return all figures, grouped: overall, kind, cue_class, resolution, publisher, document."""
    return {
        "overall": figures_of(results, scorer),
        "kind": split(results, scorer, lambda marked: marked.kind, lambda marked: marked.kind),
        "cue_class": split(results, scorer, lambda marked: marked.cue_class, lambda marked: marked.cue_class),
        "resolution": split(results, scorer, lambda marked: marked.resolution),
        "publisher": by_publisher(results, scorer),
        "document": by_document(results, scorer),
    }


def shown(measured: dict[str, Any]) -> str:
    """Format all tables for a terminal."""
    worst = dict(list(measured["document"].items())[:WORST])
    return "\n\n".join(
        [
            overall_table(measured["overall"]),
            *(part_table(heading, measured[name]) for name, heading in PARTS.items()),
            scored_table("publisher", measured["publisher"]),
            scored_table("worst documents", worst),
        ]
    )


def overall_table(figures: Mapping[str, Any]) -> str:
    """Format the scorer's figures: precision, recall and F1 of each, then the share of correct speakers."""
    counts = figures["counts"]
    heading = f"{counts['gold']} annotated, {counts['pred']} predicted"
    rows: list[tuple[str | float | None, ...]] = [(name, *figures[name]) for name in TRIPLES]
    return table((heading, "P", "R", "F1"), [*rows, ("speaker", figures["speaker"], None, None)])


def part_table(heading: str, parts: Mapping[str, Part]) -> str:
    """Format the attribution figures by the values of one property."""
    if all(part.gold is None for part in parts.values()):
        return table(
            (heading, "predicted", "P"), [(name, part.predicted, part.precision) for name, part in parts.items()]
        )
    return table(
        (heading, "annotated", "predicted", "P", "R", "F1"),
        [(name, part.gold, part.predicted, part.precision, part.recall, part.f1) for name, part in parts.items()],
    )


def scored_table(heading: str, scored: Mapping[str, Mapping[str, Any]]) -> str:
    """Format the scorer's figures of several sets of documents."""
    return table(
        (heading, "annotated", "predicted", "P", "R", "attribution F1", "quoted attribution F1"),
        [
            (
                name,
                figures["counts"]["gold"],
                figures["counts"]["pred"],
                *figures["attribution"],
                figures["quoted_attribution"][2] if figures["counts"]["gold_q"] else None,
            )
            for name, figures in scored.items()
        ],
    )


def others_table(figures: Mapping[str, Any]) -> str:
    """Format the scores of other systems, from the corpora's README, with Pullquote's row."""
    ours = ("**Pullquote**", *(f"**{figures[name][2]:.3f}**" for name in COLUMNS))
    rows: Iterable[tuple[str | float | None, ...]] = (*OTHERS, ours, SECOND_READER)
    return table(("", *COLUMNS.values()), rows)


def write(measured: dict[str, Any]) -> None:
    """Write the figures into the pages that show them."""
    write_between(README, "accuracy", others_table(measured["overall"]))
    write_between(ACCURACY, "others", others_table(measured["overall"]))
    write_between(ACCURACY, "overall", overall_table(measured["overall"]))
    for name, heading in PARTS.items():
        write_between(ACCURACY, name, part_table(heading, measured[name]))
    write_between(ACCURACY, "publisher", scored_table("publisher", measured["publisher"]))
    write_between(ACCURACY, "steps", steps_table(steps()))


if __name__ == "__main__":
    main()

"""How much of what a person marks Pullquote finds: PolNeAR's figures, by the scorer that comes with it.

    python -m benchmarks.accuracy [--split dev] [--limit N] [--corpora ../shared] [--write]

Prints the figures of all attributions, then those of each kind of quote that Pullquote gave, then the documents that
lost most. Reads PULLQUOTE_MODEL as the service does.
"""

import argparse
import os
from pathlib import Path
from typing import Any

from benchmarks.corpus import Attributions, Score, as_attributions, documents, scorer
from benchmarks.pages import write_between
from service.article.paragraphs import read_article
from service.extraction.report import Options
from service.parsing.load import load_parser
from service.pipeline import quotes_of
from service.settings import Settings

FIGURES = ("attribution", "content", "content_exact", "quoted_attribution", "quoted_content", "quoted_content_exact")
WORST = 10
README = Path(__file__).parent.parent / "README.md"
IN_README = ("attribution", "quoted_attribution", "quoted_content_exact")
OTHERS = (
    "| | attribution F1 | quoted attribution F1 | quoted content, exact F1 |",
    "|---|---|---|---|",
    "| textacy 0.13 `direct_quotations` | 0.182 | 0.393 | 0.198 |",
    "| Gender Gap Tracker (2023 rules, spaCy) | 0.423 | 0.514 | 0.374 |",
    "| BBC Citron, retrained on PolNeAR | 0.577 | 0.727 | 0.500 |",
    "| a second human annotator, on 99 articles | 0.771 | 0.933 | |",
)  # measured with the same scorer, on the same articles, when the corpora were put together


def main() -> None:
    """Run the benchmark as the command line asks."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path(os.environ.get("PULLQUOTE_CORPORA", "../shared")))
    arguments.add_argument("--split", choices=("dev", "train"), default="dev")
    arguments.add_argument("--limit", type=int, help="only the first N documents")
    arguments.add_argument("--write", action="store_true", help="put the figures into the README's table too")
    args = arguments.parse_args()
    parser = load_parser(Settings.from_environment(os.environ))
    score = scorer(args.corpora)
    gold = {document["id"]: document for document in documents(args.corpora, args.split, args.limit)}
    found: dict[str, Attributions] = {}
    for key, document in gold.items():
        found[key] = as_attributions(quotes_of(read_article(document["text"]), parser, Options()))
    figures = score(gold, {key: {"attributions": attributions} for key, attributions in found.items()})
    show(figures)
    if args.write:
        write_between(README, "accuracy", table(figures))
    print("\ndocuments that lost most (gold attributions not found or wrongly attributed)")
    for lost, key in worst(gold, found, score):
        print(f"{lost:5}  {key}")


def table(figures: dict[str, Any]) -> str:
    """The README's table: what others score, as the corpora's own README has it, and Pullquote's row."""
    ours = " | ".join(f"**{figures[name][2]:.3f}**" for name in IN_README)
    return "\n".join([*OTHERS[:-1], f"| **Pullquote** | {ours} |", OTHERS[-1]])


def show(figures: dict[str, Any]) -> None:
    """Print the scorer's figures: precision, recall and F1 of each, then the rest."""
    print(f"{'':22} {'P':>6} {'R':>6} {'F1':>6}")
    for name in FIGURES:
        print(f"{name:22}", " ".join(f"{value:6.3f}" for value in figures[name]))
    print(f"{'speaker':22} {figures['speaker']:6.3f}\n{figures['counts']}")


def worst(gold: dict[str, Any], found: dict[str, Attributions], score: Score) -> list[tuple[int, str]]:
    """The documents with most gold attributions lost, and how many."""
    lost = []
    for key, document in gold.items():
        _, recall, _ = score({key: document}, {key: {"attributions": found[key]}})["attribution"]
        lost.append((round(len(document["attributions"]) * (1 - recall)), key))
    return sorted(lost, reverse=True)[:WORST]


if __name__ == "__main__":
    main()

"""How much of what a person marks Pullquote finds: PolNeAR's figures, by the scorer that comes with it.

    python -m benchmarks.accuracy [--split dev] [--limit N] [--corpora ../shared] [--markdown]

Prints the figures of all attributions, then those of each kind of quote that Pullquote gave, then the documents that
lost most. Reads PULLQUOTE_MODEL as the service does.
"""

import argparse
import os
from pathlib import Path
from typing import Any

from benchmarks.corpus import Attributions, Score, as_attributions, documents, scorer
from service.article.paragraphs import read_article
from service.extraction.report import Options
from service.parsing.load import load_parser
from service.pipeline import quotes_of
from service.settings import Settings

FIGURES = ("attribution", "content", "content_exact", "quoted_attribution", "quoted_content", "quoted_content_exact")
WORST = 10


def main() -> None:
    """Run the benchmark as the command line asks."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path(os.environ.get("PULLQUOTE_CORPORA", "../shared")))
    arguments.add_argument("--split", choices=("dev", "train"), default="dev")
    arguments.add_argument("--limit", type=int, help="only the first N documents")
    arguments.add_argument("--markdown", action="store_true", help="one row of the README's table, and nothing else")
    args = arguments.parse_args()
    parser = load_parser(Settings.from_environment(os.environ))
    score = scorer(args.corpora)
    gold = {document["id"]: document for document in documents(args.corpora, args.split, args.limit)}
    found: dict[str, Attributions] = {}
    for key, document in gold.items():
        found[key] = as_attributions(quotes_of(read_article(document["text"]), parser, Options()))
    figures = score(gold, {key: {"attributions": attributions} for key, attributions in found.items()})
    if args.markdown:
        wanted = ("attribution", "quoted_attribution", "quoted_content_exact")
        print("| Pullquote | " + " | ".join(f"{figures[name][2]:.3f}" for name in wanted) + " |")
        return
    show(figures)
    print("\ndocuments that lost most (gold attributions not found or wrongly attributed)")
    for lost, key in worst(gold, found, score):
        print(f"{lost:5}  {key}")


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

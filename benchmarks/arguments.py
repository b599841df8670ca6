"""Command-line options shared by the benchmarks: which articles, and how many processes."""

import argparse
import os
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

from benchmarks.results import Result, results_of
from service.extraction.report import MIN_CONFIDENCE, Options
from service.settings import EMBEDDED, Settings
from training.corpora.news import CORPORA, CorpusDocument, documents, everyday, polnear


def arguments_for(description: str | None) -> argparse.ArgumentParser:
    """Return an argument parser with the shared options."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--corpora", type=Path, default=CORPORA, help=f"with corpora/ and eval/ (default: {CORPORA})")
    parser.add_argument("--jobs", type=int, default=1, help="processes, each with its own model (default: 1)")
    parser.add_argument("--parses", type=Path, help="a folder to keep parses in, outside the repository")
    return parser


def add_corpus(parser: argparse.ArgumentParser) -> None:
    """Add the options that select the articles."""
    parser.add_argument(
        "--split", choices=("dev", "train", "everyday"), default="dev", help="of PolNeAR, or everyday (default: dev)"
    )
    parser.add_argument("--corpus", type=Path, help="another JSONL file in PolNeAR's format")
    parser.add_argument("--limit", type=int, help="only the first N documents")


def add_write(parser: argparse.ArgumentParser, what: str) -> None:
    """Add the option that writes figures into the documentation."""
    parser.add_argument("--write", action="store_true", help=f"{what} (of the embedded model, on all of dev)")


def check_write(parser: argparse.ArgumentParser, args: argparse.Namespace) -> None:
    """Exit with an error if the figures would not be those that the documentation describes."""
    if not args.write:
        return
    if args.corpus or args.limit or args.split != "dev":
        parser.error("--write measures all of PolNeAR's dev articles: leave out --corpus, --limit and --split.")
    model = Settings.from_environment(os.environ).model
    if model != EMBEDDED:
        parser.error(f"--write measures the embedded model, but PULLQUOTE_MODEL is {model!r}. Unset it.")


def results_for(args: argparse.Namespace, min_confidence: float = MIN_CONFIDENCE) -> list[Result]:
    """Process the selected articles with the model of PULLQUOTE_MODEL."""
    settings = Settings.from_environment(os.environ)
    options = Options(statements="all", explain=True, min_confidence=min_confidence)
    return results_of(_chosen(args), settings, options, jobs=args.jobs, parses=args.parses)


def _chosen(args: argparse.Namespace) -> Iterator[CorpusDocument]:
    if args.split == "everyday" and args.corpus is None:
        return islice(everyday(args.corpora), args.limit)
    return documents(args.corpus or polnear(args.corpora, args.split), args.limit)

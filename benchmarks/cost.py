"""Measure a cold start and the processing of one article on this machine.

    python -m benchmarks.cost [--article FILE] [--write]

Each start is a new process; the figures are medians of several. `--write` puts the table into docs/operations.md.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.pages import write_between

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "tests/golden/seeds/004_63e19d3fa455bc5c.txt"
STARTS = 5
ARTICLES = 20


def main() -> None:
    """Measure as the command line asks, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--article", type=Path, default=ARTICLE)
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--one-start", action="store_true", help=argparse.SUPPRESS)
    args = arguments.parse_args()
    if args.one_start:
        print(json.dumps(one_start(args.article)))
        return
    runs = [measured(args.article) for _ in range(STARTS)]
    median = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    words = len(args.article.read_text(encoding="utf-8").split())
    table = "\n".join([
        f"Medians of {STARTS} starts with {ARTICLES} articles each; {os.cpu_count()} cores, one thread, "
        f"Python {platform.python_version()}.",
        "",
        "| | |",
        "|---|---|",
        f"| importing the libraries | {median['import']:.1f} s |",
        f"| checking and loading the model | {median['load']:.1f} s |",
        f"| the first article (warm-up) | {median['first']:.2f} s |",
        f"| total: ready | {median['import'] + median['load'] + median['first']:.1f} s |",
        f"| an article of {words} words | {1000 * median['article']:.0f} ms |",
    ])  # fmt: skip
    if args.write:
        write_between(ROOT / "docs/operations.md", "cost", table)
    print(table)


def measured(article: Path) -> dict[str, float]:
    """Measure one start in its own process."""
    command = [sys.executable, "-m", "benchmarks.cost", "--one-start", "--article", str(article)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PULLQUOTE_WORKERS": "2"}
    run = subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT, env=environment)
    figures: dict[str, float] = json.loads(run.stdout)
    return figures


def one_start(path: Path) -> dict[str, float]:
    """Start up, process `path` several times, and return the seconds of each part."""
    clock = time.perf_counter
    began = clock()
    from service.extraction.report import Options
    from service.input.paragraphs import read_article
    from service.parsing import stanza_parser  # noqa: F401  # its import is measured
    from service.parsing.load import load_parser
    from service.pipeline import answer, warm_up
    from service.settings import Settings

    imported = clock()
    parser = load_parser(Settings.from_environment(os.environ))
    loaded = clock()
    warm_up(parser)
    ready = clock()
    article = read_article(path.read_text(encoding="utf-8"))
    times = []
    for _ in range(ARTICLES):
        start = clock()
        answer(article, parser, Options())
        times.append(clock() - start)
    return {
        "import": imported - began,
        "load": loaded - imported,
        "first": ready - loaded,
        "article": statistics.median(times),
    }


if __name__ == "__main__":
    main()

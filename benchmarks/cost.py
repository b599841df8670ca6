"""What a cold start, one article and each further worker cost, in time and memory, on this machine.

    python -m benchmarks.cost [--article FILE] [--write]

Each start is a new process; the figures are medians of several. What a worker costs is what the whole service takes
more with three of them than with one, once each has read some articles (proportional set sizes: what several processes
share is counted once). `--write` puts the table into docs/operations.md.
"""

import argparse
import json
import os
import platform
import resource
import signal
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import httpx

from benchmarks.pages import write_between
from benchmarks.serving import Served, served
from benchmarks.varied_texts import varied_text
from service.machine import cores

ROOT = Path(__file__).parent.parent
ARTICLE = ROOT / "tests/golden/seeds/004_63e19d3fa455bc5c.txt"
STARTS = 5
ARTICLES = 20
SEVERAL = 3  # workers


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
        f"Medians of {STARTS} starts, {ARTICLES} articles each; {os.cpu_count()} cores, one thread, "
        f"Python {platform.python_version()}.",
        "",
        "| | |",
        "|---|---|",
        f"| importing the libraries | {median['import']:.1f} s |",
        f"| checking and loading the model | {median['load']:.1f} s |",
        f"| the first article (warm-up) | {median['first']:.2f} s |",
        f"| ready after | {median['import'] + median['load'] + median['first']:.1f} s |",
        f"| an article of {words} words | {1000 * median['article']:.0f} ms |",
        f"| memory once ready | {median['memory_ready']:.0f} MB |",
        f"| memory at most | {median['memory']:.0f} MB |",
        *workers(),
    ])  # fmt: skip
    if args.write:
        write_between(ROOT / "docs/operations.md", "cost", table)
    print(table)


def workers() -> list[str]:
    """Rows of what workers cost, with one model for all of them and with one for each."""
    rows = []
    for preload, name in (("yes", "one model for all"), ("no", "one for each, `PULLQUOTE_PRELOAD=no`")):
        one, several = (service_memory(many, preload) for many in (1, SEVERAL))
        each = (several - one) / (SEVERAL - 1)
        rows += [f"| the service with one worker, {name} | {one:.0f} MB |", f"| each further worker | {each:.0f} MB |"]
    return rows


def service_memory(many: int, preload: str) -> float:
    """The memory in MB of a service with so many workers, all of which have read some articles."""
    # As many as there could be of one thread each are allowed; so the machine's number of cores does not matter.
    with served(PULLQUOTE_WORKERS=str(max(many, cores())), PULLQUOTE_PRELOAD=preload) as service:
        for _ in range(cores() - many):
            service.process.send_signal(signal.SIGTTOU)  # gunicorn's: one worker less
        until(lambda: len(service.workers()) == many)
        until(lambda: ready(service) == many)
        for number in range(ARTICLES * many):
            httpx.post(f"{service.address}/quotes", json={"text": varied_text(number)}, timeout=120)
        family = [service.process, *service.process.children(recursive=True)]
        return float(sum(process.memory_full_info().pss for process in family)) / 1e6


def ready(service: Served) -> float:
    """How many workers are ready."""
    lines = httpx.get(f"{service.address}/metrics", timeout=30).text.splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("pullquote_workers_ready "))


def until(holds: Callable[[], bool]) -> None:
    """Wait until something is so. Raises TimeoutError after two minutes."""
    end = time.monotonic() + 120
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


def measured(article: Path) -> dict[str, float]:
    """The figures of one start, in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.cost", "--one-start", "--article", str(article)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "PULLQUOTE_WORKERS": "2"}
    run = subprocess.run(command, capture_output=True, check=True, text=True, cwd=ROOT, env=environment)
    figures: dict[str, float] = json.loads(run.stdout)
    return figures


def one_start(path: Path) -> dict[str, float]:
    """Start, read `path` several times, and say how long each part took (seconds) and how much memory it had (MB)."""
    clock = time.perf_counter
    began = clock()
    from service.article.paragraphs import read_article
    from service.extraction.report import Options
    from service.parsing import stanza_parser  # noqa: F401  what is measured is its import
    from service.parsing.load import load_parser
    from service.pipeline import answer, warm_up
    from service.settings import Settings

    imported = clock()
    parser = load_parser(Settings.from_environment(os.environ))
    loaded = clock()
    warm_up(parser)
    ready, memory_ready = clock(), memory()
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
        "memory_ready": memory_ready,
        "memory": memory(),
    }


def memory() -> float:
    """The most memory this process has had so far, in MB (Linux counts in KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()

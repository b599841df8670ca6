"""Measure the memory of the service with one worker, and of each further worker.

    python -m benchmarks.worker_memory [--articles 40] [--write]

Measured after each worker has processed some articles, as proportional set size (PSS): memory that processes share is
counted once. The cost of a further worker is half the difference between three workers and one. `--write` puts the
table into docs/operations.md.
"""

import argparse
import platform
import signal
import time
from collections.abc import Callable
from typing import Any, NamedTuple

import httpx
import psutil

from benchmarks.pages import ROOT, table, write_between
from benchmarks.serving import Served, served
from benchmarks.varied_texts import varied_text
from service.server.resources import cores

SEVERAL = 3  # workers
_PATIENCE_SECONDS = 180


class Memory(NamedTuple):
    """The memory of a service in MB."""

    together: float
    worker: float  # the largest worker, including shared memory
    alone: float  # the largest worker, without shared memory


def main() -> None:
    """Measure, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=40, help="per worker")
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    rows: list[list[str | int | float | None]] = []
    for preload, name in (("yes", "one model, shared"), ("no", "one model per worker, `PULLQUOTE_PRELOAD=no`")):
        one, several = (measured(workers, preload, args.articles) for workers in (1, SEVERAL))
        per_worker = (several.together - one.together) / (SEVERAL - 1)
        figures = one.together, per_worker, one.worker, one.alone
        rows.append([name, *(f"{size:.0f} MB" for size in figures)])
    header = ["", "service with one worker", "each further worker", "worker, RSS", "worker, USS"]
    text = f"After {args.articles} articles per worker; Python {platform.python_version()}.\n\n{table(header, rows)}"
    if args.write:
        write_between(ROOT / "docs/operations.md", "workers", text)
    print(text)


def measured(workers: int, preload: str, articles: int) -> Memory:
    """Return the memory of a service with `workers` workers, each of which has processed `articles` articles."""
    # With as many workers as cores, each parses on one thread; surplus workers are then stopped.
    with served(PULLQUOTE_WORKERS=str(max(workers, cores())), PULLQUOTE_PRELOAD=preload) as service:
        for _ in range(cores() - workers):
            service.process.send_signal(signal.SIGTTOU)
        _until(lambda: len(service.workers()) == workers and _ready(service) == workers)
        for number in range(articles * workers):
            httpx.post(f"{service.address}/quotes", json={"text": varied_text(number)}, timeout=_PATIENCE_SECONDS)
        sizes = [process.memory_full_info() for process in [service.process, *service.process.children(True)]]
        largest: Any = max((psutil.Process(worker.pid).memory_full_info() for worker in service.workers()), key=_rss)
        return Memory(sum(size.pss for size in sizes) / 1e6, largest.rss / 1e6, largest.uss / 1e6)


def _rss(size: Any) -> int:
    return int(size.rss)


def _ready(service: Served) -> float:
    lines = httpx.get(f"{service.address}/metrics", timeout=_PATIENCE_SECONDS).text.splitlines()
    return sum(float(line.split()[1]) for line in lines if line.startswith("pullquote_workers_ready "))


def _until(holds: Callable[[], bool]) -> None:
    end = time.monotonic() + _PATIENCE_SECONDS
    while not holds():
        if time.monotonic() > end:
            raise TimeoutError
        time.sleep(0.2)


if __name__ == "__main__":
    main()

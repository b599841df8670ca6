"""How much memory the service has with one worker, and with each further one.

    python -m benchmarks.worker_memory [--articles 40] [--write]

Once each worker has read some articles; proportional set sizes: what several processes share is counted once. A further
worker costs what the service has more with three of them than with one, divided by two. `--write` puts the table into
docs/operations.md.
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
from service.machine import cores

SEVERAL = 3  # workers
_PATIENCE_SECONDS = 180


class Memory(NamedTuple):
    """A service's, in MB."""

    together: float
    worker: float  # the largest, with what it shares
    alone: float  # of it, what it does not share


def main() -> None:
    """Measure, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--articles", type=int, default=40, help="for each worker")
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    rows: list[list[str | int | float | None]] = []
    for preload, name in (("yes", "one model for all"), ("no", "one model each, `PULLQUOTE_PRELOAD=no`")):
        one, several = (measured(workers, preload, args.articles) for workers in (1, SEVERAL))
        each = (several.together - one.together) / (SEVERAL - 1)
        figures = one.together, each, one.worker, one.alone
        rows.append([name, *(f"{size:.0f} MB" for size in figures)])
    header = ["", "service with one worker", "each further worker", "a worker's resident memory", "of it its own"]
    text = f"After {args.articles} articles a worker; Python {platform.python_version()}.\n\n{table(header, rows)}"
    if args.write:
        write_between(ROOT / "docs/operations.md", "workers", text)
    print(text)


def measured(workers: int, preload: str, articles: int) -> Memory:
    """The memory of a service with so many workers, which have read so many articles each."""
    # With as many as there are cores each has one thread; those that are too many are told to go.
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

"""Thousands of mixed requests, good, bad and hostile, and a worker killed in the middle: does the memory stay?

    python -m benchmarks.soak [--requests 5000] [--write]

Two workers, and clients that each send one request after the other, over connections of their own. A good request's
answer is known and must be the same each time, byte for byte; half of them have an `id` of their own, so that they are
read again. A bad or hostile one must get its 4xx, or an answer. Everything may be refused with 503 and Retry-After.
When half is done, one worker is ended with SIGKILL: only requests that were in flight then may go without an answer.

Fails where that is not so, or where the memory of all workers at the end is more than a tenth above what it was when a
tenth of the requests were answered. `--write` puts the table into docs/operations.md.
"""

import argparse
import asyncio
import random
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import psutil

from benchmarks.pages import ROOT, table, write_between
from benchmarks.serving import Served, served
from benchmarks.soak_requests import Sent, kinds

WORKERS = 2
CLIENTS = 4
GROWTH = 0.1
_SAMPLE_SECONDS = 0.5
_FIRST, _LAST = (0.1, 0.15), (0.95, 1.0)  # of the requests: between what the memory is compared


@dataclass
class Soaked:
    """What was seen. `memory` is (requests answered, MB of all workers and their page readers) at each moment."""

    requests: int
    answered: int = 0
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    known: dict[str, bytes] = field(default_factory=dict)
    lost: list[tuple[str, float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    memory: list[tuple[int, float]] = field(default_factory=list)
    killed_at: float | None = None
    seconds: float = 0.0

    def megabytes(self, first: float, last: float) -> float:
        """The median of the memory between two parts of the requests; 0 where it was not looked at."""
        seen = [size for count, size in self.memory if first * self.requests <= count <= last * self.requests]
        return statistics.median(seen) if seen else 0.0


def main() -> None:
    """Soak, print or write the table, and tell what is not as it should be."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--requests", type=int, default=5000)
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    with served(PULLQUOTE_WORKERS=str(WORKERS)) as service:
        result = asyncio.run(soaked(service, args.requests))
    told = [*faults(result), *growth(result)]
    print(page(result))
    if args.write and not told:
        write_between(ROOT / "docs/operations.md", "soak", page(result))
    sys.exit("\n".join(told) or None)


async def soaked(service: Served, requests: int) -> Soaked:
    """Send so many requests, in an order that is the same each time, and kill a worker when half are answered."""
    result = Soaked(requests)
    sent = _mixed(requests)
    started = time.monotonic()
    limits = httpx.Limits(max_keepalive_connections=0)  # a kept connection would be the killed worker's
    async with httpx.AsyncClient(base_url=service.address, timeout=120, limits=limits) as client:
        watch = asyncio.create_task(_watch(service, result))
        await asyncio.gather(*(_client(client, service, sent, result) for _ in range(CLIENTS)))
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
    result.seconds = time.monotonic() - started
    return result


def _mixed(requests: int) -> Iterator[Sent]:
    """Requests of all kinds, as often as each kind's weight says."""
    choice = random.Random(20)
    every = kinds()
    for number, kind in enumerate(choice.choices(every, [kind.weight for kind in every], k=requests)):
        yield kind.make(number)


async def _client(client: httpx.AsyncClient, service: Served, sent: Iterator[Sent], result: Soaked) -> None:
    for request in sent:
        await _ask(client, request, result)
        result.answered += 1
        if result.killed_at is None and result.answered >= result.requests // 2:
            result.killed_at = time.monotonic()
            service.workers()[0].kill()


async def _ask(client: httpx.AsyncClient, request: Sent, result: Soaked) -> None:
    kind, started = request.kind, time.monotonic()
    try:
        response = await client.request(kind.method, kind.path, content=request.body, headers=dict(kind.headers))
    except httpx.TransportError as error:
        result.lost.append((f"{kind.name}: {error!r}", started, time.monotonic()))
        return
    status = response.status_code
    result.statuses[kind.name, status] += 1
    if status == 503 and response.headers.get("Retry-After", "").isdigit():
        return
    if status not in kind.statuses:
        result.faults.append(f"{kind.name} was answered {status}: {response.text[:200]}")
    elif status == 200 and kind.known:
        content = request.without_id(response.content)
        if result.known.setdefault(kind.name, content) != content:
            result.faults.append(f"{kind.name} was answered in two ways.")


async def _watch(service: Served, result: Soaked) -> None:
    while True:
        size = 0.0
        for worker in service.workers():
            try:
                family = [worker, *worker.children(recursive=True)]
                size += sum(process.memory_info().rss for process in family) / 1e6
            except psutil.Error:  # it has just ended
                continue
        result.memory.append((result.answered, size))
        await asyncio.sleep(_SAMPLE_SECONDS)


def faults(result: Soaked) -> list[str]:
    """What is not as it should be, in sentences."""
    told = result.faults[:10]
    killed = result.killed_at or 0.0
    told += [f"Lost, and no worker was killed: {what}" for what, sent, end in result.lost if not sent <= killed <= end]
    if len(result.lost) > CLIENTS:
        told.append(f"{len(result.lost)} requests were lost with one worker; {CLIENTS} were in flight.")
    return told


def growth(result: Soaked) -> list[str]:
    """That the memory has grown by more than it may, in a sentence; nothing where it has not."""
    before, after = result.megabytes(*_FIRST), result.megabytes(*_LAST)
    if after <= before * (1 + GROWTH):
        return []
    return [f"Memory grew from {before:.0f} to {after:.0f} MB: more than {GROWTH:.0%}."]


def page(result: Soaked) -> str:
    """The figures as Markdown."""
    rows: list[list[str | int | float | None]] = []
    for kind in kinds():
        seen = {status: count for (name, status), count in sorted(result.statuses.items()) if name == kind.name}
        told = ", ".join(f"{status}: {count}" for status, count in seen.items())
        rows.append([kind.name, sum(seen.values()), told])
    before, after = result.megabytes(*_FIRST), result.megabytes(*_LAST)
    return "\n".join([
        f"{result.requests} requests in {result.seconds:.0f} s, {CLIENTS} at a time, {WORKERS} workers; "
        "one was killed in the middle.",
        "",
        f"- memory of all workers after a tenth of them: {before:.0f} MB",
        f"- at the end: {after:.0f} MB ({after / (before or 1) - 1:+.1%})",
        f"- without an answer: {len(result.lost)}, in flight when the worker was killed",
        f"- answered wrongly, or by a 500: {len(result.faults)}",
        "",
        table(["request", "answered", "status: how often"], rows),
    ])  # fmt: skip


if __name__ == "__main__":
    main()

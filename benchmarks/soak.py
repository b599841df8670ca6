"""Soak test: thousands of different texts, invalid and adversarial requests, and a killed worker.

    python -m benchmarks.soak [--texts 5000] [--seconds N] [--clients 16] [--workers 2] [--write]

Each client sends one request at a time over its own connection; almost every text differs from all others
(`varied_texts.py`). An invalid or adversarial request must get its 4xx, or a result. Any request can get a 503 with
Retry-After; valid requests are then retried. Some of the first texts are sent again at the end and must get the same
bytes. Half-way, one worker is killed with SIGKILL: only requests in flight at that moment can go without a response.
After `--seconds` no more texts are sent; the figures are then those of the texts so far.

Fails when any of that does not hold, when the largest worker has over a tenth more memory in the last fifth of the
texts than in the second and third tenths (medians), and when it has more than 500 MB then. `--write` puts the table
into docs/operations.md; with ONEDNN_MAX_CPU_ISA=AVX2, into the table for AVX2 processors.
"""

import argparse
import asyncio
import math
import os
import statistics
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import takewhile
from typing import NamedTuple

import httpx
import psutil

from benchmarks.pages import ROOT, table, write_between
from benchmarks.serving import Served, served
from benchmarks.soak_requests import SoakRequest, kinds, mixed

GROWTH = 0.1
MAX_MEGABYTES = 500
_TENTHS = 10
_SAMPLE_SECONDS = 0.5
# The parts of the texts whose memory is compared. In shorter ones, the median depends on a few long texts: it varied by
# 15 % between neighbouring tenths.
_FIRST, _LAST = (0.1, 0.3), (0.8, 1.0)
_REPEATED = 40  # number of the first texts that are sent again at the end
_PAUSE_SECONDS = 0.3  # after a 503


class Sample(NamedTuple):
    """The memory in MB after `read` texts."""

    read: int
    largest: float  # the largest worker
    workers: float
    pages: float  # the page processes


@dataclass
class Soaked:
    """The observations."""

    texts: int
    clients: int = 16
    workers: int = 2
    answered: int = 0
    read: int = 0  # number of texts
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    known: dict[str, bytes] = field(default_factory=dict)
    first: list[tuple[SoakRequest, bytes]] = field(default_factory=list)
    same: int = 0  # number of the first texts with the same response again
    lost: list[tuple[str, float, float]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    memory: list[Sample] = field(default_factory=list)
    killed_at: float | None = None
    seconds: float = 0.0

    def samples(self, first: float, last: float) -> list[Sample]:
        """Return the samples between two fractions of the texts."""
        return [sample for sample in self.memory if first * self.texts <= sample.read <= last * self.texts]

    def megabytes(self, first: float, last: float) -> float:
        """Return the median of the largest worker's memory between two fractions of the texts; 0 without samples."""
        sizes = [sample.largest for sample in self.samples(first, last)]
        return statistics.median(sizes) if sizes else 0.0


def main() -> None:
    """Run the test, print or write the table, and report failed checks."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--texts", type=int, default=5000)
    arguments.add_argument("--seconds", type=float, default=math.inf)
    arguments.add_argument("--clients", type=int, default=16)
    arguments.add_argument("--workers", type=int, default=2)
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    with served(PULLQUOTE_WORKERS=str(args.workers)) as service:
        result = asyncio.run(soaked(service, Soaked(args.texts, args.clients, args.workers), args.seconds))
    failures = [*faults(result), *growth(result)]
    print(page(result))
    if args.write and not failures:
        avx2 = os.environ.get("ONEDNN_MAX_CPU_ISA") == "AVX2"
        write_between(ROOT / "docs/operations.md", "soak-avx2" if avx2 else "soak", page(result))
    sys.exit("\n".join(failures) or None)


async def soaked(service: Served, result: Soaked, seconds: float = math.inf) -> Soaked:
    """Send requests in a deterministic order, and kill a worker half-way.

    Records into `result` and returns it. After `seconds` no more requests are sent.
    """
    started = time.monotonic()
    requests = takewhile(lambda _: time.monotonic() < started + seconds, mixed(result.texts))
    limits = httpx.Limits(max_keepalive_connections=0)  # a kept connection could belong to the killed worker
    async with httpx.AsyncClient(base_url=service.address, timeout=300, limits=limits) as client:
        watch = asyncio.create_task(_watch(service, result))
        await asyncio.gather(
            *(_client(client, requests, result) for _ in range(result.clients)), _kill(service, result, seconds)
        )
        watch.cancel()
        await asyncio.gather(watch, return_exceptions=True)
        result.memory.append(_sample(service, result.read))
        for request, answer in result.first:
            await _compare(client, request.again(), answer, result)
    result.seconds = time.monotonic() - started
    result.texts = result.read
    return result


async def _kill(service: Served, result: Soaked, seconds: float) -> None:
    """Kill a worker half-way."""
    half = time.monotonic() + seconds / 2
    while result.read < result.texts // 2 and time.monotonic() < half:
        await asyncio.sleep(_SAMPLE_SECONDS)
    result.killed_at = time.monotonic()
    service.workers()[0].kill()


async def _client(client: httpx.AsyncClient, requests: Iterator[SoakRequest], result: Soaked) -> None:
    for request in requests:
        await _ask(client, request, result)
        result.answered += 1
        result.read += request.kind.texts


async def _ask(client: httpx.AsyncClient, request: SoakRequest, result: Soaked) -> None:
    kind, started = request.kind, time.monotonic()
    try:
        response = await _response(client, request)
        result.statuses[kind.name, response.status_code] += 1
        while _refused(response) and kind.texts:
            await asyncio.sleep(_PAUSE_SECONDS)
            started = time.monotonic()
            response = await _response(client, request)
            result.statuses[kind.name, response.status_code] += 1
    except httpx.TransportError as error:
        result.lost.append((f"{kind.name}: {error!r}", started, time.monotonic()))
        return
    if _refused(response):
        return
    if response.status_code not in kind.statuses:
        result.faults.append(f"{kind.name} got {response.status_code}: {response.text[:200]}")
    elif kind.known and result.known.setdefault(kind.name, response.content) != response.content:
        result.faults.append(f"{kind.name} got two different responses.")
    elif kind.name == "article" and len(result.first) < _REPEATED:
        result.first.append((request, response.content))


async def _compare(client: httpx.AsyncClient, request: SoakRequest, answer: bytes, result: Soaked) -> None:
    response = await _response(client, request)
    if request.without_id(response.content) == answer:
        result.same += 1
    else:
        result.faults.append(f"Text {request.number} got two different responses.")


async def _response(client: httpx.AsyncClient, request: SoakRequest) -> httpx.Response:
    kind = request.kind
    return await client.request(kind.method, kind.path, content=request.body, headers=dict(kind.headers))


def _refused(response: httpx.Response) -> bool:
    return response.status_code == 503 and response.headers.get("Retry-After", "").isdigit()


async def _watch(service: Served, result: Soaked) -> None:
    while True:
        result.memory.append(_sample(service, result.read))
        await asyncio.sleep(_SAMPLE_SECONDS)


def _sample(service: Served, read: int) -> Sample:
    sizes, pages = [], 0.0
    for worker in service.workers():
        try:
            sizes.append(worker.memory_info().rss / 1e6)
            pages += sum(process.memory_info().rss for process in worker.children(recursive=True)) / 1e6
        except psutil.Error:  # the process has just ended
            continue
    return Sample(read, max(sizes, default=0.0), sum(sizes), pages)


def faults(result: Soaked) -> list[str]:
    """Return the failed checks, as sentences."""
    failures = result.faults[:10]
    killed = result.killed_at or 0.0
    failures += [
        f"Lost, and no worker was killed: {what}" for what, start, end in result.lost if not start <= killed <= end
    ]
    if len(result.lost) > result.clients:
        failures.append(f"{len(result.lost)} requests were lost with one worker; {result.clients} were in flight.")
    return failures


def growth(result: Soaked) -> list[str]:
    """Return the exceeded memory limits, as sentences."""
    before, after = result.megabytes(*_FIRST), result.megabytes(*_LAST)
    failures = []
    if after > before * (1 + GROWTH):
        failures.append(f"A worker's memory grew from {before:.0f} to {after:.0f} MB: more than {GROWTH:.0%}.")
    if after > MAX_MEGABYTES:
        failures.append(f"A worker has {after:.0f} MB at the end; the limit is {MAX_MEGABYTES}.")
    return failures


def page(result: Soaked) -> str:
    """Format the figures as Markdown."""
    before, after = result.megabytes(*_FIRST), result.megabytes(*_LAST)
    peak = max((sample.largest for sample in result.memory), default=0.0)
    refused = sum(count for (_, status), count in result.statuses.items() if status == 503)
    return "\n".join([
        f"{result.texts} different texts in {result.answered} requests over {result.seconds:.0f} s; {result.clients} "
        f"clients, {result.workers} workers, one of them killed half-way.",
        "",
        f"- memory of the largest worker: {before:.0f} MB in the second and third tenths of the texts, {after:.0f} MB "
        f"in the last fifth ({after / (before or 1) - 1:+.1%}), {peak:.0f} MB at most",
        f"- 503 responses, retried: {refused}",
        f"- requests without a response, in flight when the worker was killed: {len(result.lost)}",
        f"- wrong responses, 500 included: {len(result.faults)}",
        f"- texts with the same response when sent again at the end: {result.same} of {len(result.first)}",
        "",
        _curve(result),
        "",
        _statuses(result),
    ])  # fmt: skip


def _curve(result: Soaked) -> str:
    """Format the median memory in each tenth of the texts."""
    rows: list[list[str | int | float | None]] = []
    for tenth in range(_TENTHS):
        samples = result.samples(tenth / _TENTHS, (tenth + 1) / _TENTHS)
        figures = [[round(size) for size in sizes] for sizes in list(zip(*samples, strict=True))[1:]] or [[0]] * 3
        last = (tenth + 1) * result.texts // _TENTHS
        rows.append([last, *(round(statistics.median(sizes)) for sizes in figures), max(figures[0])])
    header = ["texts", "largest worker, MB", "all workers, MB", "page processes, MB", "largest worker, peak MB"]
    return table(header, rows)


def _statuses(result: Soaked) -> str:
    rows: list[list[str | int | float | None]] = []
    for kind in kinds():
        counts = {status: count for (name, status), count in sorted(result.statuses.items()) if name == kind.name}
        cell = ", ".join(f"{status}: {count}" for status, count in counts.items())
        rows.append([kind.name, sum(counts.values()), cell])
    return table(["request", "responses", "status: count"], rows)


if __name__ == "__main__":
    main()

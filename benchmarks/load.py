"""Load the service with half, once, twice and ten times its capacity.

    python -m benchmarks.load [--seconds 60] [--write]

First the capacity is measured in a closed loop, with enough clients to keep every worker busy. Then requests are sent
at multiples of it in an open loop, whether earlier ones have finished or not. Each text is sent once
(`varied_texts.py`), and the response cache is off (PULLQUOTE_CACHE_ANSWERS=0). A response is 200, or 503 with
Retry-After; anything else is an error. Some texts of each level are sent again when the service is idle and must get
the same bytes. Meanwhile /healthz is requested ten times a second. The service has half of the cores, the clients have
the others.

Fails on any error, when the 99th percentile of /healthz is above 100 ms, or when ten times the capacity gives less than
nine tenths of the throughput of once the capacity. `--write` puts the table into docs/operations.md.
"""

import argparse
import asyncio
import itertools
import statistics
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import httpx

from benchmarks.pages import ROOT, table, write_between
from benchmarks.serving import separate_cores, served
from benchmarks.varied_texts import varied_text
from service.settings import Settings

MULTIPLES = (0.5, 1.0, 2.0, 10.0)
HEALTH_MS = 100
GOODPUT = 0.9
REPEATED = 30  # number of each level's texts that are sent again


@dataclass
class Level:
    """Observations at one multiple of the capacity: the seconds of each request, by outcome."""

    multiple: float
    sent: int = 0
    right: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    responses: list[tuple[str, bytes]] = field(default_factory=list)  # responses to the first texts
    faults: list[str] = field(default_factory=list)
    health: list[float] = field(default_factory=list)
    seconds: float = 0.0

    @property
    def goodput(self) -> float:
        """Correct responses per second."""
        return len(self.right) / self.seconds


def main() -> None:
    """Measure, print or write the table, and report failed checks."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=60, help="per level")
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    workers = Settings().workers
    with separate_cores() as (of_service, of_client):
        running = served(of_service, PULLQUOTE_CACHE_ANSWERS="0", PULLQUOTE_WORKERS=str(workers))
        with running as service:
            capacity, levels = asyncio.run(measured(service.address, workers, args.seconds))
    failures = faults(levels)
    where = f"{workers} worker{'s' * (workers != 1)} on {_cores(of_service)}, clients on {_cores(of_client)}"
    text = page(capacity, levels, where, args.seconds)
    print(text)
    if args.write and not failures:
        write_between(ROOT / "docs/operations.md", "load", text)
    sys.exit("\n".join(failures) or None)


async def measured(
    address: str, workers: int, seconds: float, multiples: Sequence[float] = MULTIPLES
) -> tuple[float, list[Level]]:
    """Return the capacity in articles per second, and the observations at each multiple of it."""
    limits = httpx.Limits(max_connections=None, max_keepalive_connections=20)
    texts = map(varied_text, itertools.count())
    async with httpx.AsyncClient(base_url=address, timeout=120, limits=limits) as client:
        capacity = await _capacity(client, texts, workers, seconds)
        levels = []
        for multiple in multiples:
            levels.append(await _level(client, texts, capacity, multiple, seconds))
            await _compare(client, levels[-1])
        return capacity, levels


async def _compare(client: httpx.AsyncClient, level: Level) -> None:
    """Send some texts of the level again while the service is idle, and compare."""
    for text, answer in level.responses:
        response = await client.post("/quotes", json={"text": text})
        if response.content != answer:
            level.faults.append("the responses to the same text differ")


async def _capacity(client: httpx.AsyncClient, texts: Iterator[str], workers: int, seconds: float) -> float:
    """Return articles per second with two clients per worker: one is processed while the other's response is in
    transit."""
    started = time.monotonic()
    counts = await asyncio.gather(*(_one_after_the_other(client, texts, started + seconds) for _ in range(2 * workers)))
    return sum(counts) / (time.monotonic() - started)


async def _one_after_the_other(client: httpx.AsyncClient, texts: Iterator[str], until: float) -> int:
    count = 0
    while time.monotonic() < until:
        (await client.post("/quotes", json={"text": next(texts)})).raise_for_status()
        count += 1
    return count


async def _level(
    client: httpx.AsyncClient, texts: Iterator[str], capacity: float, multiple: float, seconds: float
) -> Level:
    level = Level(multiple)
    health = asyncio.create_task(_watch(client, level))
    started = time.monotonic()
    tasks = []
    while time.monotonic() < started + seconds:
        tasks.append(asyncio.create_task(_ask(client, next(texts), level)))
        level.sent += 1
        await asyncio.sleep(max(0, started + level.sent / (multiple * capacity) - time.monotonic()))
    await asyncio.gather(*tasks)
    level.seconds = time.monotonic() - started
    health.cancel()
    await asyncio.gather(health, return_exceptions=True)
    return level


async def _ask(client: httpx.AsyncClient, text: str, level: Level) -> None:
    started = time.monotonic()
    try:
        response = await client.post("/quotes", json={"text": text})
    except httpx.TransportError as error:
        level.faults.append(f"no response: {error!r}")
        return
    took = time.monotonic() - started
    if response.status_code == 200:
        level.right.append(took)
        if len(level.responses) < REPEATED:
            level.responses.append((text, response.content))
    elif response.status_code == 503 and response.headers.get("Retry-After", "").isdigit():
        level.refused.append(took)
    else:
        level.faults.append(f"{response.status_code}: {response.text[:200]}")


async def _watch(client: httpx.AsyncClient, level: Level) -> None:
    """Request /healthz ten times a second."""
    while True:
        started = time.monotonic()
        try:
            response = await client.get("/healthz")
        except httpx.TransportError as error:
            level.faults.append(f"/healthz did not respond: {error!r}")
        else:
            level.health.append(time.monotonic() - started)
            if response.status_code != 200:
                level.faults.append(f"/healthz responded with {response.status_code}")
        await asyncio.sleep(0.1)


def faults(levels: Sequence[Level]) -> list[str]:
    """Return the failed checks, as sentences."""
    failures = [f"At {level.multiple:g} times: {fault}" for level in levels for fault in level.faults[:5]]
    failures += [
        f"At {level.multiple:g} times, /healthz took {_ms(level.health, 99)} ms; the limit is {HEALTH_MS}."
        for level in levels
        if _ms(level.health, 99) > HEALTH_MS
    ]
    goodput = {level.multiple: level.goodput for level in levels}
    if goodput[max(goodput)] < GOODPUT * goodput[1.0]:
        failures.append(
            f"At {max(goodput):g} times the capacity, {goodput[max(goodput)]:.2f} articles/s succeed, "
            f"at 1 times {goodput[1.0]:.2f}: less than {GOODPUT:.0%}."
        )
    return failures


def _cores(numbers: Sequence[int]) -> str:
    return f"{len(numbers)} core{'s' * (len(numbers) != 1)}"


def page(capacity: float, levels: Sequence[Level], where: str, seconds: float) -> str:
    """Format the figures as Markdown."""
    header = ["load", "sent", "200", "503", "errors", "200/s", "200: p50, p99", "503: p99", "/healthz: p99"]
    rows: list[list[str | int | float | None]] = [
        [
            f"{level.multiple:g} ×",
            level.sent,
            len(level.right),
            len(level.refused),
            len(level.faults),
            f"{level.goodput:.2f}",
            f"{_ms(level.right, 50)}, {_ms(level.right, 99)} ms",
            f"{_ms(level.refused, 99)} ms" if level.refused else "",
            f"{_ms(level.health, 99)} ms",
        ]
        for level in levels
    ]
    return f"Capacity: {capacity:.2f} articles/s with {where}; {seconds:g} s per level.\n\n{table(header, rows)}"


def _ms(seconds: Sequence[float], percent: int) -> int:
    """Return a percentile in milliseconds; 0 without values."""
    if len(seconds) < 2:
        return round(1000 * sum(seconds))
    return round(1000 * statistics.quantiles(seconds, n=100, method="inclusive")[percent - 1])


if __name__ == "__main__":
    main()

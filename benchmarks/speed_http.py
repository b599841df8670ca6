"""Measure latency and throughput over HTTP with 1, 2 and 4 concurrent clients.

    python -m benchmarks.speed_http [--seconds 20] [--articles 30] [--write]

A real server on this machine with the default number of workers; each client sends one article at a time for so many
seconds. The clients run on the same cores. The response cache is off (PULLQUOTE_CACHE_ANSWERS=0). `--write` puts the
table into docs/performance.md.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import httpx

from benchmarks.pages import table, write_between
from benchmarks.serving import served
from benchmarks.speed import PERFORMANCE, articles, percentile
from service.server.resources import cores
from service.settings import Settings
from training.corpora.news import CORPORA, polnear

CLIENTS: Final = (1, 2, 4)
Responses = list[tuple[float, int]]  # for each response: its seconds, and the words of the article


def main() -> None:
    """Measure, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=20, help="per number of clients")
    arguments.add_argument("--articles", type=int, default=30)
    arguments.add_argument("--corpora", type=Path, default=CORPORA)
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    texts = articles(polnear(args.corpora, "train"), args.articles)
    with served(PULLQUOTE_CACHE_ANSWERS="0") as service:
        levels = {
            clients: asyncio.run(run_clients(service.address, texts, clients, args.seconds)) for clients in CLIENTS
        }
    workers = Settings().workers
    text = (
        f"{cores()} cores, shared by {workers} worker{'s' * (workers != 1)} and the clients; "
        f"{args.seconds:g} s per row.\n\n{page(levels)}"
    )
    print(text)
    if args.write:
        write_between(PERFORMANCE, "speed-http", text)


async def run_clients(address: str, texts: Sequence[str], clients: int, seconds: float) -> tuple[float, Responses]:
    """Run `clients` concurrent clients. Returns the duration in seconds and the responses. Raises if a request is
    rejected."""
    responses: Responses = []
    texts_cycle = itertools.cycle(texts)
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        (await client.post("/quotes", json={"text": texts[0]})).raise_for_status()
        began = time.perf_counter()
        await asyncio.gather(
            *(_one_after_the_other(client, texts_cycle, began + seconds, responses) for _ in range(clients))
        )
        return time.perf_counter() - began, responses


async def _one_after_the_other(
    client: httpx.AsyncClient, texts: Iterator[str], until: float, responses: Responses
) -> None:
    while time.perf_counter() < until:
        text = next(texts)
        began = time.perf_counter()
        (await client.post("/quotes", json={"text": text})).raise_for_status()
        responses.append((time.perf_counter() - began, len(text.split())))


def page(levels: dict[int, tuple[float, Responses]]) -> str:
    """Format the figures as Markdown."""
    rows: list[list[str | int | float | None]] = []
    for clients, (seconds, responses) in levels.items():
        took = [duration for duration, _ in responses]
        rows.append([
            str(clients), f"{1000 * percentile(took, 50):.0f} ms",
            f"{1000 * percentile(took, 95):.0f} ms", f"{len(responses) / seconds:.2f}",
            f"{sum(words for _, words in responses) / seconds:.0f}",
        ])  # fmt: skip
    return table(["clients", "p50", "p95", "articles/s", "words/s"], rows)


if __name__ == "__main__":
    main()

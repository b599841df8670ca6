"""How fast the service answers 1, 2 and 4 clients at once.

    python -m benchmarks.speed_http [--seconds 20] [--articles 30] [--write]

A real server on this machine, with as many workers as it takes by itself; each client asks one article after the other,
for so many seconds. The clients run on the same cores. Answers are not kept (PULLQUOTE_CACHE_ANSWERS=0): every article
is read. `--write` puts the table into docs/performance.md.
"""

import argparse
import asyncio
import itertools
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Final

import httpx

from benchmarks.corpus import CORPORA, polnear
from benchmarks.pages import table, write_between
from benchmarks.serving import served
from benchmarks.speed import PERFORMANCE, articles, percentile
from service.machine import cores
from service.settings import Settings

CLIENTS: Final = (1, 2, 4)
Answered = list[tuple[float, int]]  # of each answer: the seconds that it took, and the words of the article


def main() -> None:
    """Measure, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=float, default=20, help="for each number of clients")
    arguments.add_argument("--articles", type=int, default=30)
    arguments.add_argument("--corpora", type=Path, default=CORPORA)
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    texts = articles(polnear(args.corpora, "train"), args.articles)
    with served(PULLQUOTE_CACHE_ANSWERS="0") as service:
        levels = {clients: asyncio.run(asked(service.address, texts, clients, args.seconds)) for clients in CLIENTS}
    workers = Settings().workers
    text = (
        f"{cores()} cores with {workers} worker{'s' * (workers != 1)}, which also ran the clients; "
        f"{args.seconds:g} s each.\n\n{page(levels)}"
    )
    print(text)
    if args.write:
        write_between(PERFORMANCE, "speed-http", text)


async def asked(address: str, texts: Sequence[str], clients: int, seconds: float) -> tuple[float, Answered]:
    """For how long so many clients asked at once, in seconds, and what was answered. Raises where one is refused."""
    answered: Answered = []
    turns = itertools.cycle(texts)
    async with httpx.AsyncClient(base_url=address, timeout=120) as client:
        (await client.post("/quotes", json={"text": texts[0]})).raise_for_status()
        began = time.perf_counter()
        await asyncio.gather(*(_one_after_the_other(client, turns, began + seconds, answered) for _ in range(clients)))
        return time.perf_counter() - began, answered


async def _one_after_the_other(client: httpx.AsyncClient, turns: Iterator[str], until: float, to: Answered) -> None:
    while time.perf_counter() < until:
        text = next(turns)
        began = time.perf_counter()
        (await client.post("/quotes", json={"text": text})).raise_for_status()
        to.append((time.perf_counter() - began, len(text.split())))


def page(levels: dict[int, tuple[float, Answered]]) -> str:
    """The figures as Markdown."""
    rows: list[list[str | int | float | None]] = []
    for clients, (seconds, answered) in levels.items():
        took = [one for one, _ in answered]
        rows.append([
            f"{clients} client{'s' * (clients != 1)}", f"{1000 * percentile(took, 50):.0f} ms",
            f"{1000 * percentile(took, 95):.0f} ms", f"{len(answered) / seconds:.2f}",
            f"{sum(words for _, words in answered) / seconds:.0f}",
        ])  # fmt: skip
    return table(["at once", "p50", "p95", "articles/s", "words/s"], rows)


if __name__ == "__main__":
    main()

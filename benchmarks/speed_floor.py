"""Check the speed floor: words processed in the time of a fixed workload, which needs only Python and torch.

    python -m benchmarks.speed_floor [--pin]

A machine of half the speed halves both, so the ratio depends on the code more than on the machine. The workload does
the same kinds of work: matrix products as large as the encoder's, and string lookups. Both alternate, and the best of
several rounds counts, in CPU time. The floors, one per arithmetic, are in `speed_floor.json`, pinned at `SLACK` of the
measured value: they catch a large slowdown, not ten percent.
"""

import argparse
import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

import torch

from benchmarks.pages import ROOT
from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.pipeline import answer, warm_up
from service.server.resources import cores
from service.settings import Settings

FLOOR: Final = Path(__file__).parent / "speed_floor.json"
SEEDS: Final = ROOT / "tests/golden/seeds"
SLACK: Final = 0.6
ROUNDS: Final = 4
_PRODUCTS: Final = 100
_STRINGS: Final = 200_000


def main() -> None:
    """Measure, and check or pin the floor."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--pin", action="store_true", help=f"pin the floor here at {SLACK} of what is measured")
    args = arguments.parse_args()
    parser = load_parser(Settings(workers=cores()))
    warm_up(parser)
    words, used = words_per_workload(parser), parser.model.arithmetic
    if args.pin:
        FLOOR.write_text(json.dumps(floors() | {used: round(SLACK * words, 1)}) + "\n", encoding="utf-8")
    print(f"{words:.1f} words in the time of the workload; the floor for {used} is {floor(used)}.")


def floor(arithmetic: str) -> float:
    """Return the pinned floor of this arithmetic; the lowest one if it has none."""
    pinned = floors()
    return pinned.get(arithmetic, min(pinned.values()))


def floors() -> dict[str, float]:
    """Return the pinned floors by arithmetic."""
    result: dict[str, float] = json.loads(FLOOR.read_text(encoding="utf-8"))
    return result


def words_per_workload(parser: Parser, rounds: int = ROUNDS) -> float:
    """Return how many words of the seed articles are processed in the time of the reference workload."""
    articles = [read_article(path.read_text(encoding="utf-8")) for path in sorted(SEEDS.glob("*.txt"))]

    def read() -> None:
        for article in articles:
            answer(article, parser, Options())

    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        workload_seconds, reading_seconds = best_of([reference_workload, read], rounds)
    finally:
        torch.set_num_threads(threads)
    return sum(len(article.text.split()) for article in articles) * workload_seconds / reading_seconds


def reference_workload() -> None:
    """Run the reference workload once."""
    generator = torch.Generator().manual_seed(6)
    rows, weights = (torch.randn(512, 512, generator=generator) for _ in range(2))
    with torch.inference_mode():
        for _ in range(_PRODUCTS):
            rows = torch.nn.functional.layer_norm(rows @ weights, (512,))
    counts: dict[str, int] = {}
    for number in range(_STRINGS):
        word = f"word={number % 5_000} path={number % 7}"
        counts[word] = counts.get(word, 0) + 1


def best_of(works: Sequence[Callable[[], object]], rounds: int) -> list[float]:
    """Return the minimum CPU seconds of each of `works`, run alternately."""
    least = [float("inf")] * len(works)
    for _ in range(rounds):
        for number, work in enumerate(works):
            began = time.process_time()
            work()
            least[number] = min(least[number], time.process_time() - began)
    return least


if __name__ == "__main__":
    main()

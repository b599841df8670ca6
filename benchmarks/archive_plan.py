"""Measure the process that runs a large archive, without processing articles: 10 million rows of Parquet in blocks.

    python -m benchmarks.archive_plan [--rows N] [--slots N]

Prints the time until the first block is given to a process, the time for all, and the peak memory in MB. The benchmark
simulates the processes, which finish at once.
"""

import argparse
import resource
import time
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.archive_blocks import Block, blocks_of, find_archive
from service.archive.block_processing import Outcome
from service.archive.folder import Done, write_plan
from service.archive.schedule import Slot, scheduled

_FILES: Final = 100
_BLOCK: Final = 200
_MAX_BYTES: Final = 2_000_000


class _Processes:
    """Simulated processes that finish each block at once."""

    patience = 1.0

    def __init__(self, slots: int) -> None:
        self._slots = [Slot("host", number) for number in range(slots)]
        self._busy: list[tuple[Slot, Block]] = []
        self.first: float | None = None

    def slots(self) -> Sequence[Slot]:
        return self._slots

    def submit(self, slot: Slot, block: Block) -> None:
        self.first = self.first or time.monotonic()
        self._busy.append((slot, block))

    def outcomes(self, seconds: float) -> Sequence[tuple[Slot, Outcome | None]]:
        busy, self._busy = self._busy, []
        return [(slot, Outcome(done=Done(block.number, block.articles, 0, 0, 0))) for slot, block in busy]

    def set_aside(self, host: str, reason: str) -> None:
        raise AssertionError(reason)

    def note(self, text: str) -> None:
        print(text)


def main() -> None:
    """Run the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rows", type=int, default=10_000_000, help="articles (default: ten million)")
    parser.add_argument("--slots", type=int, default=320, help="processes (default: 320)")
    args = parser.parse_args()
    with TemporaryDirectory() as folder:
        print(measured(Path(folder), args.rows, args.slots))


def measured(folder: Path, rows: int, slots: int) -> str:
    """Write an archive, plan it and schedule it. Returns the figures."""
    source, output = folder / "in", str(folder / "out")
    source.mkdir()
    for number in range(_FILES):
        table = pa.table({"text": ["x"] * (rows // _FILES)})
        pq.write_table(table, source / f"{number:03}.parquet", row_group_size=10_000)
    began = time.monotonic()
    files = [file for file, _ in find_archive(str(source), output)]
    blocks = blocks_of(files, _BLOCK, _MAX_BYTES)
    write_plan(output, {}, blocks)
    processes = _Processes(slots)
    done = sum(1 for _ in scheduled(blocks, processes))
    ended = time.monotonic()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
    first = (processes.first or ended) - began
    return f"{done:,} blocks: the first after {first:.1f} s, all after {ended - began:.1f} s, {memory:.0f} MB"


if __name__ == "__main__":
    main()

"""Run `pullquote archive` over PolNeAR's training articles on one core and on two; kill and resume it.

    python -m benchmarks.archive [--limit N] [--block N] [--write]

1. Runs on one core, then on two: articles per second and memory.
2. Runs again, is killed half-way (SIGKILL to all its processes) and resumed: counts and tables must equal those of the
   run that was not killed.
3. Sends every article to the service: quotes and speakers must equal those of the archive.

`--write` puts the tables into docs/scale.md. Exits with an error when any of this does not hold.
"""

import argparse
import json
import os
import platform
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.arguments import arguments_for
from benchmarks.pages import write_between
from benchmarks.ports import free_port
from service.archive.folder import MANIFEST, SUCCESS, blocks_done
from service.archive.tables import quote_of
from training.corpora.news import polnear

ROOT: Final = Path(__file__).parent.parent
PULLQUOTE: Final = str(Path(sys.executable).with_name("pullquote"))
MANY: Final = 10_000_000  # articles of a large archive
MACHINE: Final = 64  # cores of a machine for such an archive
_LOOK: Final = 0.5  # polling interval in seconds
_HOUR: Final = 3600


@dataclass(frozen=True, slots=True)
class Run:
    """A run: its cores, its total seconds, its articles per second after start-up, and the peak memory of its processes
    in MB."""

    cores: int
    seconds: float
    rate: float
    memory: float


def main() -> None:
    """Run the command line."""
    parser = arguments_for(__doc__)
    parser.add_argument("--limit", type=int, help="only the first N articles")
    parser.add_argument("--block", type=int, default=20, help="articles in a block (default: 20)")
    parser.add_argument("--write", action="store_true", help="write the tables into docs/scale.md (all articles only)")
    args = parser.parse_args()
    if args.write and args.limit:
        parser.error("--write measures all articles: leave out --limit.")
    with TemporaryDirectory() as folder:
        table = measured(args, Path(folder))
    if args.write:
        write_between(ROOT / "docs/scale.md", "archive", table)
    print(table)


def measured(args: argparse.Namespace, folder: Path) -> str:
    """Run, kill, resume and compare. Returns the tables."""
    lines = polnear(args.corpora, "train").read_bytes().splitlines(keepends=True)[: args.limit]
    source = folder / "train.jsonl"
    source.write_bytes(b"".join(lines))
    words = sum(len(json.loads(line)["text"].split()) for line in lines)
    cores = sorted(os.sched_getaffinity(0))
    runs = [timed(source, folder / f"out{count}", args.block, cores[:count]) for count in (1, 2) if count <= len(cores)]
    for run in runs:
        log(f"{run.cores} cores: {run.seconds:.0f} s, {run.rate:.2f} articles/s")

    uninterrupted, resumed_out = folder / f"out{runs[-1].cores}", folder / "killed"
    before, summary = kill_and_resume(source, resumed_out, args.block, cores[: runs[-1].cores], len(lines))
    log(f"killed after {before} articles; resumed: {summary}")
    counts = json.loads((resumed_out / SUCCESS).read_bytes())
    check(counts == json.loads((uninterrupted / SUCCESS).read_bytes()), "the counts of the two runs differ")
    check(counts["articles"] == len(lines), "not every article is there")
    for name in ("articles", "quotes", "speakers"):
        check(rows(resumed_out, name) == rows(uninterrupted, name), f"{name} of the two runs differ")
    check_service(lines, resumed_out)
    log("the service gives the same quotes and speakers")

    per_core = runs[-1].rate / runs[-1].cores
    hours = MANY / per_core / _HOUR
    mean = words / len(lines)
    return "\n".join([
        f"{len(lines):,} articles, {words:,} words, in blocks of {args.block}; Python {platform.python_version()}, "
        f"{machine()}.",
        "",
        "| cores | articles/s | words/s | articles/s per core | total time | peak memory |",
        "| ----: | ---------: | ------: | ------------------: | ---------: | ----------: |",
        *(
            f"| {run.cores} | {run.rate:.2f} | {run.rate * mean:,.0f} | {run.rate / run.cores:.2f} "
            f"| {run.seconds:.0f} s | {run.memory:,.0f} MB |"
            for run in runs
        ),
        "",
        f"Killed after {before:,} articles and resumed: “{summary}” The tables have {counts['articles']:,} articles, "
        f"{counts['quotes']:,} quotes and {counts['speakers']:,} speakers; {counts['refused']} articles were refused. "
        f"They are equal to the tables of the run that was not killed, and the service returned the same quotes and "
        f"speakers for every article.",
        "",
        f"Estimate for ten million such articles ({mean:.0f} words each), at {per_core:.2f} articles/s per core:",
        "",
        "| | |",
        "|---|---|",
        f"| core-hours | {hours:,.0f} |",
        f"| one machine with {MACHINE} cores | {hours / MACHINE:,.0f} hours |",
        f"| such machines to finish in one day | {-(-hours // (MACHINE * 24)):,.0f} |",
        f"| memory of such a machine | {MACHINE * runs[-1].memory / runs[-1].cores / 1000:,.0f} GB |",
    ])  # fmt: skip


def log(text: str) -> None:
    """Print the progress."""
    print(text, file=sys.stderr, flush=True)


def check(holds: bool, failure: str) -> None:
    """Exit with an error unless `holds`."""
    if not holds:
        raise SystemExit(f"benchmarks.archive: {failure}.")


def started(source: Path, out: Path, block: int, cores: list[int], **how: Any) -> subprocess.Popen[str]:
    """Start the archive command on `cores` only."""
    command = [PULLQUOTE, "archive", str(source), str(out)]
    options = ["--jobs", str(len(cores)), "--block", str(block)]
    return subprocess.Popen(
        [*command, *options], cwd=ROOT, text=True, stderr=subprocess.PIPE, start_new_session=True,
        preexec_fn=lambda: os.sched_setaffinity(0, cores), **how,
    )  # fmt: skip


def timed(source: Path, out: Path, block: int, cores: list[int]) -> Run:
    """Time one complete run."""
    began = time.monotonic()
    process = started(source, out, block, cores)
    first_block: tuple[float, int] | None = None
    last_block, peak = (began, 0), 0.0
    while process.poll() is None:
        time.sleep(_LOOK)
        peak = max(peak, memory(process.pid))
        done = articles_done(out)
        if done > last_block[1]:
            last_block = (time.monotonic(), done)
            first_block = first_block or last_block
    assert process.stderr is not None
    output = process.stderr.read()
    check(process.returncode == 0, f"a run ended with exit code {process.returncode}: {output}")
    if first_block is None or last_block[1] == first_block[1]:
        raise SystemExit("benchmarks.archive: too few articles to measure. Use more articles or smaller blocks.")
    rate = (last_block[1] - first_block[1]) / (last_block[0] - first_block[0])
    return Run(len(cores), time.monotonic() - began, rate, peak)


def articles_done(out: Path) -> int:
    """Return the number of articles in finished blocks."""
    with suppress(OSError):  # the run can end, and delete its blocks, while they are counted
        return sum(done.written + done.refused for done in blocks_done(str(out)).values())
    return 0


def kill_and_resume(source: Path, out: Path, block: int, cores: list[int], articles: int) -> tuple[int, str]:
    """Kill a run half-way and resume it. Returns the number of articles done at the kill, and the second run's
    output."""
    process = started(source, out, block, cores)
    while articles_done(out) < articles / 2:
        check(process.poll() is None, "the run ended before it was killed")
        time.sleep(_LOOK)
    os.killpg(process.pid, signal.SIGKILL)
    process.communicate()
    before = articles_done(out)
    check(not (out / SUCCESS).exists(), "the killed run has a success marker")
    resumed = started(source, out, block, cores)
    _, output = resumed.communicate()
    check(resumed.returncode == 0, f"the second run ended with exit code {resumed.returncode}: {output}")
    expected = f"{articles} read: {articles - before} written, {before} skipped, 0 refused."
    check(output.strip() == expected, f"the second run printed {output.strip()!r} instead of {expected!r}")
    return before, output.strip()


def rows(out: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, in the order of the archive."""
    entries = json.loads((out / MANIFEST).read_bytes())["tables"][table]
    tables = [pq.read_table(out / entry["path"], partitioning=None) for entry in entries]
    result: list[dict[str, Any]] = pa.concat_tables(tables).to_pylist()
    return [{name: value for name, value in row.items() if name != "source"} for row in result]


def check_service(lines: list[bytes], out: Path) -> None:
    """Compare the tables with the service's response to every article."""
    quotes, speakers = by_article(rows(out, "quotes")), by_article(rows(out, "speakers"))
    with served() as address:
        for number, line in enumerate(lines, start=1):
            article = json.loads(line)
            body = json.dumps({"id": article["id"], "text": article["text"]}).encode()
            request = urllib.request.Request(f"{address}/quotes", body, {"Content-Type": "application/json"})
            with urllib.request.urlopen(request, timeout=120) as response:
                report = json.load(response)
            source = f"train.jsonl/{number:06}"
            result = [quote_of(row) for row in quotes.get(source, [])]
            check(result == report["quotes"], f"the service gives other quotes for {source}")
            result = [
                {name: value for name, value in row.items() if name not in {"article", "article_id"}}
                for row in speakers.get(source, [])
            ]
            check(result == report["speakers"], f"the service gives other speakers for {source}")


def by_article(found: list[dict[str, Any]]) -> dict[str, list[dict[str, Any]]]:
    """Group rows by their article."""
    grouped: dict[str, list[dict[str, Any]]] = {}
    for row in found:
        grouped.setdefault(row["article"], []).append(row)
    return grouped


@contextmanager
def served() -> Iterator[str]:
    """Run the service as in production; yields its address."""
    port = free_port()
    command = [PULLQUOTE, "serve", "--port", str(port), "--workers", "1"]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(240):
            check(process.poll() is None, "the service did not start")
            with suppress(urllib.error.URLError), urllib.request.urlopen(f"http://127.0.0.1:{port}/readyz"):
                break
            time.sleep(_LOOK)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait()


def memory(root_pid: int) -> float:
    """Return the memory of a process and its descendants in MB, counting shared memory once."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        with suppress(OSError, ValueError):
            parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    processes = {root_pid}
    while children := {child for child, parent in parents.items() if parent in processes} - processes:
        processes |= children
    total = 0
    for process in processes:
        with suppress(OSError, StopIteration):
            lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
            total += int(next(line for line in lines if line.startswith("Pss:")).split()[1])
    return total / 1000


def machine() -> str:
    """Return the name of the processor and the number of usable cores."""
    with suppress(OSError, StopIteration):
        lines = Path("/proc/cpuinfo").read_text().splitlines()
        name = next(line for line in lines if line.startswith("model name")).partition(":")[2].strip()
        return f"{len(os.sched_getaffinity(0))} cores of “{name}”"
    return f"{len(os.sched_getaffinity(0))} cores"


if __name__ == "__main__":
    main()

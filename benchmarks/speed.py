"""Measure the speed of Pullquote on one core, and compare it with spaCy and textacy.

    python -m benchmarks.speed [--reference PYTHON] [--articles 30] [--rounds 5] [--write]

Processes articles of PolNeAR's train set, or this project's own where the corpora are missing, with the embedded model.
PYTHON is the interpreter of an environment with spaCy, textacy and a model (`benchmarks/speed_reference.py` says
which). All run on one core with one thread, warmed up, in alternating rounds over all articles. Words are separated by
blanks. Words per second use CPU time, latencies wall-clock time. `--write` puts the tables into docs/performance.md; if
ONEDNN_MAX_CPU_ISA is AVX2, into the ones for AVX2.
"""

import argparse
import os
import platform
import statistics
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from benchmarks.pages import ROOT, table, write_between
from benchmarks.turns import Program
from training.corpora.news import CORPORA, documents, polnear

PERFORMANCE: Final = ROOT / "docs/performance.md"
OURS: Final = (sys.executable, "-m", "benchmarks.speed_pullquote")
STARTS: Final = 3
NAMES: Final = {"pullquote": "Pullquote, full report", "spacy": "spaCy, parse only", "textacy": "textacy on spaCy"}
STAGES: Final = (
    "tokenize",
    "encode",
    "tag",
    "lemmas",
    "parse",
    "names",
    "read",
    "extract",
    "resolve",
    "schema",
    "other",
)

Times = dict[str, dict[str, list[float]]]  # by program, then "clock" or "processor": seconds of each article


@dataclass(frozen=True)
class Measured:
    """The results. `starts` are Pullquote's, in seconds; `memory` is in MB, of each process at the end."""

    texts: Sequence[str]
    rounds: Sequence[Times]
    stages: dict[str, float]
    starts: Sequence[float]
    memory: dict[str, float]
    versions: dict[str, str]
    arithmetic: str


def main() -> None:
    """Measure as the command line asks, and print or write the tables."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--reference", metavar="PYTHON", help="Python of an environment with spaCy and textacy")
    arguments.add_argument("--corpora", type=Path, default=CORPORA)
    arguments.add_argument("--articles", type=int, default=30)
    arguments.add_argument("--rounds", type=int, default=5)
    arguments.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)))
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    if args.write and not args.reference:
        arguments.error("--write needs --reference, the Python of an environment with spaCy.")
    texts = articles(polnear(args.corpora, "train"), args.articles)
    text = page(measured(texts, args.rounds, args.core, args.reference))
    print(text)
    if args.write:
        write_between(PERFORMANCE, "speed-avx2" if os.environ.get("ONEDNN_MAX_CPU_ISA") == "AVX2" else "speed", text)


def articles(train: Path, most: int) -> list[str]:
    """Return at most `most` articles, spread evenly over `train`, or over this project's own if it is missing."""
    if train.is_file():
        result = [str(document["text"]) for document in documents(train)]
    else:
        print(f"{train} does not exist: measuring on this project's own articles.", file=sys.stderr)
        golden = ROOT / "tests/golden"
        result = [path.read_text(encoding="utf-8") for path in sorted(golden.glob("*/*.txt"))]
    return result[:: max(1, len(result) // most)][:most]


def measured(texts: Sequence[str], rounds: int, core: int, reference: str | None) -> Measured:
    """Have each program process `texts` `rounds` times, alternating."""
    starts = []
    for _ in range(STARTS - 1):
        with Program(OURS, core) as program:
            starts.append(program.seconds)
    with ExitStack() as running:
        programs = {"Pullquote": running.enter_context(Program(OURS, core))}
        starts.append(programs["Pullquote"].seconds)
        arithmetic = programs["Pullquote"].ask()["arithmetic"]
        versions: dict[str, str] = {}
        if reference is not None:
            command = (reference, "-m", "benchmarks.speed_reference")
            programs["spaCy and textacy"] = running.enter_context(Program(command, core))
            versions = programs["spaCy and textacy"].ask()
        for program in programs.values():
            program.ask(texts=texts[:5])
        times = []
        for _ in range(rounds):
            times.append(
                {
                    name: took
                    for running_program in programs.values()
                    for name, took in running_program.ask(texts=texts).items()
                }
            )
        memory = {name: program.memory for name, program in programs.items()}
        stages = programs["Pullquote"].ask(texts=texts, stages=True)
    return Measured(texts, times, stages, starts, memory, versions, arithmetic)


def page(results: Measured) -> str:
    """Format the figures as Markdown."""
    words = sum(map(_words, results.texts))
    reference_versions = "".join(f", {name} {version}" for name, version in results.versions.items())
    return "\n\n".join([
        f"{len(results.texts)} articles, {words} words, {len(results.rounds)} rounds; one core of {_processor()}, "
        f"one thread, {results.arithmetic}, Python {platform.python_version()}{reference_versions}.",
        throughput(results.rounds, words, len(results.texts)),
        latencies(results.rounds, results.texts),
        by_stage(results.stages, words),
        f"Ready {statistics.median(results.starts):.1f} s after start (median of {len(results.starts)}). "
        "Memory at the end: " + ", ".join(f"{name} {memory:.0f} MB" for name, memory in results.memory.items()) + ".",
    ])  # fmt: skip


def throughput(rounds: Sequence[Times], words: int, number: int) -> str:
    """Format words and articles per CPU second, and the ratio to Pullquote's in the same round."""
    rows: list[list[str | int | float | None]] = []
    for name in rounds[0]:
        speeds = [words / sum(times[name]["processor"]) for times in rounds]
        ratios = [sum(times[name]["processor"]) / sum(times["pullquote"]["processor"]) for times in rounds]
        speed = statistics.median(speeds)
        rows.append([
            NAMES[name], f"{speed:.0f}", f"{min(speeds):.0f} to {max(speeds):.0f}", f"{speed * number / words:.2f}",
            "" if name == "pullquote" else f"{statistics.median(ratios):.2f}",
        ])  # fmt: skip
    return table(["", "words/s", "range over rounds", "articles/s", "Pullquote is × as fast"], rows)


def latencies(rounds: Sequence[Times], texts: Sequence[str]) -> str:
    """Format wall-clock percentiles for the shortest, the middle and the longest third of the articles."""
    order = sorted(range(len(texts)), key=lambda number: _words(texts[number]))
    third = max(1, len(order) // 3)
    groups = {"short": order[:third], "median": order[third:-third] or order, "long": order[-third:]}
    rows: list[list[str | int | float | None]] = []
    for label, group in groups.items():
        sizes = [_words(texts[number]) for number in group]
        for name in rounds[0]:
            took = [times[name]["clock"][number] for times in rounds for number in group]
            milliseconds = [f"{1000 * percentile(took, percent):.0f}" for percent in (50, 95, 99)]
            rows.append([f"{label}, {min(sizes)} to {max(sizes)} words: {NAMES[name]}", *milliseconds])
    return table(["latency, ms", "p50", "p95", "p99"], rows)


def by_stage(stages: dict[str, float], words: int) -> str:
    """Format the CPU time of each stage per word."""
    total = sum(stages.values())
    rows: list[list[str | int | float | None]] = [
        [stage, f"{1e6 * stages.get(stage, 0.0) / words:.0f}", f"{100 * stages.get(stage, 0.0) / total:.0f} %"]
        for stage in STAGES
    ]
    return table(["stage", "µs/word", "share"], [*rows, ["total", f"{1e6 * total / words:.0f}", ""]])


def percentile(values: Sequence[float], percent: int) -> float:
    """Return the interpolated percentile of `values`."""
    if len(values) < 2:
        return sum(values)
    return statistics.quantiles(values, n=100, method="inclusive")[percent - 1]


def _words(text: str) -> int:
    return len(text.split())


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text(encoding="utf-8").splitlines() if info.is_file() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.machine())


if __name__ == "__main__":
    main()

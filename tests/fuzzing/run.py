"""Fuzz the code that reads untrusted texts and pages, starting from the inputs of the tests:

    python -m tests.fuzzing.run [--seconds 600] [--only marks] [--write]

A failing input ends the run of its target and is stored in `tests/fuzzing/found`, where `test_fuzzing.py` tries it from
then on. `--corpus FOLDER` keeps inputs with new coverage for the next run. `--write` puts the table into
docs/operations.md. Uses atheris and libFuzzer.
"""

import argparse
import re
import subprocess
import sys
import time
from hashlib import sha256
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

from benchmarks.pages import table, write_between
from tests.conftest import ROOT

FOUND: Final = ROOT / "tests" / "fuzzing" / "found"
TARGETS: Final = {"marks": "quotation mark scanner", "furniture": "boilerplate filter", "pages": "HTML extraction"}
LONGEST: Final = 8_192  # bytes of an input
SLOWEST_SECONDS: Final = 20  # for one input, instrumented and on a busy machine


class Fuzzed(NamedTuple):
    """One target's run: the inputs that were tried, those that reached new code, and what broke a promise."""

    runs: int
    reached: int
    seconds: float
    broken: tuple[Path, ...]
    summary: str


def main() -> None:
    """Fuzz as the command line asks; exit code 1 where an input broke a promise."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--seconds", type=int, default=60, help="for each target")
    arguments.add_argument("--only", choices=TARGETS)
    arguments.add_argument("--corpus", type=Path, help="a folder, outside the repository")
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    results = {}
    with TemporaryDirectory() as made:
        for name in [args.only] if args.only else TARGETS:
            results[name] = result = fuzz(name, args.seconds, args.corpus or Path(made))
            print(f"{name}: {result.runs} inputs in {result.seconds:.0f} s, {result.reached} with new coverage.")
            if result.broken or not result.runs:
                print(result.summary, *result.broken, sep="\n")
    rows: list[list[str | int | float | None]] = [
        [TARGETS[name], result.runs, f"{result.seconds:.0f} s", result.reached, len(result.broken), kept(name)]
        for name, result in results.items()
    ]
    header = ["target", "inputs", "time", "new coverage", "failures", "regression inputs, all runs"]
    if args.write:
        write_between(ROOT / "docs/operations.md", "fuzzing", table(header, rows))
    print(table(header, rows))
    sys.exit(any(result.broken or not result.runs for result in results.values()))


def kept(name: str) -> int:
    """How many inputs stand in `found` for the target."""
    return len(list((FOUND / name).glob("[!.]*")))


def fuzz(name: str, seconds: int, corpus: Path, found: Path = FOUND) -> Fuzzed:
    """Fuzz the target for about `seconds`. What reaches new code goes to `corpus`, what breaks a promise to `found`."""
    target = import_module(f"tests.fuzzing.{name}")
    reached, artifacts = corpus / name, found / name
    with TemporaryDirectory() as made:
        seeds, words = Path(made, "seeds"), Path(made, "words")
        for folder in (seeds, reached, artifacts):
            folder.mkdir(parents=True, exist_ok=True)
        for data in target.seeds():
            (seeds / sha256(data).hexdigest()).write_bytes(data)
        words.write_text("".join(f'"{_escaped(word)}"\n' for word in target.WORDS))
        before = {*reached.iterdir(), *artifacts.iterdir()}
        options = [
            f"-max_total_time={seconds}",
            f"-max_len={LONGEST}",
            f"-timeout={SLOWEST_SECONDS}",
            f"-dict={words}",
            f"-artifact_prefix={artifacts}/",
            f"-report_slow_units={SLOWEST_SECONDS}",
            "-rss_limit_mb=2000",
            "-print_final_stats=1",
        ]
        started = time.monotonic()
        run = subprocess.run(
            [sys.executable, "-m", "tests.fuzzing.target", name, *options, str(reached), str(seeds)],
            cwd=ROOT,
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
            timeout=seconds + 300,
        )
        took = time.monotonic() - started
    counted = re.search(r"number_of_executed_units: (\d+)", run.stderr) or re.search(r"Done (\d+) runs", run.stderr)
    broken = tuple(sorted({*artifacts.iterdir()} - before))
    new = len({*reached.iterdir()} - before)
    return Fuzzed(int(counted[1]) if counted else 0, new, took, broken, (run.stdout + run.stderr)[-4_000:])


def _escaped(word: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in word.encode())


if __name__ == "__main__":
    main()

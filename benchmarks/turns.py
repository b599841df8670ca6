"""Run programs to compare, each in its own process, on the same core and one at a time.

A program prints an empty JSON object when it is ready, then responds to each line of JSON with one. This module only
uses the standard library and nothing of this project, so that it can run in another environment.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
ONE_THREAD = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
_TUNED = ("OPENBLAS_CORETYPE", "OPENBLAS_L2_SIZE")  # tuned for one program on a machine, these slow down another


class Program:
    """A program that runs on `core` inside the block. `seconds` is its start-up time."""

    def __init__(self, command: Sequence[str], core: int) -> None:
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(ROOT)}
        for name in _TUNED:
            environment.pop(name, None)
        began = time.perf_counter()
        self._process = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            preexec_fn=lambda: os.sched_setaffinity(0, {core}),
        )  # fmt: skip
        self._answer()
        self.seconds = time.perf_counter() - began

    def ask(self, **question: Any) -> dict[str, Any]:
        """Send a request and return the response. Raises RuntimeError if the program has ended."""
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(question) + "\n")
        self._process.stdin.flush()
        return self._answer()

    def _answer(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self._process.args!r} ended with exit code {self._process.wait()}.")
        answer: dict[str, Any] = json.loads(line)
        return answer

    @property
    def memory(self) -> float:
        """Its current memory in MB."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS:")) / 1000

    def __enter__(self) -> "Program":
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


def take_turns(answer: Callable[[dict[str, Any]], dict[str, Any]]) -> None:
    """Answer requests from standard input, a line of JSON each, until it ends."""
    print("{}", flush=True)
    for line in sys.stdin:
        print(json.dumps(answer(json.loads(line))), flush=True)


def timed(work: Callable[[str], object], texts: Sequence[str]) -> dict[str, list[float]]:
    """Return the wall-clock and CPU seconds of each text."""
    times: dict[str, list[float]] = {"clock": [], "processor": []}
    for text in texts:
        clock, processor = time.perf_counter(), time.process_time()
        work(text)
        times["clock"].append(time.perf_counter() - clock)
        times["processor"].append(time.process_time() - processor)
    return times

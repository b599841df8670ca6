"""Apply a function to many arguments in several forked processes, which share the caller's memory."""

import multiprocessing
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")
_work: Callable[[Any], Any] | None = None  # inherited by the forked processes


def in_processes(work: Callable[[T], R], arguments: Sequence[T], jobs: int) -> list[R]:
    """Return `[work(one) for one in arguments]`, computed by `jobs` processes. Only results are pickled."""
    global _work
    if jobs == 1:
        return [work(argument) for argument in arguments]
    _work = work
    try:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_call, arguments))
    finally:
        _work = None


def _call(argument: Any) -> Any:
    assert _work is not None
    return _work(argument)

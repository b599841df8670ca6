"""Waiting for conditions, not for times: no test must fail because the machine is busy."""

import time
from collections.abc import Callable
from typing import Final

PATIENCE: Final = 270.0  # seconds: what takes one can take a hundred on a busy machine. pytest ends a test after 300


def wait_until(condition: Callable[[], bool], report: Callable[[], object] = lambda: "nothing happened") -> None:
    """Wait until `condition` is true. After `PATIENCE`, fail with what `report` returns."""
    end, pause = time.monotonic() + PATIENCE, 0.005
    while not condition():
        assert time.monotonic() < end, report()
        time.sleep(pause)
        pause = min(1.5 * pause, 0.1)

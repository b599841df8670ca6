"""Process blocks on this machine: a thread for each process that runs the model. Needs no Ray."""

import socket
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from typing import Final

from service.archive.archive_blocks import Block
from service.archive.block_processing import BlockProcessor, Order, Outcome, problem_here
from service.archive.schedule import Slot

_CHECK_AGAIN: Final = 5.0  # seconds until a machine that failed its check is checked again


class LocalEngine:
    """Up to `jobs` processes on this machine. `tell` is called with each event."""

    patience: float = 30.0

    def __init__(self, order: Order, jobs: int, tell: Callable[[str], None]) -> None:
        self._order = order
        self._tell = tell
        host = socket.gethostname()
        self._processors = {Slot(host, number): BlockProcessor(order) for number in range(jobs)}
        self._threads = ThreadPoolExecutor(jobs)
        self._busy: dict[Future[Outcome], Slot] = {}
        self._check_at: float | None = None  # when to check this machine again; None if it passed

    def slots(self) -> Sequence[Slot]:
        """Return all processes, or none while this machine fails its check."""
        if self._check_at is not None and time.monotonic() >= self._check_at:
            failed = problem_here(self._order) is not None
            self._check_at = time.monotonic() + _CHECK_AGAIN if failed else None
        return () if self._check_at is not None else tuple(self._processors)

    def submit(self, slot: Slot, block: Block) -> None:
        """Give `block` to a process."""
        self._busy[self._threads.submit(self._processors[slot].outcome, block)] = slot

    def outcomes(self, seconds: float) -> Sequence[tuple[Slot, Outcome | None]]:
        """Wait for the next outcomes."""
        if not self._busy:
            time.sleep(seconds)
        done, _ = wait(self._busy, timeout=seconds, return_when=FIRST_COMPLETED)
        return [(self._busy.pop(future), future.result()) for future in done]

    def set_aside(self, host: str, reason: str) -> None:
        """Process no blocks until this machine passes its check."""
        if self._check_at is None:
            self.note(f"{host} cannot process blocks; it is checked again every {_CHECK_AGAIN:g} s: {reason}")
        self._check_at = time.monotonic() + _CHECK_AGAIN

    def note(self, text: str) -> None:
        """Report an event."""
        self._tell(text)

    def end(self) -> None:
        """End all processes. Blocks in progress are dropped."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        for processor in self._processors.values():
            processor.end()
        self._threads.shutdown()

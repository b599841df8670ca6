"""Distribute blocks over processes on hosts that come and go, retry what fails, and process them on this machine."""

import socket
import time
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from typing import Final, Protocol

from service.archive.archive_blocks import Block
from service.archive.block_processing import BlockProcessor, Order, Outcome, problem_here
from service.archive.folder import Done, Failed

TRIES: Final = 3  # tries of a block on machines that pass their check
_LOSSES: Final = 3  # processes or hosts that a block may lose before each further one counts as a try
_WAIT: Final = 1.0  # seconds


@dataclass(frozen=True, slots=True)
class Slot:
    """A process that handles one block at a time, on a host."""

    host: str
    number: int


class Engine(Protocol):
    """Processes on this machine, or on those of a cluster."""

    @property
    def patience(self) -> float:
        """The time in seconds without any process after which the run gives up."""
        ...

    def slots(self) -> Sequence[Slot]:
        """Return the processes that can take a block or are busy with one."""
        ...

    def submit(self, slot: Slot, block: Block) -> None:
        """Give `block` to a process that is not busy."""
        ...

    def outcomes(self, seconds: float) -> Sequence[tuple[Slot, Outcome | None]]:
        """Wait for at most `seconds`, and return the outcomes since the last call: None if the process is gone."""
        ...

    def set_aside(self, host: str, reason: str) -> None:
        """Give `host` no blocks until it passes its check again."""
        ...

    def note(self, text: str) -> None:
        """Report an event to the user and the log."""
        ...


@dataclass(slots=True)
class _Trying:
    """A block that has failed: on which hosts and why, and how often its process was lost."""

    reasons: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)
    losses: int = 0


def scheduled(blocks: Sequence[Block], engine: Engine) -> Iterator[Done | Failed]:
    """Yield the outcome of each block, in order of completion.

    A block that fails is tried three times, after all others, and on other hosts than before if there are any. A block
    whose process or host is lost, or whose host fails its check, is tried again and loses no try. If there is no
    process for the engine's patience, the remaining blocks have failed.
    """
    fresh, again = deque(blocks), deque[Block]()
    trying: dict[int, _Trying] = {}
    busy: dict[Slot, Block] = {}
    in_a_row: Counter[str] = Counter()  # failures of a host since its last success
    last_reason = "no machine was available to process it"
    idle_since = time.monotonic()
    while fresh or again or busy:
        slots = engine.slots()
        hosts = {slot.host for slot in slots}
        for slot in slots:
            if slot not in busy and (block := _next(fresh, again, trying, slot.host, hosts)) is not None:
                busy[slot] = block
                engine.submit(slot, block)
        if busy:
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since > engine.patience:
            for block in (*fresh, *again):
                yield Failed(block.number, (*trying.get(block.number, _Trying()).reasons, last_reason))
            return
        for slot, outcome in engine.outcomes(_WAIT):
            block = busy.pop(slot)
            tried = trying.setdefault(block.number, _Trying())
            if outcome is not None and outcome.done is not None:
                in_a_row[slot.host] = 0
                del trying[block.number]
                yield outcome.done
                continue
            if outcome is None:
                tried.losses += 1
                reason = f"{slot.host}: its process was lost" if tried.losses > _LOSSES else None
            elif outcome.machine is not None:
                last_reason, reason = f"{slot.host}: {outcome.machine}", None
                engine.set_aside(slot.host, outcome.machine)
            else:
                last_reason = reason = f"{slot.host}: {outcome.failed}"
                in_a_row[slot.host] += 1
            if reason is not None:
                engine.note(f"{block.name}, try {len(tried.reasons) + 1} of {TRIES}: {reason}")
                tried.reasons.append(reason)
                tried.hosts.add(slot.host)
            if len(tried.reasons) >= TRIES:
                yield Failed(block.number, tuple(tried.reasons))
            else:
                again.append(block)
            if in_a_row[slot.host] >= TRIES and len(hosts) > 1:
                in_a_row[slot.host] = 0
                engine.set_aside(slot.host, f"{TRIES} blocks in a row failed here; the last: {last_reason}")


def _next(
    fresh: deque[Block], again: deque[Block], trying: dict[int, _Trying], host: str, hosts: set[str]
) -> Block | None:
    """Take the next block for a process on `host`; None if all that are left should be tried on another of `hosts`."""
    if fresh:
        return fresh.popleft()
    for at, block in enumerate(again):
        tried = trying[block.number].hosts
        if host not in tried or hosts <= tried:
            del again[at]
            return block
    return None


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

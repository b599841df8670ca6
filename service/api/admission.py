"""Whose turn it is: one article is parsed at a time, a few requests wait, the others are told to come back.

A batch stands in the same line as everybody else, with one article at a time: after each it goes to the end.
"""

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event, Lock

from service.account import stage
from service.errors import BatchesFull, QueueFull, WaitedTooLong


class Turns:
    """Lets one article in at a time, first come, first served, each after `seconds` at most.

    Beside the one that is parsed `max_waiting` requests may wait, and `max_batches` batches go on.
    """

    def __init__(self, max_waiting: int, seconds: float, max_batches: int) -> None:
        self._admitted = BoundedSemaphore(max_waiting + 1)
        self._batches = BoundedSemaphore(max_batches)
        self._line = _Line()
        self._max_waiting = max_waiting
        self._max_batches = max_batches
        self._seconds = seconds

    @contextmanager
    def place(self) -> Iterator[None]:
        """Be one of the requests that may wait. Raises `Busy` at once where there are as many as may."""
        if not self._admitted.acquire(blocking=False):
            raise QueueFull(f"{self._max_waiting} requests are waiting already, and no more may. Come back later.")
        try:
            yield
        finally:
            self._admitted.release()

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it. Raises `Busy` at once where too many wait, or after the seconds."""
        with self.place(), self._next():
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Be one of the batches that go on. Raises `Busy` at once where there are as many as may."""
        if not self._batches.acquire(blocking=False):
            raise BatchesFull(
                f"{self._max_batches} batches are being answered already, and no more may. Come back later."
            )
        try:
            yield
        finally:
            self._batches.release()

    @contextmanager
    def turn_in_place(self) -> Iterator[None]:
        """Wait for a turn and hold it, as who has a place or is a batch. Raises `Busy` after the seconds."""
        with self._next():
            yield

    @contextmanager
    def _next(self) -> Iterator[None]:
        with stage("wait"):
            granted = self._line.wait(self._seconds)
        if not granted:
            raise WaitedTooLong(f"The article has waited {self._seconds:g} seconds for its turn. Come back later.")
        try:
            yield
        finally:
            self._line.leave()


class _Line:
    """A lock that goes to who has waited longest. (`threading.Lock` goes to anybody, mostly to who let it go.)"""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._held = False

    def wait(self, seconds: float) -> bool:
        """Wait until it is this thread's turn. Returns False where it is not after `seconds`."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._guard:
            if mine not in self._waiting:  # it came between the waiting and this line
                return True
            self._waiting.remove(mine)
            return False

    def leave(self) -> None:
        """Hand the turn to the next; where nobody waits, to whoever comes."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False

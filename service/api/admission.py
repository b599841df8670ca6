"""Whose turn it is: one article is parsed at a time, a few requests wait, the others are told to come back.

A batch stands in the same line as everybody else, with one article at a time: after each it goes to the end.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Final

from service.account import stage
from service.errors import BatchesFull, Busy, QueueFull, WaitedTooLong

MOST_RECEIVED: Final = 16  # bodies that are received at once: a slow client keeps a thread for so long
_WEIGHT: Final = 0.2  # of the last turn in the mean of how long one takes
_LONGEST_RETRY: Final = 60  # seconds


class Turns:
    """Lets one article in at a time, first come, first served, each after a while at most: a request after
    `request_seconds`, an article of a batch after `batch_seconds`.

    Beside the one that is parsed `max_waiting` requests may wait, and `max_batches` batches go on.
    """

    def __init__(self, max_waiting: int, request_seconds: float, max_batches: int, batch_seconds: float) -> None:
        self._admitted = _Places(max_waiting + 1)
        self._batches = _Places(max_batches)
        self._received = _Places(MOST_RECEIVED)
        self._line = _Line()
        self._request_seconds = request_seconds
        self._batch_seconds = batch_seconds
        self._mean = 1.0  # seconds that a turn takes

    @contextmanager
    def receiving(self) -> Iterator[None]:
        """Be one of those whose body is received. Raises `Busy` at once where there are as many as may."""
        told = f"{MOST_RECEIVED} requests are being received already, and no more may."
        with self._received.taken(lambda: QueueFull(*self._later(told))):
            yield

    @contextmanager
    def place(self) -> Iterator[None]:
        """Be one of the requests that may wait. Raises `Busy` at once where there are as many as may."""
        told = f"{self._admitted.most - 1} requests are waiting already, and no more may."
        with self._admitted.taken(lambda: QueueFull(*self._later(told))):
            yield

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it. Raises `Busy` at once where too many wait, or after the seconds."""
        with self.place(), self._next(self._request_seconds):
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Be one of the batches that go on. Raises `Busy` at once where there are as many as may."""
        told = f"{self._batches.most} batches are being answered already, and no more may."
        with self._batches.taken(lambda: BatchesFull(*self._later(told))):
            yield

    @contextmanager
    def turn_in_place(self) -> Iterator[None]:
        """Wait for a turn and hold it, as who has a place. Raises `Busy` after the seconds."""
        with self._next(self._request_seconds):
            yield

    @contextmanager
    def turn_in_batch(self) -> Iterator[None]:
        """Wait for the turn of a batch's next article, and hold it. Raises `Busy` after the seconds."""
        with self._next(self._batch_seconds):
            yield

    @contextmanager
    def _next(self, seconds: float) -> Iterator[None]:
        with stage("wait"):
            granted = self._line.wait(seconds)
        if not granted:
            raise WaitedTooLong(*self._later(f"The article has waited {seconds:g} seconds for its turn."))
        began = time.monotonic()
        try:
            yield
        finally:
            self._mean += _WEIGHT * (time.monotonic() - began - self._mean)
            self._line.leave()

    def _later(self, why: str) -> tuple[str, int]:
        """What is told of `why`, and in how many seconds those who wait now have probably had their turns."""
        seconds = math.ceil(self._mean * (1 + len(self._line)))
        return f"{why} Come back later.", min(max(seconds, 1), _LONGEST_RETRY)


class _Places:
    """Places of which each is held by one at a time."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._guard = Lock()
        self._held = 0

    @contextmanager
    def taken(self, refusal: Callable[[], Busy]) -> Iterator[None]:
        """Hold a place. Raises what `refusal` makes where none is free."""
        with self._guard:
            if self._held >= self.most:
                raise refusal()
            self._held += 1
        try:
            yield
        finally:
            with self._guard:
                self._held -= 1


class _Line:
    """A lock that goes to who has waited longest. (`threading.Lock` goes to anybody, mostly to who let it go.)"""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._held = False

    def __len__(self) -> int:
        return len(self._waiting)

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

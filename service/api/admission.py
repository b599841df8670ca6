"""Admission control: one article is parsed at a time, a few requests wait, and the others are rejected.

A batch waits in the same queue, one article at a time: after each it goes to the end.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event, Lock
from typing import Final

from service.errors import BatchesFull, Busy, QueueFull, WaitedTooLong
from service.server.request_stats import stage

MAX_UPLOADS: Final = 16  # concurrent uploads: a slow client blocks a thread for as long as it sends
_WEIGHT: Final = 0.2  # weight of the latest slot in the moving average of their durations
_LONGEST_RETRY: Final = 60  # seconds


class AdmissionQueue:
    """A first-in-first-out queue for one slot. A request waits at most `request_seconds`, an article of a batch at most
    `batch_seconds`.

    Next to the one being parsed, at most `max_waiting` requests wait, and at most `max_batches` batches are in
    progress.
    """

    def __init__(self, max_waiting: int, request_seconds: float, max_batches: int, batch_seconds: float) -> None:
        self._admitted = _Slots(max_waiting + 1)
        self._batches = _Slots(max_batches)
        self._received = _Slots(MAX_UPLOADS)
        self._line = _FairLock()
        self._request_seconds = request_seconds
        self._batch_seconds = batch_seconds
        self._mean = 1.0  # moving average of a slot's duration, in seconds

    @contextmanager
    def upload(self) -> Iterator[None]:
        """Limit concurrent uploads. Raises `Busy` at once if there are too many."""
        told = f"Too many uploads in progress (limit: {MAX_UPLOADS})."
        with self._received.taken(lambda: QueueFull(*self._later(told))):
            yield

    @contextmanager
    def queue_position(self) -> Iterator[None]:
        """Enter the queue. Raises `Busy` at once if it is full."""
        told = f"The request queue is full (limit: {self._admitted.most - 1})."
        with self._admitted.taken(lambda: QueueFull(*self._later(told))):
            yield

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for the slot and hold it. Raises `Busy` if the queue is full, or after the time limit."""
        with self.queue_position(), self._next(self._request_seconds):
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Limit concurrent batches. Raises `Busy` at once if there are too many."""
        told = f"Too many batches in progress (limit: {self._batches.most})."
        with self._batches.taken(lambda: BatchesFull(*self._later(told))):
            yield

    @contextmanager
    def slot_in_queue(self) -> Iterator[None]:
        """Wait for the slot and hold it, having entered the queue. Raises `Busy` after the time limit."""
        with self._next(self._request_seconds):
            yield

    @contextmanager
    def batch_slot(self) -> Iterator[None]:
        """Wait for the slot for a batch's next article, and hold it. Raises `Busy` after the time limit."""
        with self._next(self._batch_seconds):
            yield

    @contextmanager
    def _next(self, seconds: float) -> Iterator[None]:
        with stage("wait"):
            granted = self._line.wait(seconds)
        if not granted:
            raise WaitedTooLong(*self._later(f"The article waited {seconds:g} seconds in the queue, the limit."))
        began = time.monotonic()
        try:
            yield
        finally:
            self._mean += _WEIGHT * (time.monotonic() - began - self._mean)
            self._line.leave()

    def _later(self, why: str) -> tuple[str, int]:
        """Return the message for `why`, and the estimated seconds until the present queue is processed."""
        seconds = math.ceil(self._mean * (1 + len(self._line)))
        return f"{why} Retry later.", min(max(seconds, 1), _LONGEST_RETRY)


class _Slots:
    """A semaphore with at most `most` holders."""

    def __init__(self, most: int) -> None:
        self.most = most
        self._guard = Lock()
        self._held = 0

    @contextmanager
    def taken(self, refusal: Callable[[], Busy]) -> Iterator[None]:
        """Hold the semaphore. Raises `refusal()` if it is exhausted."""
        with self._guard:
            if self._held >= self.most:
                raise refusal()
            self._held += 1
        try:
            yield
        finally:
            with self._guard:
                self._held -= 1


class _FairLock:
    """A fair lock, acquired in order of arrival. (`threading.Lock` mostly goes back to the thread that released it.)"""

    def __init__(self) -> None:
        self._guard = Lock()
        self._waiting: deque[Event] = deque()
        self._held = False

    def __len__(self) -> int:
        return len(self._waiting)

    def wait(self, seconds: float) -> bool:
        """Wait for the lock. Returns False if it was not acquired within `seconds`."""
        with self._guard:
            if not self._held:
                self._held = True
                return True
            mine = Event()
            self._waiting.append(mine)
        if mine.wait(seconds):
            return True
        with self._guard:
            if mine not in self._waiting:  # acquired between the timeout and this line
                return True
            self._waiting.remove(mine)
            return False

    def leave(self) -> None:
        """Pass the lock to the next in the queue, or release it if the queue is empty."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False

"""Admission control: one article is parsed at a time, a few requests wait, and the others are rejected.

A batch waits in the same queue, one article at a time: after each it goes to the end.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Event, Lock
from typing import Final

from service.errors import BatchesFull, Busy, QueueFull, WaitedTooLong
from service.server.request_stats import stage

MAX_UPLOADS: Final = 16  # concurrent uploads: a slow client blocks a thread for as long as it sends
_WEIGHT: Final = 0.2  # weight of the latest slot in the moving average of their durations
_MAX_RETRY_SECONDS: Final = 60  # seconds


class AdmissionQueue:
    """A first-in-first-out queue for one parsing slot.

    A request waits at most `request_seconds`, an article of a batch at most `batch_seconds`. At most `max_waiting`
    requests wait, in addition to the one being parsed, and at most `max_batches` batches are in progress.
    """

    def __init__(self, max_waiting: int, request_seconds: float, max_batches: int, batch_seconds: float) -> None:
        self._max_waiting = max_waiting
        self._max_batches = max_batches
        self._positions = BoundedSemaphore(max_waiting + 1)
        self._batches = BoundedSemaphore(max_batches)
        self._uploads = BoundedSemaphore(MAX_UPLOADS)
        self._slot = _FairLock()
        self._request_seconds = request_seconds
        self._batch_seconds = batch_seconds
        self._mean = 1.0  # moving average of a slot's duration, in seconds

    @contextmanager
    def upload(self) -> Iterator[None]:
        """Limit concurrent uploads. Raises `Busy` at once if there are too many."""
        message = f"Too many uploads in progress (limit: {MAX_UPLOADS})."
        with _hold(self._uploads, lambda: QueueFull(*self._later(message))):
            yield

    @contextmanager
    def queue_position(self) -> Iterator[None]:
        """Enter the queue. Raises `Busy` at once if it is full."""
        message = f"The request queue is full (limit: {self._max_waiting})."
        with _hold(self._positions, lambda: QueueFull(*self._later(message))):
            yield

    @contextmanager
    def slot(self) -> Iterator[None]:
        """Wait for the slot and hold it. Raises `Busy` if the queue is full, or after the time limit."""
        with self.queue_position(), self._next(self._request_seconds):
            yield

    @contextmanager
    def batch(self) -> Iterator[None]:
        """Limit concurrent batches. Raises `Busy` at once if there are too many."""
        message = f"Too many batches in progress (limit: {self._max_batches})."
        with _hold(self._batches, lambda: BatchesFull(*self._later(message))):
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
            granted = self._slot.wait(seconds)
        if not granted:
            raise WaitedTooLong(*self._later(f"The article waited {seconds:g} seconds in the queue, the limit."))
        began = time.monotonic()
        try:
            yield
        finally:
            self._mean += _WEIGHT * (time.monotonic() - began - self._mean)
            self._slot.leave()

    def _later(self, why: str) -> tuple[str, int]:
        """Return the message for `why`, and the estimated seconds until the current queue is processed."""
        seconds = math.ceil(self._mean * (1 + len(self._slot)))
        return f"{why} Retry later.", min(max(seconds, 1), _MAX_RETRY_SECONDS)


@contextmanager
def _hold(semaphore: BoundedSemaphore, refusal: Callable[[], Busy]) -> Iterator[None]:
    """Hold `semaphore`. Raises `refusal()` if it is exhausted."""
    if not semaphore.acquire(blocking=False):
        raise refusal()
    try:
        yield
    finally:
        semaphore.release()


class _FairLock:
    """A fair lock, acquired in order of arrival. (`threading.Lock` often returns to the thread that released it.)"""

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
            acquired = Event()
            self._waiting.append(acquired)
        if acquired.wait(seconds):
            return True
        with self._guard:
            if acquired not in self._waiting:  # acquired between the timeout and this line
                return True
            self._waiting.remove(acquired)
            return False

    def leave(self) -> None:
        """Pass the lock to the next in the queue, or release it if the queue is empty."""
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._held = False

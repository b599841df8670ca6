"""Whose turn it is: one request parses at a time, a few wait, the others are told to come back."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from service.errors import Busy


class Turns:
    """Lets one caller in at a time. `max_waiting` more may wait, each for `seconds`."""

    def __init__(self, max_waiting: int, seconds: float) -> None:
        self._admitted = BoundedSemaphore(max_waiting + 1)
        self._parsing = Lock()
        self._max_waiting = max_waiting
        self._seconds = seconds

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for a turn and hold it. Raises `Busy` at once where too many wait, or after the seconds."""
        if not self._admitted.acquire(blocking=False):
            raise Busy(f"{self._max_waiting} requests are waiting already, and no more may. Come back later.")
        try:
            if not self._parsing.acquire(timeout=self._seconds):
                raise Busy(f"The request has waited {self._seconds:g} seconds for its turn. Come back later.")
            try:
                yield
            finally:
                self._parsing.release()
        finally:
            self._admitted.release()

"""Answers that are kept, and those that are being made: what is asked again is answered without a turn."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from threading import Lock

from service.account import account, stage
from service.errors import WaitedTooLong


class KeptAnswers:
    """The answers used last, by key: `most` of them at most and `most_bytes` in UTF-8 together. 0 keeps none.

    In memory only. What is asked while the same is being made waits for that, `seconds` at most.
    """

    def __init__(self, most: int, most_bytes: int, seconds: float) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._guard = Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()  # who was asked for last stands last
        self._bytes = 0
        self._in_the_making: dict[str, Future[bytes]] = {}

    def get(self, key: str) -> bytes | None:
        """The answer that is kept."""
        with self._guard:
            return self._get(key)

    def get_or_make(self, key: str, make: Callable[[], str]) -> bytes:
        """The answer that is kept, that another thread is making, or that `make` makes, which is kept then.

        Raises what `make` raises, and `Busy` where another thread has not made it after the seconds. What another
        thread has failed to make is tried again: it may have had less time or luck, and its error is its own.
        """
        while True:
            with self._guard:
                kept = self._get(key)
                if kept is not None:
                    return kept
                other = self._in_the_making.get(key)
                if other is None:
                    mine = self._in_the_making[key] = Future()
            if other is None:
                return self._made(key, mine, make)
            try:
                with stage("wait"):
                    answer = other.result(self._seconds)
            except TookTooLong:
                waited = f"The article has waited {self._seconds:g} seconds for the answer to another request for it."
                raise WaitedTooLong(f"{waited} Come back later.") from None
            except _NotMade:
                continue
            account().kept += 1
            return answer

    def _made(self, key: str, mine: Future[bytes], make: Callable[[], str]) -> bytes:
        try:
            answer = make().encode()
        except BaseException:
            with self._guard:
                del self._in_the_making[key]
            mine.set_exception(_NotMade())
            raise
        with self._guard:
            del self._in_the_making[key]
            self._keep(key, answer)
        mine.set_result(answer)
        return answer

    def _get(self, key: str) -> bytes | None:
        if key in self._kept:
            account().kept += 1
            self._kept.move_to_end(key)
        return self._kept.get(key)

    def _keep(self, key: str, answer: bytes) -> None:
        if len(answer) > self._most_bytes:
            return  # rather than that everything else makes way for it
        self._kept[key] = answer
        self._bytes += len(answer)
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._kept.popitem(last=False)[1])


class _NotMade(Exception):
    """The thread that was making an answer has failed."""

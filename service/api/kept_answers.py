"""An in-memory cache of responses, which also coalesces concurrent identical requests."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from threading import Lock

from service.account import account, stage
from service.errors import WaitedTooLong


class KeptAnswers:
    """An LRU cache of at most `most` responses and `most_bytes` in total, in UTF-8. 0 disables it.

    A request identical to one in progress waits for its response, for at most `seconds`.
    """

    def __init__(self, most: int, most_bytes: int, seconds: float) -> None:
        self._most = most
        self._most_bytes = most_bytes
        self._seconds = seconds
        self._guard = Lock()
        self._kept: OrderedDict[str, bytes] = OrderedDict()  # least recently used first
        self._bytes = 0
        self._in_the_making: dict[str, Future[bytes]] = {}

    def get(self, key: str) -> bytes | None:
        """Return the cached response, or None."""
        with self._guard:
            return self._get(key)

    def get_or_make(self, key: str, make: Callable[[], str]) -> bytes:
        """Return the response from the cache or from another thread that is making it; otherwise call `make` and cache
        its result.

        Raises what `make` raises, and `Busy` if another thread does not finish within the time limit. If the other
        thread fails, this one tries again, since the error can be specific to that request (its deadline, for example).
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
                waited = (
                    f"The article waited {self._seconds:g} seconds for the response to an identical request, the limit."
                )
                raise WaitedTooLong(f"{waited} Retry later.") from None
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
            return  # too large: it would evict everything else
        self._kept[key] = answer
        self._bytes += len(answer)
        while len(self._kept) > self._most or self._bytes > self._most_bytes:
            self._bytes -= len(self._kept.popitem(last=False)[1])


class _NotMade(Exception):
    """The thread that was making a response failed."""

"""An in-memory response cache, which also coalesces concurrent identical requests."""

from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from threading import Lock

from service.errors import WaitedTooLong
from service.server.request_stats import request_stats, stage


class ResponseCache:
    """An LRU cache of at most `most` responses and `most_bytes` in total, in UTF-8. 0 disables it.

    A request identical to one in progress waits for its response, for at most `seconds`.
    """

    def __init__(self, max_entries: int, max_bytes: int, seconds: float) -> None:
        self._max_entries = max_entries
        self._max_bytes = max_bytes
        self._seconds = seconds
        self._guard = Lock()
        self._entries: OrderedDict[str, bytes] = OrderedDict()  # least recently used first
        self._bytes = 0
        self._pending: dict[str, Future[bytes]] = {}

    def get(self, key: str) -> bytes | None:
        """Return the cached response, or None."""
        with self._guard:
            return self._get(key)

    def get_or_compute(self, key: str, compute: Callable[[], str]) -> bytes:
        """Return the response from the cache or from another thread that is computing it, else call `compute` and cache
        the result.

        Raises what `compute` raises, and `Busy` if another thread does not finish within the time limit. If the other
        thread fails, this one tries again, since the error can be specific to that request (its deadline, for example).
        """
        while True:
            with self._guard:
                cached = self._get(key)
                if cached is not None:
                    return cached
                other = self._pending.get(key)
                if other is None:
                    future = self._pending[key] = Future()
            if other is None:
                return self._compute(key, future, compute)
            try:
                with stage("wait"):
                    response_body = other.result(self._seconds)
            except TookTooLong:
                waited = (
                    f"The article waited {self._seconds:g} seconds for the response to an identical request, the limit."
                )
                raise WaitedTooLong(f"{waited} Retry later.") from None
            except _ComputationFailed:
                continue
            request_stats().cached += 1
            return response_body

    def _compute(self, key: str, future: Future[bytes], compute: Callable[[], str]) -> bytes:
        try:
            response_body = compute().encode()
        except BaseException:
            with self._guard:
                del self._pending[key]
            future.set_exception(_ComputationFailed())
            raise
        with self._guard:
            del self._pending[key]
            self._store(key, response_body)
        future.set_result(response_body)
        return response_body

    def _get(self, key: str) -> bytes | None:
        if key in self._entries:
            request_stats().cached += 1
            self._entries.move_to_end(key)
        return self._entries.get(key)

    def _store(self, key: str, response_body: bytes) -> None:
        if len(response_body) > self._max_bytes:
            return  # too large: it would evict everything else
        self._entries[key] = response_body
        self._bytes += len(response_body)
        while len(self._entries) > self._max_entries or self._bytes > self._max_bytes:
            self._bytes -= len(self._entries.popitem(last=False)[1])


class _ComputationFailed(Exception):
    """The thread that was computing a response failed."""

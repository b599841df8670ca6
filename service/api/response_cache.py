"""Entity tags, and an in-memory cache of responses, which also coalesces concurrent identical requests."""

import hashlib
import json
import platform
from collections import OrderedDict
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TookTooLong
from functools import cache
from importlib.metadata import distributions
from threading import Lock
from typing import Any

from flask import Request, Response

from service import __version__
from service.api.admission import AdmissionQueue
from service.api.responses import negotiated_response
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


def fingerprint(parser: str) -> str:
    """Return a fingerprint of everything a response depends on except the request.

    This is the version of Pullquote, of its parser, of Python and of the installed packages.
    """
    return json.dumps([__version__, parser, platform.python_version(), _installed()])


@cache
def _installed() -> list[str]:
    """List the installed packages with their versions. Cached: it takes 0.05 s, and imported modules do not change."""
    found = (item.metadata for item in distributions())  # which `item.name` and `item.version` read again each time
    return sorted(f"{item['Name']} {item['Version']}" for item in found)


def etag_for(fingerprint: str, media_type: str, fields: Mapping[str, Any], options: object) -> str:
    """Return the strong entity tag of the response to this request in this format."""
    asked = json.dumps([fingerprint, media_type, fields, options], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def cached_response(
    request: Request,
    responses: ResponseCache,
    admission: AdmissionQueue,
    etag: str,
    content_type: str,
    compute: Callable[[], str],
) -> Response:
    """Return the response with the entity tag `etag`.

    Returns a 304 if `If-None-Match` shows that the client has it (RFC 9110, 13.1.2). Identical requests have identical
    responses, so the tag is known in advance: a 304 or a cached response does not enter the queue. `compute` creates a
    response, and waits for a slot itself.
    """
    known = request.if_none_match
    if known.contains_weak(etag) and not known.star_tag:
        return _with_etag(Response(status=304), etag, weak=not known.is_strong(etag))
    response_body = responses.get(etag)
    if response_body is None:
        with admission.queue_position():
            response_body = responses.get_or_compute(etag, compute)
    if known.star_tag:  # `*` matches any existing response, and its existence is known only now
        return _with_etag(Response(status=304), etag)
    return _with_etag(negotiated_response(response_body, content_type), etag)


def _with_etag(response: Response, etag: str, *, weak: bool = False) -> Response:
    # A 304 has the tag as the client sent it: weak if its response was compressed.
    response.set_etag(etag, weak=weak)
    response.headers["Cache-Control"] = "private, no-cache"  # clients may store the response but must revalidate it
    response.vary.add("Accept")
    return response

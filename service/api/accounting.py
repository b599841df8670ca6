"""Record each request from its first line to the end of its response: in one log line, in the metrics and, if enabled,
in a trace."""

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from time import perf_counter
from typing import Any, Final
from uuid import uuid4
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import structlog
from flask import Flask, request
from structlog.contextvars import bound_contextvars

from service.server.metrics import Metrics
from service.server.request_stats import RequestStats, Stage, request_stats
from service.server.tracing import Trace, Tracer

REQUEST_ID: Final = "X-Request-ID"
_SANE: Final = re.compile(r"[A-Za-z0-9._:=+/@-]{1,128}")
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})


def record_requests(app: Flask, metrics: Metrics, tracer: Tracer | None) -> None:
    """Record every request of `app`."""
    app.before_request(_name_route)
    app.wsgi_app = _RecordingMiddleware(app.wsgi_app, metrics, tracer)  # type: ignore[method-assign]


def close(closed: RequestStats, metrics: Metrics, trace: Trace | None = None, whole: bool = True) -> None:
    """Record a finished request. `whole` is False if the client disconnected before the end of the response."""
    seconds = perf_counter() - closed.began
    metrics.answered(closed, seconds)
    if trace is not None:
        trace.end()
    _log(closed, seconds, whole, trace)


def _name_route() -> None:
    if request.url_rule is not None:
        request_stats().route = request.url_rule.rule


class _RecordingMiddleware:
    """WSGI middleware that records each request when its response is closed."""

    def __init__(self, app: WSGIApplication, metrics: Metrics, tracer: Tracer | None) -> None:
        self._app = app
        self._metrics = metrics
        self._tracer = tracer

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        given = environ.get("HTTP_X_REQUEST_ID", "")
        opened = RequestStats(given if _SANE.fullmatch(given) else uuid4().hex, _known(environ["REQUEST_METHOD"]))
        trace = self._tracer.begin(environ, opened) if self._tracer else None
        opened.around = self._around(trace)
        answer = _ResponseBody(opened, lambda whole: close(opened, self._metrics, trace, whole))
        self._metrics.arrived()

        def start(status: str, headers: list[tuple[str, str]], *rest: Any) -> Callable[[bytes], object]:
            opened.status = int(status[:3])
            return start_response(status, [*headers, (REQUEST_ID, opened.request_id)], *rest)

        try:
            with answer.opened():
                answer.parts = self._app(environ, start)
        except BaseException:  # not handled by Flask; it ends the worker or the connection
            answer.close()
            raise
        return answer

    def _around(self, trace: Trace | None) -> Callable[[Stage], AbstractContextManager[None]]:
        @contextmanager
        def around(stage: Stage) -> Iterator[None]:
            with self._metrics.during(stage):
                if trace is None:
                    yield
                else:
                    with trace.stage(stage):
                        yield

        return around


class _ResponseBody:
    """A response body, generated while its request's stats are current.

    `closed` is called once, with whether the whole body was sent.
    """

    def __init__(self, request_stats: RequestStats, closed: Callable[[bool], None]) -> None:
        self.parts: Iterable[bytes] = ()
        self._request_stats = request_stats
        self._closed: Callable[[bool], None] | None = closed
        self._whole = False

    @contextmanager
    def opened(self) -> Iterator[None]:
        """Make the request's stats current, and add its id to log lines."""
        with self._request_stats.open(), bound_contextvars(request_id=self._request_stats.request_id):
            yield

    def __iter__(self) -> Iterator[bytes]:
        parts = iter(self.parts)
        while True:
            with self.opened():
                part = next(parts, None)
            if part is None:
                self._whole = True
                return
            yield part

    def close(self) -> None:
        try:
            if hasattr(self.parts, "close"):
                with self.opened():
                    self.parts.close()
        finally:
            closed, self._closed = self._closed, None
            if closed is not None:
                closed(self._whole)


def _known(method: str) -> str:
    return method if method in _METHODS else "other"


def _log(closed: RequestStats, seconds: float, whole: bool, trace: Trace | None) -> None:
    """Write the request's only log line."""
    line: dict[str, Any] = {
        "request_id": closed.request_id, "method": closed.method, "route": closed.route, "status": closed.status,
        "bytes": closed.bytes, "articles": closed.articles, "characters": closed.characters,
        "sentences": closed.sentences, "quotes": closed.quotes.total(), "ms": _milliseconds(seconds),
        "stages_ms": {name: _milliseconds(taken) for name, taken in closed.seconds.items()},
    }  # fmt: skip
    if closed.key is not None:
        line["key"] = closed.key
    if closed.cached:
        line["kept"] = closed.cached
    if closed.lines:
        line["lines"] = {str(status): many for status, many in sorted(closed.lines.items())}
    if closed.rejections:
        line["rejections"] = dict(closed.rejections)
    if closed.failures:
        line["failures"] = closed.failures
    if not whole:
        line["cut_off"] = True  # the client disconnected before the end
    if trace is not None:
        line["trace_id"] = trace.trace_id
    log = structlog.get_logger()
    if closed.failures or closed.status == 500:
        log.error("request", **line)
    elif closed.status == 503:
        log.warning("request", **line)
    else:
        log.info("request", **line)


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000, 1)

"""Prometheus metrics, and the folder of their files. docs/operations.md explains what each one is for.

Each worker writes its values to files in a shared folder, and the worker that serves `/metrics` adds them up
(prometheus_client's multiprocess mode). A file is named for the worker's number, not its process id: a replacement
continues the counts of its predecessor, and the number of files is bounded.
"""

import fcntl
import os
import shutil
import stat
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from itertools import count
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any, Final, Literal, get_args

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from service import __version__
from service.errors import SettingsError
from service.parsing.parser import ModelInfo
from service.server.request_stats import RequestStats, Stage
from service.settings import Settings

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus_client looks for the folder
BYTES_OF_A_FILE: Final = 1 << 17  # twice what is needed; checked by tests/test_metrics.py
_FILES: Final = ("counter", "histogram", "gauge_livesum", "gauge_livemax")  # prometheus_client's names
BYTES_OF_A_WORKER: Final = BYTES_OF_A_FILE * len(_FILES)
_LOCK: Final = "in-use"
_FOLDER_PREFIX: Final = "pullquote-metrics-"
_YOUNG_SECONDS: Final = 60.0  # a newer folder can belong to a server that has not locked it yet
_MASTER: Final = "master"  # its file's name has this instead of a worker's number
_PREFIX: Final = "pullquote_"
_RELOADS: Final = ("reloads", "Reloads of the key file, by outcome", "outcome")
Outcome = Literal["done", "refused"]
_STAGE_BUCKETS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_REQUEST_BUCKETS: Final = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)

# Why a connection was closed: too many idle, too many open, too much unsent data, or no file descriptor left.
ShedReason = Literal["idle", "full", "unsent", "no_descriptor"]


def join(worker_number: int | str) -> None:
    """Write this process's metrics to the folder of `FOLDER_VARIABLE`, under this worker number."""
    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: worker_number)  # type: ignore[no-untyped-call]


def reserve(folder: Path, worker_number: int) -> None:
    """Create the files of a worker number and allocate their space.

    Writing to a sparse file on a full disk would kill the process. Raises `OSError` if there is no space.
    """
    for kind in _FILES:
        _reserve(folder / f"{kind}_{worker_number}.db")


def _reserve(file: Path) -> None:
    with file.open("ab") as opened:
        os.posix_fallocate(opened.fileno(), 0, BYTES_OF_A_FILE)


def reserve_for_master(folder: Path) -> None:
    """Create the master's file. Raises `OSError` if there is no space."""
    _reserve(folder / f"counter_{_MASTER}.db")


def leave(folder: Path, worker_number: int) -> None:
    """Remove a dead worker's gauges from the folder; its counters remain."""
    mark_process_dead(worker_number, str(folder))  # type: ignore[no-untyped-call]


class MasterMetrics:
    """The master's metrics, in the folder of `FOLDER_VARIABLE`."""

    def __init__(self) -> None:
        name, help_text, *labels = _RELOADS
        of_workers = values.ValueClass
        join(_MASTER)
        try:
            reloads = Counter(_PREFIX + name, help_text, labels, registry=CollectorRegistry())
            self._reloads = {outcome: reloads.labels(outcome) for outcome in get_args(Outcome)}
        finally:
            values.ValueClass = of_workers  # after the fork, workers count under their own numbers

    def reloaded(self, outcome: Outcome) -> None:
        """Count a reload of the key file."""
        try:
            self._reloads[outcome].inc()
        except Exception as error:  # as in `Metrics`: an error here must not stop the process
            structlog.get_logger().error("metrics cannot be written", exc_info=error)


class Metrics:
    """The metrics of this process, and of all workers that share `folder`."""

    def __init__(self, model: ModelInfo, workers: int = 1, folder: Path | None = None) -> None:
        self._registry = CollectorRegistry()
        self._folder = folder
        self._telling = Lock()
        self._shed = self._counter("connections_shed", "Connections closed to make room", "reason")
        self._accept_failures = self._counter("accept_failures", "Failed attempts to accept a connection")
        self._requests = self._counter("requests", "Completed requests", "method", "route", "status")
        self._request_seconds = self._histogram(
            "request_seconds",
            "Time from the first line of a request to the end of its response",
            "route",
            _REQUEST_BUCKETS,
        )
        self._stage_seconds = self._histogram(
            "stage_seconds", "Time spent in each stage of a request", "stage", _STAGE_BUCKETS
        )
        self._rejections = self._counter("rejections", "Rejected requests and batch lines", "reason")
        self._articles = self._counter("articles", "Processed articles")
        self._cached = self._counter("kept_answers", "Results served from the response cache")
        self._characters = self._counter("characters", "Code points of the processed articles")
        self._sentences = self._counter("sentences", "Sentences of the processed articles")
        self._quotes = self._counter("quotes", "Quotes found", "kind")
        self._in_flight = self._gauge("requests_in_flight", "Requests in progress")
        self._waiting = self._gauge("requests_waiting", "Requests and batch articles waiting for a slot")
        self._ready = self._gauge("workers_ready", "Workers that are ready for articles")
        self._gauge("workers", "Configured number of workers", mode="livemax").set(workers)
        about = self._gauge("service_info", "The version of Pullquote", "version", mode="livemax")
        about.labels(__version__).set(1)
        about = self._gauge("model_info", "The model in use", "name", "version", mode="livemax")
        about.labels(model.name, model.version).set(1)
        self._memory = self._gauge("worker_memory_bytes", "Memory of the largest worker", mode="livemax")
        self._replaced = self._counter("workers_replaced", "Workers replaced because they exceeded the memory limit")
        reloads = self._counter(*_RELOADS)
        for outcome in get_args(Outcome):
            reloads.labels(outcome)
        self._error_logged = False

    def text(self) -> bytes:
        """Return the metrics of all workers in Prometheus's text format."""
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def ready(self, ready: bool) -> None:
        """Record whether this worker is ready for articles."""
        with self._errors_suppressed():
            self._ready.set(int(ready))

    def has_memory(self, size: int) -> None:
        """Record this worker's memory in bytes."""
        with self._errors_suppressed():
            self._memory.set(size)

    def replaced(self) -> None:
        """Count this worker's replacement because of its memory."""
        with self._errors_suppressed():
            self._replaced.inc()

    def arrived(self) -> None:
        """Count the start of a request."""
        with self._errors_suppressed():
            self._in_flight.inc()

    def connection_shed(self, reason: ShedReason) -> None:
        """Count a connection closed to make room for others."""
        with self._errors_suppressed():
            self._shed.labels(reason).inc()

    def accept_failed(self) -> None:
        """Count a failed attempt to accept a connection: no file descriptor is left."""
        with self._errors_suppressed():
            self._accept_failures.inc()

    @contextmanager
    def during(self, stage: Stage) -> Iterator[None]:
        """Time a stage, and count the requests that wait."""
        began = perf_counter()
        if stage == "wait":
            with self._errors_suppressed():
                self._waiting.inc()
        try:
            yield
        finally:
            with self._errors_suppressed():
                if stage == "wait":
                    self._waiting.dec()
                self._stage_seconds.labels(stage).observe(perf_counter() - began)

    def answered(self, request_stats: RequestStats, seconds: float) -> None:
        """Count a completed request, which took `seconds`."""
        with self._errors_suppressed():
            self._in_flight.dec()
            self._requests.labels(request_stats.method, request_stats.route, request_stats.status).inc()
            self._request_seconds.labels(request_stats.route).observe(seconds)
            self._articles.inc(request_stats.articles)
            self._cached.inc(request_stats.cached)
            self._characters.inc(request_stats.characters)
            self._sentences.inc(request_stats.sentences)
            for kind, many in request_stats.quotes.items():
                self._quotes.labels(kind).inc(many)
            for reason, many in request_stats.rejections.items():
                self._rejections.labels(reason).inc(many)

    @contextmanager
    def _errors_suppressed(self) -> Iterator[None]:
        """Suppress errors in the metrics, so that the request succeeds. The first one is logged."""
        try:
            yield
        except Exception as error:  # from the disk or from prometheus_client
            with self._telling:
                already_logged, self._error_logged = self._error_logged, True
            if not already_logged:
                structlog.get_logger().error("metrics cannot be written", exc_info=error)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, help_text, labels, registry=self._registry)

    def _histogram(self, name: str, help_text: str, label: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(_PREFIX + name, help_text, [label], registry=self._registry, buckets=buckets)

    def _gauge(self, name: str, help_text: str, *labels: str, mode: Any = "livesum") -> Gauge:
        return Gauge(_PREFIX + name, help_text, labels, registry=self._registry, multiprocess_mode=mode)


class MetricsFolder:
    """A locked metrics folder, deleted at exit if it is `temporary`. `lock` is a file descriptor, held until then."""

    def __init__(self, path: Path, temporary: bool, lock: int) -> None:
        self.path = path
        self._temporary = temporary
        self._lock = lock

    @classmethod
    def made_for(cls, settings: Settings) -> "MetricsFolder":
        """Create the metrics folder, or clear it of an earlier run's files.

        Raises `SettingsError` if it cannot be written, the disk is full, or another server uses it.
        """
        path = settings.metrics_dir
        try:
            if path is None:
                _remove_abandoned()
                path = Path(tempfile.mkdtemp(prefix=_FOLDER_PREFIX))
            path.mkdir(parents=True, exist_ok=True)
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise SettingsError(
                    f"The metrics folder {path} is in use by another server. Set PULLQUOTE_METRICS_DIR to a "
                    "different folder for each server."
                ) from None
            for left in path.glob("*.db"):
                left.unlink()
            reserve_for_master(path)
            for number in range(settings.workers):
                reserve(path, number)
        except OSError as error:
            kilobytes = (settings.workers * BYTES_OF_A_WORKER + BYTES_OF_A_FILE) // 1000
            raise SettingsError(
                f"Cannot store metrics in {error.filename or path}: {error.strerror}. Set "
                f"PULLQUOTE_METRICS_DIR to a writable folder with {kilobytes} kB free."
            ) from None
        return cls(path, settings.metrics_dir is None, lock)

    @property
    def hooks(self) -> dict[str, Callable[..., Any]]:
        """Gunicorn's server hooks, by name."""
        return {
            "pre_fork": self._assign, "post_fork": self._join, "child_exit": self._leave, "on_exit": self._remove,
        }  # fmt: skip

    def _assign(self, arbiter: Any, worker: Any) -> None:
        """Give a worker that is about to start the lowest free number."""
        taken = {other.number for other in arbiter.WORKERS.values()}
        worker.number = next(number for number in count() if number not in taken)

    def _join(self, _arbiter: Any, worker: Any) -> None:
        """Set up metrics in a worker, before it loads anything. If the disk is full, the worker runs with metrics of
        its own that are not exported."""
        try:
            reserve(self.path, worker.number)
        except OSError as error:
            structlog.get_logger().error(
                "the metrics of this worker cannot be stored", folder=str(self.path), exc_info=error
            )
        else:
            join(worker.number)

    def _leave(self, _arbiter: Any, worker: Any) -> None:
        leave(self.path, worker.number)

    def _remove(self, _arbiter: Any) -> None:
        if self._temporary:
            shutil.rmtree(self.path, ignore_errors=True)


def _remove_abandoned() -> None:
    """Delete the temporary folders of this user's servers that were killed: those without a lock."""
    for path in Path(tempfile.gettempdir()).glob(f"{_FOLDER_PREFIX}*"):
        with suppress(OSError):  # another server deletes it, or it belongs to another user
            about = path.lstat()
            if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.getuid():
                continue
            if time.time() - about.st_mtime < _YOUNG_SECONDS:
                continue
            lock = os.open(path / _LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(path, ignore_errors=True)
            finally:
                os.close(lock)

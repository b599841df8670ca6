"""What is counted and timed, for Prometheus. docs/operations.md says what each metric is for.

Each worker writes its own values into files of a common folder, and whichever is asked adds all of them up
(prometheus_client's multiprocess mode). A file is named for the worker's place and not for its process: a worker that
follows another goes on counting where that one stopped, and there are never more files than places.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from time import perf_counter
from typing import Any, Final, Literal, get_args

import structlog
from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest, values
from prometheus_client.multiprocess import MultiProcessCollector, mark_process_dead

from service import __version__
from service.account import Account, Stage
from service.parsing.parser import ModelInfo

FOLDER_VARIABLE: Final = "PROMETHEUS_MULTIPROC_DIR"  # where prometheus_client looks for the folder
BYTES_OF_A_FILE: Final = 1 << 17  # twice what there is to write; tests/test_metrics.py holds it to that
_FILES: Final = ("counter", "histogram", "gauge_livesum", "gauge_livemax")  # prometheus_client's names
BYTES_OF_A_WORKER: Final = BYTES_OF_A_FILE * len(_FILES)
_MASTER: Final = "master"  # whose file it is, in the place of a worker's number
_PREFIX: Final = "pullquote_"
_RELOADS: Final = ("reloads", "Signals to read the file of keys again", "outcome")
Outcome = Literal["done", "refused"]
_STAGE_BUCKETS: Final = (0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_REQUEST_BUCKETS: Final = (0.01, 0.03, 0.1, 0.3, 0.5, 1.0, 2.0, 3.0, 5.0, 10.0, 20.0, 30.0, 60.0)

# Why a connection was closed: too many were idle, too many open, too much unsent, or no descriptor was left.
ShedReason = Literal["idle", "full", "unsent", "no_descriptor"]


def join(place: int | str) -> None:
    """Have what this process counts be written to the folder of `FOLDER_VARIABLE`, as the worker's at `place`."""
    values.ValueClass = values.MultiProcessValue(process_identifier=lambda: place)  # type: ignore[no-untyped-call]


def reserve(folder: Path, place: int) -> None:
    """Make the files of the worker at `place`, their space taken: to write into a hole of a file, where the disk is
    full, would end the process. Raises `OSError` where there is no space."""
    for kind in _FILES:
        _reserve(folder / f"{kind}_{place}.db")


def _reserve(file: Path) -> None:
    with file.open("ab") as opened:
        os.posix_fallocate(opened.fileno(), 0, BYTES_OF_A_FILE)


def reserve_for_master(folder: Path) -> None:
    """Make the file of the master. Raises `OSError` where there is no space."""
    _reserve(folder / f"counter_{_MASTER}.db")


def leave(folder: Path, place: int) -> None:
    """Take what a worker that has ended was doing out of the folder; what it has counted stays."""
    mark_process_dead(place, str(folder))  # type: ignore[no-untyped-call]


class MasterMetrics:
    """What the master counts, in the folder of `FOLDER_VARIABLE`."""

    def __init__(self) -> None:
        name, help_text, *labels = _RELOADS
        of_workers = values.ValueClass
        join(_MASTER)
        try:
            reloads = Counter(_PREFIX + name, help_text, labels, registry=CollectorRegistry())
            self._reloads = {outcome: reloads.labels(outcome) for outcome in get_args(Outcome)}
        finally:
            values.ValueClass = of_workers  # what the workers count after the fork is not the master's

    def reloaded(self, outcome: Outcome) -> None:
        """The file of keys has been read again, or could not be used."""
        try:
            self._reloads[outcome].inc()
        except Exception as error:  # as in `Metrics`: what is wrong with them does not end what is counted
            structlog.get_logger().error("metrics cannot be written", exc_info=error)


class Metrics:
    """The metrics of one process, and of all workers with it where they share `folder`."""

    def __init__(self, model: ModelInfo, workers: int = 1, folder: Path | None = None) -> None:
        self._registry = CollectorRegistry()
        self._folder = folder
        self._telling = Lock()
        self._shed = self._counter("connections_shed", "Connections that were closed to make room", "reason")
        self._accept_failures = self._counter("accept_failures", "Times that no connection could be accepted")
        self._requests = self._counter("requests", "Requests that were answered", "method", "route", "status")
        self._request_seconds = self._histogram(
            "request_seconds", "From a request's first line to its answer's last", "route", _REQUEST_BUCKETS
        )
        self._stage_seconds = self._histogram(
            "stage_seconds", "What each stage of an article takes", "stage", _STAGE_BUCKETS
        )
        self._rejections = self._counter("rejections", "Requests and lines of batches that were refused", "reason")
        self._articles = self._counter("articles", "Articles that were read")
        self._kept = self._counter("kept_answers", "Articles that were answered from memory")
        self._characters = self._counter("characters", "Code points of the articles that were read")
        self._sentences = self._counter("sentences", "Sentences of the articles that were read")
        self._quotes = self._counter("quotes", "Quotes that were answered", "kind")
        self._in_flight = self._gauge("requests_in_flight", "Requests that are being answered")
        self._waiting = self._gauge("requests_waiting", "Requests, and articles of batches, that wait for their turn")
        self._ready = self._gauge("workers_ready", "Workers that answer articles")
        self._gauge("workers", "Workers that there should be", mode="livemax").set(workers)
        about = self._gauge("service_info", "The version of Pullquote", "version", mode="livemax")
        about.labels(__version__).set(1)
        about = self._gauge("model_info", "The model that reads the articles", "name", "version", mode="livemax")
        about.labels(model.name, model.version).set(1)
        self._memory = self._gauge("worker_memory_bytes", "Memory of the largest worker", mode="livemax")
        self._replaced = self._counter(
            "workers_replaced", "Workers that were replaced because they had too much memory"
        )
        reloads = self._counter(*_RELOADS)
        for outcome in get_args(Outcome):
            reloads.labels(outcome)
        self._told = False

    def text(self) -> bytes:
        """All of it in Prometheus's text format, of every worker."""
        registry = self._registry
        if self._folder is not None:
            registry = CollectorRegistry()
            MultiProcessCollector(registry, str(self._folder))  # type: ignore[no-untyped-call]
        return generate_latest(registry)

    def ready(self, ready: bool) -> None:
        """Whether this worker answers articles."""
        with self._spared():
            self._ready.set(int(ready))

    def has_memory(self, size: int) -> None:
        """This worker has so many bytes of memory."""
        with self._spared():
            self._memory.set(size)

    def replaced(self) -> None:
        """This worker ends because it has too much memory, and another will take its place."""
        with self._spared():
            self._replaced.inc()

    def arrived(self) -> None:
        """A request has come."""
        with self._spared():
            self._in_flight.inc()

    def connection_shed(self, reason: ShedReason) -> None:
        """A connection was closed to make room for others."""
        with self._spared():
            self._shed.labels(reason).inc()

    def accept_failed(self) -> None:
        """No connection could be accepted: there is no descriptor left."""
        with self._spared():
            self._accept_failures.inc()

    @contextmanager
    def during(self, stage: Stage) -> Iterator[None]:
        """Time a stage, and count who waits."""
        began = perf_counter()
        if stage == "wait":
            with self._spared():
                self._waiting.inc()
        try:
            yield
        finally:
            with self._spared():
                if stage == "wait":
                    self._waiting.dec()
                self._stage_seconds.labels(stage).observe(perf_counter() - began)

    def answered(self, account: Account, seconds: float) -> None:
        """A request has been answered."""
        with self._spared():
            self._in_flight.dec()
            self._requests.labels(account.method, account.route, account.status).inc()
            self._request_seconds.labels(account.route).observe(seconds)
            self._articles.inc(account.articles)
            self._kept.inc(account.kept)
            self._characters.inc(account.characters)
            self._sentences.inc(account.sentences)
            for kind, many in account.quotes.items():
                self._quotes.labels(kind).inc(many)
            for reason, many in account.rejections.items():
                self._rejections.labels(reason).inc(many)

    @contextmanager
    def _spared(self) -> Iterator[None]:
        """Spare the request what is wrong with its metrics, and tell it in the log, once."""
        try:
            yield
        except Exception as error:  # whatever the disk, or prometheus_client, has
            with self._telling:
                told, self._told = self._told, True
            if not told:
                structlog.get_logger().error("metrics cannot be written", exc_info=error)

    def _counter(self, name: str, help_text: str, *labels: str) -> Counter:
        return Counter(_PREFIX + name, help_text, labels, registry=self._registry)

    def _histogram(self, name: str, help_text: str, label: str, buckets: tuple[float, ...]) -> Histogram:
        return Histogram(_PREFIX + name, help_text, [label], registry=self._registry, buckets=buckets)

    def _gauge(self, name: str, help_text: str, *labels: str, mode: Any = "livesum") -> Gauge:
        return Gauge(_PREFIX + name, help_text, labels, registry=self._registry, multiprocess_mode=mode)

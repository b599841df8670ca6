"""Start the service: a master that has checked the model and the port, and workers that share or load the model."""

import signal
import socket
import sys
import time
from mmap import mmap
from pathlib import Path
from typing import Any, Final

import structlog
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]

from service.api.admission import MAX_UPLOADS
from service.app import create_app, make_ready
from service.errors import PullquoteError, SettingsError
from service.parsing.library_setup import shorten_torch
from service.parsing.load import check_model, identity, load_parser, pack_folder
from service.parsing.parser import Parser
from service.pipeline import warm_up
from service.server import logs
from service.server.callers import Key, read_keys
from service.server.metrics import FOLDER_VARIABLE, MasterMetrics, MetricsFolder
from service.server.resources import freeze_memory, share_memory, threads_of_this_process
from service.server.tracing import check_tracing, open_tracer
from service.settings import Settings


class Master(Arbiter):  # type: ignore[misc]
    """The master process. `app` is a `Server`.

    Differences from gunicorn's `Arbiter`:

    - On SIGHUP, the key file and the model are checked first. If one of them is invalid, nothing changes.
    - New workers start next to the old ones, which are stopped once all new workers are ready. If a new worker cannot
      start, the new ones are stopped instead.
    """

    def __init__(self, app: Any) -> None:
        super().__init__(app)
        self.metrics = MasterMetrics()
        self._keys_before = app.keys  # the keys of the running workers
        self._old: list[Any] = []  # workers to stop when the new ones are ready
        self._new: list[Any] = []
        self._given_up: list[Any] = []  # new workers that are being stopped

    def reload(self) -> None:
        """Handle SIGHUP: start new workers with the current keys of the file."""
        try:
            keys = self.app.checked()
        except Exception as error:
            self._refuse(str(error) if isinstance(error, PullquoteError) else type(error).__name__)
            return
        self._give_up()  # those of an earlier signal that are not ready yet
        self._keys_before, self.app.keys = self.app.keys, keys
        self._old = [worker for worker in self.WORKERS.values() if worker not in self._given_up]
        for _ in range(self.num_workers):
            self.spawn_worker()
        self._new = [worker for worker in self.WORKERS.values() if worker not in self._old + self._given_up]

    def manage_workers(self) -> None:
        """Start missing workers and stop surplus ones."""
        if self._new:
            self._exchange()
        self._given_up = [worker for worker in self._given_up if worker.pid in self.WORKERS]
        for worker in self._given_up:  # again: a worker that has just been forked does not handle the signal yet
            self.kill_worker(worker.pid, signal.SIGTERM)
        if not self._new and not self._given_up:
            super().manage_workers()

    def _exchange(self) -> None:
        """Stop the old workers once all new ones are ready, or the new ones if one cannot start."""
        waited_for = [worker for worker in self._new if not worker.ready]
        if not waited_for:
            for worker in self._old:
                if worker.pid in self.WORKERS:
                    worker.relieved.set()
                    self.kill_worker(worker.pid, signal.SIGTERM)
            self._old, self._new = [], []
            self.metrics.reloaded("done")
        elif any(worker.pid not in self.WORKERS for worker in waited_for):
            self._give_up()
            self._refuse("A new worker could not start.")

    def _give_up(self) -> None:
        """Stop the new workers; the old ones keep running with their keys."""
        if not self._new:
            return
        for worker in self._new:
            if worker.pid in self.WORKERS:
                self._given_up.append(worker)
                worker.relieved.set()
                self.kill_worker(worker.pid, signal.SIGTERM)
        self._old, self._new = [], []
        self.app.keys = self._keys_before

    def _refuse(self, reason: str) -> None:
        structlog.get_logger().error("The reload failed. The running workers are kept.", reason=reason)
        self.metrics.reloaded("refused")


# Waiting requests, uploads and batches each hold a thread. These are extra, so that rejections and health checks are
# never blocked.
_EXTRA_THREADS: Final = 8
# A worker that sends no heartbeat for this long is replaced. It sends none while it loads its model.
_SILENCE_SECONDS: Final = 120
# Idle connections are closed after this time: later than load balancers (a minute) and clients (seconds) close theirs,
# or they would lose a request sent at that moment. An idle connection uses no thread.
_IDLE_SECONDS: Final = 75


def configuration(settings: Settings, metrics_folder: Path | None = None) -> dict[str, Any]:
    """Return gunicorn's settings, by gunicorn's names."""
    host = f"[{settings.host}]" if ":" in settings.host else settings.host
    threads = settings.threads
    return {
        "bind": f"{host}:{settings.port}",
        "proc_name": "pullquote",
        "workers": settings.workers,
        # Threads wait, parse (one at a time) and respond to health checks; more processes give more throughput.
        "worker_class": "service.server.worker.Worker",
        "threads": settings.max_waiting + 1 + settings.max_batches + MAX_UPLOADS + _EXTRA_THREADS,
        # Each worker creates its own application; `service/server/launch.py` loads the model before the fork where
        # that is safe.
        "preload_app": False,
        # Before the worker imports torch: more threads than cores make every parse slower.
        "raw_env": [
            f"OMP_NUM_THREADS={threads}",
            f"MKL_NUM_THREADS={threads}",
            "TOKENIZERS_PARALLELISM=false",  # a batch has few words, and a fork must find no other thread
            *([f"{FOLDER_VARIABLE}={metrics_folder}"] if metrics_folder else []),
        ],
        "timeout": _SILENCE_SECONDS,
        "keepalive": _IDLE_SECONDS,
        "graceful_timeout": round(settings.grace_seconds),
        "max_requests": settings.max_requests,
        "max_requests_jitter": settings.max_requests_jitter,
        # By default, gunicorn lets a client on loopback set SCRIPT_NAME and PATH_INFO.
        "forwarder_headers": "",
        "limit_request_line": settings.max_address_bytes,
        "limit_request_fields": settings.max_headers,
        "limit_request_field_size": settings.max_header_bytes,
        "control_socket_disable": True,
        "accesslog": None,
        "pre_request": _say_nothing,
        "loglevel": settings.log_level,
        "logconfig_dict": logs.for_gunicorn(settings.log_level),
    }


def _say_nothing(_worker: Any, _request: Any) -> None:
    """Replace gunicorn's hook, which logs each request's address at debug level."""


_SET: Final = b"\1"


class SharedFlag:
    """False until any process that shares it sets it."""

    def __init__(self) -> None:
        self._byte = mmap(-1, 1)

    def __bool__(self) -> bool:
        return self._byte[:] == _SET

    def set(self) -> None:
        """Set the flag for all processes."""
        self._byte[:] = _SET


_FORKS_SAFELY: Final = sys.platform == "linux"  # on other systems, system libraries start threads of their own
_CANNOT_START: Final = 5  # exit status of a worker that failed while others run; it is replaced
_RESTART_SECONDS: Final = 5.0  # delay before the replacement


def serve(settings: Settings) -> None:
    """Run the server until it is stopped, then exit with gunicorn's status.

    Raises `ModelError` or `SettingsError` before any process is started if the model or the port cannot be used.
    """
    check_model(settings)
    check_port(settings)
    check_tracing(settings.traces)
    keys = _keys(settings)
    metrics = MetricsFolder.made_for(settings)
    logs.configure(settings.log_level)
    wsgi.SERVER = "pullquote"  # the Server header of every response; it does not reveal the server software
    Server(settings, metrics, keys).run()


def check_port(settings: Settings) -> None:
    """Raise `SettingsError` if the service cannot listen on the configured address."""
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM)[
            0
        ]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        raise SettingsError(
            f"Cannot listen on {settings.host} port {settings.port}: {error.strerror}. Choose another "
            "address with PULLQUOTE_HOST and PULLQUOTE_PORT, or --host and --port."
        ) from None


def loads_before_fork(settings: Settings) -> bool:
    """Return whether the model is loaded before the fork and shared by the workers.

    A fork is safe if no other thread holds a lock. Loading a model pack starts no thread if torch uses one thread; what
    loading a user's own models does is unknown.
    """
    return settings.preload and _FORKS_SAFELY and settings.threads == 1 and pack_folder(settings) is not None


def _keys(settings: Settings) -> tuple[Key, ...] | None:
    return None if settings.keys_file is None else read_keys(settings.keys_file)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, configured by the settings instead of its command line.

    `keys` are given to the workers started from now on. Only the master reads the key file, so a replacement worker
    does not depend on its current content. `served` is set once a worker is ready. `parser` is the shared one, if it is
    loaded before the fork.
    """

    def __init__(self, settings: Settings, metrics: MetricsFolder, keys: tuple[Key, ...] | None) -> None:
        self.settings = settings
        self.metrics = metrics
        self.keys = keys
        self.served = SharedFlag()
        self.parser: Parser | None = None
        self.model_identity: str | None = None
        super().__init__(prog="pullquote")

    def run(self) -> None:
        """Run the master, and exit with its status."""
        master = Master(self)  # sets the environment that torch reads when it is imported
        if loads_before_fork(self.settings):
            self._load_to_share()
        master.run()

    def _load_to_share(self) -> None:
        """Load what the workers share, with all lexicons, and freeze it, so that their garbage collectors do not copy
        its pages."""
        share_memory()
        before = threads_of_this_process()  # numpy's, which it stops before a fork
        try:
            shorten_torch()
            parser, model_identity = load_parser(self.settings), identity(self.settings)
            warm_up(parser)
        except Exception as error:  # also of an article with a model that loads, but does not work
            reason = str(error) if isinstance(error, PullquoteError) else logs.without_words(error)
            structlog.get_logger().error("The model could not be loaded. The server stops.", reason=reason)
            self.cfg.on_exit(None)
            sys.exit(Arbiter.APP_LOAD_ERROR)
        if (left := threads_of_this_process() - before) > 0:
            structlog.get_logger().warning(
                "Loading the model started threads, so each worker loads its own copy.", threads=left
            )
            return
        self.parser, self.model_identity = parser, model_identity
        freeze_memory()

    def load_config(self) -> None:
        """Configure gunicorn. Called once: the configuration does not change while the server runs."""
        for name, value in (configuration(self.settings, self.metrics.path) | self.metrics.hooks).items():
            self.cfg.set(name, value)

    def checked(self) -> tuple[Key, ...] | None:
        """Read the key file again. Raises `SettingsError` or `ModelError` if a worker could not start."""
        keys = _keys(self.settings)
        if self.parser is None:
            check_model(self.settings)
        return keys

    def load(self) -> Any:
        """Create the application of one worker, after the fork.

        If the first worker cannot load its model, the server stops (gunicorn's `APP_LOAD_ERROR`), since others would
        fail too. Later, workers that have a model keep running and the failed worker is started again.
        """
        log, started = structlog.get_logger(), time.monotonic()
        share_memory()
        try:
            if self.parser is None and pack_folder(self.settings) is not None:
                shorten_torch()
            parser = self.parser or load_parser(self.settings)
            tracer = open_tracer(self.settings.traces)
            app = create_app(self.settings, parser, self.metrics.path, tracer, self.keys, self.model_identity)
            make_ready(app)
            if self.parser is None:
                freeze_memory()
        except Exception as error:
            if not self.served and not isinstance(error, PullquoteError):
                raise
            reason = str(error) if isinstance(error, PullquoteError) else logs.without_words(error)
            if not self.served:
                log.error("A worker could not start. The server stops.", reason=reason)
                sys.exit(Arbiter.APP_LOAD_ERROR)
            log.error("A worker could not start. It will be started again.", reason=reason)
            time.sleep(_RESTART_SECONDS)
            sys.exit(_CANNOT_START)
        seconds = round(time.monotonic() - started, 1)
        log.info("ready", model=parser.model.name, version=parser.model.version, seconds=seconds)
        return app

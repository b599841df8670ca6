"""The service as processes: a master that has checked the model and the port, and workers that load the model."""

import gc
import socket
import sys
import time
from typing import Any, Final

import structlog
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]

from service import logs
from service.app import create_app, make_ready
from service.article.language_detection import load_detector
from service.errors import PullquoteError, SettingsError
from service.gunicorn_config import configuration
from service.keys import Key, read_keys
from service.master import Master
from service.memory import share_memory, threads_of_this_process
from service.metrics_folder import MetricsFolder
from service.parsing.load import check_model, identity, load_parser, pack_folder
from service.parsing.parser import Parser
from service.settings import Settings
from service.shared_flag import SharedFlag
from service.tracing import check_tracing, open_tracer

_FORKS_SAFELY: Final = sys.platform == "linux"  # elsewhere the system's libraries have threads of their own
_CANNOT_START: Final = 5  # the exit status of a worker beside which others may run; another takes its place
_PAUSE_SECONDS: Final = 5.0  # before it does


def serve(settings: Settings) -> None:
    """Serve until told to stop, and leave with gunicorn's exit status.

    Raises `ModelError` or `SettingsError` before a process is started where the model or the port cannot be used.
    """
    check_model(settings)
    check_port(settings)
    check_tracing(settings)
    keys = _keys(settings)
    metrics = MetricsFolder.made_for(settings)
    logs.configure(settings.log_level)
    wsgi.SERVER = "pullquote"  # the Server header of every answer; which server it is, is nobody's business
    Server(settings, metrics, keys).run()


def check_port(settings: Settings) -> None:
    """Raise `SettingsError` where the address cannot be listened on."""
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
            f"Nothing can listen on {settings.host} port {settings.port}: {error.strerror}. Choose others with "
            "PULLQUOTE_HOST and PULLQUOTE_PORT, or --host and --port."
        ) from None


def loads_before_fork(settings: Settings) -> bool:
    """Whether the workers share one model, which is loaded before they are started.

    A process is forked safely as long as no other thread holds a lock. Loading a pack starts no thread where torch has
    one; what loading a user's own models does is not known.
    """
    return settings.preload and _FORKS_SAFELY and settings.threads == 1 and pack_folder(settings) is not None


def _keys(settings: Settings) -> tuple[Key, ...] | None:
    return None if settings.keys_file is None else read_keys(settings.keys_file)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, with the settings in the place of its command line.

    `keys` are those of the workers that are started from now on. Only the master reads their file: a worker that takes
    another's place does not depend on what has become of it. `served` is set once a worker is ready. `parser` is what
    the workers share, where it is loaded before they are started.
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
        """Be the master, and leave with its exit status."""
        master = Master(self)  # has set the environment that torch reads when it is imported
        if loads_before_fork(self.settings):
            self._load_to_share()
        master.run()

    def _load_to_share(self) -> None:
        """Load the parser that the workers share, and keep it from being copied by their garbage collectors."""
        share_memory()
        before = threads_of_this_process()  # numpy's, which it ends before a fork
        try:
            parser, model_identity = load_parser(self.settings), identity(self.settings)
            load_detector()
        except PullquoteError as error:
            structlog.get_logger().error("The model cannot be loaded, and the server stops.", reason=str(error))
            self.cfg.on_exit(None)
            sys.exit(Arbiter.APP_LOAD_ERROR)
        if (left := threads_of_this_process() - before) > 0:
            structlog.get_logger().warning("Each worker loads the model: loading it has left threads.", threads=left)
            return
        self.parser, self.model_identity = parser, model_identity
        gc.collect()
        gc.freeze()

    def load_config(self) -> None:
        """Set what gunicorn is to do. It is called once: nothing of it changes while the server runs."""
        for name, value in (configuration(self.settings, self.metrics.path) | self.metrics.hooks).items():
            self.cfg.set(name, value)

    def checked(self) -> tuple[Key, ...] | None:
        """The keys that their file has now. Raises `SettingsError` or `ModelError` where a worker could not start."""
        keys = _keys(self.settings)
        if self.parser is None:
            check_model(self.settings)
        return keys

    def load(self) -> Any:
        """The application of one worker, after the fork.

        The first worker without a model ends the server: see gunicorn's `APP_LOAD_ERROR`; another in its place would
        fail as well. Later the workers that have a model go on, and it is tried again.
        """
        log, started = structlog.get_logger(), time.monotonic()
        share_memory()
        try:
            parser = self.parser or load_parser(self.settings)
            app = create_app(
                self.settings, parser, self.metrics.path, open_tracer(self.settings), self.keys, self.model_identity
            )
            make_ready(app)
        except Exception as error:
            if not self.served and not isinstance(error, PullquoteError):
                raise
            reason = str(error) if isinstance(error, PullquoteError) else logs.without_words(error)
            if not self.served:
                log.error("A worker cannot start, and the server stops.", reason=reason)
                sys.exit(Arbiter.APP_LOAD_ERROR)
            log.error("A worker cannot start. It is tried again.", reason=reason)
            time.sleep(_PAUSE_SECONDS)
            sys.exit(_CANNOT_START)
        seconds = round(time.monotonic() - started, 1)
        log.info("ready", model=parser.model.name, version=parser.model.version, seconds=seconds)
        return app

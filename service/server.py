"""The service as processes: a master that has checked the model and the port, and workers that load the model."""

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
from service.errors import PullquoteError, SettingsError
from service.gunicorn_config import configuration
from service.keys import Key, read_keys
from service.master import Master
from service.memory import share_memory
from service.metrics_folder import MetricsFolder
from service.parsing.load import check_model, load_parser
from service.settings import Settings
from service.shared_flag import SharedFlag
from service.tracing import check_tracing, open_tracer

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


def _keys(settings: Settings) -> tuple[Key, ...] | None:
    return None if settings.keys_file is None else read_keys(settings.keys_file)


class Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, with the settings in the place of its command line.

    `keys` are those of the workers that are started from now on. Only the master reads their file: a worker that takes
    another's place does not depend on what has become of it. `served` is set once a worker is ready.
    """

    def __init__(self, settings: Settings, metrics: MetricsFolder, keys: tuple[Key, ...] | None) -> None:
        self.settings = settings
        self.metrics = metrics
        self.keys = keys
        self.served = SharedFlag()
        super().__init__(prog="pullquote")

    def run(self) -> None:
        """Be the master, and leave with its exit status."""
        Master(self).run()

    def load_config(self) -> None:
        """Set what gunicorn is to do. It is called once: nothing of it changes while the server runs."""
        for name, value in (configuration(self.settings, self.metrics.path) | self.metrics.hooks).items():
            self.cfg.set(name, value)

    def checked(self) -> tuple[Key, ...] | None:
        """The keys that their file has now. Raises `SettingsError` or `ModelError` where a worker could not start."""
        keys = _keys(self.settings)
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
            parser = load_parser(self.settings)
            app = create_app(self.settings, parser, self.metrics.path, open_tracer(self.settings), self.keys)
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

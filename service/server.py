"""The service as processes: a master that has checked the model and the port, and workers that load the model."""

import socket
import sys
import time
from typing import Any

import structlog
from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.http import wsgi  # type: ignore[import-untyped]

from service import logs
from service.app import create_app, make_ready
from service.errors import PullquoteError, SettingsError
from service.gunicorn_config import configuration
from service.keys import read_keys
from service.memory import share_memory
from service.metrics_folder import MetricsFolder
from service.parsing.load import check_model, load_parser
from service.settings import Settings
from service.tracing import check_tracing, open_tracer


def serve(settings: Settings) -> None:
    """Serve until told to stop, and leave with gunicorn's exit status.

    Raises `ModelError` or `SettingsError` before a process is started where the model or the port cannot be used.
    """
    check_model(settings)
    check_port(settings)
    check_tracing(settings)
    if settings.keys_file is not None:
        read_keys(settings.keys_file)
    metrics = MetricsFolder.made_for(settings)
    logs.configure(settings.log_level)
    wsgi.SERVER = "pullquote"  # the Server header of every answer; which server it is, is nobody's business
    _Server(settings, metrics).run()


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


class _Server(BaseApplication):  # type: ignore[misc]
    """gunicorn, with the settings in the place of its command line."""

    def __init__(self, settings: Settings, metrics: MetricsFolder) -> None:
        self.settings = settings
        self.metrics = metrics
        super().__init__(prog="pullquote")

    def load_config(self) -> None:
        for name, value in (configuration(self.settings, self.metrics.path) | self.metrics.hooks).items():
            self.cfg.set(name, value)

    def load(self) -> Any:
        """The application of one worker, after the fork. A worker without a model ends the server: see gunicorn's
        `APP_LOAD_ERROR`; another worker in its place would fail as well."""
        log, started = structlog.get_logger(), time.monotonic()
        share_memory()
        try:
            parser = load_parser(self.settings)
            app = create_app(self.settings, parser, self.metrics.path, open_tracer(self.settings))
            make_ready(app)
        except PullquoteError as error:
            log.error("A worker cannot start, and the server stops.", reason=str(error))
            sys.exit(Arbiter.APP_LOAD_ERROR)
        seconds = round(time.monotonic() - started, 1)
        log.info("ready", model=parser.model.name, version=parser.model.version, seconds=seconds)
        return app

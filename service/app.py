"""The Flask application factory."""

from pathlib import Path

from flask import Flask, request
from werkzeug.exceptions import NotFound

from service.api import operations, pages, problems, quotes
from service.api.access import require_keys, share
from service.api.accounting import record_requests
from service.api.admission import AdmissionQueue
from service.api.response_cache import ResponseCache, fingerprint
from service.api.responses import compress_responses, secure
from service.api.state import EXTENSION, AppState
from service.input.page_reader import PageReader
from service.parsing.embedded.arithmetic import processor_kind
from service.parsing.load import identity
from service.parsing.parser import Parser, ParserThread, WatchedParser
from service.pipeline import warm_up
from service.server.callers import Key, read_keys
from service.server.metrics import Metrics
from service.server.tracing import Tracer
from service.settings import Settings


def create_app(
    settings: Settings,
    parser: Parser,
    metrics_folder: Path | None = None,
    tracer: Tracer | None = None,
    keys: tuple[Key, ...] | None = None,
    model_identity: str | None = None,
) -> Flask:
    """Create the application. It responds 503 to articles until `make_ready` is called.

    `metrics_folder` is shared by all workers' metrics, if there are several (`service/server/metrics.py`). `keys` (from
    the settings' key file) and `model_identity` (`load.identity`) save reading them again.
    """
    app = Flask("service", static_folder=None)
    app.url_map.merge_slashes = False  # respond 404 to "/quotes//batch" instead of redirecting
    app.before_request(_refuse_leading_slashes)
    metrics = Metrics(parser.model, settings.workers, metrics_folder)
    admission = AdmissionQueue(
        settings.max_waiting, settings.wait_seconds, settings.max_batches, settings.deadline_seconds
    )
    app.extensions[EXTENSION] = AppState(
        settings,
        WatchedParser(ParserThread(parser)),
        admission,
        PageReader(settings.page_seconds),
        ResponseCache(settings.cache_answers, settings.cache_bytes, settings.deadline_seconds),
        fingerprint(f"{model_identity or identity(settings)} {processor_kind()}"),
        metrics,
    )
    record_requests(app, metrics, tracer)
    problems.register(app)
    if settings.keys_file is not None:
        require_keys(app, keys or read_keys(settings.keys_file), settings.metrics_open)
    for part in (quotes, operations, pages):
        app.register_blueprint(part.blueprint)
    compress_responses(app)
    app.after_request(secure)
    if settings.origins:
        share(app, settings.origins)
    return app


def _refuse_leading_slashes() -> None:
    """Respond 404 to `//metrics`: Werkzeug treats it as `/metrics`, which would bypass a reverse proxy's rules for
    `/metrics`."""
    if request.environ["PATH_INFO"].startswith("//"):
        raise NotFound


def make_ready(app: Flask) -> None:
    """Process a small built-in article, then mark `app` as ready."""
    app_state: AppState = app.extensions[EXTENSION]
    with app_state.admission.slot():
        warm_up(app_state.parser)
    app_state.ready.set()
    app_state.metrics.ready(True)


def start_draining(app: Flask) -> None:
    """Stop accepting articles; requests in progress are finished. The process stays alive but is not ready."""
    app_state: AppState = app.extensions[EXTENSION]
    app_state.draining.set()
    app_state.metrics.ready(False)

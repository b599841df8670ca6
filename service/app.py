"""The Flask application: settings and a parser in, an application out."""

from pathlib import Path

from flask import Flask, request
from werkzeug.exceptions import NotFound

from service.api import batch, docs, operations, problems, quotes, screen, verify
from service.api.accounting import keep_accounts
from service.api.admission import Turns
from service.api.authentication import require_keys
from service.api.compression import compress_responses
from service.api.desk import EXTENSION, Desk
from service.api.headers import secure
from service.api.kept_answers import KeptAnswers
from service.api.origins import share
from service.api.repeats import made_by
from service.article.page_reader import PageReader
from service.keys import Key, read_keys
from service.metrics import Metrics
from service.parsing.embedded.arithmetic import processor_kind
from service.parsing.load import identity
from service.parsing.parser import Parser
from service.parsing.parser_thread import ParserThread
from service.parsing.watched_parser import WatchedParser
from service.pipeline import warm_up
from service.settings import Settings
from service.tracing import Tracer


def create_app(
    settings: Settings,
    parser: Parser,
    metrics_folder: Path | None = None,
    tracer: Tracer | None = None,
    keys: tuple[Key, ...] | None = None,
    model_identity: str | None = None,
) -> Flask:
    """Return the application. It answers 503 to articles until `make_ready` has been called.

    `metrics_folder` is the one that all workers' metrics are in, where there are several (`service/metrics.py`). `keys`
    are those of the settings' file and `model_identity` is `load.identity`, where they have been read already.
    """
    app = Flask("service", static_folder=None)
    app.url_map.merge_slashes = False  # "/quotes//batch" is not found, rather than a redirect
    app.before_request(_refuse_leading_slashes)
    metrics = Metrics(parser.model, settings.workers, metrics_folder)
    turns = Turns(settings.max_waiting, settings.wait_seconds, settings.max_batches, settings.deadline_seconds)
    app.extensions[EXTENSION] = Desk(
        settings,
        WatchedParser(ParserThread(parser)),
        turns,
        PageReader(settings.page_seconds),
        KeptAnswers(settings.cache_answers, settings.cache_bytes, settings.deadline_seconds),
        made_by(f"{model_identity or identity(settings)} {processor_kind()}"),
        metrics,
    )
    keep_accounts(app, metrics, tracer)
    problems.register(app)
    if settings.keys_file is not None:
        require_keys(app, keys or read_keys(settings.keys_file), settings.metrics_open)
    for part in (quotes, batch, verify, operations, docs, screen):
        app.register_blueprint(part.blueprint)
    compress_responses(app)
    app.after_request(secure)
    if settings.origins:
        share(app, settings.origins)
    return app


def _refuse_leading_slashes() -> None:
    """Werkzeug takes `//metrics` for `/metrics`, past what a proxy before the service has to say of `/metrics`."""
    if request.environ["PATH_INFO"].startswith("//"):
        raise NotFound


def make_ready(app: Flask) -> None:
    """Have `app` answer an article of its own, then let it answer others."""
    desk: Desk = app.extensions[EXTENSION]
    with desk.turns.turn():
        warm_up(desk.parser)
    desk.ready.set()
    desk.metrics.ready(True)


def start_draining(app: Flask) -> None:
    """Have `app` answer no more articles than it has begun with; it stays alive, and is not ready."""
    desk: Desk = app.extensions[EXTENSION]
    desk.draining.set()
    desk.metrics.ready(False)

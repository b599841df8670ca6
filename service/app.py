"""The Flask application: settings and a parser in, an application out."""

from flask import Flask, Response

from service.api import batch, docs, operations, problems, quotes, screen, verify
from service.api.admission import Turns
from service.api.desk import EXTENSION, Desk
from service.api.kept_answers import KeptAnswers
from service.api.repeats import made_by
from service.article.page_reader import PageReader
from service.parsing.load import identity
from service.parsing.parser import Parser
from service.pipeline import warm_up
from service.settings import Settings


def create_app(settings: Settings, parser: Parser) -> Flask:
    """Return the application. It answers 503 to articles until `make_ready` has been called."""
    app = Flask("service", static_folder=None)
    app.url_map.merge_slashes = False  # "//healthz" is not found, rather than a redirect
    app.extensions[EXTENSION] = Desk(
        settings,
        parser,
        Turns(settings.max_waiting, settings.timeout_seconds, settings.max_batches),
        PageReader(settings.page_seconds),
        KeptAnswers(settings.cache_answers, settings.cache_bytes, settings.timeout_seconds),
        made_by(identity(settings)),
    )
    problems.register(app)
    for part in (quotes, batch, verify, operations, docs, screen):
        app.register_blueprint(part.blueprint)
    app.after_request(_secure)
    return app


def make_ready(app: Flask) -> None:
    """Have `app` answer an article of its own, then let it answer others."""
    desk: Desk = app.extensions[EXTENSION]
    with desk.turns.turn():
        warm_up(desk.parser)
    desk.ready.set()


def _secure(response: Response) -> Response:
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")
    return response

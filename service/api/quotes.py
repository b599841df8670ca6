"""`POST /quotes`: find who said what in an article."""

from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, request

from schemas.request import load_request
from service.api.body import read_document
from service.api.cached_responses import cached_response, etag_for
from service.api.responses import negotiated
from service.api.state import app_state
from service.input.article import Deadline
from service.output.media_types import MEDIA_TYPES, write
from service.pipeline import article_of, quotes_of
from service.server.request_stats import stage

blueprint: Final = Blueprint("quotes", __name__)


@blueprint.post("/quotes")
def post_quotes() -> Response:
    """Respond with the article's quotes and speakers, in the negotiated format."""
    state = app_state()
    state.check_ready()
    media_type = negotiated(request, tuple(MEDIA_TYPES))
    most = state.settings.max_characters
    with stage("read"), state.admission.upload():
        fields, options = load_request(read_document(request, state.settings), most)

    def make() -> str:
        with state.admission.slot_in_queue():
            deadline = Deadline.after(state.settings.deadline_seconds)
            article = article_of(fields, state.pages, most, form=options.form)
            report = quotes_of(article, state.parser, options, deadline)
        with stage("render"):
            return write(media_type, article, report, options, state.parser.model)

    tag = etag_for(state.fingerprint, media_type, fields, asdict(options))
    return cached_response(request, state, tag, MEDIA_TYPES[media_type], make)

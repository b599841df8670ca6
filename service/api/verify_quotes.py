"""`POST /quotes/verify`: verify quotes against an article."""

from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, request

from schemas.printed import load_verify_request
from service.api.body import read_json
from service.api.cached_responses import cached_response, etag_for
from service.api.responses import negotiated
from service.api.state import app_state
from service.input.article import Deadline
from service.output.checks_csv import checks_to_csv
from service.output.media_types import CSV, JSON, MEDIA_TYPES
from service.output.rendering import to_json
from service.pipeline import article_of, verification
from service.server.request_stats import stage

blueprint: Final = Blueprint("verify", __name__)


@blueprint.post("/quotes/verify")
def post_verify() -> Response:
    """Respond with the result for each printed quote, and the article's quotes and speakers."""
    state = app_state()
    state.check_ready()
    media_type = negotiated(request, (JSON, CSV))
    limits = state.settings
    with stage("read"), state.admission.upload():
        fields, claims, options = load_verify_request(
            read_json(request, limits), limits.max_characters, limits.max_quotes, limits.max_quote_words
        )

    def make() -> str:
        with state.admission.slot_in_queue():
            deadline = Deadline.after(limits.deadline_seconds)
            article = article_of(fields, state.pages, limits.max_characters, form=options.form)
            answer = verification(article, state.parser, claims, options, deadline)
        return checks_to_csv(answer) if media_type == CSV else to_json(answer) + "\n"

    parameters = {"claims": [*claims], **asdict(options)}
    tag = etag_for(state.fingerprint, media_type, fields, parameters)
    return cached_response(request, state, tag, MEDIA_TYPES[media_type], make)

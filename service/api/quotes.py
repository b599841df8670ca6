"""`POST /quotes`: find who said what in an article."""

from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, request

from schemas.request import load_request
from service.account import stage
from service.api.body import read_document
from service.api.desk import desk
from service.api.negotiation import negotiated
from service.api.repeats import response_of, tag_of
from service.deadline import Deadline
from service.pipeline import quotes_of
from service.reading import article_of
from service.representations.media_types import MEDIA_TYPES, write

blueprint: Final = Blueprint("quotes", __name__)


@blueprint.post("/quotes")
def post_quotes() -> Response:
    """Respond with the article's quotes and speakers, in the negotiated format."""
    here = desk()
    here.check_ready()
    media_type = negotiated(request, tuple(MEDIA_TYPES))
    most = here.settings.max_characters
    with stage("read"), here.turns.receiving():
        fields, options = load_request(read_document(request, here.settings), most)

    def make() -> str:
        with here.turns.turn_in_place():
            deadline = Deadline.after(here.settings.deadline_seconds)
            article = article_of(fields, here.pages, most)
            report = quotes_of(article, here.parser, options, deadline)
        with stage("render"):
            return write(media_type, article, report, options, here.parser.model)

    tag = tag_of(here.made_by, media_type, fields, asdict(options))
    return response_of(request, here, tag, MEDIA_TYPES[media_type], make)

"""`POST /quotes/verify`: verify quotes against an article."""

from dataclasses import asdict
from typing import Final

from flask import Blueprint, Response, request

from schemas.printed import load_verify_request
from service.account import stage
from service.api.body import read_json
from service.api.desk import desk
from service.api.negotiation import negotiated
from service.api.repeats import response_of, tag_of
from service.deadline import Deadline
from service.pipeline import verification
from service.reading import article_of
from service.rendering import to_json
from service.representations.checks_csv import checks_to_csv
from service.representations.media_types import CSV, JSON, MEDIA_TYPES

blueprint: Final = Blueprint("verify", __name__)


@blueprint.post("/quotes/verify")
def post_verify() -> Response:
    """Respond with the result for each printed quote, and the article's quotes and speakers."""
    here = desk()
    here.check_ready()
    media_type = negotiated(request, (JSON, CSV))
    limits = here.settings
    with stage("read"), here.turns.receiving():
        fields, claims, options = load_verify_request(
            read_json(request, limits), limits.max_characters, limits.max_quotes, limits.max_quote_words
        )

    def make() -> str:
        with here.turns.turn_in_place():
            deadline = Deadline.after(limits.deadline_seconds)
            article = article_of(fields, here.pages, limits.max_characters)
            answer = verification(article, here.parser, claims, options, deadline)
        return checks_to_csv(answer) if media_type == CSV else to_json(answer) + "\n"

    wanted = {"claims": [*claims], **asdict(options)}
    tag = tag_of(here.made_by, media_type, fields, wanted)
    return response_of(request, here, tag, MEDIA_TYPES[media_type], make)

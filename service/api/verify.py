"""`POST /quotes/verify`: whether quotes, as somebody wants to print them, are what the article has."""

from typing import Final

from flask import Blueprint, Response, request

from schemas.printed import load_verify_request
from service.api.answers import negotiated_response
from service.api.body import read_json
from service.api.desk import desk
from service.api.negotiation import negotiated
from service.deadline import Deadline
from service.pipeline import verification
from service.reading import article_of
from service.rendering import to_json

blueprint: Final = Blueprint("verify", __name__)


@blueprint.post("/quotes/verify")
def post_verify() -> Response:
    """Answer what is to be said of each printed quote, and the article's quotes and speakers by which it is said."""
    here = desk()
    here.check_ready()
    media_type = negotiated(request, ("application/json",))
    limits = here.settings
    fields, claims, options = load_verify_request(
        read_json(request, limits.max_bytes), limits.max_characters, limits.max_quotes, limits.max_quote_words
    )
    with here.turns.turn():
        deadline = Deadline.after(limits.deadline_seconds)
        article = article_of(fields, here.pages, limits.max_characters)
        answer = verification(article, here.parser, claims, options, deadline)
    return negotiated_response(to_json(answer) + "\n", media_type)

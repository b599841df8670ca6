"""`POST /quotes`: who said what in an article."""

from typing import Final

from flask import Blueprint, Response, request

from schemas.request import load_request
from service.api.answers import json_response
from service.api.body import read_json
from service.api.desk import desk
from service.article.paragraphs import read_article
from service.pipeline import answer

blueprint: Final = Blueprint("quotes", __name__)


@blueprint.post("/quotes")
def post_quotes() -> Response:
    """Answer the quotes and speakers of the article that was sent."""
    here = desk()
    here.check_ready()
    fields, options = load_request(read_json(request, here.settings.max_bytes), here.settings.max_characters)
    with here.turns.turn():
        document = answer(read_article(**fields), here.parser, options)
    return json_response(document)

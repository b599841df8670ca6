"""`POST /quotes/batch`: many articles, one line of JSON each, with the results streamed line by line."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from io import BytesIO
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from schemas.line import split_line
from schemas.request import load_request
from service.account import account, stage
from service.api.answers import negotiated_response
from service.api.body import read_bytes
from service.api.desk import Desk, desk
from service.api.negotiation import negotiated
from service.api.problems import described
from service.api.repeats import tag_of
from service.deadline import Deadline
from service.decoding import parse_json
from service.errors import TooLarge
from service.pipeline import quotes_of
from service.reading import article_of
from service.rendering import to_json
from service.representations.media_types import JSON, write

NDJSON: Final = "application/x-ndjson"
blueprint: Final = Blueprint("batch", __name__)


@blueprint.post("/quotes/batch")
def post_batch() -> Response:
    """Respond to each line, in order, with its article's quotes or with a problem."""
    here = desk()
    here.check_ready()
    negotiated(request, (NDJSON,))
    if request.mimetype != NDJSON:
        sent = f"is {request.mimetype}" if request.mimetype else "is missing"
        raise UnsupportedMediaType(f"The Content-Type {sent[:100]}. Send {NDJSON}.")
    with ExitStack() as held:
        held.enter_context(here.turns.batch())
        body = read_bytes(request, here.settings.max_batch_bytes)
        _check_lines(body, here.settings.max_batch_lines)
        response = negotiated_response(_answers(here, body), NDJSON)
        response.call_on_close(held.pop_all().close)  # also if the client disconnects before the first line
        return response


def _check_lines(body: bytes, limit: int) -> None:
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if lines > limit:
        raise TooLarge(f"The batch has {lines} lines; the limit is {limit}. Send it in parts.")


def _answers(here: Desk, body: bytes) -> Iterator[bytes]:
    """Yield a line for each line of `body` except blank ones. The parsing slot is not held while a line is sent."""
    for number, line in enumerate(BytesIO(body), start=1):
        if not line.isspace():
            yield _answer(here, line.rstrip(b"\r\n"), number)


def _answer(here: Desk, line: bytes, number: int) -> bytes:
    """Return the response that `POST /quotes` would give to the line, sharing its cache."""
    try:
        if len(line) > here.settings.max_bytes:
            raise TooLarge(
                f"The line has {len(line)} bytes; the limit is {here.settings.max_bytes}. Send the article in parts."
            )
        with stage("read"):
            document = parse_json(line, here.settings.max_json_depth, here.settings.max_json_values, "line")
            request_of_line, extra = split_line(document)
            fields, options = load_request(request_of_line, here.settings.max_characters)

        def make() -> str:
            with here.turns.turn_in_batch():
                deadline = Deadline.after(here.settings.deadline_seconds)
                article = article_of(fields, here.pages, here.settings.max_characters, extra)
                report = quotes_of(article, here.parser, options, deadline)
            with stage("render"):
                return write(JSON, article, report, options, here.parser.model)

        wanted = asdict(options) if extra is None else {**asdict(options), "extra": extra}
        answer = here.answers.get_or_make(tag_of(here.made_by, JSON, fields, wanted), make)
    except Exception as error:  # an error in one article does not affect the others
        problem = described(error, line=number)
        account().lines[problem["status"]] += 1
        return (to_json(problem) + "\n").encode()
    account().lines[200] += 1
    return answer

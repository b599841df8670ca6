"""`POST /quotes/batch`: many articles, a line of JSON for each, answered line by line while they are read."""

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
    """Answer each line, in order: with the quotes of its article, or with the problem that it has."""
    here = desk()
    here.check_ready()
    negotiated(request, (NDJSON,))
    if request.mimetype != NDJSON:
        sent = f"is {request.mimetype}" if request.mimetype else "is missing"
        raise UnsupportedMediaType(f"The Content-Type {sent[:100]}; send {NDJSON}.")
    with ExitStack() as held:
        held.enter_context(here.turns.batch())
        body = read_bytes(request, here.settings.max_batch_bytes)
        _check_lines(body, here.settings.max_batch_lines)
        response = negotiated_response(_answers(here, body), NDJSON)
        response.call_on_close(held.pop_all().close)  # also where the client has gone before the first line
        return response


def _check_lines(body: bytes, limit: int) -> None:
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if lines > limit:
        raise TooLarge(f"The batch has {lines} lines; the limit is {limit}. Send it in parts.")


def _answers(here: Desk, body: bytes) -> Iterator[bytes]:
    """A line for each line of `body` but blank ones. No turn is held while a line is sent."""
    for number, line in enumerate(BytesIO(body), start=1):
        if not line.isspace():
            yield _answer(here, line.rstrip(b"\r\n"), number)


def _answer(here: Desk, line: bytes, number: int) -> bytes:
    """The same as `POST /quotes` answers to the line, and kept with its answers."""
    try:
        if len(line) > here.settings.max_bytes:
            raise TooLarge(f"The line has {len(line)} bytes; the limit is {here.settings.max_bytes}.")
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
    except Exception as error:  # whatever is wrong with one article, the others are answered
        problem = described(error, line=number)
        account().lines[problem["status"]] += 1
        return (to_json(problem) + "\n").encode()
    account().lines[200] += 1
    return answer

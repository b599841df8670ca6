"""The endpoints that process articles: `POST /quotes`, `/quotes/verify` and `/quotes/batch`."""

from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict
from io import BytesIO
from typing import Final

from flask import Blueprint, Response, request
from werkzeug.exceptions import UnsupportedMediaType

from schemas.request import load_request, split_line
from schemas.verification import load_verify_request
from service.api.body import read_bytes, read_document, read_json
from service.api.problems import described
from service.api.response_cache import cached_response, etag_for
from service.api.responses import CSV, JSON, MEDIA_TYPES, negotiated, negotiated_response, write
from service.api.state import AppState, app_state
from service.errors import TooLarge
from service.input.article import Deadline
from service.input.decoding import parse_json
from service.output.csv_table import checks_to_csv
from service.output.rendering import to_json
from service.pipeline import article_of, quotes_of, verification
from service.server.request_stats import request_stats, stage

NDJSON: Final = "application/x-ndjson"
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
    return cached_response(request, state.responses, state.admission, tag, MEDIA_TYPES[media_type], make)


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
    return cached_response(request, state.responses, state.admission, tag, MEDIA_TYPES[media_type], make)


@blueprint.post("/quotes/batch")
def post_batch() -> Response:
    """Respond to each line, in order, with its article's quotes or with a problem."""
    state = app_state()
    state.check_ready()
    negotiated(request, (NDJSON,))
    if request.mimetype != NDJSON:
        sent = f"is {request.mimetype}" if request.mimetype else "is missing"
        raise UnsupportedMediaType(f"The Content-Type {sent[:100]}. Send {NDJSON}.")
    with ExitStack() as held:
        held.enter_context(state.admission.batch())
        body = read_bytes(request, state.settings.max_batch_bytes)
        _check_lines(body, state.settings.max_batch_lines)
        response = negotiated_response(_response_lines(state, body), NDJSON)
        response.call_on_close(held.pop_all().close)  # also if the client disconnects before the first line
        return response


def _check_lines(body: bytes, limit: int) -> None:
    lines = body.count(b"\n") + (not body.endswith(b"\n"))
    if lines > limit:
        raise TooLarge(f"The batch has {lines} lines; the limit is {limit}. Send it in parts.")


def _response_lines(state: AppState, body: bytes) -> Iterator[bytes]:
    """Yield a response line for each line of `body` that is not blank.

    The parsing slot is not held while a line is sent.
    """
    for number, line in enumerate(BytesIO(body), start=1):
        if not line.isspace():
            yield _response_line(state, line.rstrip(b"\r\n"), number)


def _response_line(state: AppState, line: bytes, number: int) -> bytes:
    """Return the response that `POST /quotes` would give to the line, sharing its cache."""
    try:
        if len(line) > state.settings.max_bytes:
            raise TooLarge(
                f"The line has {len(line)} bytes; the limit is {state.settings.max_bytes}. Send the article in parts."
            )
        with stage("read"):
            document = parse_json(line, state.settings.max_json_depth, state.settings.max_json_values, "line")
            request_of_line, extra = split_line(document)
            fields, options = load_request(request_of_line, state.settings.max_characters)

        def make() -> str:
            with state.admission.batch_slot():
                deadline = Deadline.after(state.settings.deadline_seconds)
                article = article_of(fields, state.pages, state.settings.max_characters, extra, options.form)
                report = quotes_of(article, state.parser, options, deadline)
            with stage("render"):
                return write(JSON, article, report, options, state.parser.model)

        requested = asdict(options) if extra is None else {**asdict(options), "extra": extra}
        answer = state.responses.get_or_compute(etag_for(state.fingerprint, JSON, fields, requested), make)
    except Exception as error:  # an error in one article does not affect the others
        problem = described(error, line=number)
        request_stats().lines[problem["status"]] += 1
        return (to_json(problem) + "\n").encode()
    request_stats().lines[200] += 1
    return answer

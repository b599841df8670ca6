"""The same request again: known by its tag, answered from what is kept, or told that nothing has changed."""

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import distributions
from typing import Any

from flask import Request, Response

from service import __version__
from service.api.answers import negotiated_response
from service.api.desk import Desk


def made_by(parser: str) -> str:
    """Everything that an answer depends on but the request: Pullquote, its parser, what is installed."""
    return json.dumps([__version__, parser, platform.python_version(), _installed()])


@cache
def _installed() -> list[str]:
    """The packages with their versions. Read once a process: it takes 0.15 s, and what is imported stays the same."""
    return sorted(f"{one.name} {one.version}" for one in distributions())


def tag_of(made_by: str, form: str, fields: Mapping[str, Any], wanted: object) -> str:
    """Return what tells this request for an answer in this form from all others: the answer's strong entity tag."""
    asked = json.dumps([made_by, form, fields, wanted], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def response_of(request: Request, here: Desk, tag: str, content_type: str, make: Callable[[], str]) -> Response:
    """The answer that has `tag`, or 304 where `If-None-Match` says that the client has it (RFC 9110, 13.1.2).

    The same request has the same answer, so the tag is known before the answer: a client that has it waits for no turn,
    nor does one whose answer is kept. `make` makes one, and takes a turn for it.
    """
    known = request.if_none_match
    if known.contains_weak(tag) and not known.star_tag:
        return _marked(Response(status=304), tag, weak=not known.is_strong(tag))
    answer = here.answers.get(tag)
    if answer is None:
        with here.turns.place():
            answer = here.answers.get_or_make(tag, make)
    if known.star_tag:  # any answer will do, if there is one: whether there is shows only now
        return _marked(Response(status=304), tag)
    return _marked(negotiated_response(answer, content_type), tag)


def _marked(response: Response, tag: str, *, weak: bool = False) -> Response:
    response.set_etag(tag, weak=weak)  # a 304 has the tag as the client has it: weak where its answer was compressed
    response.headers["Cache-Control"] = "private, no-cache"  # a client may keep it, if it asks before it uses it
    response.vary.add("Accept")
    return response

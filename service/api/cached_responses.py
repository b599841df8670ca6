"""Entity tags, cached responses and 304 responses."""

import hashlib
import json
import platform
from collections.abc import Callable, Mapping
from functools import cache
from importlib.metadata import distributions
from typing import Any

from flask import Request, Response

from service import __version__
from service.api.responses import negotiated_response
from service.api.state import AppState


def fingerprint(parser: str) -> str:
    """Return a fingerprint of everything a response depends on except the request.

    This is the version of Pullquote, of its parser, of Python and of the installed packages.
    """
    return json.dumps([__version__, parser, platform.python_version(), _installed()])


@cache
def _installed() -> list[str]:
    """List the installed packages with their versions. Cached: it takes 0.15 s, and imported modules do not change."""
    return sorted(f"{one.name} {one.version}" for one in distributions())


def etag_for(fingerprint: str, media_type: str, fields: Mapping[str, Any], options: object) -> str:
    """Return the strong entity tag of the response to this request in this format."""
    asked = json.dumps([fingerprint, media_type, fields, options], sort_keys=True)
    return hashlib.sha256(asked.encode()).hexdigest()


def cached_response(
    request: Request, state: AppState, etag: str, content_type: str, compute: Callable[[], str]
) -> Response:
    """Return the response with the entity tag `etag`.

    Returns a 304 if `If-None-Match` shows that the client has it (RFC 9110, 13.1.2). Identical requests have identical
    responses, so the tag is known in advance: a 304 or a cached response does not enter the queue. `compute` creates a
    response, and waits for a slot itself.
    """
    known = request.if_none_match
    if known.contains_weak(etag) and not known.star_tag:
        return _with_etag(Response(status=304), etag, weak=not known.is_strong(etag))
    response_body = state.responses.get(etag)
    if response_body is None:
        with state.admission.queue_position():
            response_body = state.responses.get_or_compute(etag, compute)
    if known.star_tag:  # `*` matches any existing response, and its existence is known only now
        return _with_etag(Response(status=304), etag)
    return _with_etag(negotiated_response(response_body, content_type), etag)


def _with_etag(response: Response, etag: str, *, weak: bool = False) -> Response:
    # A 304 has the tag as the client sent it: weak if its response was compressed.
    response.set_etag(etag, weak=weak)
    response.headers["Cache-Control"] = "private, no-cache"  # clients may store the response but must revalidate it
    response.vary.add("Accept")
    return response

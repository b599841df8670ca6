"""Content negotiation (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

from flask import Request
from werkzeug.exceptions import NotAcceptable


def negotiated(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of `offered` that `Accept` prefers. Ties go to the more specific one, then to the first.

    Without `Accept`, the first is used. Parameters (`charset`, `profile`) are ignored: each type has one form. Raises
    Werkzeug's `NotAcceptable`, which lists the offered types.
    """
    accepted = request.accept_mimetypes
    if not accepted:
        return offered[0]
    plain = type(accepted)([(media_type.partition(";")[0].strip(), quality) for media_type, quality in accepted])
    best = plain.best_match(offered)
    if best is None:
        raise NotAcceptable(f"None of the types in Accept is available. Available: {', '.join(offered)}.")
    return best

"""Which of the forms of an answer a request wants (RFC 9110, 12.5.1)."""

from collections.abc import Sequence

from flask import Request
from werkzeug.exceptions import NotAcceptable


def negotiated(request: Request, offered: Sequence[str]) -> str:
    """Return the media type of `offered` that `Accept` wants most; of equals the more exactly named, then the first.

    Without `Accept` it is the first. Parameters (`charset`, `profile`) choose nothing: there is one form of each type.
    Raises Werkzeug's `NotAcceptable`, which names what there is.
    """
    accepted = request.accept_mimetypes
    if not accepted:
        return offered[0]
    plain = type(accepted)([(media_type.partition(";")[0].strip(), quality) for media_type, quality in accepted])
    best = plain.best_match(offered)
    if best is None:
        raise NotAcceptable(f"Accept names nothing that there is here: {', '.join(offered)}.")
    return best

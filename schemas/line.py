"""An article in a line of JSON Lines or a row of a table. Fields that a request does not have are passed through."""

import json
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final

from schemas.fields import SURROGATE
from schemas.request import QuotesRequestSchema
from service.errors import Fault, Invalid

REQUEST_FIELDS: Final = frozenset(QuotesRequestSchema().fields)
ARTICLE_FIELDS: Final = tuple(name for name in QuotesRequestSchema().fields if name not in {"corrections", "options"})


def split_line(line: object, names: Mapping[str, str] | None = None) -> tuple[object, str | None]:
    """Return the request in `line`, and its other fields as a JSON object, or None without any.

    `names` maps fields of a request to the fields of `line` that replace them. Null fields are omitted, and numbers
    become strings: `{"id": 7}`. A `line` that is not an object is returned unchanged. Raises `Invalid` if another field
    has a lone surrogate.
    """
    if not isinstance(line, dict):
        return line, None
    renamed = {theirs: ours for ours, theirs in (names or {}).items()}
    request: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in line.items():
        ours = renamed.get(name, name)
        if ours not in REQUEST_FIELDS or (name not in renamed and name in (names or {})):
            extra[name] = value
        elif value is not None:
            request[ours] = as_text(value)
    if not extra:
        return request, None
    kept = json.dumps(extra, ensure_ascii=False)
    if SURROGATE.search(kept):
        raise Invalid((Fault("", "has half of a surrogate pair; send the whole pair, or remove it."),))
    return request, kept


def as_text(value: Any) -> Any:
    """Convert a value to a request's string if it is an integer or a date. A time without a zone is taken as UTC."""
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if type(value) is int else value

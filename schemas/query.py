"""Convert the query of `POST /quotes` to JSON, for bodies that contain only the article."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from schemas.fields import Flag, Fraction, ListOf
from schemas.request import OptionsSchema, load_request
from service.errors import Fault, Invalid

_BODY_ONLY: Final = frozenset({"text", "html", "corrections", "options"})


def query_document(query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the request's fields and options from `query`.

    Raises `Invalid` for an unknown field, one that belongs in the body, or one that is repeated and not a list.
    """
    options = OptionsSchema().fields
    document: dict[str, Any] = {}
    for name, values in query.items():
        if name in _BODY_ONLY:
            raise Invalid((Fault(f"/{name}", "is not a query parameter."),))
        if isinstance(options.get(name), ListOf):
            document.setdefault("options", {})[name] = list(values)
        elif len(values) > 1:
            raise Invalid((Fault(f"/{name}", f"appears {len(values)} times in the query; send it once."),))
        elif name in options:
            document.setdefault("options", {})[name] = _value(values[0], options[name])
        else:
            document[name] = values[0]
    load_request({"text": "in the body", **document}, sys.maxsize)  # validates fields that the body will override, too
    return document


def completed(document: object, query: Mapping[str, Any]) -> object:
    """Merge `query` into `document`, which takes precedence. A non-object `document` is returned unchanged."""
    if not isinstance(document, dict):
        return document
    together = {**query, **document}
    if isinstance(document.get("options"), dict):
        together["options"] = {**query.get("options", {}), **document["options"]}
    return together


def _value(text: str, field: object) -> object:
    """Convert a flag or a number to its JSON value; leave anything else unchanged."""
    if isinstance(field, Flag | Fraction):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text

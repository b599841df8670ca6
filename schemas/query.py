"""The query of `POST /quotes` as the JSON that says the same: for bodies that can say nothing but the text."""

import json
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any, Final

from schemas.fields import Flag, Fraction, ListOf
from schemas.request import OptionsSchema, load_request
from service.errors import Fault, Invalid

_BODY_ONLY: Final = frozenset({"text", "html", "options"})


def query_document(query: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    """Return the request's fields and options that `query` gives.

    Raises `Invalid` for one that no request may have, that belongs in the body, or that is given twice and is no list.
    """
    options = OptionsSchema().fields
    document: dict[str, Any] = {}
    for name, values in query.items():
        if name in _BODY_ONLY:
            raise Invalid((Fault(f"/{name}", "is not a parameter of the query."),))
        if isinstance(options.get(name), ListOf):
            document.setdefault("options", {})[name] = list(values)
        elif len(values) > 1:
            raise Invalid((Fault(f"/{name}", f"is given {len(values)} times in the query; give it once."),))
        elif name in options:
            document.setdefault("options", {})[name] = _value(values[0], options[name])
        else:
            document[name] = values[0]
    load_request({"text": "in the body", **document}, sys.maxsize)  # also what the body's own fields will cover
    return document


def completed(document: object, query: Mapping[str, Any]) -> object:
    """Return `document`, with what `query` says and it does not. What is no object is left as it is."""
    if not isinstance(document, dict):
        return document
    together = {**query, **document}
    if isinstance(document.get("options"), dict):
        together["options"] = {**query.get("options", {}), **document["options"]}
    return together


def _value(text: str, field: object) -> object:
    """A flag or a number as JSON has it, anything else as it is."""
    if isinstance(field, Flag | Fraction):
        with suppress(ValueError, RecursionError):
            return json.loads(text)
    return text

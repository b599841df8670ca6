"""Strict JSON fields with readable messages, and spans of the article's text.

marshmallow's own fields accept "yes" as true and "0.5" as a number; in this contract, only true and false are booleans.
"""

# ruff: noqa: RUF012 # marshmallow declares messages as mutable class attributes
import re
from collections.abc import Mapping, Sequence, Set
from typing import Any, Final

from marshmallow import Schema, ValidationError, fields, validate

SURROGATE: Final = re.compile("[\ud800-\udfff]")
REQUIRED: Final = "is required."
_NULL: Final = "must not be null; omit it instead."


class Text(fields.String):
    """A Unicode string without lone surrogates, which no encoding can represent."""

    default_error_messages = {
        "invalid": "must be a string.",
        "required": REQUIRED,
        "null": _NULL,
        "surrogate": "has half of a surrogate pair at character {at}; send the whole pair, or remove it.",
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        lone = SURROGATE.search(text)
        if lone:
            raise self.make_error("surrogate", at=lone.start())
        return text


class Flag(fields.Boolean):
    """A boolean."""

    default_error_messages = {
        "invalid": "must be true or false.",
        "required": REQUIRED,
        "null": _NULL,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid")
        return value


class Fraction(fields.Float):
    """A number from 0 to 1."""

    default_error_messages = {
        "invalid": "must be a number from 0 to 1.",
        "required": REQUIRED,
        "null": _NULL,
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> float:
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise self.make_error("invalid")
        if not 0 <= value <= 1:  # before the conversion: a huge integer cannot become a float
            raise ValidationError("must be from 0 to 1.")
        return float(value)


class Number(fields.Float):
    """A finite number."""

    default_error_messages = {"invalid": "must be a number.", "required": REQUIRED, "null": _NULL}


class Count(fields.Integer):
    """An integer, 0 or more."""

    default_error_messages = {"invalid": "must be a whole number.", "required": REQUIRED}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strict=True, validate=validate.Range(min=0), **kwargs)


class ListOf(fields.List[Any]):
    """An array whose items match the given field."""

    default_error_messages = {
        "invalid": "must be an array.",
        "required": REQUIRED,
        "null": _NULL,
    }


class Object(fields.Nested):
    """An object that matches the given schema."""

    default_error_messages = {
        "type": "must be an object.",
        "required": REQUIRED,
        "null": _NULL,
    }


def one_of(choices: tuple[str, ...]) -> validate.OneOf:
    """Return a validator for the members of a `Literal`, whose message lists them."""
    return validate.OneOf(choices, error=f"must be one of {', '.join(choices)}.")


class ExtentSchema(Schema):
    """The offsets of a span in the text, end exclusive, in the unit of `options.offsets`."""

    start = Count(required=True)
    end = Count(required=True)


class SpanSchema(ExtentSchema):
    """A span and its characters: `text` is the article's `[start:end]`."""

    text = Text(required=True)


class SpanField(Object):
    """A `SpanSchema`. Half of a response's objects are spans, so plainly valid ones skip field-by-field validation; all
    others go through the schema, which reports what is wrong."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(SpanSchema, **kwargs)

    def _serialize(self, nested_obj: Any, attr: Any, obj: Any, **kwargs: Any) -> Any:  # type: ignore[override]
        if _is_span(nested_obj):  # named `value` in marshmallow's other fields
            return dict(nested_obj)
        return super()._serialize(nested_obj, attr, obj, **kwargs)  # type: ignore[no-untyped-call]

    def _deserialize(
        self,
        value: Any,
        attr: str | None,
        data: Mapping[str, Any] | None,
        partial: bool | Sequence[str] | Set[str] | None = None,
        **kwargs: Any,
    ) -> Any:
        return value if _is_span(value) else super()._deserialize(value, attr, data, partial, **kwargs)


def _is_span(value: Any) -> bool:
    if type(value) is not dict or tuple(value) != ("start", "end", "text"):
        return False
    start, end, text = value.values()
    return (
        type(start) is type(end) is int
        and start >= 0
        and end >= 0
        and type(text) is str
        and (text.isascii() or SURROGATE.search(text) is None)
    )

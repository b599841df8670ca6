"""A span of the article's text."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

from marshmallow import Schema

from schemas.fields import SURROGATE, Count, Object, Text


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

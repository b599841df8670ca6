"""Convert JSON of the contract to its dataclasses."""

import dataclasses
import keyword
import types
import typing
from collections.abc import Mapping
from functools import cache
from typing import Any, TypeVar

from pullquote_client.contract import Quote, Report, Speaker, Verification

Value = TypeVar("Value")


def read(kind: type[Value], document: Mapping[str, Any]) -> Value:
    """Return a JSON object of the contract as its dataclass: `read(Report, json.loads(line))`.

    Unknown fields are ignored. Raises `KeyError` for a required field that is missing.
    """
    values = {}
    for name, field in _fields(kind).items():  # type: ignore[arg-type]  # classes are hashable
        if name in document or field.required:
            values[field.attribute] = _read(field.kind, document[name])
    return kind(**values)


def speaker_of(report: Report | Verification, quote: Quote) -> Speaker | None:
    """Return the speaker of a quote of `report`, or None if it is unknown."""
    return next((speaker for speaker in report.speakers if speaker.id == quote.speaker), None)


class _Field(typing.NamedTuple):
    attribute: str
    kind: Any
    required: bool


@cache
def _fields(kind: type[Any]) -> dict[str, _Field]:
    """Return the fields of a dataclass by their names in JSON: `class`, a keyword of Python, is the field `class_`."""
    hints = typing.get_type_hints(kind)
    fields = {}
    for field in dataclasses.fields(kind):
        bare = field.name.removesuffix("_")
        name = bare if keyword.iskeyword(bare) else field.name
        fields[name] = _Field(field.name, hints[field.name], field.default is dataclasses.MISSING)
    return fields


def _read(kind: Any, value: Any) -> Any:
    """Convert `value` to the type `kind`. Values of an enumeration are returned unchanged, even unknown ones."""
    if value is None:
        return None
    origin = typing.get_origin(kind)
    if origin in (types.UnionType, typing.Union):
        kinds = [option for option in typing.get_args(kind) if option is not types.NoneType]
        return _read(kinds[0], value)
    if origin is tuple:
        item_kind, _ = typing.get_args(kind)
        return tuple(_read(item_kind, item) for item in value)
    return read(kind, value) if isinstance(kind, type) and dataclasses.is_dataclass(kind) else value

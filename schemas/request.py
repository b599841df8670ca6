"""The request of `POST /quotes`: as JSON, as a query with a body of text, as a line of JSON Lines or as a table row."""

import json
import re
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date, datetime
from typing import Any, Final, get_args

from marshmallow import Schema, ValidationError, validate, validates_schema

from schemas.corrections import CorrectionsSchema, corrections_of
from schemas.fields import SURROGATE, Flag, Fraction, ListOf, Object, Text, one_of
from schemas.responses import faults_of
from service.errors import Fault, Invalid
from service.extraction.report import FORM_OPTIONS, CueClass, OffsetUnit, Options, QuoteKind, Statements

_MESSAGES: Final = {"unknown": "is not a field of this request.", "type": "must be an object."}
_DATE: Final = re.compile(
    r"(?P<day>\d{4}-\d{2}-\d{2})"
    r"([Tt](?P<time>([01]\d|2[0-3]):[0-5]\d):(?P<second>[0-5]\d|60)(\.\d+)?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d))?",
    re.ASCII,
)


def _date(text: str) -> None:
    """Reject strings that are neither an RFC 3339 date nor a date-time. Leap seconds are valid; 30 February is not."""
    result = _DATE.fullmatch(text)
    try:
        if result is None:
            raise ValueError
        datetime.fromisoformat(result["day"])
    except ValueError:
        raise ValidationError("must be an RFC 3339 date or date-time: 2024-05-04 or 2024-05-04T12:30:00Z.") from None


def is_english(tag: str) -> bool:
    """Return whether a language tag is `en` or `en-…`: cues, titles and pronouns exist for English only."""
    return re.fullmatch(r"[Ee][Nn](-[A-Za-z0-9]{1,8}){0,8}", tag) is not None


def _english(tag: str) -> None:
    if not is_english(tag):
        raise ValidationError("must be English ('en', or a tag like 'en-GB'); other languages are not supported.")


def _at_most(characters: int) -> validate.Length:
    return validate.Length(max=characters, error="is longer than {max} characters.")


class OptionsSchema(Schema):
    """The options of the response."""

    error_messages = _MESSAGES

    kinds = ListOf(
        Text(validate=one_of(get_args(QuoteKind))),
        validate=validate.Length(min=1, error="must name at least one kind; omit it for all."),
    )
    statements = Text(validate=one_of(get_args(Statements)))
    cue_classes = ListOf(
        Text(validate=one_of(get_args(CueClass))),
        validate=validate.Length(min=1, error="must name at least one class; omit it for all."),
    )
    min_confidence = Fraction()
    min_speaker_confidence = Fraction()
    unattributed = Flag()
    furniture = Flag()
    nested = Flag()
    form = Text(validate=one_of(FORM_OPTIONS))
    explain = Flag()
    offsets = Text(validate=one_of(get_args(OffsetUnit)))


class QuotesRequestSchema(Schema):
    """An article, as text or as a web page, and the options of the response."""

    error_messages = _MESSAGES

    text = Text(validate=validate.Length(min=1, error="is empty; send the article's text."))
    html = Text(validate=validate.Length(min=1, error="is empty; send the article's page."))
    id = Text(allow_none=True, validate=_at_most(200))
    title = Text(allow_none=True, validate=_at_most(1000))
    url = Text(
        allow_none=True,
        validate=[
            _at_most(2000),
            validate.Regexp(
                r"https?://[^\x00-\x20/?#][^\x00-\x20]*\Z", re.IGNORECASE, error="must be an http or https address."
            ),
        ],
    )
    language = Text(allow_none=True, validate=_english)
    byline = Text(allow_none=True, validate=_at_most(500))
    published_at = Text(allow_none=True, validate=_date)
    corrections = Object(CorrectionsSchema)
    options = Object(OptionsSchema)

    @validates_schema(pass_original=True, skip_on_field_errors=False)
    def check_one_of_both(self, _: Any, sent: Mapping[str, Any], **__: Any) -> None:
        """Reject a request with both text and html, or neither."""
        if not isinstance(sent, Mapping):
            return
        if "text" not in sent and "html" not in sent:
            raise ValidationError("is required, unless html is sent.", "text")
        if "text" in sent and "html" in sent:
            raise ValidationError("must not be sent together with text; send one of the two.", "html")


def load_request(
    document: object, max_characters: int, schema: type[QuotesRequestSchema] = QuotesRequestSchema
) -> tuple[dict[str, Any], Options]:
    """Validate a request. Returns the article's fields, and the options with their defaults.

    `document` is the parsed JSON. Raises `Invalid` with the faults, at most twenty.
    """
    try:
        fields = schema().load(document)  # type: ignore[arg-type]  # rejects what is not a mapping
    except ValidationError as error:
        raise Invalid(tuple(faults_of(error.messages))) from None
    if "text" in fields:
        check_length(fields["text"], max_characters)
    options = fields.pop("options", {})
    for name in {"kinds", "cue_classes"} & options.keys():
        options[name] = tuple(options[name])
    if "cue_classes" in options:
        options.setdefault("statements", "all")  # given classes take precedence
    if "corrections" in fields:
        options["corrections"] = corrections_of(fields.pop("corrections"))
    return fields, Options(**options)


def check_length(text: str, max_characters: int) -> None:
    """Raise `Invalid` if `text` has more than `max_characters` code points."""
    if len(text) > max_characters:
        detail = f"has {len(text)} characters; the limit is {max_characters}. Send the article in parts."
        raise Invalid((Fault("/text", detail),))


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
    renamed = {column: field_name for field_name, column in (names or {}).items()}
    request: dict[str, Any] = {}
    extra: dict[str, Any] = {}
    for name, value in line.items():
        field_name = renamed.get(name, name)
        if field_name not in REQUEST_FIELDS or (name not in renamed and name in (names or {})):
            extra[name] = value
        elif value is not None:
            request[field_name] = as_text(value)
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

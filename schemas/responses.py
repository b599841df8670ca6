"""The responses: the report about one article, those of the health endpoints, and problem details (RFC 9457)."""

from collections.abc import Iterator
from typing import Any, Final, get_args

from marshmallow import Schema, fields, validate

from schemas.fields import Count, ListOf, Object, SpanField, Text, one_of
from schemas.quote import QuoteSchema
from service.errors import Fault
from service.extraction.report import SpeakerKind
from service.input.article import ArticleForm

_MAX_FAULTS: Final = 20  # faults in a response


class ArticleSchema(Schema):
    """The article as sent or, for a web page, as extracted. `text` is present only for a page, `form` is the detected
    form.

    `length` is in the unit of `options.offsets`; `sha256` is the hash of the text in UTF-8.
    """

    id = Text(required=True, allow_none=True)
    title = Text(required=True, allow_none=True)
    url = Text(required=True, allow_none=True)
    language = Text(required=True, allow_none=True)
    byline = Text(required=True, allow_none=True)
    published_at = Text(required=True, allow_none=True)
    site_name = Text(required=True, allow_none=True)
    form = Text(required=True, validate=one_of(get_args(ArticleForm)))
    length = Count(required=True)
    sha256 = Text(required=True, validate=validate.Regexp("[0-9a-f]{64}$"))
    text = Text()


class WarningSchema(Schema):
    """A reason why quotes are likely to be missed or wrong. Later versions can add codes; clients should ignore unknown
    ones."""

    code = Text(required=True)
    detail = Text(required=True)


class SpeakerSchema(Schema):
    """A quoted speaker. `quotes` are the ids of their quotes."""

    id = Text(required=True)
    name = Text(required=True)
    kind = Text(required=True, validate=one_of(get_args(SpeakerKind)))
    description = Text(required=True, allow_none=True)
    aliases = ListOf(Text(), required=True)
    mentions = ListOf(SpanField(), required=True)
    quotes = ListOf(Text(), required=True, validate=validate.Length(min=1))


class ModelSchema(Schema):
    """The model that parsed the article, and its arithmetic."""

    name = Text(required=True)
    version = Text(required=True)
    arithmetic = Text(required=True)


class ServiceSchema(Schema):
    """The versions of Pullquote and of the model."""

    version = Text(required=True)
    model = Object(ModelSchema, required=True)


class ReportSchema(Schema):
    """An article's quotes in text order, and their speakers in order of first quote."""

    article = Object(ArticleSchema, required=True)
    quotes = ListOf(Object(QuoteSchema), required=True)
    speakers = ListOf(Object(SpeakerSchema), required=True)
    warnings = ListOf(Object(WarningSchema), required=True)
    extra = fields.Dict(keys=Text())
    service = Object(ServiceSchema, required=True)


class HealthSchema(Schema):
    """The process is alive."""

    status = Text(required=True, validate=one_of(("alive",)))


class ReadinessSchema(Schema):
    """The model is loaded and ready."""

    status = Text(required=True, validate=one_of(("ready",)))
    service = Object(ServiceSchema, required=True)


class FaultSchema(Schema):
    """One error in a request. `pointer` is its JSON pointer (RFC 6901)."""

    pointer = Text(required=True)
    detail = Text(required=True)


class ProblemSchema(Schema):
    """What went wrong, for programs (`type`, `status`, `errors`) and people (`title`, `detail`). In a batch's response,
    `line` is the number of the line; otherwise `request_id` identifies the request in the log."""

    type = Text(required=True)
    title = Text(required=True)
    status = fields.Integer(required=True, strict=True, validate=validate.Range(min=400, max=599))
    detail = Text(required=True)
    errors = ListOf(Object(FaultSchema))
    request_id = Text()
    line = fields.Integer(strict=True, validate=validate.Range(min=1))


def faults_of(messages: Any) -> list[Fault]:
    """Return the faults of marshmallow's tree of messages; of more than twenty, the first twenty and their number."""
    faults = list(_faults(messages, ""))
    return (
        faults
        if len(faults) <= _MAX_FAULTS
        else [*faults[:_MAX_FAULTS], Fault("", f"and {len(faults) - _MAX_FAULTS} more errors.")]
    )


def _faults(messages: Any, pointer: str) -> Iterator[Fault]:
    """Flatten marshmallow's tree of messages to a list, each with its JSON pointer."""
    if isinstance(messages, list):
        yield from (Fault(pointer, message) for message in messages)
        return
    for key, below in messages.items():
        yield from _faults(below, pointer if key == "_schema" else f"{pointer}/{_token(str(key))}")


def _token(key: str) -> str:
    """Return a step of a JSON pointer: a name from the request, shortened and made safe to return."""
    shown = key if len(key) <= 100 else f"{key[:100]}…"
    return shown.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")

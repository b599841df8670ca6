"""An editor's corrections of one article: part of a request, and a file of their own (docs/corrections.md)."""

# ruff: noqa: RUF012 # marshmallow declares messages as mutable class attributes
from collections.abc import Mapping
from typing import Any, Final, get_args

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from schemas.fields import REQUIRED, Count, ListOf, Object, SpanSchema, Text, one_of
from schemas.responses import faults_of
from service.errors import Invalid
from service.extraction.report import Change, Correction, Corrections, QuoteKind
from service.input.article import Span

VERSION: Final = 1
MAX_CORRECTIONS: Final = 5000
_MESSAGES: Final = {"unknown": "is not a field of corrections.", "type": "must be an object."}
_NEEDED: Final[Mapping[str, tuple[str, ...]]] = {
    "speaker": ("quote", "kind", "speaker"), "add": ("quote", "kind", "speaker"), "drop": ("quote",),
    "rename": ("speaker", "to"),
}  # fmt: skip
_NAME: Final = validate.Length(min=1, max=500, error="must have 1 to 500 characters.")


class CorrectedSpanSchema(SpanSchema):
    """A span of the text, with offsets in code points."""

    error_messages = {"unknown": "is not a field of a span.", "type": "must be an object."}


class CorrectionSchema(Schema):
    """One correction. Which fields it has depends on `change`."""

    error_messages = _MESSAGES

    change = Text(required=True, validate=one_of(get_args(Change)))
    quote = ListOf(Object(CorrectedSpanSchema), validate=validate.Length(min=1, error="must have at least one span."))
    kind = Text(validate=one_of(get_args(QuoteKind)))
    speaker = Text(allow_none=True, validate=_NAME)
    to = Text(validate=_NAME)

    @validates_schema
    def check_fields(self, data: Mapping[str, Any], **_: Any) -> None:
        """Reject a correction without the fields that its change needs, or whose spans are not in order."""
        faults = {name: [REQUIRED] for name in _NEEDED[data["change"]] if name not in data}
        if data["change"] == "rename" and data.get("speaker", "") is None:
            faults["speaker"] = ["must not be null."]
        ends = [place for span in data.get("quote", ()) for place in (span["start"], span["end"])]
        if ends != sorted(ends):
            faults["quote"] = ["must have its spans in order, without overlaps."]
        if faults:
            raise ValidationError(faults)


class CorrectedArticleSchema(Schema):
    """The article that corrections are for. The hash decides; the rest is for people."""

    error_messages = _MESSAGES

    sha256 = Text(required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="must be a SHA-256 in hexadecimal."))
    length = Count()
    id = Text(allow_none=True)
    title = Text(allow_none=True)
    url = Text(allow_none=True)


class CorrectionsSchema(Schema):
    """The corrections of one article. `quotes`, the result that the web interface saves too, is not read."""

    error_messages = _MESSAGES

    version = fields.Integer(
        required=True,
        strict=True,
        validate=validate.Equal(VERSION, error=f"must be {VERSION}."),
        error_messages={"required": REQUIRED, "invalid": f"must be {VERSION}."},
    )
    article = Object(CorrectedArticleSchema, required=True)
    corrections = ListOf(
        Object(CorrectionSchema),
        required=True,
        validate=validate.Length(max=MAX_CORRECTIONS, error="has more than {max} items."),
    )
    quotes = fields.Raw()


def load_corrections(document: object) -> Corrections:
    """Validate the content of a corrections file. Raises `Invalid` with the faults."""
    try:
        return corrections_of(CorrectionsSchema().load(document))  # type: ignore[arg-type]  # rejects other values
    except ValidationError as error:
        raise Invalid(tuple(faults_of(error.messages))) from None


def corrections_of(loaded: Mapping[str, Any]) -> Corrections:
    """Return the corrections of what `CorrectionsSchema` has loaded."""
    changes = tuple(
        Correction(
            change=item["change"],
            quote=tuple(Span(span["start"], span["end"]) for span in item.get("quote", ())),
            texts=tuple(span["text"] for span in item.get("quote", ())),
            kind=item.get("kind", "direct"),
            speaker=item.get("speaker"),
            to=item.get("to"),
        )
        for item in loaded["corrections"]
    )
    return Corrections(loaded["article"]["sha256"], changes)

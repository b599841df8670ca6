"""The request and the response of `POST /quotes/verify`."""

from typing import Any, Final, get_args

from marshmallow import Schema, validate

from schemas.fields import Flag, ListOf, Object, SpanField, Text, one_of
from schemas.request import QuotesRequestSchema, load_request
from schemas.responses import ReportSchema
from service.errors import Fault, Invalid
from service.extraction.report import OffsetUnit, Options
from service.verification.alignment import read_words
from service.verification.changes import ChangeKind
from service.verification.claimed_speaker import Likeness
from service.verification.meaning import Meaning
from service.verification.verify import Attribution, Claim, FoundIn, Verdict, Wording

# Longer quotes are rejected without counting their words, which would take seconds for megabytes.
_CHARACTERS_OF_A_WORD: Final = 20
_SHORT: Final = 1000
_MESSAGES: Final = {"unknown": "is not a field of this request.", "type": "must be an object."}


class PrintedQuoteSchema(Schema):
    """A printed quote, with or without its outer quotation marks."""

    error_messages = _MESSAGES

    text = Text(required=True, validate=validate.Length(min=1, error="is empty; send the quote as printed."))
    speaker = Text(allow_none=True, validate=validate.Length(max=500, error="is longer than {max} characters."))


class VerifyOptionsSchema(Schema):
    """The options of the response. All of the article's quotes are always compared."""

    error_messages = _MESSAGES

    furniture = Flag()
    explain = Flag()
    offsets = Text(validate=one_of(get_args(OffsetUnit)))


class VerifyRequestSchema(QuotesRequestSchema):
    """An article, and the printed quotes to verify against it."""

    class Meta:
        """Printed quotes are verified against what the article says, without corrections."""

        exclude = ("corrections",)

    quotes = ListOf(
        Object(PrintedQuoteSchema),
        required=True,
        validate=validate.Length(min=1, error="must contain at least one quote."),
    )
    options = Object(VerifyOptionsSchema)


def load_verify_request(
    document: object, max_characters: int, max_quotes: int, max_quote_words: int
) -> tuple[dict[str, Any], list[Claim], Options]:
    """Validate a request. Returns the article's fields, the printed quotes, and the options for reading the article.

    `document` is the parsed JSON. Raises `Invalid` with the faults, at most twenty.
    """
    _check_number(document, max_quotes)
    fields, options = load_request(document, max_characters, VerifyRequestSchema)
    claims = [Claim(sent["text"], sent.get("speaker") or "") for sent in fields.pop("quotes")]
    longest = max(max_quote_words * _CHARACTERS_OF_A_WORD, _SHORT)
    for number, claim in enumerate(claims):
        if len(claim.text) > longest:
            detail = f"has {len(claim.text)} characters; the limit is {longest}. Send the quote in parts."
            raise Invalid((Fault(f"/quotes/{number}/text", detail),))
        words = len(read_words(claim.text))
        if words > max_quote_words:
            detail = f"has {words} words; the limit is {max_quote_words}. Send the quote in parts."
            raise Invalid((Fault(f"/quotes/{number}/text", detail),))
    return fields, claims, options


def _check_number(document: object, max_quotes: int) -> None:
    """Raise `Invalid` if there are more quotes than the limit, before validating each of them."""
    quotes = document.get("quotes") if isinstance(document, dict) else None
    if isinstance(quotes, list) and len(quotes) > max_quotes:
        raise Invalid((Fault("/quotes", f"has {len(quotes)} quotes; the limit is {max_quotes}. Send them in parts."),))


class ChangeSchema(Schema):
    """One change in the printed quote: `original` is a span of the article, `printed` one of the printed quote."""

    kind = Text(required=True, validate=one_of(get_args(ChangeKind)))
    original = SpanField(required=True, allow_none=True)
    printed = SpanField(required=True, allow_none=True)
    meaning = Text(required=True, allow_none=True, validate=one_of(get_args(Meaning)))


class OccurrenceSchema(Schema):
    """A place in the article where the words occur. Ids refer to the response's quotes and speakers."""

    found_in = Text(required=True, validate=one_of(get_args(FoundIn)))
    originals = ListOf(SpanField(), required=True)
    quotes = ListOf(Text(), required=True)
    said_by = ListOf(Text(), required=True)


class SuggestionSchema(Schema):
    """A speaker of the response whom the printed speaker may refer to."""

    speaker = Text(required=True)
    name = Text(required=True)
    likeness = Text(required=True, validate=one_of(get_args(Likeness)))


class CheckSchema(Schema):
    """The result for one printed quote: the verdict and its evidence."""

    text = Text(required=True)
    speaker = Text(required=True, allow_none=True)
    verdict = Text(required=True, validate=one_of(get_args(Verdict)))
    wording = Text(required=True, allow_none=True, validate=one_of(get_args(Wording)))
    found_in = Text(required=True, allow_none=True, validate=one_of(get_args(FoundIn)))
    attribution = Text(required=True, allow_none=True, validate=one_of(get_args(Attribution)))
    originals = ListOf(SpanField(), required=True)
    quotes = ListOf(Text(), required=True)
    said_by = ListOf(Text(), required=True)
    meant = ListOf(Text(), required=True)
    did_you_mean = ListOf(Object(SuggestionSchema), required=True)
    changes = ListOf(Object(ChangeSchema), required=True)
    elsewhere = ListOf(Object(OccurrenceSchema), required=True)


class VerificationSchema(ReportSchema):
    """The results for the printed quotes, in request order, and the report they are based on."""

    class Meta:
        """Reject unknown fields."""

        exclude = ("extra",)

    checks = ListOf(Object(CheckSchema), required=True)

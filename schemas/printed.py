"""The request of `POST /quotes/verify`: an article, as in `POST /quotes`, and the printed quotes to verify."""

from typing import Any, Final, get_args

from marshmallow import Schema, validate

from schemas.fields import Flag, ListOf, Object, Text, one_of
from schemas.request import QuotesRequestSchema, load_request
from service.errors import Fault, Invalid
from service.extraction.report import OffsetUnit, Options
from service.verification.compared_words import read_words
from service.verification.verify import Claim

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

"""What `POST /quotes/verify` takes: an article as `POST /quotes` does, and quotes as somebody wants to print them."""

from typing import Any, Final, get_args

from marshmallow import Schema, validate

from schemas.fields import Flag, ListOf, Object, Text, one_of
from schemas.request import QuotesRequestSchema, load_request
from service.errors import Fault, Invalid
from service.extraction.report import OffsetUnit, Options
from service.verification.verify import Claim
from service.verification.words import read_words

# A quote of more characters than this is not counted word by word: that would take seconds for megabytes.
_CHARACTERS_OF_A_WORD: Final = 20
_SHORT: Final = 1000
_MESSAGES: Final = {"unknown": "is not a field of this request.", "type": "must be an object."}


class PrintedQuoteSchema(Schema):
    """A quote as somebody wants to print it, with or without its outer quotation marks."""

    error_messages = _MESSAGES

    text = Text(required=True, validate=validate.Length(min=1, error="is empty; send the quote as it is printed."))
    speaker = Text(allow_none=True, validate=validate.Length(max=500, error="is longer than {max} characters."))


class VerifyOptionsSchema(Schema):
    """What is wanted in the answer. Which quotes of the article are looked at is not a matter of choice."""

    error_messages = _MESSAGES

    furniture = Flag()
    explain = Flag()
    offsets = Text(validate=one_of(get_args(OffsetUnit)))


class VerifyRequestSchema(QuotesRequestSchema):
    """An article, and the printed quotes that shall be held against it."""

    quotes = ListOf(
        Object(PrintedQuoteSchema),
        required=True,
        validate=validate.Length(min=1, error="must hold at least one quote."),
    )
    options = Object(VerifyOptionsSchema)


def load_verify_request(
    document: object, max_characters: int, max_quotes: int, max_quote_words: int
) -> tuple[dict[str, Any], list[Claim], Options]:
    """Return the article's fields as they were sent, the printed quotes, and the options for reading the article.

    `document` is what the JSON says. Raises `Invalid` with the faults found, the first twenty of them told.
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
    """Raise `Invalid` where there are more quotes than the limit, before each of them is checked."""
    quotes = document.get("quotes") if isinstance(document, dict) else None
    if isinstance(quotes, list) and len(quotes) > max_quotes:
        raise Invalid((Fault("/quotes", f"has {len(quotes)} quotes; the limit is {max_quotes}. Send them in parts."),))

"""The response of `POST /quotes/verify`."""

from typing import get_args

from marshmallow import Schema

from schemas.fields import ListOf, Object, Text, one_of
from schemas.report import ReportSchema
from schemas.span import SpanField
from service.verification.changes import ChangeKind
from service.verification.meaning import Meaning
from service.verification.suggestions import Likeness
from service.verification.verify import Attribution, FoundIn, Verdict, Wording


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

"""A quote of a response."""

from typing import get_args

from marshmallow import Schema, validate

from schemas.fields import Count, Flag, Fraction, ListOf, Number, Object, Text, one_of
from schemas.span import ExtentSchema, SpanField, SpanSchema
from service.extraction.report import MOST_FEATURES, CueClass, DecisionKind, QuoteKind, Resolution, UnresolvedCode
from service.input.article import Section


class CueSchema(SpanSchema):
    """The words that report a quote."""

    class Meta:
        """Rename `class`, a Python keyword that cannot be an attribute."""

        include = {"class": Text(required=True, validate=one_of(get_args(CueClass)))}  # noqa: RUF012

    lemma = Text(required=True)


class RuleSchema(Schema):
    """A decision that led to a quote."""

    rule = Text(required=True)
    detail = Text(required=True)


class CandidateSchema(Schema):
    """A candidate for the speaker, with a score relative to the other candidates."""

    name = Text(required=True)
    score = Fraction(required=True)


class WeightSchema(Schema):
    """A feature of an alternative, and its weight in log-odds."""

    feature = Text(required=True)
    weight = Number(required=True)


class AlternativeSchema(Schema):
    """One of the alternatives of a decision."""

    text = Text(required=True, allow_none=True)
    score = Number(required=True, allow_none=True)
    features = ListOf(Object(WeightSchema), required=True, validate=validate.Length(max=MOST_FEATURES))


class DecisionSchema(Schema):
    """The winner and the runner-up of a decision that led to a quote."""

    decision = Text(required=True, validate=one_of(get_args(DecisionKind)))
    about = Text(required=True, allow_none=True)
    decided_by = Text(required=True)
    winner = Object(AlternativeSchema, required=True)
    runner_up = Object(AlternativeSchema, required=True, allow_none=True)


class QuoteSchema(Schema):
    """A quote and its speaker. `speaker` is the id of one of the response's speakers."""

    id = Text(required=True)
    kind = Text(required=True, validate=one_of(get_args(QuoteKind)))
    text = Text(required=True)
    contents = ListOf(SpanField(), required=True, validate=validate.Length(min=1))
    marks = ListOf(SpanField(), required=True)
    cue = Object(CueSchema, required=True, allow_none=True)
    mention = SpanField(required=True, allow_none=True)
    speaker = Text(required=True, allow_none=True)
    resolution = Text(required=True, validate=one_of(get_args(Resolution)))
    speaker_confidence = Fraction(required=True, allow_none=True)
    unresolved = Text(required=True, allow_none=True)
    unresolved_code = Text(required=True, allow_none=True, validate=one_of(get_args(UnresolvedCode)))
    continues = Text(required=True, allow_none=True)
    addressee = SpanField(required=True, allow_none=True)
    via = SpanField(required=True, allow_none=True)
    negated = Flag(required=True)
    sentence = Object(ExtentSchema, required=True)
    paragraph = Count(required=True)
    section = Text(required=True, validate=one_of(get_args(Section)))
    confidence = Fraction(required=True)
    candidates = ListOf(Object(CandidateSchema))
    explain = ListOf(Object(RuleSchema))
    decisions = ListOf(Object(DecisionSchema))
    repeats = Text()

"""A quote of a response: one definition of its fields, for JSON, CSV, HTML and the tables of archives.

To add a field, add it to `Quote` (`service/extraction/report.py`) and a line to `QUOTE_FIELDS`, and describe it in
openapi.yaml (`tests/schemas/test_quote_fields.py` compares them).
"""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, Final, get_args

from marshmallow import Schema, fields, validate

from schemas.fields import (
    Count,
    ExtentSchema,
    Flag,
    Fraction,
    ListOf,
    Number,
    Object,
    SpanField,
    SpanSchema,
    Text,
    one_of,
)
from service.extraction.report import (
    MAX_FEATURES,
    CueClass,
    Decision,
    DecisionKind,
    Quote,
    QuoteForm,
    QuoteKind,
    Resolution,
    UnresolvedCode,
)
from service.input.article import Article, Section
from service.output.promises import plain_value, quote_id, quote_text, rounded, speaker_id


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
    features = ListOf(Object(WeightSchema), required=True, validate=validate.Length(max=MAX_FEATURES))


class DecisionSchema(Schema):
    """The winner and the runner-up of a decision that led to a quote."""

    decision = Text(required=True, validate=one_of(get_args(DecisionKind)))
    about = Text(required=True, allow_none=True)
    decided_by = Text(required=True)
    winner = Object(AlternativeSchema, required=True)
    runner_up = Object(AlternativeSchema, required=True, allow_none=True)


@dataclass(frozen=True, slots=True)
class QuoteField:
    """A field of a quote.

    `type` is the field's marshmallow type; the columns of archives follow from it. `value` returns the JSON value of
    `Report.quotes[index]`, None for null; without one, it is the attribute of `Quote` with the field's name. A field
    that is not `required` is omitted where it is null. `explained` fields are returned only with `Options.explain`.
    `csv` adds a column with the value, for a span its text; `html` adds a `data-` attribute to the quote's marks.
    """

    name: str
    type: fields.Field[Any]
    value: Callable[[Article, Quote, int], Any] | None = None
    explained: bool = False
    csv: bool = False
    html: bool = False

    def of(self, article: Article, quote: Quote, index: int) -> Any:
        """Return the field's JSON value; offsets are code points."""
        if self.value is not None:
            return self.value(article, quote, index)
        return plain_value(article, getattr(quote, self.name))


def _choice(values: Any, **kwargs: Any) -> Text:
    return Text(required=True, validate=one_of(get_args(values)), **kwargs)


def _reference(name: str) -> Callable[[Article, Quote, int], str | None]:
    """Return a function that returns the id of the quote whose index is the attribute `name`."""

    def value(_article: Article, quote: Quote, _index: int) -> str | None:
        index = getattr(quote, name)
        return None if index is None else quote_id(index)

    return value


def _candidates(_article: Article, quote: Quote, _index: int) -> list[dict[str, Any]]:
    return [{"name": candidate.name, "score": rounded(candidate.score)} for candidate in quote.candidates]


def _rules(_article: Article, quote: Quote, _index: int) -> list[dict[str, Any]]:
    return [{"rule": rule.name, "detail": rule.detail} for rule in quote.explain]


def _decisions(_article: Article, quote: Quote, _index: int) -> list[dict[str, Any]]:
    return [_decision(decision) for decision in quote.decisions]


def _decision(decision: Decision) -> dict[str, Any]:
    return {
        "decision": decision.kind,
        "about": decision.about,
        "decided_by": decision.decided_by,
        "winner": asdict(decision.winner),
        "runner_up": None if decision.runner_up is None else asdict(decision.runner_up),
    }


QUOTE_FIELDS: Final = (
    QuoteField("id", Text(required=True), lambda _article, _quote, index: quote_id(index)),
    QuoteField("kind", _choice(QuoteKind), csv=True, html=True),
    QuoteField("form", _choice(QuoteForm), csv=True, html=True),
    QuoteField("text", Text(required=True), lambda article, quote, _: quote_text(article, quote), csv=True),
    QuoteField("contents", ListOf(SpanField(), required=True, validate=validate.Length(min=1))),
    QuoteField("marks", ListOf(SpanField(), required=True)),
    QuoteField("cue", Object(CueSchema, required=True, allow_none=True), csv=True),
    QuoteField("mention", SpanField(required=True, allow_none=True), csv=True),
    QuoteField(
        "speaker",
        Text(required=True, allow_none=True),
        lambda _article, quote, _: None if quote.speaker is None else speaker_id(quote.speaker),
        html=True,
    ),
    QuoteField("resolution", _choice(Resolution), csv=True),
    QuoteField("speaker_confidence", Fraction(required=True, allow_none=True), csv=True),
    QuoteField("unresolved", Text(required=True, allow_none=True)),
    QuoteField("unresolved_code", _choice(UnresolvedCode, allow_none=True), csv=True),
    QuoteField("continues", Text(required=True, allow_none=True), _reference("continues")),
    QuoteField("within", Text(required=True, allow_none=True), _reference("within"), csv=True),
    QuoteField("addressee", SpanField(required=True, allow_none=True), csv=True),
    QuoteField("via", SpanField(required=True, allow_none=True), csv=True),
    QuoteField("negated", Flag(required=True), csv=True, html=True),
    QuoteField("sentence", Object(ExtentSchema, required=True), lambda _article, quote, _: quote.sentence._asdict()),
    QuoteField("paragraph", Count(required=True), csv=True),
    QuoteField("section", _choice(Section), csv=True),
    QuoteField("confidence", Fraction(required=True), csv=True, html=True),
    QuoteField("candidates", ListOf(Object(CandidateSchema)), _candidates, explained=True),
    QuoteField("explain", ListOf(Object(RuleSchema)), _rules, explained=True),
    QuoteField("decisions", ListOf(Object(DecisionSchema)), _decisions, explained=True),
    QuoteField("repeats", Text(), _reference("repeats")),
)

QuoteSchema: Final = Schema.from_dict({field.name: field.type for field in QUOTE_FIELDS}, name="QuoteSchema")


def quote_document(article: Article, quote: Quote, index: int, *, explain: bool) -> dict[str, Any]:
    """Return the JSON of `quote`, which is `Report.quotes[index]`, with offsets in code points."""
    values = {field: field.of(article, quote, index) for field in QUOTE_FIELDS if explain or not field.explained}
    return {field.name: value for field, value in values.items() if value is not None or field.type.required}

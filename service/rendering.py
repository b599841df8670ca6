"""An answer as JSON: the one place where a `Report` gets the names, ids and texts that openapi.yaml gives it."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from marshmallow import Schema

from schemas.report import ReportSchema
from service import __version__, promises
from service.article.article import Article, Span
from service.errors import BrokenPromise
from service.extraction.report import Cue, Options, Quote, Report, Speaker
from service.offsets import counted
from service.parsing.parser import ModelInfo

# What some readers of JSON lines (Python's `splitlines`, httpx's `iter_lines`) take for the end of one, beside JSON's.
_LINE_ENDS: Final = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


def render(article: Article, report: Report, options: Options, model: ModelInfo) -> dict[str, Any]:
    """Return the answer about `article`, checked against `ReportSchema` and its promises.

    Raises `BrokenPromise` where `report` cannot be told as the contract wants it.
    """
    document = validated(
        _report_schema(),
        {
            "article": _article(article),
            "quotes": [_quote(article, index, quote, options) for index, quote in enumerate(report.quotes)],
            "speakers": [_speaker(article, index, speaker) for index, speaker in enumerate(report.speakers)],
            "warnings": [asdict(warning) for warning in article.warnings],
            "service": about(model),
        },
    )
    promises.check(document, article.text)
    told = counted(document, article.text, options.offsets)
    return told if article.extra is None else told | {"extra": json.loads(article.extra)}  # as it was sent


@cache
def _report_schema() -> ReportSchema:
    """The schema of an answer, made once: it makes one for each object in it."""
    return ReportSchema()


def _article(article: Article) -> dict[str, Any]:
    told = {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "language": article.language,
        "byline": article.byline,
        "published_at": article.published_at,
        "site_name": article.site_name,
        "length": len(article.text),
        "sha256": hashlib.sha256(article.text.encode()).hexdigest(),
    }
    if article.from_page or article.text_found:
        told["text"] = article.text
    return told


def about(model: ModelInfo) -> dict[str, Any]:
    """Who answers: Pullquote's version and the model's."""
    return {"version": __version__, "model": asdict(model)}


def validated(schema: Schema, answer: Mapping[str, Any]) -> dict[str, Any]:
    """Return what `schema` dumps of `answer`. Raises `BrokenPromise` where that is not what it would load."""
    document: dict[str, Any] = schema.dump(answer)
    faults = schema.validate(document)
    if faults:
        raise BrokenPromise(f"the answer is not what {type(schema).__name__} describes: {faults}")
    return document


def to_json(document: Mapping[str, Any]) -> str:
    """One line of JSON, its fields in the order of the contract, whatever a reader takes for the end of a line.

    All other characters stand for themselves.
    """
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_LINE_ENDS)


def quote_id(index: int) -> str:
    """The name, in an answer, of the quote that is `Report.quotes[index]`."""
    return f"q{index + 1}"


def speaker_id(index: int) -> str:
    """The name, in an answer, of the speaker who is `Report.speakers[index]`."""
    return f"s{index + 1}"


def quote_text(article: Article, quote: Quote) -> str:
    """What was said, for people to read: the texts of the contents, a space between each two."""
    return " ".join(article.slice(span) for span in quote.contents)


def confidence(quote: Quote) -> float:
    """How sure the quote is, as it is told."""
    return round(quote.confidence, 3)


def speaker_confidence(quote: Quote) -> float | None:
    """How sure the speaker is, as it is told; None where there is none."""
    return None if quote.speaker_confidence is None else round(quote.speaker_confidence, 3)


def _quote(article: Article, index: int, quote: Quote, options: Options) -> dict[str, Any]:
    told = {
        "id": quote_id(index),
        "kind": quote.kind,
        "text": quote_text(article, quote),
        "contents": _spans(article, quote.contents),
        "marks": _spans(article, quote.marks),
        "cue": _cue(article, quote.cue),
        "mention": _span(article, quote.mention),
        "speaker": None if quote.speaker is None else speaker_id(quote.speaker),
        "resolution": quote.resolution,
        "speaker_confidence": speaker_confidence(quote),
        "unresolved": quote.unresolved,
        "unresolved_code": quote.unresolved_code,
        "continues": None if quote.continues is None else quote_id(quote.continues),
        "addressee": _span(article, quote.addressee),
        "via": _span(article, quote.via),
        "negated": quote.negated,
        "sentence": quote.sentence._asdict(),
        "paragraph": quote.paragraph,
        "section": quote.section,
        "confidence": confidence(quote),
    }
    if quote.repeats is not None:
        told["repeats"] = quote_id(quote.repeats)
    if options.explain:
        told["candidates"] = [{"name": one.name, "score": round(one.score, 3)} for one in quote.candidates]
        told["explain"] = [{"rule": rule.name, "detail": rule.detail} for rule in quote.explain]
    return told


def _speaker(article: Article, index: int, speaker: Speaker) -> dict[str, Any]:
    return {
        "id": speaker_id(index),
        "name": speaker.name,
        "kind": speaker.kind,
        "description": speaker.description,
        "aliases": list(speaker.aliases),
        "mentions": _spans(article, speaker.mentions),
        "quotes": [quote_id(quote) for quote in speaker.quotes],
    }


def _cue(article: Article, cue: Cue | None) -> dict[str, Any] | None:
    return None if cue is None else {**_told(article, cue.span), "lemma": cue.lemma, "class": cue.cue_class}


def _span(article: Article, span: Span | None) -> dict[str, Any] | None:
    return None if span is None else _told(article, span)


def _spans(article: Article, spans: Iterable[Span]) -> list[dict[str, Any]]:
    return [_told(article, span) for span in spans]


def _told(article: Article, span: Span) -> dict[str, Any]:
    return {"start": span.start, "end": span.end, "text": article.slice(span)}

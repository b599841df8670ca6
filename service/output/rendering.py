"""Render a report, or the checks of printed quotes, as the JSON that openapi.yaml describes."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict
from functools import cache
from typing import Any, Final

from marshmallow import Schema

from schemas.quote import quote_document
from schemas.responses import ReportSchema
from schemas.verification import VerificationSchema
from service import __version__
from service.errors import BrokenPromise
from service.extraction.report import OffsetUnit, Options, Report, Speaker
from service.input.article import Article, Span
from service.output import promises
from service.output.promises import offset_converter, quote_id, span_values, speaker_id, with_offsets_in
from service.parsing.parser import ModelInfo
from service.verification.changes import Change
from service.verification.verify import Check, Occurrence

# Characters that some JSON Lines readers (Python's `splitlines`, httpx's `iter_lines`) treat as line ends.
_LINE_ENDS: Final = {ord(character): f"\\u{ord(character):04x}" for character in "\x85\u2028\u2029"}


def render(article: Article, report: Report, options: Options, model: ModelInfo) -> dict[str, Any]:
    """Render the response about `article`, checked against `ReportSchema` and the invariants.

    Raises `BrokenPromise` if the result does not match the contract.
    """
    document = validated(
        _report_schema(),
        {
            "article": _article(article),
            "quotes": [
                quote_document(article, quote, index, explain=options.explain)
                for index, quote in enumerate(report.quotes)
            ],
            "speakers": [_speaker(article, index, speaker) for index, speaker in enumerate(report.speakers)],
            "warnings": [asdict(warning) for warning in article.warnings],
            "service": about(model),
        },
    )
    promises.check(document, article.text)
    converted = with_offsets_in(document, article.text, options.offsets)
    return converted if article.extra is None else converted | {"extra": json.loads(article.extra)}  # as sent


@cache
def _report_schema() -> ReportSchema:
    """Return the response schema, built once: it builds a nested schema for each object."""
    return ReportSchema()


def _article(article: Article) -> dict[str, Any]:
    fields = {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "language": article.language,
        "byline": article.byline,
        "published_at": article.published_at,
        "site_name": article.site_name,
        "form": article.form or "prose",
        "length": len(article.text),
        "sha256": hashlib.sha256(article.text.encode()).hexdigest(),
    }
    if article.from_page or article.from_document:
        fields["text"] = article.text
    return fields


def about(model: ModelInfo) -> dict[str, Any]:
    """Return the versions of Pullquote and of the model."""
    return {"version": __version__, "model": asdict(model)}


def validated(schema: Schema, response: Mapping[str, Any]) -> dict[str, Any]:
    """Dump `response` with `schema`. Raises `BrokenPromise` if the schema rejects the result."""
    document: dict[str, Any] = schema.dump(response)
    faults = schema.validate(document)
    if faults:
        raise BrokenPromise(f"the response does not match {type(schema).__name__}: {faults}")
    return document


def to_json(document: Mapping[str, Any]) -> str:
    """Serialize to one line of JSON, with the fields in the contract's order and no character that ends a line for any
    reader.

    All other characters are written unescaped.
    """
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).translate(_LINE_ENDS)


def _speaker(article: Article, index: int, speaker: Speaker) -> dict[str, Any]:
    return {
        "id": speaker_id(index),
        "name": speaker.name,
        "kind": speaker.kind,
        "description": speaker.description,
        "aliases": list(speaker.aliases),
        "mentions": span_values(article, speaker.mentions),
        "quotes": [quote_id(quote) for quote in speaker.quotes],
    }


def render_checks(
    article: Article, report: Report, checks: Iterable[Check], options: Options, model: ModelInfo
) -> dict[str, Any]:
    """Render the response about `article` with the result for each printed quote, checked against its schema.

    Offsets into the article and into the printed quotes are in the unit of `options`. Raises `BrokenPromise`.
    """
    documents = [_check(article, report, check) for check in checks]
    promises.check_checks(documents, article.text)
    converted = _in_unit(documents, article.text, options.offsets)
    return validated(VerificationSchema(), render(article, report, options, model) | {"checks": converted})


def _check(article: Article, report: Report, check: Check) -> dict[str, Any]:
    nowhere: dict[str, Any] = {"found_in": None, "originals": [], "quotes": [], "said_by": []}
    return {
        "text": check.claim.text,
        "speaker": check.claim.speaker or None,
        "verdict": check.verdict,
        "wording": check.wording,
        "attribution": check.attribution,
        **(nowhere if check.occurrence is None else _occurrence(article, check.occurrence)),
        "meant": [speaker_id(speaker) for speaker in check.meant],
        "did_you_mean": [
            {
                "speaker": speaker_id(suggestion.speaker),
                "name": report.speakers[suggestion.speaker].name,
                "likeness": suggestion.likeness,
            }
            for suggestion in check.suggestions
        ],
        "changes": [_change(article, check.claim.text, change) for change in check.changes],
        "elsewhere": [_occurrence(article, occurrence) for occurrence in check.elsewhere],
    }


def _occurrence(article: Article, occurrence: Occurrence) -> dict[str, Any]:
    return {
        "found_in": occurrence.found_in,
        "originals": [_check_span(article.text, span) for span in occurrence.originals],
        "quotes": [quote_id(quote) for quote in occurrence.quotes],
        "said_by": [speaker_id(speaker) for speaker in occurrence.said_by if speaker is not None],
    }


def _change(article: Article, printed: str, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "original": _check_span(article.text, change.original),
        "printed": _check_span(printed, change.printed),
        "meaning": change.meaning,
    }


def _check_span(text: str, span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": text[span.start : span.end]}


def _in_unit(checks: list[dict[str, Any]], text: str, unit: OffsetUnit) -> list[dict[str, Any]]:
    """Return `checks` with all offsets in `unit`; those of a change's `printed` refer to the printed quote."""
    convert = offset_converter(text, unit)
    return [_converted(check, convert, offset_converter(check["text"], unit)) for check in checks]


def _converted(value: Any, convert: Callable[[int], int], convert_printed: Callable[[int], int]) -> Any:
    if isinstance(value, list):
        return [_converted(item, convert, convert_printed) for item in value]
    if not isinstance(value, dict):
        return value
    if "start" in value:
        return value | {"start": convert(value["start"]), "end": convert(value["end"])}
    return {
        name: _converted(nested, convert_printed if name == "printed" else convert, convert_printed)
        for name, nested in value.items()
    }

"""Render verification results as the JSON that openapi.yaml describes."""

from collections.abc import Callable, Iterable
from typing import Any

from schemas.verification import VerificationSchema
from service import promises
from service.article.article import Article, Span
from service.extraction.report import OffsetUnit, Options, Report
from service.offsets import counting
from service.parsing.parser import ModelInfo
from service.rendering import quote_id, render, speaker_id, validated
from service.verification.change import Change
from service.verification.verify import Check, Occurrence


def render_checks(
    article: Article, report: Report, checks: Iterable[Check], options: Options, model: ModelInfo
) -> dict[str, Any]:
    """Render the response about `article` with the result for each printed quote, checked against its schema.

    Offsets into the article and into the printed quotes are in the unit of `options`. Raises `BrokenPromise`.
    """
    told = [_check(article, report, one) for one in checks]
    promises.check_checks(told, article.text)
    counted = _in_unit(told, article.text, options.offsets)
    return validated(VerificationSchema(), render(article, report, options, model) | {"checks": counted})


def _check(article: Article, report: Report, one: Check) -> dict[str, Any]:
    nowhere: dict[str, Any] = {"found_in": None, "originals": [], "quotes": [], "said_by": []}
    return {
        "text": one.claim.text,
        "speaker": one.claim.speaker or None,
        "verdict": one.verdict,
        "wording": one.wording,
        "attribution": one.attribution,
        **(nowhere if one.here is None else _occurrence(article, one.here)),
        "meant": [speaker_id(speaker) for speaker in one.meant],
        "did_you_mean": [
            {"speaker": speaker_id(each.speaker), "name": report.speakers[each.speaker].name, "likeness": each.likeness}
            for each in one.suggestions
        ],
        "changes": [_change(article, one.claim.text, change) for change in one.changes],
        "elsewhere": [_occurrence(article, place) for place in one.elsewhere],
    }


def _occurrence(article: Article, place: Occurrence) -> dict[str, Any]:
    return {
        "found_in": place.found_in,
        "originals": [_span(article.text, span) for span in place.originals],
        "quotes": [quote_id(quote) for quote in place.quotes],
        "said_by": [speaker_id(speaker) for speaker in place.said_by if speaker is not None],
    }


def _change(article: Article, printed: str, change: Change) -> dict[str, Any]:
    return {
        "kind": change.kind,
        "original": _span(article.text, change.original),
        "printed": _span(printed, change.printed),
        "meaning": change.meaning,
    }


def _span(text: str, span: Span | None) -> dict[str, Any] | None:
    return None if span is None else {"start": span.start, "end": span.end, "text": text[span.start : span.end]}


def _in_unit(checks: list[dict[str, Any]], text: str, unit: OffsetUnit) -> list[dict[str, Any]]:
    """Return `checks` with all offsets in `unit`; those of a change's `printed` refer to the printed quote."""
    place = counting(text, unit)
    return [_moved(one, place, counting(one["text"], unit)) for one in checks]


def _moved(value: Any, place: Callable[[int], int], printed: Callable[[int], int]) -> Any:
    if isinstance(value, list):
        return [_moved(item, place, printed) for item in value]
    if not isinstance(value, dict):
        return value
    if "start" in value:
        return value | {"start": place(value["start"]), "end": place(value["end"])}
    return {name: _moved(below, printed if name == "printed" else place, printed) for name, below in value.items()}

"""Reports as a pandas data frame."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from pullquote_client.contract import Problem, Quote, Report, Span
from pullquote_client.reading import speaker_of

if TYPE_CHECKING:
    import pandas as pd


def to_pandas(reports: Report | Iterable[Report | Problem]) -> "pd.DataFrame":
    """Return one row per quote, in order. Results of `batch` can be passed directly; rejected articles have no rows.

    The columns have the names of the service's CSV; missing values are None. Needs `pullquote-client[pandas]`.
    """
    import pandas as pd

    several = [reports] if isinstance(reports, Report) else reports
    rows = [_row(report, quote) for report in several if isinstance(report, Report) for quote in report.quotes]
    return pd.DataFrame(rows, columns=list(_COLUMNS))


_COLUMNS = (
    "article", "title", "byline", "site_name", "url", "published_at", "quote", "kind", "text", "speaker", "speaker_id",
    "speaker_kind", "description", "mention", "cue", "addressee", "via", "negated", "resolution", "section",
    "paragraph", "start", "end", "confidence", "speaker_confidence", "unresolved_code", "form", "within",
)  # fmt: skip


def _row(report: Report, quote: Quote) -> dict[str, Any]:
    article, speaker = report.article, speaker_of(report, quote)
    return {
        "article": article.id,
        "title": article.title,
        "byline": article.byline,
        "site_name": article.site_name,
        "url": article.url,
        "published_at": article.published_at,
        "quote": quote.id,
        "kind": quote.kind,
        "text": quote.text,
        "speaker": speaker and speaker.name,
        "speaker_id": quote.speaker,
        "speaker_kind": speaker and speaker.kind,
        "description": speaker and speaker.description,
        "mention": _words(quote.mention),
        "cue": quote.cue and quote.cue.text,
        "addressee": _words(quote.addressee),
        "via": _words(quote.via),
        "negated": quote.negated,
        "resolution": quote.resolution,
        "section": quote.section,
        "paragraph": quote.paragraph,
        "start": quote.contents[0].start,
        "end": quote.contents[-1].end,
        "confidence": quote.confidence,
        "speaker_confidence": quote.speaker_confidence,
        "unresolved_code": quote.unresolved_code,
        "form": quote.form,
        "within": quote.within,
    }


def _words(span: Span | None) -> str | None:
    return None if span is None else span.text

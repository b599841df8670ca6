"""Build the requests of both clients, and time their retries."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any, Final, Literal

import httpx

from pullquote_client.contract import PrintedQuote, Problem, QuotesRequest, Report
from pullquote_client.reading import read

Format = Literal["csv", "html", "json", "jsonld"]
MEDIA_TYPES: Final[Mapping[Format, str]] = {
    "csv": "text/csv", "html": "text/html", "json": "application/json", "jsonld": "application/ld+json",
}  # fmt: skip
NDJSON: Final = {"Content-Type": "application/x-ndjson"}
BATCH: Final = 100  # articles in a request: a failed connection costs no more
_BATCH_BYTES: Final = 8_000_000  # the service's default limit is 20,000,000
_RETRIED: Final = (429, 503)
_FIRST_WAIT: Final = 1.0  # seconds before the first retry without `Retry-After`


def article_of(article: str | Mapping[str, Any], options: Mapping[str, Any]) -> dict[str, Any]:
    """Return the request for an article, with `options` merged into its own."""
    request: dict[str, Any] = {"text": article} if isinstance(article, str) else dict(article)
    merged = {**request.get("options", {}), **options}
    return {**request, "options": merged} if merged else request


def verification_of(
    article: str | QuotesRequest, quotes: Iterable[str | PrintedQuote], options: Mapping[str, Any]
) -> dict[str, Any]:
    """Return the request that verifies printed `quotes` against an article."""
    printed = [{"text": quote} if isinstance(quote, str) else quote for quote in quotes]
    return {**article_of(article, options), "quotes": printed}


@dataclass(frozen=True, slots=True)
class Lines:
    """The lines of one request to `/quotes/batch`; `first` is the number of its first article, from 1."""

    first: int
    requests: tuple[dict[str, Any], ...]
    content: bytes

    def numbered(self, problem: Problem, index: int) -> Problem:
        """Return `problem` with the number of the article at `index`."""
        return replace(problem, line=self.first + index)


def is_retried(line: str) -> bool:
    """Return whether a response line reports that the service was overloaded, so that its article can be retried."""
    document = json.loads(line)
    return "article" not in document and document["status"] in _RETRIED


def read_line(line: str, before: int) -> Report | Problem:
    """Parse a response line; `before` articles were sent in earlier requests."""
    document = json.loads(line)
    if "article" in document:
        return read(Report, document)
    problem = read(Problem, document)
    return replace(problem, line=before + (problem.line or 0))


def lines_of(articles: Iterable[str | QuotesRequest], options: Mapping[str, Any], size: int) -> Iterator[Lines]:
    """Yield the requests for `articles`, at most `size` in each. Reads `articles` lazily."""
    requests: list[dict[str, Any]] = []
    lines: list[bytes] = []
    first = 1
    for article in articles:
        request = article_of(article, options)
        line = json.dumps(request, ensure_ascii=False).encode() + b"\n"
        if requests and (len(requests) == size or sum(map(len, lines)) + len(line) > _BATCH_BYTES):
            yield Lines(first, tuple(requests), b"".join(lines))
            first += len(requests)
            requests, lines = [], []
        requests.append(request)
        lines.append(line)
    if requests:
        yield Lines(first, tuple(requests), b"".join(lines))


class LineBuffer:
    """Splits a response into lines. httpx also splits at U+2028 and other characters, which articles can contain."""

    def __init__(self) -> None:
        self._rest = b""

    def lines(self, part: bytes) -> list[str]:
        """Return the lines that `part` of the response completes."""
        *lines, self._rest = (self._rest + part).split(b"\n")
        return [line.decode() for line in lines if line]


class Waits:
    """The retry delays of one request: from `Retry-After`, at most `limit` seconds in total."""

    def __init__(self, limit: float) -> None:
        self._left = limit
        self._default = _FIRST_WAIT

    def after(self, response: httpx.Response) -> float | None:
        """Return the seconds to wait before a retry, or None if the request should not be retried."""
        if response.status_code not in _RETRIED:
            return None
        wait = retry_after(response)
        if wait is None:
            wait = self._default
            self._default *= 2
        if wait > self._left:
            return None
        self._left -= wait
        return wait


def retry_after(response: httpx.Response) -> float | None:
    """Return the seconds of `Retry-After`, which a proxy can send as a date, or None without a valid one."""
    value = response.headers.get("Retry-After", "").strip()
    if value.isdecimal() and value.isascii():
        return float(value)
    try:
        date = parsedate_to_datetime(value)
    except ValueError:
        return None
    if date.tzinfo is None:
        date = date.replace(tzinfo=UTC)
    return max(0.0, (date - datetime.now(UTC)).total_seconds())


def headers_of(key: str | None) -> dict[str, str]:
    """Return the headers that every request has."""
    return {"User-Agent": "pullquote-client", **({"Authorization": f"Bearer {key}"} if key else {})}

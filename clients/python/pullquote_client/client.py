"""The synchronous client."""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Self, Unpack

import httpx

from pullquote_client.contract import (
    Options,
    PrintedQuote,
    Problem,
    QuotesRequest,
    Report,
    Verification,
    VerifyOptions,
)
from pullquote_client.errors import IncompleteBatch, Refused, error_of
from pullquote_client.reading import read
from pullquote_client.requests import (
    BATCH,
    MEDIA_TYPES,
    NDJSON,
    Format,
    LineBuffer,
    Lines,
    Waits,
    article_of,
    headers_of,
    is_retried,
    lines_of,
    read_line,
    verification_of,
)


class Client:
    """A client of the service at `address`. Use it as a context manager, or close it; threads can share it.

    `key` is the API key, where the service requires one. `timeout` is httpx's, in seconds. If the service is
    overloaded (503), the request is retried after the time in `Retry-After`; once its waits would total more than
    `max_wait` seconds, `Busy` is raised. `http` replaces the httpx client, for proxies and certificates; it needs a
    `base_url`.
    """

    def __init__(
        self,
        address: str = "http://127.0.0.1:8000",
        *,
        key: str | None = None,
        timeout: float = 90,
        max_wait: float = 60,
        http: httpx.Client | None = None,
    ) -> None:
        self._http = http or httpx.Client(base_url=address, timeout=timeout)
        self._headers = headers_of(key)
        self._max_wait = max_wait

    def quotes(self, article: str | QuotesRequest, **options: Unpack[Options]) -> Report:
        """Find who said what in an article: its text, or a request with `text` or `html` and any metadata.

        Raises `Refused` with the service's reason, and httpx's errors.
        """
        return read(Report, self._post("/quotes", article_of(article, options)).json())

    def render(self, article: str | QuotesRequest, format: Format, **options: Unpack[Options]) -> str:
        """Return the quotes of an article as CSV, as HTML with the quotes marked, as Web Annotations or as JSON."""
        return self._post("/quotes", article_of(article, options), {"Accept": MEDIA_TYPES[format]}).text

    def verify(
        self, article: str | QuotesRequest, quotes: Iterable[str | PrintedQuote], **options: Unpack[VerifyOptions]
    ) -> Verification:
        """Verify printed quotes against an article: their words and their speakers."""
        return read(Verification, self._post("/quotes/verify", verification_of(article, quotes, options)).json())

    def batch(
        self, articles: Iterable[str | QuotesRequest], *, size: int = BATCH, **options: Unpack[Options]
    ) -> Iterator[Report | Problem]:
        """Yield the result of each article, in order, each as soon as it is known.

        The result of a rejected article is a `Problem`, whose `line` is the article's number, from 1. `articles` can be
        a generator of any length: it is read `size` articles at a time, which are sent in one request. An article that
        met an overloaded service is retried separately, as in `quotes`. Raises `IncompleteBatch` if a response is
        interrupted.
        """
        for lines in lines_of(articles, options, size):
            yield from self._batch(lines)

    def ready(self) -> bool:
        """Return whether the service has loaded its model and accepts articles."""
        return self._http.get("/readyz", headers=self._headers).is_success

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _batch(self, lines: Lines) -> Iterator[Report | Problem]:
        received = 0
        buffer = LineBuffer()
        with self._streamed(lines.content) as response:
            for part in response.iter_bytes():
                for line in buffer.lines(part):
                    yield self._again(lines, received) if is_retried(line) else read_line(line, lines.first - 1)
                    received += 1
        if received < len(lines.requests):
            raise IncompleteBatch(f"The response ended after {received} of {len(lines.requests)} lines.")

    def _again(self, lines: Lines, index: int) -> Report | Problem:
        """Retry one line of a batch as a separate request, and return its result."""
        try:
            return read(Report, self._post("/quotes", lines.requests[index]).json())
        except Refused as refused:
            return lines.numbered(refused.problem, index)

    @contextmanager
    def _streamed(self, content: bytes) -> Iterator[httpx.Response]:
        """Send a batch; yields the successful response, whose body has not been read."""
        waits = Waits(self._max_wait)
        while True:
            with self._http.stream(
                "POST", "/quotes/batch", content=content, headers={**self._headers, **NDJSON}
            ) as response:
                if response.is_success:
                    yield response
                    return
                response.read()
            self._wait(waits, response)

    def _post(self, path: str, document: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        waits = Waits(self._max_wait)
        while True:
            response = self._http.post(path, json=document, headers={**self._headers, **(headers or {})})
            if response.is_success:
                return response
            self._wait(waits, response)

    def _wait(self, waits: Waits, response: httpx.Response) -> None:
        """Wait until the request can be sent again. Raises `Refused` if it should not be."""
        seconds = waits.after(response)
        if seconds is None:
            raise error_of(response)
        time.sleep(seconds)

"""The asynchronous client: `Client` with `await`."""

import asyncio
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
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


class AsyncClient:
    """A client of the service at `address`. Use it as an asynchronous context manager, or close it.

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
        http: httpx.AsyncClient | None = None,
    ) -> None:
        self._http = http or httpx.AsyncClient(base_url=address, timeout=timeout)
        self._headers = headers_of(key)
        self._max_wait = max_wait

    async def quotes(self, article: str | QuotesRequest, **options: Unpack[Options]) -> Report:
        """Find who said what in an article: its text, or a request with `text` or `html` and any metadata.

        Raises `Refused` with the service's reason, and httpx's errors.
        """
        return read(Report, (await self._post("/quotes", article_of(article, options))).json())

    async def render(self, article: str | QuotesRequest, format: Format, **options: Unpack[Options]) -> str:
        """Return the quotes of an article as CSV, as HTML with the quotes marked, as Web Annotations or as JSON."""
        return (await self._post("/quotes", article_of(article, options), {"Accept": MEDIA_TYPES[format]})).text

    async def verify(
        self, article: str | QuotesRequest, quotes: Iterable[str | PrintedQuote], **options: Unpack[VerifyOptions]
    ) -> Verification:
        """Verify printed quotes against an article: their words and their speakers."""
        return read(
            Verification, (await self._post("/quotes/verify", verification_of(article, quotes, options))).json()
        )

    async def batch(
        self, articles: Iterable[str | QuotesRequest], *, size: int = BATCH, **options: Unpack[Options]
    ) -> AsyncIterator[Report | Problem]:
        """Yield the result of each article, in order, each as soon as it is known.

        The result of a rejected article is a `Problem`, whose `line` is the article's number, from 1. `articles` can be
        a generator of any length: it is read `size` articles at a time, which are sent in one request. An article that
        met an overloaded service is retried separately, as in `quotes`. Raises `IncompleteBatch` if a response is
        interrupted.
        """
        for lines in lines_of(articles, options, size):
            async for result in self._batch(lines):
                yield result

    async def ready(self) -> bool:
        """Return whether the service has loaded its model and accepts articles."""
        return (await self._http.get("/readyz", headers=self._headers)).is_success

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def _batch(self, lines: Lines) -> AsyncIterator[Report | Problem]:
        received = 0
        buffer = LineBuffer()
        async with self._streamed(lines.content) as response:
            async for part in response.aiter_bytes():
                for line in buffer.lines(part):
                    yield await self._again(lines, received) if is_retried(line) else read_line(line, lines.first - 1)
                    received += 1
        if received < len(lines.requests):
            raise IncompleteBatch(f"The response ended after {received} of {len(lines.requests)} lines.")

    async def _again(self, lines: Lines, index: int) -> Report | Problem:
        """Retry one line of a batch as a separate request, and return its result."""
        try:
            return read(Report, (await self._post("/quotes", lines.requests[index])).json())
        except Refused as refused:
            return lines.numbered(refused.problem, index)

    @asynccontextmanager
    async def _streamed(self, content: bytes) -> AsyncIterator[httpx.Response]:
        """Send a batch; yields the successful response, whose body has not been read."""
        waits = Waits(self._max_wait)
        while True:
            async with self._http.stream(
                "POST", "/quotes/batch", content=content, headers={**self._headers, **NDJSON}
            ) as response:
                if response.is_success:
                    yield response
                    return
                await response.aread()
            await self._wait(waits, response)

    async def _post(self, path: str, document: Any, headers: dict[str, str] | None = None) -> httpx.Response:
        waits = Waits(self._max_wait)
        while True:
            response = await self._http.post(path, json=document, headers={**self._headers, **(headers or {})})
            if response.is_success:
                return response
            await self._wait(waits, response)

    async def _wait(self, waits: Waits, response: httpx.Response) -> None:
        """Wait until the request can be sent again. Raises `Refused` if it should not be."""
        seconds = waits.after(response)
        if seconds is None:
            raise error_of(response)
        await asyncio.sleep(seconds)

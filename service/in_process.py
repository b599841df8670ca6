"""Processes articles in the caller's process, without a server. `pullquote` is its public name."""

from collections.abc import Callable, Iterable, Mapping
from threading import Lock
from typing import Any

from schemas.request import load_request
from schemas.verification import load_verify_request
from service.input.page_reader import PageReader
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.pipeline import answer, article_of, verification
from service.settings import Settings

Request = str | Mapping[str, Any]


class Reader:
    """Finds and verifies quotes with one loaded model. Threads can share it: they take turns.

    `settings` has the limits and the model; without it, the defaults apply, and no environment variable is read. `load`
    replaces the model. The model is loaded for the first article, in about two seconds.
    """

    def __init__(self, settings: Settings | None = None, load: Callable[[Settings], Parser] = load_parser) -> None:
        self._settings = settings or Settings(workers=1)
        self._load = load
        self._pages = PageReader(self._settings.page_seconds)
        self._parser: Parser | None = None
        self._turn = Lock()

    def quotes(self, article: Request, **options: Any) -> dict[str, Any]:
        """Find who said what in an article, and return the JSON that `POST /quotes` responds with.

        `article` is the text, or a request as openapi.yaml describes it, with `text` or `html`; `options` are its
        options. Raises `Invalid`, whose `faults` name the fields that are wrong.
        """
        most = self._settings.max_characters
        fields, chosen = load_request(_request(article, options), most)
        with self._turn:
            return answer(article_of(fields, self._pages, most), self._loaded(), chosen)

    def verify(self, article: Request, quotes: Iterable[str | Mapping[str, Any]], **options: Any) -> dict[str, Any]:
        """Verify printed `quotes` against an article, and return the JSON that `POST /quotes/verify` responds with.

        A quote is its text, or `{"text": …, "speaker": …}`. Raises `Invalid`.
        """
        printed = [{"text": quote} if isinstance(quote, str) else dict(quote) for quote in quotes]
        limits = self._settings
        fields, claims, chosen = load_verify_request(
            {**_request(article, options), "quotes": printed},
            limits.max_characters,
            limits.max_quotes,
            limits.max_quote_words,
        )
        with self._turn:
            return verification(article_of(fields, self._pages, limits.max_characters), self._loaded(), claims, chosen)

    def _loaded(self) -> Parser:
        if self._parser is None:
            self._parser = self._load(self._settings)
        return self._parser


def _request(article: Request, options: Mapping[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"text": article} if isinstance(article, str) else dict(article)
    together = {**request.get("options", {}), **options}
    return {**request, "options": together} if together else request

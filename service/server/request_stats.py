"""Statistics of one request: the time spent in each stage, what was read and what was found.

The middleware opens them; each stage writes to the current ones, if any. They contain counts and identifiers, never the
article's words, because they are logged.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Literal

from service.extraction.report import Report
from service.input.article import Article
from service.parsing.tree import Parse

# In order: body and JSON; queue; paragraphs or the page's article; and so on.
Stage = Literal["read", "wait", "article", "parse", "extract", "verify", "render"]

_OPEN: Final[ContextVar["RequestStats | None"]] = ContextVar("account", default=None)


@dataclass(slots=True)
class RequestStats:
    """Statistics of one request. `around` is a context manager entered for each stage, called with its name."""

    request_id: str
    method: str = ""
    route: str = "none"  # the declared URL rule; stays "none" for unknown addresses, which can be any string
    status: int = 500
    around: Callable[[Stage], AbstractContextManager[object]] = nullcontext
    began: float = field(default_factory=perf_counter)
    key: str | None = None  # name of the API key
    bytes: int = 0  # length of the request body
    characters: int = 0
    sentences: int = 0
    articles: int = 0  # articles parsed; characters, sentences and quotes count the same articles
    cached: int = 0  # responses from the cache, or shared with a concurrent identical request
    quotes: Counter[str] = field(default_factory=Counter)  # by kind
    lines: Counter[int] = field(default_factory=Counter)  # lines of a batch, by status
    rejections: Counter[str] = field(default_factory=Counter)  # by reason
    failures: list[str] = field(default_factory=list)  # unexpected exceptions, as formatted by `logs.without_words`
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    @contextmanager
    def open(self) -> Iterator[None]:
        """Make these the current statistics for the code inside."""
        token = _OPEN.set(self)
        try:
            yield
        finally:
            _OPEN.reset(token)


def request_stats() -> RequestStats:
    """Return the current statistics, or throwaway ones if none are open."""
    return _OPEN.get() or RequestStats("")


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Add the time spent inside to the current statistics."""
    opened = _OPEN.get()
    if opened is None:
        yield
        return
    began = perf_counter()
    with opened.around(name):
        try:
            yield
        finally:
            opened.seconds[name] = opened.seconds.get(name, 0) + perf_counter() - began


def record_article(article: Article, parse: Parse, report: Report) -> None:
    """Add an article's size and the number of its quotes to the current statistics."""
    opened = request_stats()
    opened.articles += 1
    opened.characters += len(article.text)
    opened.sentences += len(parse.sentences)
    opened.quotes.update(quote.kind for quote in report.quotes)

"""The account of one request: how long each stage of it took, what was read and what was found.

Who answers a request opens its account; the stages on the way write into the one that is open, if one is.
An account holds numbers and names of this project's own, and never an article's words: it is logged.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from contextvars import ContextVar
from dataclasses import dataclass, field
from time import perf_counter
from typing import Final, Literal

from service.article.article import Article
from service.extraction.report import Report
from service.parsing.tree import Parse

# The body and its JSON; the turn; the paragraphs, or a page's article; and so on, in this order.
Stage = Literal["read", "wait", "article", "parse", "extract", "verify", "render"]

_OPEN: Final[ContextVar["Account | None"]] = ContextVar("account", default=None)


@dataclass(slots=True)
class Account:
    """One request's. `around` is entered for each of its stages, with the stage's name."""

    request_id: str
    method: str = ""
    route: str = "none"  # as it is declared; of an address that there is not it stays so, for that may be anything
    status: int = 500
    around: Callable[[Stage], AbstractContextManager[object]] = nullcontext
    began: float = field(default_factory=perf_counter)
    key: str | None = None  # the name of the API key
    bytes: int = 0  # of the body
    characters: int = 0
    sentences: int = 0
    articles: int = 0  # that were read, as their characters, sentences and quotes
    kept: int = 0  # answers that were there already, or in the making for somebody else
    quotes: Counter[str] = field(default_factory=Counter)  # by kind
    lines: Counter[int] = field(default_factory=Counter)  # of a batch, by status
    rejections: Counter[str] = field(default_factory=Counter)  # by reason
    failures: list[str] = field(default_factory=list)  # what went wrong here, as `logs.without_words` tells it
    seconds: dict[str, float] = field(default_factory=dict)  # by stage

    @contextmanager
    def open(self) -> Iterator[None]:
        """Have what runs inside write into this account."""
        token = _OPEN.set(self)
        try:
            yield
        finally:
            _OPEN.reset(token)


def account() -> Account:
    """The account that is open; one that nobody reads where none is."""
    return _OPEN.get() or Account("")


@contextmanager
def stage(name: Stage) -> Iterator[None]:
    """Add the time spent inside to the open account."""
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


def enter(article: Article, parse: Parse, report: Report) -> None:
    """Add what was read of an article, and what was found in it, to the open account."""
    opened = account()
    opened.articles += 1
    opened.characters += len(article.text)
    opened.sentences += len(parse.sentences)
    opened.quotes.update(quote.kind for quote in report.quotes)

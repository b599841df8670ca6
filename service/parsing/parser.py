"""The parser protocol, and two wrappers: one that reports whether a parse is running, one that runs all parses in one
thread.

Torch, oneDNN and MKL keep kernels for each thread that has computed, so a worker parses in a single thread.
"""

import weakref
from collections.abc import Sequence
from concurrent.futures import Future
from contextvars import Context, copy_context
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Lock, Thread, current_thread
from typing import Final, NamedTuple, Protocol

from service.errors import PullquoteError
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """The model's name, version and arithmetic, as reported in responses."""

    name: str
    version: str
    arithmetic: str = "float32"


class Parser(Protocol):
    """Parses articles, one call at a time. An article's parse does not depend on the other articles in the call."""

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        ...

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Only paragraphs are parsed, except those marked as boilerplate;
        offsets are into each article's text.

        Raises `OutOfTime` soon after the deadline, and `Invalid` if an article has too many sentences.
        """
        ...


_FAILURES: Final = 3  # in a row: one or two can be caused by the articles


class WatchedParser:
    """Parses like `parser`, and counts its consecutive unexpected failures."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._failures = 0

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        return self._parser.model

    @property
    def failing(self) -> bool:
        """Whether the last calls failed unexpectedly."""
        return self._failures >= _FAILURES

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Raises what the parser raises."""
        try:
            result = self._parser.parse(articles, deadline)
        except PullquoteError:  # an expected rejection, not a failure
            raise
        except BaseException:
            self._failures += 1
            raise
        self._failures = 0
        return result


_NAME: Final = "parser"
_END_SECONDS: Final = 10.0


class _Job(NamedTuple):
    articles: Sequence[Article]
    deadline: Deadline
    context: Context  # the caller's context: the request's record, and the id for its log lines
    result: Future[list[Parse]]


class ParserThread:
    """Parses like `parser`, one call at a time, in a thread that the first call starts.

    The thread is a daemon, so that requests in progress at exit still get their parses, and it is joined at exit: if
    Python shut down while the thread was freeing torch's memory, the process would end with SIGABRT.
    """

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._jobs: SimpleQueue[_Job | None] = SimpleQueue()
        self._starting = Lock()
        self._started = False

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        return self._parser.model

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Raises what the parser raises."""
        self._start()
        result: Future[list[Parse]] = Future()
        self._jobs.put(_Job(articles, deadline, copy_context(), result))
        return result.result()

    def _start(self) -> None:
        with self._starting:
            if not self._started:
                thread = Thread(target=_run, args=(self._parser, self._jobs), name=_NAME, daemon=True)
                thread.start()
                weakref.finalize(self, _end, thread, self._jobs)
                self._started = True


def _end(thread: Thread, jobs: "SimpleQueue[_Job | None]") -> None:
    jobs.put(None)
    if thread is not current_thread():
        thread.join(_END_SECONDS)


def _run(parser: Parser, jobs: "SimpleQueue[_Job | None]") -> None:
    while (job := jobs.get()) is not None:
        try:
            parsed = job.context.run(parser.parse, job.articles, job.deadline)
        except BaseException as error:  # passed on to the caller
            job.result.set_exception(error)
        else:
            job.result.set_result(parsed)
            del parsed
        del job  # do not hold on to the article until the next job

"""Process articles in a process of their own, and return their rows; refuse an article only for its own fault."""

import fcntl
import json
import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from tempfile import gettempdir
from typing import Any, Final

from service.archive.cells import fingerprint, with_readable_metadata
from service.archive.tables import answered_row, refused_row
from service.errors import MachineError
from service.files.inputs import InputArticle, OutputOptions, Processed, Refused, TextStyle
from service.files.processing import Answer, ArticleProcessor
from service.files.runs import ProcessDied, Worker
from service.parsing.parser import Parser
from service.server.resources import cores, memory_bytes
from service.settings import Settings

_THREADS: Final = 1  # each process has one core
_MIN_MEMORY: Final = 2_000_000_000  # bytes that a process can allocate, however little memory a core has
_MEGABYTE: Final = 1_000_000
_GROWTH: Final = 1.5  # a process below this many times its memory after the first article is never replaced
_CANARY: Final = InputArticle("a test article", "text", "", b'"It works," Ann Example said on Monday.')


@dataclass(frozen=True, slots=True)
class ArticleOptions:
    """What the results of articles depend on: the settings, a function that loads the model, the options as JSON.

    `fields` maps fields of a request to the columns or fields of a line that replace them. `load` must be picklable.
    """

    load: Callable[[Settings], Parser]
    settings: Settings
    options: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)


class _RowProcessor(ArticleProcessor):
    """Processes articles to JSON with the response and the text of each quote's sentence."""

    def formatted(self, answer: Answer) -> str:
        sentences = [answer.article.slice(quote.sentence) for quote in answer.report.quotes]
        return json.dumps({"report": answer.document, "sentences": sentences}, ensure_ascii=False)


class ArticleRows:
    """Processes articles one by one, in a child process that an article can crash without harm to the others.

    The memory of the child process is limited to a core's share of this machine's. An article that runs out of memory
    or crashes the process is tried again in a new one, while no other article is processed on this machine, and after
    a test article has shown that the machine works. Only then is it refused.
    """

    def __init__(self, options: ArticleOptions) -> None:
        self._fields = options.fields
        output_options = OutputOptions("jsonl", options.options, TextStyle(), options.fields)
        load = partial(options.load, options.settings)
        most = max(memory_bytes() // cores(), _MIN_MEMORY)
        start = partial(_RowProcessor, load, options.settings, output_options)
        self._worker = Worker(start, _THREADS, most)
        self._most_resident = options.settings.max_memory_mb * _MEGABYTE
        self._resident = 0  # after the first article
        self._machine = _MachineLock()

    def rows(self, found: Iterable[tuple[str, InputArticle | Refused]]) -> Iterator[dict[str, Any]]:
        """Yield the row of each article, given its relative path and the article or its refusal.

        Raises `MachineError` if this machine cannot process articles, and `ModelError`.
        """
        for relative_path, article in found:
            if isinstance(article, Refused):
                if article.machine:
                    raise MachineError(f"{article.name}: {article.reason}")
                yield refused_row(relative_path, article)
                continue
            readable, warnings = with_readable_metadata(article, self._fields)
            outcome = self._answer(readable)
            if isinstance(outcome, Refused):
                row = refused_row(relative_path, outcome)
            else:
                answer = json.loads(outcome.text)
                row = answered_row(relative_path, article.name, answer["report"], answer["sentences"], warnings)
            yield row | {"fingerprint": fingerprint(article)}

    def end(self) -> None:
        """End the child process."""
        self._worker.end()

    def _answer(self, article: InputArticle) -> Processed | Refused:
        with self._machine.shared():
            try:
                outcome = self._worker.ask(article)
            except ProcessDied:
                outcome = None
        if outcome is not None and not (isinstance(outcome, Refused) and outcome.machine):
            self._replace_grown()
            return outcome
        with self._machine.exclusive():
            return self._answer_alone(article)

    def _replace_grown(self) -> None:
        """Replace the child process if it has grown beyond its limit, as the service replaces workers."""
        resident = self._worker.resident_bytes()
        self._resident = self._resident or resident
        if self._most_resident and resident > max(self._most_resident, _GROWTH * self._resident):
            self._worker.restart()
            self._resident = 0

    def _answer_alone(self, article: InputArticle) -> Processed | Refused:
        self._worker.restart()
        try:
            tested = self._worker.ask(_CANARY)
        except ProcessDied as died:
            raise MachineError(f"The process that runs the model died on a test article{died.how}.") from None
        if isinstance(tested, Refused):
            raise MachineError(f"A test article {tested.reason}")
        try:
            return self._worker.ask(article)
        except ProcessDied as died:
            reason = f"crashed the process that read it, also alone and in a new process{died.how}."
            return Refused(article.name, reason, len(article.content))


class _MachineLock:
    """A lock of all processes on this machine: shared by those that process articles, exclusive for one article alone.

    A process that waits for exclusive use holds the turnstile, so that no other can begin meanwhile.
    """

    def __init__(self) -> None:
        name = os.path.join(gettempdir(), f"pullquote-alone-{os.getuid()}")
        self._turnstile, self._use = (open(f"{name}-{lock}", "ab") for lock in ("turnstile", "use"))  # noqa: SIM115

    @contextmanager
    def shared(self) -> Iterator[None]:
        fcntl.flock(self._turnstile, fcntl.LOCK_EX)
        fcntl.flock(self._use, fcntl.LOCK_SH)
        fcntl.flock(self._turnstile, fcntl.LOCK_UN)
        try:
            yield
        finally:
            fcntl.flock(self._use, fcntl.LOCK_UN)

    @contextmanager
    def exclusive(self) -> Iterator[None]:
        fcntl.flock(self._turnstile, fcntl.LOCK_EX)
        fcntl.flock(self._use, fcntl.LOCK_EX)
        try:
            yield
        finally:
            fcntl.flock(self._use, fcntl.LOCK_UN)
            fcntl.flock(self._turnstile, fcntl.LOCK_UN)

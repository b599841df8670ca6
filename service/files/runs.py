"""A run over files: each article is skipped, rejected or processed, in one process or several, in file order."""

import multiprocessing
import os
import resource
import signal
import sys
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from dataclasses import replace
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.context import BaseContext
from queue import LifoQueue
from threading import Lock
from typing import Final, Protocol

from service.errors import PullquoteError
from service.files.articles import articles_of
from service.files.inputs import Input, InputArticle, Outcome, OutputOptions, Processed, Refused, Skipped
from service.files.outputs import Output
from service.files.processing import ArticleProcessor
from service.parsing.parser import Parser
from service.server.resources import resident_bytes
from service.settings import Settings

_AHEAD: Final = 4  # articles per process that are read ahead
_FORKS: Final = sys.platform == "linux"  # on other systems, system libraries start threads, which do not survive a fork
# What the fork server imports: nothing that starts threads, as torch and pyarrow do.
_PRELOADED: Final = [__name__, "service.files.processing", "service.pipeline"]

Item = InputArticle | Refused | Skipped


class Processor(Protocol):
    """Processes an article, or rejects it."""

    def answer(self, input_article: InputArticle) -> Processed | Refused:
        """Process `input_article`."""
        ...


def process_here(items: Iterable[Item], processor: Processor) -> Iterator[Outcome]:
    """Yield `items` in order, each article replaced by its outcome."""
    for item in items:
        yield processor.answer(item) if isinstance(item, InputArticle) else item


def process_in_pool(
    items: Iterable[Item], start: Callable[[], Processor], processes: int, threads: int
) -> Generator[Outcome, None, None]:
    """Yield `items` in order, each article replaced by its outcome from one of several processes.

    `start` is called in each process and must be picklable. A process is started when all others are busy. If one dies,
    its article is rejected and the process is replaced. Closing the generator kills them all.
    """
    idle: LifoQueue[Worker] = LifoQueue()  # last in, first out, so that no more processes start than needed
    workers: list[Worker] = [Worker(start, threads) for _ in range(processes)]
    for worker in workers:
        idle.put(worker)

    def answer(input_article: InputArticle) -> Processed | Refused:
        worker = idle.get()
        try:
            return worker.answer(input_article)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(processes)
    pending: deque[Future[Processed | Refused] | Refused | Skipped] = deque()
    try:
        for item in items:
            pending.append(pool.submit(answer, item) if isinstance(item, InputArticle) else item)
            while pending and (_is_done(pending[0]) or len(pending) >= processes * _AHEAD):
                yield _done(pending.popleft())
        while pending:
            yield _done(pending.popleft())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.end()
        pool.shutdown()


def _is_done(item: Future[Processed | Refused] | Refused | Skipped) -> bool:
    return not isinstance(item, Future) or item.done()


def _done(item: Future[Processed | Refused] | Refused | Skipped) -> Outcome:
    return item.result() if isinstance(item, Future) else item


class ProcessDied(Exception):
    """The process that was processing an article ended. `how` names the signal, if known."""

    def __init__(self, how: str = "") -> None:
        super().__init__(how)
        self.how = how


class Worker:
    """A process that handles one article at a time. It is started for the first, and again after it has died.

    `max_bytes` limits the memory that it can allocate; 0: no limit.
    """

    def __init__(self, start: Callable[[], Processor], threads: int, max_bytes: int = 0) -> None:
        self._start = start
        self._threads = threads
        self._max_bytes = max_bytes
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self._starting = Lock()
        self._ended = False

    def answer(self, input_article: InputArticle) -> Processed | Refused:
        """Process `input_article`, or reject it if the process dies.

        Raises errors that affect every article, such as `ModelError`.
        """
        try:
            return self.ask(input_article)
        except ProcessDied as died:
            reason = f"crashed the process that read it{died.how}."
            return Refused(input_article.name, reason, len(input_article.content), machine=True)

    def ask(self, input_article: InputArticle) -> Processed | Refused:
        """Process `input_article`. Raises `ProcessDied`, and errors that affect every article, such as `ModelError`."""
        try:
            connection = self._running()
            connection.send(input_article)
            result: Processed | Refused | PullquoteError = connection.recv()
        except (EOFError, OSError):
            raise ProcessDied(self._how()) from None
        if isinstance(result, PullquoteError):
            raise result
        return result

    def restart(self) -> None:
        """End the process. The next article starts another one."""
        with self._starting:
            if self._process is not None:
                self._process.kill()
                self._process.join()
            self._process = self._connection = None

    def resident_bytes(self) -> int:
        """Return the resident memory of the process in bytes; 0 if there is none."""
        return resident_bytes(self._process.pid or 0) if self._process is not None else 0

    def end(self) -> None:
        """Kill the process, and start no other."""
        with self._starting:
            self._ended = True
            if self._process is not None:
                self._process.kill()
                self._process.join()

    def _running(self) -> Connection:
        with self._starting:
            if self._ended:
                raise EOFError
            if self._connection is None or self._process is None or not self._process.is_alive():
                context = _context()
                self._connection, child_end = context.Pipe()
                self._process = context.Process(  # type: ignore[attr-defined]
                    target=_work, args=(child_end, self._start, self._threads, self._max_bytes), daemon=True
                )
                self._process.start()
                child_end.close()  # so that the end of the process is noticed here
            return self._connection

    def _how(self) -> str:
        """Describe how the process ended, if known."""
        if self._process is None:
            return ""
        self._process.join()
        code = self._process.exitcode or 0
        return f" ({signal.Signals(-code).name})" if code < 0 else ""


def _context() -> BaseContext:
    """Return how processes start: as forks of one that has imported the code, which takes a second, or from scratch."""
    context = multiprocessing.get_context("forkserver" if _FORKS else "spawn")
    context.set_forkserver_preload(_PRELOADED)
    return context


def _work(connection: Connection, start: Callable[[], Processor], threads: int, max_bytes: int) -> None:
    """Run the process: handle articles until the connection closes. Ctrl-C is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if max_bytes:
        _, most = resource.getrlimit(resource.RLIMIT_DATA)
        least = max_bytes if most == resource.RLIM_INFINITY else min(max_bytes, most)
        resource.setrlimit(resource.RLIMIT_DATA, (least, most))
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.putenv(variable, str(threads))  # before torch is imported: more threads than cores make every parse slower
    processor = start()
    try:
        while True:
            input_article = connection.recv()
            try:
                connection.send(processor.answer(input_article))
            except PullquoteError as error:
                connection.send(error)
    except (EOFError, OSError):
        return


def outcomes(
    inputs: Sequence[Input],
    output: Output,
    load: Callable[[Settings], Parser],
    settings: Settings,
    output_options: OutputOptions,
    jobs: int,
) -> Generator[Outcome, None, None]:
    """Yield the outcome of each article of `inputs`. `load` is called in each process that handles articles.

    Raises `ModelError` if the model cannot be loaded.
    """
    process_settings = replace(settings, workers=jobs)  # each process gets its share of the cores
    start = partial(ArticleProcessor, partial(load, process_settings), process_settings, output_options)
    items = _items(inputs, output, settings.max_bytes, output_options.fields)
    if jobs == 1:
        yield from process_here(items, start())
    else:
        with closing(process_in_pool(items, start, jobs, process_settings.threads)) as answered:
            yield from answered


def _items(
    inputs: Sequence[Input], output: Output, max_bytes: int, fields: Mapping[str, str]
) -> Iterator[InputArticle | Refused | Skipped]:
    for file in inputs:
        for result in articles_of(file, max_bytes, fields):
            yield Skipped(len(result.content)) if isinstance(result, InputArticle) and output.has(result) else result

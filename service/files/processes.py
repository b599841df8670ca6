"""Process articles in order, in this process or in several that have a model each."""

import multiprocessing
import os
import signal
from collections import deque
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from multiprocessing.connection import Connection
from queue import LifoQueue
from threading import Lock
from typing import Final, Protocol

from service.errors import PullquoteError
from service.files.outcomes import Answered, Outcome, Refused, Sent, Skipped

_AHEAD: Final = 4  # articles per process that are read ahead

Item = Sent | Refused | Skipped


class Answers(Protocol):
    """Processes an article, or rejects it."""

    def answer(self, sent: Sent) -> Answered | Refused:
        """Process `sent`."""
        ...


def answered_here(items: Iterable[Item], answering: Answers) -> Iterator[Outcome]:
    """Yield `items` in order, each article replaced by its outcome."""
    for item in items:
        yield answering.answer(item) if isinstance(item, Sent) else item


def answered_by_processes(
    items: Iterable[Item], start: Callable[[], Answers], processes: int, threads: int
) -> Generator[Outcome, None, None]:
    """Yield `items` in order, each article replaced by its outcome from one of several processes.

    `start` is called in each process and must be picklable. A process is started when all others are busy. If one dies,
    its article is rejected and the process is replaced. Closing the generator kills them all.
    """
    idle: LifoQueue[Worker] = LifoQueue()  # last in, first out, so that no more processes start than needed
    workers: list[Worker] = [Worker(start, threads) for _ in range(processes)]
    for worker in workers:
        idle.put(worker)

    def answer(sent: Sent) -> Answered | Refused:
        worker = idle.get()
        try:
            return worker.answer(sent)
        finally:
            idle.put(worker)

    pool = ThreadPoolExecutor(processes)
    pending: deque[Future[Answered | Refused] | Refused | Skipped] = deque()
    try:
        for item in items:
            pending.append(pool.submit(answer, item) if isinstance(item, Sent) else item)
            while pending and (_is_done(pending[0]) or len(pending) >= processes * _AHEAD):
                yield _done(pending.popleft())
        while pending:
            yield _done(pending.popleft())
    finally:
        pool.shutdown(wait=False, cancel_futures=True)
        for worker in workers:
            worker.end()
        pool.shutdown()


def _is_done(item: Future[Answered | Refused] | Refused | Skipped) -> bool:
    return not isinstance(item, Future) or item.done()


def _done(item: Future[Answered | Refused] | Refused | Skipped) -> Outcome:
    return item.result() if isinstance(item, Future) else item


class Worker:
    """A process that handles one article at a time. It is started for the first, and again after it has died."""

    def __init__(self, start: Callable[[], Answers], threads: int) -> None:
        self._start = start
        self._threads = threads
        self._process: multiprocessing.process.BaseProcess | None = None
        self._connection: Connection | None = None
        self._starting = Lock()
        self._ended = False

    def answer(self, sent: Sent) -> Answered | Refused:
        """Process `sent`. Raises errors that affect every article, such as `ModelError`."""
        try:
            connection = self._running()
            connection.send(sent)
            found: Answered | Refused | PullquoteError = connection.recv()
        except (EOFError, OSError):
            return Refused(sent.name, f"crashed the process that read it{self._how()}.", len(sent.content))
        if isinstance(found, PullquoteError):
            raise found
        return found

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
                spawning = multiprocessing.get_context("spawn")  # torch does not survive a fork
                self._connection, theirs = spawning.Pipe()
                self._process = spawning.Process(target=_work, args=(theirs, self._start, self._threads), daemon=True)
                self._process.start()
                theirs.close()  # so that its end is noticed here
            return self._connection

    def _how(self) -> str:
        """Describe how the process ended, if known."""
        if self._process is None:
            return ""
        self._process.join()
        code = self._process.exitcode or 0
        return f" ({signal.Signals(-code).name})" if code < 0 else ""


def _work(connection: Connection, start: Callable[[], Answers], threads: int) -> None:
    """Run the process: handle articles until the connection closes. Ctrl-C is left to the parent."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for variable in ("OMP_NUM_THREADS", "MKL_NUM_THREADS"):
        os.putenv(variable, str(threads))  # before torch is imported: more threads than cores make every parse slower
    answering = start()
    try:
        while True:
            sent = connection.recv()
            try:
                connection.send(answering.answer(sent))
            except PullquoteError as error:
                connection.send(error)
    except (EOFError, OSError):
        return

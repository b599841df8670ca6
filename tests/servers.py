"""Real servers with a fake parser: gunicorn and its workers as `pullquote serve` starts them.

Importing the service and loading its lexicons takes 2 s of CPU. One process does that (`python -m tests.servers`), and
each server is a fork of it, with an environment and a standard error of its own.
"""

import gc
import json
import os
import re
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path
from threading import Lock
from typing import IO, Any, Final

import service.server.launch
from service.api.response_cache import fingerprint
from service.errors import ModelDamaged
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from service.pipeline import warm_up
from service.server import metrics
from service.settings import Settings
from tests.doubles import FakeParser, need_no_torch
from tests.waiting import PATIENCE

_ROOT: Final = Path(__file__).resolve().parent.parent  # tests.conftest has it too, but would import pytest


class ComputingParser(FakeParser):
    """Computes for N seconds if a text begins with `Takes N seconds.`; leaks N MB for `Holds N megabytes.`; waits
    until a file exists for `Waits for PATH`.

    It computes in Python and holds the GIL, as extraction does: the worst case for concurrent health checks.
    """

    held: Final[list[bytes]] = []

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        kept = re.match(r"Holds ([0-9]+) megabytes", articles[0].text)
        self.held.append(b"x" * (int(kept[1]) * 1_000_000) if kept else b"")
        awaited = re.match(r"Waits for (\S+)", articles[0].text)
        while awaited and not os.path.exists(awaited[1]):
            time.sleep(0.02)
        found = re.match(r"Takes ([0-9.]+) seconds", articles[0].text)
        until = time.thread_time() + float(found[1] if found else 0)
        while time.thread_time() < until:
            sum(range(1000))
        return super().parse(articles, deadline)


class ForkedServer:
    """A server's master: what `subprocess.Popen` is for a process that this one has started."""

    def __init__(self, pid: int, stderr: IO[str] | None) -> None:
        self.pid = pid
        self.stderr = stderr
        self.returncode: int | None = None

    def poll(self) -> int | None:
        """Return the exit status, or None while the process runs."""
        if self.returncode is None:
            self.returncode = _starter().ask({"poll": self.pid})["status"]
        return self.returncode

    def wait(self, timeout: float) -> int:
        """Return the exit status once the process has ended. Raises `subprocess.TimeoutExpired`."""
        end = time.monotonic() + timeout
        while (status := self.poll()) is None:
            if time.monotonic() > end:
                raise subprocess.TimeoutExpired("server", timeout)
            time.sleep(0.02)
        return status

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)
        self.wait(PATIENCE)


def fork_server(
    environ: Mapping[str, str], stderr: int | None = None, *, descriptors: int | None = None, fault: str | None = None
) -> ForkedServer:
    """Start a server. `stderr` is a file descriptor; if it is None, the process has a pipe as `stderr`.

    `descriptors` limits open files. `fault` is "damaged": the model is, or "no space": metrics have none in a worker.
    """
    request = {"environ": dict(environ), "descriptors": descriptors, "fault": fault}
    if stderr is not None:
        return ForkedServer(_starter().ask(request, stderr)["pid"], None)
    received, written = os.pipe()
    try:
        return ForkedServer(_starter().ask(request, written)["pid"], os.fdopen(received, encoding="utf-8"))
    finally:
        os.close(written)


class _Starter:
    """The process that servers are forks of."""

    def __init__(self) -> None:
        self._channel, theirs = socket.socketpair()
        self._one_at_a_time = Lock()
        with theirs:
            subprocess.Popen(
                [sys.executable, "-m", "tests.servers", str(theirs.fileno())],
                pass_fds=[theirs.fileno()], stdin=subprocess.DEVNULL, cwd=_ROOT,
                env={"PYTHONPATH": str(_ROOT), "PATH": os.environ["PATH"], "OMP_NUM_THREADS": "1"},
            )  # fmt: skip

    def ask(self, request: dict[str, Any], descriptor: int | None = None) -> dict[str, Any]:
        with self._one_at_a_time:
            socket.send_fds(self._channel, [json.dumps(request).encode()], [] if descriptor is None else [descriptor])
            answer: dict[str, Any] = json.loads(self._channel.recv(65536))
        return answer


_starter: Final[Callable[[], _Starter]] = cache(_Starter)


def _request_of_this_fork(channel: socket.socket) -> dict[str, Any] | None:
    """Fork a process for each request for a server, and return the request in that process.

    Returns None if the process that asked has ended.
    """
    while True:
        message, descriptors, _, _ = socket.recv_fds(channel, 65536, 1)
        if not message:
            return None
        request: dict[str, Any] = json.loads(message)
        if "poll" in request:
            ended, status = os.waitpid(request["poll"], os.WNOHANG)
            answer = {"status": os.waitstatus_to_exitcode(status) if ended else None}
        else:
            pid = os.fork()
            if not pid:
                os.dup2(descriptors[0], 2)
                channel.close()
                os.closerange(3, os.sysconf("SC_OPEN_MAX"))
                return request
            os.close(descriptors[0])
            answer = {"pid": pid}
        channel.sendall(json.dumps(answer).encode())


def _serve(request: dict[str, Any]) -> None:
    """Run a server as `pullquote serve` does, in a process that has just been forked."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.clear()
    os.environ.update(request["environ"])
    tempfile.tempdir = None  # TMPDIR is another
    need_no_torch()
    if request["descriptors"] is not None:
        resource.setrlimit(resource.RLIMIT_NOFILE, (request["descriptors"], request["descriptors"]))
    reserve, master = metrics.reserve, os.getpid()

    def reserve_in_master(folder: Path, worker_number: int) -> None:
        if os.getpid() != master:
            raise OSError(28, "No space left on device")
        reserve(folder, worker_number)

    def load_parser(settings: Settings) -> FakeParser:
        assert os.environ["OMP_NUM_THREADS"] == str(settings.threads)
        if request["fault"] == "damaged":
            raise ModelDamaged("The tagger is not the one that the manifest names.")
        return ComputingParser()

    if request["fault"] == "no space":
        metrics.reserve = reserve_in_master
    service.server.launch.check_model = lambda settings: None  # type: ignore[attr-defined]
    service.server.launch.load_parser = load_parser  # type: ignore[assignment,attr-defined]
    service.server.launch.serve(Settings.from_environment(os.environ))


def _main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # of Ctrl-C in pytest
    need_no_torch()
    warm_up(FakeParser())
    fingerprint("")  # lists the installed packages, once
    gc.collect()
    request = _request_of_this_fork(socket.socket(fileno=int(sys.argv[1])))
    if request is not None:
        _serve(request)


if __name__ == "__main__":
    _main()

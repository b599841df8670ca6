"""The server as processes under stress: floods, slow clients, killed workers, shutdown.

The fake parser computes for as long as an article says (`tests/servers.py`).
"""

import gzip
import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from http.client import HTTPException
from pathlib import Path
from shutil import copytree
from statistics import median
from tempfile import NamedTemporaryFile
from threading import Event

import pytest

from benchmarks.ports import free_port
from service.parsing.packs import embedded_folder
from service.server.resources import cores
from tests.conftest import ROOT
from tests.servers import ForkedServer, fork_server
from tests.test_server import ask, requests_in_flight, wait_until_ready
from tests.waiting import PATIENCE, wait_until

BROKEN = """
import os
import service.server.launch
from service.settings import Settings
from tests.doubles import FakeParser, need_no_torch

def broken(*_):
    raise KeyError("secret")

need_no_torch()
FakeParser.parse = broken
service.server.launch.check_model = lambda settings: None
service.server.launch.load_parser = lambda settings: FakeParser()
service.server.launch.serve(Settings.from_environment(os.environ))
"""
JSON = {"Content-Type": "application/json"}


@contextmanager
def serving(**settings: str) -> Iterator[tuple[ForkedServer, int]]:
    """Run a ready server; yields its process and port."""
    port = free_port()
    environ = {"PULLQUOTE_PORT": str(port), "PULLQUOTE_WORKERS": "1", "PYTHONPATH": str(ROOT), **settings}
    with NamedTemporaryFile() as log:
        process = fork_server(environ, log.fileno())
        with open(log.name, encoding="utf-8") as process.stderr:
            try:
                wait_until_ready(port, process)
                yield process, port
            finally:
                if process.poll() is None:
                    process.send_signal(signal.SIGTERM)
                assert process.wait(PATIENCE) == 0, process.stderr.read()[-2000:]


def article(seconds: float, name: object) -> str:
    return json.dumps({"text": f"Takes {seconds} seconds. This is article {name}."})


def held(file: Path, name: object = "") -> str:
    """Return an article that is processed when `file` exists."""
    return json.dumps({"text": f"Waits for {file} now. This is article {name}."})


def workers_of(process: ForkedServer) -> list[int]:
    children = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(child) for child in children]


def timed(port: int, method: str, path: str, body: object = None) -> tuple[int, float]:
    """Return the status and the latency in seconds."""
    began = time.monotonic()
    status, _ = ask(port, method, path, body, JSON)
    return status, time.monotonic() - began


# --- admission


@pytest.mark.parametrize("workers", [1, 2])
def test_flood_gets_correct_responses_or_503(workers: int) -> None:
    flood, each = 40 * workers, 0.08
    over = Event()
    with serving(PULLQUOTE_WORKERS=str(workers), PULLQUOTE_WAIT_SECONDS="240") as (_, port):

        def send(client: int) -> list[tuple[int, float]]:
            answers = []
            for number in range(4):
                answers.append(timed(port, "POST", "/quotes", article(each, f"{client}-{number}")))
            return answers

        def look() -> list[tuple[int, float]]:
            found = []
            while not over.wait(0.05):
                found.append(timed(port, "GET", "/healthz"))
            return found

        with ThreadPoolExecutor(flood + 1) as pool:
            health = pool.submit(look)
            answers = [one for sent in pool.map(send, range(flood)) for one in sent]
            over.set()
        assert {status for status, _ in health.result()} == {200}
        counts = Counter(status for status, _ in answers)
        assert set(counts) == {200, 503}, counts
        assert counts[200] >= 5 * workers
        # What does not wait in the queue gets its response in a part of the time that others do, however busy the
        # machine is.
        waited = median(seconds for status, seconds in answers if status == 200)
        assert median(seconds for _, seconds in health.result()) < waited / 2
        assert median(seconds for status, seconds in answers if status == 503) < waited / 2
        assert timed(port, "POST", "/quotes", article(0, "after the flood"))[0] == 200


# --- limits


def received(client: socket.socket) -> str:
    """Read until the other side closes."""
    found = b""
    while part := client.recv(65536):
        found += part
    return found.decode()


@pytest.mark.parametrize(
    ("sent", "status", "expected"),
    [
        (b"GET /" + b"a" * 5000 + b" HTTP/1.1\r\n\r\n", 414, "bytes; the limit is 4094."),
        (b"GET / HTTP/1.1\r\nA: " + b"a" * 9000 + b"\r\n\r\n", 431, "one is longer than 8190 bytes"),
        (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 101 + b"\r\n", 431, "more than 100"),
        (b"GET / HTTP/1.1\r\n" + b"A: a\r\n" * 20_000 + b"\r\n", 431, "more than 100"),
        (b"\x16\x03\x01\r\n\r\n", 400, "not valid HTTP"),
        (b"GET / HTTP/1.1\r\nA\r\n\r\n", 400, "not valid HTTP"),
        (
            b"POST /quotes HTTP/1.1\r\nTransfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n",
            400,
            "not valid HTTP/1.1",
        ),
    ],
    ids=["address", "header", "headers", "endless headers", "TLS", "no header", "smuggled"],
)
def test_malformed_http_gets_a_problem(plain: int, sent: bytes, status: int, expected: str) -> None:
    with socket.create_connection(("127.0.0.1", plain), timeout=PATIENCE) as client:
        client.sendall(sent)
        head, _, body = received(client).partition("\r\n\r\n")
    assert head.startswith(f"HTTP/1.1 {status} ")
    assert "Content-Type: application/problem+json" in head
    problem = json.loads(body)
    assert (problem["status"], expected in problem["detail"]) == (status, True), problem


@pytest.fixture(scope="module")
def plain() -> Iterator[int]:
    """The port of a server with default settings, except for the client timeout."""
    with serving(PULLQUOTE_CLIENT_SECONDS="1.5") as (_, port):
        yield port


@pytest.mark.parametrize(
    "sent",
    [
        b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{",
        b"POST /quotes/batch HTTP/1.1\r\nHost: x\r\n"
        b"Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"POST /quotes HTTP/1.1\r\nContent-Ty",
        b"G",
    ],
    ids=["body", "chunks", "head", "a letter"],
)
def test_slow_sender_gets_408_and_is_disconnected(plain: int, sent: bytes) -> None:
    with socket.create_connection(("127.0.0.1", plain), timeout=PATIENCE) as client:
        client.sendall(sent)
        answer = received(client)
    assert answer.startswith("HTTP/1.1 408 ")
    assert "within 1.5 seconds" in answer


def test_trickling_sender_gets_408(plain: int) -> None:
    with socket.create_connection(("127.0.0.1", plain), timeout=PATIENCE) as client:
        client.sendall(
            b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
        )

        def is_closed() -> bool:
            try:
                client.sendall(b" ")
            except OSError:
                return True
            return False

        wait_until(is_closed)


def test_slow_clients_do_not_block_health_checks() -> None:
    with serving(PULLQUOTE_CLIENT_SECONDS="600") as (_, port), ExitStack() as slow:
        for number in range(120):
            client = slow.enter_context(socket.create_connection(("127.0.0.1", port), timeout=PATIENCE))
            part = b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{"
            client.sendall((part, b"GET /he", b"")[number % 3])
        wait_until(lambda: "Too many uploads" in ask(port, "POST", "/quotes", article(0, "another"), JSON)[1])
        assert {ask(port, "GET", "/healthz")[0] for _ in range(9)} == {200}


def test_compressed_bomb_is_rejected_before_inflating(plain: int) -> None:
    bomb = gzip.compress(b" " * 100_000_000)
    status, answer = ask(plain, "POST", "/quotes", bomb, {**JSON, "Content-Encoding": "gzip"})
    assert status == 415
    assert "Content-Encoding" in answer


# --- life and death


def test_shutdown_finishes_requests_and_rejects_new_ones(tmp_path: Path) -> None:
    file = tmp_path / "end"
    patience = {"PULLQUOTE_WAIT_SECONDS": "600", "PULLQUOTE_DEADLINE_SECONDS": "600", "PULLQUOTE_GRACE_SECONDS": "600"}
    with serving(**patience) as (process, port), ThreadPoolExecutor(2) as pool:
        begun = [pool.submit(ask, port, "POST", "/quotes", held(file, number), JSON) for number in range(2)]
        wait_until(lambda: requests_in_flight(port) == 2)
        process.send_signal(signal.SIGTERM)
        wait_until(lambda: ask(port, "GET", "/readyz")[0] == 503)
        assert ask(port, "GET", "/healthz")[0] == 200
        status, answer = ask(port, "POST", "/quotes", article(0, "late"), JSON)
        assert (status, "shutting down" in answer) == (503, True)
        file.touch()
        assert [one.result()[0] for one in begun] == [200, 200]
        assert process.wait(PATIENCE) == 0
        with pytest.raises(ConnectionError):
            ask(port, "GET", "/healthz")


def test_server_exits_when_the_grace_period_ends(tmp_path: Path) -> None:
    with serving(PULLQUOTE_GRACE_SECONDS="2") as (process, port), ThreadPoolExecutor(1) as pool:
        lost = pool.submit(ask, port, "POST", "/quotes", held(tmp_path / "never"), JSON)
        wait_until(lambda: requests_in_flight(port) == 1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert isinstance(lost.exception(), (ConnectionError, HTTPException))


def test_killed_worker_loses_only_its_own_request(tmp_path: Path) -> None:
    with serving() as (process, port), ThreadPoolExecutor(1) as pool:
        lost = pool.submit(ask, port, "POST", "/quotes", held(tmp_path / "never"), JSON)
        wait_until(lambda: requests_in_flight(port) == 1)
        (worker,) = workers_of(process)
        os.kill(worker, signal.SIGKILL)
        assert isinstance(lost.exception(PATIENCE), (ConnectionError, HTTPException))
        assert ask(port, "POST", "/quotes", article(0, "next"), JSON)[0] == 200
        assert workers_of(process) != [worker]


def test_workers_are_replaced_after_max_requests_without_loss() -> None:
    with serving(PULLQUOTE_WORKERS="2", PULLQUOTE_MAX_REQUESTS="8", PULLQUOTE_MAX_REQUESTS_JITTER="4") as (
        server,
        port,
    ):
        first = set(workers_of(server))

        def send(number: int) -> int:
            return ask(port, "POST", "/quotes", article(0.02, number), JSON)[0]

        with ThreadPoolExecutor(3) as pool:
            assert Counter(pool.map(send, range(80))) == {200: 80}
        wait_until(lambda: send(80) == 200 and not first & set(workers_of(server)))


# --- no start


def started(**environ: str) -> subprocess.CompletedProcess[str]:
    """Run `pullquote serve`, which is expected to fail early."""
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    return subprocess.run(
        command, env={"PYTHONPATH": str(ROOT), **environ}, capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE
    )


def test_model_that_cannot_parse_stops_the_start() -> None:
    port = str(free_port())
    ended = subprocess.run(
        [sys.executable, "-c", BROKEN], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE,
        env={"PYTHONPATH": str(ROOT), "PULLQUOTE_WORKERS": str(cores()), "PULLQUOTE_PORT": port},
    )  # fmt: skip
    assert ended.returncode == 4, ended.stderr
    (line,) = ended.stderr.splitlines()
    assert "The model could not be loaded" in line
    assert "KeyError" in line
    assert "secret" not in line


def test_failed_start_prints_one_line(
    tmp_path: Path,
) -> None:
    pack = copytree(embedded_folder(), tmp_path / "pack")
    largest = max(pack.iterdir(), key=lambda file: file.stat().st_size)
    with largest.open("r+b") as file:
        file.seek(1000)
        file.write(b"\0damaged\0")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        reasons = {
            f"{largest.name} does not match its manifest": started(PULLQUOTE_MODEL=str(pack)),
            "Address already in use": started(PULLQUOTE_PORT=port),
            "PULLQUOTE_DEADLINE_SECONDS is 'soon'": started(PULLQUOTE_DEADLINE_SECONDS="soon"),
        }
    for reason, ended in reasons.items():
        assert ended.returncode == 3, ended.stderr
        (line,) = ended.stderr.splitlines()
        assert reason in line

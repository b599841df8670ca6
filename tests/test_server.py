"""`pullquote serve` as processes: gunicorn and its workers, with a fake parser."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from benchmarks.ports import free_port
from service.server.launch import configuration
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE
from tests.servers import ForkedServer, fork_server
from tests.waiting import PATIENCE, wait_until

SERVE_MODEL = """
import os
import service.server.launch
from service.settings import Settings

service.server.launch.serve(Settings.from_environment(os.environ))
"""


@contextmanager
def serving(*, fault: str | None = None, **settings: str) -> Iterator[tuple[ForkedServer, int]]:
    """Run a server with a fake parser (see `fork_server`); yields its process and port."""
    port, environ = _place(settings)
    process = fork_server(environ, fault=fault)
    with _stopped(process):
        yield process, port


@contextmanager
def serving_model(**settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """Run a server with the embedded model."""
    port, environ = _place(settings)
    command = [sys.executable, "-c", SERVE_MODEL]
    process = subprocess.Popen(command, env=environ, stderr=subprocess.PIPE, text=True, cwd=ROOT)
    with _stopped(process):
        yield process, port


def _place(settings: dict[str, str]) -> tuple[int, dict[str, str]]:
    port = free_port()
    return port, {"PULLQUOTE_PORT": str(port), "PULLQUOTE_WORKERS": "1", "PYTHONPATH": str(ROOT), **settings}


@contextmanager
def _stopped(process: subprocess.Popen[str] | ForkedServer) -> Iterator[None]:
    try:
        yield
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(PATIENCE)
        if process.stderr:
            process.stderr.close()


def ask(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request(method, path, body, headers or {}, encode_chunked=isinstance(body, Iterator))  # type: ignore[arg-type]
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def wait_until_ready(port: int, process: subprocess.Popen[str] | ForkedServer) -> None:
    def ready() -> bool:
        if process.poll() is not None:
            log = process.stderr.read() if process.stderr else ""
            pytest.fail(f"The server has ended with {process.returncode}: {log[-2000:]}")
        try:
            return ask(port, "GET", "/readyz")[0] == 200
        except ConnectionError:
            return False

    wait_until(ready)


def requests_in_flight(port: int) -> int:
    """Return how many requests a server of one worker is processing, apart from the one that asks."""
    lines = ask(port, "GET", "/metrics")[1].splitlines()
    (value,) = (line.split()[1] for line in lines if line.startswith("pullquote_requests_in_flight "))
    return round(float(value)) - 1


def test_server_responds_and_stops_on_sigterm() -> None:
    json_body = {"Content-Type": "application/json"}
    with serving(PULLQUOTE_MAX_BYTES="1000") as (process, port):
        wait_until_ready(port, process)
        assert ask(port, "GET", "/healthz") == (200, '{"status":"alive"}\n')
        status, answer = ask(port, "POST", "/quotes", json.dumps({"text": ARTICLE}), json_body)
        assert (status, [speaker["name"] for speaker in json.loads(answer)["speakers"]]) == (200, ["Ruth Alder"])
        in_parts = iter([b'{"text":', b' "No comment."}'])
        assert ask(port, "POST", "/quotes", in_parts, json_body | {"Transfer-Encoding": "chunked"})[0] == 200
        too_much = iter([b" " * 900, b" " * 900])
        assert ask(port, "POST", "/quotes", too_much, json_body | {"Transfer-Encoding": "chunked"})[0] == 413
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        events = [json.loads(line) for line in process.stderr]
    assert any(event["event"] == "ready" and event["model"] == "fake" for event in events)
    assert "bridge" not in json.dumps(events)


def batch_of(lines: int, text: str) -> bytes:
    """Return a complete HTTP request for a batch."""
    body = (json.dumps({"text": text}) + "\n").encode() * lines
    head = (
        f"POST /quotes/batch HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\nContent-Length: {len(body)}"
    )
    return f"{head}\r\n\r\n".encode() + body


def test_client_that_stops_reading_its_batch_is_dropped() -> None:
    lines = {"Content-Type": "application/x-ndjson"}
    one = json.dumps({"text": ARTICLE}) + "\n"
    with serving(PULLQUOTE_MAX_BATCHES="1", PULLQUOTE_CLIENT_SECONDS="5") as (process, port):
        wait_until_ready(port, process)
        with socket.socket() as stalled:
            stalled.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            stalled.connect(("127.0.0.1", port))
            stalled.sendall(batch_of(1000, "\n\n".join([ARTICLE] * 40)))
            assert stalled.recv(12) == b"HTTP/1.1 200"  # then stops reading
            assert ask(port, "POST", "/quotes/batch", one, lines)[0] == 503
            assert ask(port, "POST", "/quotes", one, {"Content-Type": "application/json"})[0] == 200
            wait_until(lambda: ask(port, "POST", "/quotes/batch", one, lines)[0] != 503)


def test_batch_is_streamed_in_chunks() -> None:
    with serving() as (process, port):
        wait_until_ready(port, process)
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
            client.sendall(batch_of(3, ARTICLE))
            received = b""
            while not received.endswith(b"\r\n0\r\n\r\n"):
                received += client.recv(65536)
    head, _, body = received.partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert body.count(b'"quotes":[{') == 3


def test_worker_without_a_model_stops_the_server() -> None:
    with serving(fault="damaged") as (process, _):
        assert process.wait(PATIENCE) == 4
        assert process.stderr is not None
        events = [json.loads(line) for line in process.stderr]
    (reason,) = [event["reason"] for event in events if "reason" in event]
    assert reason == "The tagger is not the one that the manifest names."


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000")])
def test_addresses_are_formatted_for_gunicorn(host: str, bind: str) -> None:
    assert configuration(Settings(host=host))["bind"] == bind


def test_waiting_requests_leave_threads_for_health_checks() -> None:
    found = configuration(Settings(max_waiting=8, max_batches=3, workers=1))
    assert found["threads"] > 8 + 1 + 3
    assert found["preload_app"] is False

"""`pullquote serve` as processes: gunicorn, its workers, their parser a fake one."""

import json
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection

import pytest

from service.gunicorn_config import configuration
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE

SERVE = """
import os, sys
import service.server
from service.errors import ModelDamaged
from service.settings import Settings
from tests.doubles import FakeParser

def load_parser(settings):
    assert os.environ["OMP_NUM_THREADS"] == str(settings.threads)
    if "damaged" in sys.argv:
        raise ModelDamaged("The tagger is not the one that the manifest names.")
    return FakeParser()

service.server.check_model = lambda settings: None
service.server.load_parser = load_parser
service.server.serve(Settings.from_environment(os.environ))
"""


@contextmanager
def serving(*arguments: str, **settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    environ = {"PULLQUOTE_PORT": str(port), "PULLQUOTE_WORKERS": "1", "PYTHONPATH": str(ROOT), **settings}
    process = subprocess.Popen(
        [sys.executable, "-c", SERVE, *arguments], env=environ, stderr=subprocess.PIPE, text=True, cwd=ROOT
    )
    try:
        yield process, port
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        process.wait(30)
        if process.stderr:
            process.stderr.close()


def ask(
    port: int, method: str, path: str, body: object = None, headers: dict[str, str] | None = None
) -> tuple[int, str]:
    connection = HTTPConnection("127.0.0.1", port, timeout=30)
    try:
        connection.request(method, path, body, headers or {}, encode_chunked=isinstance(body, Iterator))  # type: ignore[arg-type]
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def wait_until_ready(port: int) -> None:
    for _ in range(300):
        try:
            assert ask(port, "GET", "/readyz")[0] == 200
        except ConnectionError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError


def test_the_server_answers_and_stops_when_it_is_told_to() -> None:
    json_body = {"Content-Type": "application/json"}
    with serving(PULLQUOTE_MAX_BYTES="1000") as (process, port):
        wait_until_ready(port)
        assert ask(port, "GET", "/healthz") == (200, '{"status":"alive"}\n')
        status, answer = ask(port, "POST", "/quotes", json.dumps({"text": ARTICLE}), json_body)
        assert (status, [speaker["name"] for speaker in json.loads(answer)["speakers"]]) == (200, ["Ruth Alder"])
        in_parts = iter([b'{"text":', b' "No comment."}'])
        assert ask(port, "POST", "/quotes", in_parts, json_body | {"Transfer-Encoding": "chunked"})[0] == 200
        too_much = iter([b" " * 900, b" " * 900])
        assert ask(port, "POST", "/quotes", too_much, json_body | {"Transfer-Encoding": "chunked"})[0] == 413
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
        assert process.stderr is not None
        events = [json.loads(line) for line in process.stderr]
    assert any(event["event"] == "ready" and event["model"] == "fake" for event in events)
    assert "bridge" not in json.dumps(events)


def test_a_worker_without_a_model_ends_the_server_and_says_why() -> None:
    with serving("damaged") as (process, _):
        assert process.wait(30) == 4
        assert process.stderr is not None
        events = [json.loads(line) for line in process.stderr]
    (reason,) = [event["reason"] for event in events if "reason" in event]
    assert reason == "The tagger is not the one that the manifest names."


@pytest.mark.parametrize(("host", "bind"), [("127.0.0.1", "127.0.0.1:8000"), ("::1", "[::1]:8000")])
def test_an_address_is_written_as_gunicorn_reads_it(host: str, bind: str) -> None:
    assert configuration(Settings(host=host))["bind"] == bind


def test_waiting_requests_leave_threads_for_health() -> None:
    found = configuration(Settings(max_waiting=8, workers=1))
    assert found["threads"] > 8 + 1
    assert found["preload_app"] is False

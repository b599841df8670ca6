"""Malformed and unusual HTTP: every request gets a response, and none an internal error."""

import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from service.server.callers import new_key
from tests.attacks.grammar import InputArticle, requests
from tests.attacks.raw import Response, ask, connect, received, request, send
from tests.attacks.server import Server

pytestmark = pytest.mark.slow

TEXT = {"Content-Type": "text/plain"}
CHUNKED = b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n"

NUMBER = 500


def faults(server: Server) -> list[object]:
    """Return the internal errors in the server's log."""
    return [event for event in server.events() if event.get("level") == "error" or event.get("status") == 500]


@pytest.mark.parametrize(
    "chunks",
    [
        b"0x5\r\nhello\r\n0\r\n\r\n",
        b"-1\r\nhello\r\n0\r\n\r\n",
        b"+5\r\nhello\r\n0\r\n\r\n",
        b"0_5\r\nhello\r\n0\r\n\r\n",
        b" 5\r\nhello\r\n0\r\n\r\n",
        b"\r\nhello\r\n0\r\n\r\n",
        b"g\r\nhello\r\n0\r\n\r\n",
        b"5\r\nhelloX\r\n0\r\n\r\n",
        b"5\nhello\n0\n\n",
        b"5;\x00\r\nhello\r\n0\r\n\r\n",
        b'5;a="\r\nhello\r\n0\r\n\r\n',
        b"5\r\nhello\r\n0\r\njunk\r\n\r\n",
        b"5\r\nhello\r\n0\r\nContent-Length: 3\r\n\r\n",
        b"5\r\nhello\r\n0\r\na b: c\r\n\r\n",
        b"5\r\nhello\r\n0\r\n" + b"A: a\r\n" * 200 + b"\r\n",
        b"5\r\nhello\r\n0\r\nA: " + b"a" * 9_000 + b"\r\n\r\n",
        b"5" + b";" + b"a" * 9_000,
        b"5\r\nhello\r\n5\r\nhel",
        b"5\r\nhello\r\n",
        b"5\r\nhello\r\n0\r\n",
        b"5",
        b"",
    ],
)
def test_malformed_chunks_are_400(server: Server, chunks: bytes) -> None:
    response = send(server.port, CHUNKED + chunks, half_close=True)
    assert response.status == 400
    assert response.problem["type"].endswith("/NotHttp")
    assert not faults(server)


def test_unread_malformed_chunks_get_one_response(server: Server) -> None:
    sent = CHUNKED.replace(b"POST /quotes", b"GET /healthz") + b"zebra\r\n\r\n"
    with connect(server.port) as client:
        client.sendall(sent)
        found = b"".join(iter(lambda: client.recv(65_536), b""))
    assert found.count(b"HTTP/1.1 ") == 1
    assert not faults(server)


@pytest.mark.parametrize("path", ["/quotes", "/quotes/verify", "/quotes/batch"])
def test_truncated_body_is_400(server: Server, path: str) -> None:
    bodies = {"/quotes": b"No comment.", "/quotes/verify": b"{}", "/quotes/batch": b'{"text": "No comment."}\n'}
    kinds = {"/quotes": "text/plain", "/quotes/verify": "application/json", "/quotes/batch": "application/x-ndjson"}
    sent = request("POST", path, {"Content-Type": kinds[path], "Content-Length": "1000"}, bodies[path])
    response = send(server.port, sent, half_close=True)
    assert response.problem["type"].endswith("/NotHttp")
    assert "Content-Length is 1000" in response.problem["detail"]
    assert not faults(server)


@pytest.mark.parametrize(
    "host",
    [b"", b"Host: a\r\nHost: a\r\n", b"Host: a b\r\n", b"Host: a/b\r\n", b"Host: <a>\r\n", b"Host: a\r\nHost: b\r\n"],
)
def test_http_1_1_needs_exactly_one_host(server: Server, host: bytes) -> None:
    assert send(server.port, b"GET /healthz HTTP/1.1\r\n" + host + b"\r\n").problem["type"].endswith("/NotHttp")


@pytest.mark.parametrize(
    ("version", "host"),
    [(b"1.0", b""), (b"1.1", b"Host: [::1]:8000\r\n"), (b"1.1", b"Host:\r\n"), (b"1.1", b"host: a_b\r\n")],
)
def test_valid_host_is_accepted(server: Server, version: bytes, host: bytes) -> None:
    sent = b"GET /healthz HTTP/" + version + b"\r\n" + host + b"Connection: close\r\n\r\n"
    assert send(server.port, sent).status == 200


@pytest.mark.parametrize(
    "path", ["//metrics", "///metrics", "/%2fmetrics", "/%2F%2fmetrics", "http://x//metrics", "//healthz"]
)
def test_other_spellings_of_a_path_are_404(server: Server, path: str) -> None:
    assert ask(server.port, "GET", path).status == 404
    assert ask(server.port, "GET", "/metrics").status == 200


@pytest.mark.parametrize(
    "name", ["SCRIPT_NAME", "PATH_INFO", "Script_Name", "Script-Name", "REMOTE_USER", "X-Forwarded-Prefix"]
)
def test_client_headers_do_not_set_the_script_name(server: Server, name: str) -> None:
    for value in ("/healthz", "/x", "http://elsewhere"):
        response = ask(server.port, "GET", "/healthz", headers={name: value})
        assert (response.status, json.loads(response.body)) == (200, {"status": "alive"}), value
    assert not faults(server)


def test_no_spelling_of_a_path_bypasses_the_keys(server_with: Callable[..., Server], tmp_path: Path) -> None:
    keys = tmp_path / "keys"
    keys.write_text(new_key("one")[1].line + "\n")
    server = server_with(PULLQUOTE_KEYS_FILE=str(keys))
    for path in ("/metrics", "//metrics", "/%2fmetrics", "/metrics?a", "/metrics/", "/./metrics", "http://x/metrics"):
        for headers in ({}, {"SCRIPT_NAME": "/healthz"}, {"PATH_INFO": "/healthz"}, {"X-Original-URL": "/healthz"}):
            assert ask(server.port, "GET", path, headers=headers).status in {401, 404}, (path, headers)


@pytest.mark.parametrize(
    "sent",
    [
        b"GET /" + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nHost: x\r\nA: " + b"a" * 200_000,
        b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: a\r\n" * 50_000,
        b"\r\n" * 100_000,
        b"\x00" * 200_000,
    ],
    ids=["address", "header", "headers", "line ends", "zeros"],
)
def test_endless_head_is_rejected_at_its_limit(server: Server, sent: bytes) -> None:
    with connect(server.port) as client:
        with suppress(OSError):
            client.sendall(sent)
        response = received(client)
    assert response.status in {0, 400, 414, 431}  # 0: reset while more was sent
    assert not faults(server)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_request_of_the_grammar_gets_its_own_response(server: Server, seed: int) -> None:
    workers = server.workers()

    def answered(one: InputArticle) -> Response:
        return send(server.port, one.data, half_close=True)

    sent = requests(seed, NUMBER)
    with ThreadPoolExecutor(4) as pool:
        found = list(zip(sent, pool.map(answered, sent), strict=True))
    for one, response in found:
        assert response.status in {200, 400, 401, 404, 405, 406, 413, 415, 422, 431}, (one.data, response)
        if response.status != 200:
            assert response.problem["title"]
        if not one.framed:
            assert response.status != 200 or b" /healthz " in one.data.partition(b"\r\n")[0], (one.data, response)
    assert {response.status for _, response in found} >= {200, 400, 404, 405, 415, 422}
    assert server.workers() == workers
    assert not [event for event in server.events() if event.get("level") == "error"]

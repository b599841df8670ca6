"""The server's log at debug level, which contains nothing that a client has sent."""

import json
import re
import signal
import socket
from pathlib import Path

import pytest

from service.server.callers import new_key
from tests.api.test_responses import check
from tests.conftest import ROOT
from tests.doubles import ARTICLE
from tests.test_server import ask, serving, serving_model, wait_until_ready
from tests.waiting import PATIENCE, wait_until

WORDS = re.compile(r"zebra|quagga|bridge|winter|alder", re.IGNORECASE)
JSON = {"Content-Type": "application/json"}
STOPPING = ("Handling signal", "Worker exiting", "Shutting down")
HOSTILE = [
    b"GET /zebra?text=quagga HTTP/9.9\r\nHost: x\r\n\r\n",
    b"zebra quagga\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nX-API-Key : zebra\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer zebra\x00\r\n\r\n",
    b"GET / HTTP/1.1\r\nHost: x\r\nZebra: " + b"quagga" * 20_000 + b"\r\n\r\n",
    b"GET /?text=" + b"zebra" * 2_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: zebra\r\n\r\nquagga",
    b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 1000\r\n\r\nzebra quagga",
    b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\nzebra\r\n",
    b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nTransfer-Encoding: zebra\r\n\r\nquagga",
    b"POST /quotes HTTP/1.1\r\nHost: x\r\nExpect: zebra\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\nzebra",
]


def throw(port: int, request: bytes) -> bytes:
    """Send `request` and return the response."""
    with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as client:
        client.sendall(request)
        client.shutdown(socket.SHUT_WR)
        return b"".join(iter(lambda: client.recv(65536), b""))


def test_debug_log_has_no_request_data_and_a_line_per_request() -> None:
    with serving(PULLQUOTE_LOG_LEVEL="debug") as (process, port):
        wait_until_ready(port, process)
        for request in HOSTILE:
            try:
                throw(port, request)
            except ConnectionError:
                continue
        for number in range(5):
            headers = {"Content-Type": "application/json", "X-Request-ID": f"n{number}"}
            body = json.dumps({"text": ARTICLE, "title": "zebra", "id": f"quagga {number}"})
            assert ask(port, "POST", "/quotes?title=zebra", body, headers)[0] == 200
        assert ask(port, "GET", "/zebra/quagga")[0] == 404
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        lines = process.stderr.readlines()
    events = [json.loads(line) for line in lines]  # every line is JSON
    assert not [line for line in lines if WORDS.search(line)]
    requests = [event for event in events if event["event"] == "request"]
    refused = [event for event in requests if event["route"] == "none"]
    assert {(event["status"], *event["rejections"]) for event in refused} >= {
        (400, "not_http"), (414, "address_too_long"), (431, "headers_too_large"),
    }  # fmt: skip
    assert len({event["request_id"] for event in requests}) == len(requests)
    asked = [event["request_id"] for event in requests]
    assert [asked.count(f"n{number}") for number in range(5)] == [1] * 5


def test_malformed_request_gets_the_usual_headers() -> None:
    with serving() as (process, port):
        wait_until_ready(port, process)
        head, _, body = throw(port, b"GET /zebra HTTP/9.9\r\nHost: x\r\n\r\n").partition(b"\r\n\r\n")
    status, *lines = head.decode().split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert status == "HTTP/1.1 400 Bad Request"
    check(headers)
    assert json.loads(body)["request_id"] == headers["X-Request-ID"]


def test_reloaded_key_is_accepted_without_losing_requests(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    (old, old_key), (new, new_line) = new_key("old"), new_key("new")
    file.write_text(old_key.line + "\n")

    def status(secret: str) -> int:
        headers = {"Authorization": f"Bearer {secret}", "Content-Type": "text/plain"}
        return ask(port, "POST", "/quotes", "No comment.", headers)[0]

    with serving(PULLQUOTE_KEYS_FILE=str(file)) as (process, port):
        wait_until_ready(port, process)
        assert (status(old), status(new), status("")) == (200, 401, 401)
        file.write_text(new_line.line + "\n")
        process.send_signal(signal.SIGHUP)
        wait_until(lambda: status(new) == 200 and status(old) == 401)
        assert process.poll() is None


@pytest.mark.model
def test_debug_log_of_the_real_model_has_no_article_text() -> None:
    articles = sorted((ROOT / "tests/golden/seeds").glob("*.txt"))
    texts = [path.read_text(encoding="utf-8") for path in articles if path.name != "sections.txt"]
    with serving_model(PULLQUOTE_LOG_LEVEL="debug") as (process, port):
        wait_until_ready(port, process)
        for text in texts:
            assert ask(port, "POST", "/quotes", json.dumps({"text": text}), JSON)[0] == 200
            page = f"<html><article><p>{text}</p></article></html>"
            assert ask(port, "POST", "/quotes", json.dumps({"html": page}), JSON)[0] in {200, 422}
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
        assert process.stderr is not None
        lines = process.stderr.readlines()
    events = [json.loads(line) for line in lines]
    assert sum(event.get("articles", 0) for event in events) >= len(texts)
    # Long words of the articles that occur in the log from the first request on, except in field names.
    first = next(number for number, event in enumerate(events) if event["event"] == "request")
    pairs = list(zip(lines, events, strict=True))[first:]
    since = [line for line, event in pairs if not event["event"].startswith(STOPPING)]
    fields = set(re.findall(r"\w+", (ROOT / "service/api/accounting.py").read_text(encoding="utf-8").lower()))
    words = {word for text in texts for word in re.findall(r"\w{7,}", text.lower())} - fields
    assert len(words) > 300
    assert len(since) >= 2 * len(texts)
    assert words & set(re.findall(r"\w+", "".join(since).lower())) == set()

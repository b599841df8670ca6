"""Connections that send nothing, too little or too slowly: they delay no one else."""

import json
import socket
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from itertools import count

import pytest

from tests.attacks.raw import ask, connect, received, request
from tests.attacks.server import Server, descriptors_of, serving
from tests.waiting import PATIENCE, wait_until

pytestmark = pytest.mark.slow

TEXT = {"Content-Type": "text/plain"}
PART = b"POST /quotes HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: 9\r\n\r\nNo"


@contextmanager
def opened(port: int, number: int, sent: bytes = b"", receive_bytes: int = 0) -> Iterator[list[socket.socket]]:
    """Open connections and send `sent` on each, reading nothing."""
    with ExitStack() as stack:
        clients = []
        for _ in range(number):
            client = stack.enter_context(socket.socket())
            if receive_bytes:
                client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_bytes)
            client.settimeout(PATIENCE)
            client.connect(("127.0.0.1", port))
            with suppress(OSError):
                client.sendall(sent)
            clients.append(client)
        yield clients


# What waits for an attacker waits until the server gives up the connection, which is later than a busy machine needs.
GIVEN_UP_SECONDS = 600
SOON_SECONDS = 60.0
COMMENTS = count()


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that waits long for its clients, shared by the tests of this file."""
    folder = tmp_path_factory.mktemp("server")
    with serving(folder / "log", PULLQUOTE_CLIENT_SECONDS=str(GIVEN_UP_SECONDS)) as started:
        yield started


def check_served(server: Server) -> None:
    """Check that health and work on new connections respond soon."""
    for _ in range(9):
        status, took = server.health()
        assert (status, took < SOON_SECONDS) == (200, True), took
    began = time.monotonic()
    assert ask(server.port, "POST", "/quotes", f"Comment {next(COMMENTS)}.".encode(), TEXT).status == 200
    assert time.monotonic() - began < SOON_SECONDS


def closed(client: socket.socket) -> bool:
    """Return whether the server has closed the connection."""
    client.setblocking(False)
    try:
        return client.recv(1) == b""
    except BlockingIOError:
        return False
    except ConnectionResetError:
        return True


def _most_lines(began: float) -> float:
    """Return how often an event that lasts is logged: at most every ten seconds."""
    return 1 + (time.monotonic() - began) / 10


def test_thousand_silent_connections_delay_no_one(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_MAX_IDLE_CONNECTIONS="400", PULLQUOTE_CLIENT_SECONDS=str(GIVEN_UP_SECONDS))
    began = time.monotonic()
    with opened(server.port, 1_000) as clients:
        check_served(server)
        # The ones that have waited longest are closed, and the maximum number is kept.
        assert all(map(closed, clients[:500]))
        assert not any(map(closed, clients[-300:]))
        clients[-1].setblocking(True)
        clients[-1].sendall(request("GET", "/healthz"))
        assert received(clients[-1]).status == 200
    assert server.metric("pullquote_connections_shed_total") >= 600
    logged = [event for event in server.events() if event["event"] == "closing connections to make room"]
    assert 1 <= len(logged) <= _most_lines(began)


@pytest.mark.parametrize("sent", [b"G", b"GET /he", PART.partition(b"\r\n\r\n")[0]], ids=["byte", "line", "head"])
def test_thousand_partial_requests_delay_no_one(server: Server, sent: bytes) -> None:
    with opened(server.port, 1_100, sent):
        check_served(server)


def test_thousand_idle_kept_connections_delay_no_one(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_MAX_IDLE_CONNECTIONS="200", PULLQUOTE_CLIENT_SECONDS=str(GIVEN_UP_SECONDS))
    with opened(server.port, 1_000, request("GET", "/healthz").replace(b"Connection: close\r\n", b"")) as clients:
        check_served(server)
        assert all(map(_closed_after_its_answer, clients[:500]))


def _closed_after_its_answer(client: socket.socket) -> bool:
    return received(client).status == 200 and closed(client)


def test_longest_heads_delay_no_one(server: Server) -> None:
    with opened(server.port, 100, b"GET / HTTP/1.1\r\nHost: x\r\n" + b"A: a\r\n" * 12_000):
        check_served(server)


def test_missing_bodies_do_not_delay_health(server: Server) -> None:
    with opened(server.port, 600, PART):
        assert all(server.health()[1] < SOON_SECONDS for _ in range(9))


@pytest.mark.parametrize("path", ["/openapi.json", "/healthz"])
def test_unread_responses_delay_no_one(server: Server, path: str) -> None:
    sent = request("GET", path).replace(b"Connection: close\r\n", b"")
    with opened(server.port, 75, sent * 10, receive_bytes=2_304):  # the largest exceed what a worker keeps unsent
        time.sleep(4)
        check_served(server)


def test_slowly_read_response_is_complete(server: Server) -> None:
    whole = ask(server.port, "GET", "/openapi.json").body
    sent = request("GET", "/openapi.json").replace(b"Connection: close\r\n", b"")
    with opened(server.port, 1, sent * 5 + request("GET", "/healthz"), receive_bytes=65_536) as (client,):
        time.sleep(0.5)
        found = b"".join(iter(lambda: client.recv(8_192), b""))
    assert found.count(whole) == 5
    assert found.endswith(b'{"status":"alive"}\n')


def test_kept_connection_serves_several_requests(server: Server) -> None:
    with connect(server.port) as client:
        for number in range(50):
            text = f"Comment {number}.".encode()
            client.sendall(request("POST", "/quotes", TEXT, text).replace(b"Connection: close\r\n", b""))
            response = received(client)
            assert json.loads(response.body)["article"]["length"] == len(text)


def test_worker_survives_without_free_descriptors(server_with: Callable[..., Server]) -> None:
    server = server_with(descriptors=96, PULLQUOTE_CLIENT_SECONDS=str(GIVEN_UP_SECONDS))
    (worker,) = server.workers()
    before = descriptors_of(worker)
    began = time.monotonic()
    with opened(server.port, 400):
        check_served(server)
        assert server.workers() == [worker]
    wait_until(lambda: descriptors_of(worker) <= before + 4)
    assert server.metric("pullquote_accept_failures_total") >= 1
    logged = [event for event in server.events() if event["event"] == "cannot accept connections"]
    assert 1 <= len(logged) <= _most_lines(began)
    assert logged[0]["level"] == "warning"


def test_connection_flood_leaks_no_descriptor(server: Server) -> None:
    (worker,) = server.workers()
    before = descriptors_of(worker)

    def come_and_go(number: int) -> None:
        with connect(server.port) as client:
            client.sendall((b"", b"G", PART, request("GET", "/healthz"))[number % 4])

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(come_and_go, range(800)))
    wait_until(lambda: descriptors_of(worker) <= before + 4)
    check_served(server)


def test_body_is_requested_only_when_it_will_be_read(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_MAX_BYTES="1000")
    too_long = TEXT | {"Expect": "100-continue", "Content-Length": "5000"}
    with connect(server.port) as client:
        client.sendall(request("POST", "/quotes", too_long))
        assert received(client).status == 413
    with connect(server.port) as client:
        client.sendall(request("POST", "/quotes", too_long | {"Content-Length": "9"}))
        assert client.recv(1000) == b"HTTP/1.1 100 Continue\r\n\r\n"
        client.sendall(b"No quotes")
        assert received(client).status == 200

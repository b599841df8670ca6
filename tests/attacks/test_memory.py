"""A worker's memory: it is bounded, and a worker over the limit is replaced without losing a request."""

import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.raw import ask
from tests.attacks.server import Server
from tests.waiting import wait_until

pytestmark = pytest.mark.slow
TEXT = {"Content-Type": "text/plain"}


def post(server: Server, text: str) -> int:
    return ask(server.port, "POST", "/quotes", text.encode(), TEXT).status


def test_worker_over_the_memory_limit_finishes_and_is_replaced(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_MAX_MEMORY_MB="700", PULLQUOTE_WAIT_SECONDS="240")
    (worker,) = server.workers()
    with ThreadPoolExecutor(3) as pool:
        others = [pool.submit(post, server, f"Takes 1 seconds. Article {number}.") for number in range(2)]
        time.sleep(0.3)
        assert post(server, "Holds 800 megabytes.") == 200
        assert [other.result() for other in others] == [200, 200]
    assert post(server, "No comment.") == 200
    wait_until(lambda: server.workers() not in ([worker], []))
    assert server.metric("pullquote_workers_replaced_total") == 1
    assert server.metric("pullquote_worker_memory_bytes") < 700e6
    (logged,) = [
        event for event in server.events() if event["event"].startswith("This worker exceeds its memory limit")
    ]
    assert (logged["limit"], logged["megabytes"] > 800) == (700, True)


def test_worker_is_not_replaced_for_its_initial_memory(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_MAX_MEMORY_MB="1")
    workers = server.workers()
    for number in range(5):
        assert post(server, f"No comment {number}.") == 200
    assert server.workers() == workers
    assert server.metric("pullquote_worker_memory_bytes") > 10e6


def test_no_worker_is_replaced_without_a_memory_limit(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_MAX_MEMORY_MB="0")
    workers = server.workers()
    assert post(server, "Holds 800 megabytes.") == 200
    assert post(server, "No comment.") == 200
    assert server.workers() == workers

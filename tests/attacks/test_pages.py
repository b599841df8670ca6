"""Pages designed to be slow: their cost ends with them, and with their worker."""

import os
import signal
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.raw import Response, ask
from tests.attacks.server import Server, children, descriptors_of
from tests.input.test_page_reader import SLOW, processor_time, running
from tests.input.web_pages import NEWS

pytestmark = pytest.mark.slow
HTML = {"Content-Type": "text/html"}
DESCRIPTORS = 64
SECONDS = 3.0  # for a page; the page process takes about one to start
LEAKED = 2  # descriptors that each aborted page used to leak


def read(server: Server, page: str) -> Response:
    return ask(server.port, "POST", "/quotes", page.encode(), HTML)


def test_aborted_pages_leak_no_descriptor(server_with: Callable[..., Server]) -> None:
    server = server_with(descriptors=DESCRIPTORS, PULLQUOTE_PAGE_SECONDS=str(SECONDS))
    (worker,) = server.workers()
    assert read(server, NEWS).status == 200
    before = descriptors_of(worker)
    for _ in range(2):
        assert read(server, SLOW).status == 422
    assert read(server, NEWS).status == 200
    assert descriptors_of(worker) < before + LEAKED  # one more can be a connection that is being closed


def test_page_process_dies_with_its_killed_worker(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_PAGE_SECONDS="60")
    (worker,) = server.workers()
    assert read(server, NEWS).status == 200
    (process,) = children(worker)
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(read, server, SLOW)
        used = processor_time(process)
        while processor_time(process) < used + 0.5:
            time.sleep(0.05)
        os.kill(worker, signal.SIGKILL)
        assert lost.result().status == 0
    until = time.monotonic() + 5
    while running(process):
        assert time.monotonic() < until
        time.sleep(0.05)

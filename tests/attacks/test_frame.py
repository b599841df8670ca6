"""The attacks' own harness: a server starts, responds, is limited as requested, and stops."""

import json
from collections.abc import Callable

import pytest

from tests.attacks.raw import ask, request, send
from tests.attacks.server import Server, descriptors_of
from tests.waiting import wait_until

pytestmark = pytest.mark.slow


def test_server_responds_and_its_log_and_metrics_are_readable(server: Server) -> None:
    assert server.health()[0] == 200
    response = ask(server.port, "POST", "/quotes", b"No comment.", {"Content-Type": "text/plain"})
    assert (response.status, json.loads(response.body)["quotes"]) == (200, [])
    assert send(server.port, request("GET", "/nothing")).problem["type"].endswith("/NotFound")
    # They are counted and logged just after the response.
    wait_until(lambda: server.metric("pullquote_requests_total") >= 4)
    wait_until(lambda: {200, 404} <= {event["status"] for event in server.events() if event["event"] == "request"})


def test_descriptor_limit_applies_to_the_server(server_with: Callable[..., Server]) -> None:
    server = server_with(descriptors=64, PULLQUOTE_WORKERS="2")
    wait_until(lambda: len(server.workers()) == 2)  # one responds before the other has started
    assert 0 < descriptors_of(server.workers()[0]) < 64

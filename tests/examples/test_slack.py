"""The Slack command, with the service in this process."""

import hashlib
import hmac
import io
import json
import time
from collections.abc import Callable
from concurrent.futures import Executor, Future
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import yaml
from pullquote_client import Client
from quotes_command import MOST_QUOTES, QuotesCommand, Settings, is_from_slack

from service.app import create_app, make_ready
from service.settings import Settings as ServiceSettings
from tests.conftest import ROOT
from tests.doubles import ARTICLE, LOST, TOLD, FakeParser

SECRET = "the-secret"


class AtOnce(Executor):
    """Runs what is submitted before it returns."""

    def submit(self, call: Callable[..., Any], /, *values: Any, **named: Any) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_result(call(*values, **named))
        return future


@pytest.fixture
def sent() -> list[dict[str, Any]]:
    """What the command has sent to Slack."""
    return []


@pytest.fixture
def command(sent: list[dict[str, Any]]) -> QuotesCommand:
    app = create_app(ServiceSettings(), FakeParser())
    make_ready(app)

    def answer(request: httpx.Request) -> httpx.Response:
        if request.url.host == "hooks.slack.example":
            sent.append(json.loads(request.content))
            return httpx.Response(200)
        page = f"<html lang=en><title>Bridge</title><article><p>{TOLD}</p><p>{LOST}</p></article></html>"
        return httpx.Response(200, text=page) if request.url.path == "/bridge" else httpx.Response(404)

    http = httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://pullquote.example")
    web = httpx.Client(transport=httpx.MockTransport(answer))
    return QuotesCommand(Settings(SECRET, frozenset({"news.example"})), Client(http=http), web, AtOnce())


def asked(command: QuotesCommand, text: str, *, secret: str = SECRET, age: int = 0) -> tuple[str, str]:
    """Send `/quotes text`; returns the status and the body of the answer."""
    body = urlencode({"text": text, "response_url": "https://hooks.slack.example/1"}).encode()
    moment = str(int(time.time()) - age)
    digest = hmac.new(secret.encode(), f"v0:{moment}:".encode() + body, hashlib.sha256).hexdigest()
    statuses: list[str] = []
    environ = {
        "CONTENT_LENGTH": str(len(body)),
        "wsgi.input": io.BytesIO(body),
        "HTTP_X_SLACK_REQUEST_TIMESTAMP": moment,
        "HTTP_X_SLACK_SIGNATURE": f"v0={digest}",
    }
    parts = command(environ, lambda status, _: statuses.append(status))
    return statuses[0], b"".join(parts).decode()


def test_text_returns_its_quotes(command: QuotesCommand, sent: list[dict[str, Any]]) -> None:
    status, ack = asked(command, ARTICLE)
    assert (status, json.loads(ack)["response_type"]) == ("200 OK", "ephemeral")
    (message,) = sent
    assert message["text"] == "2 quotes, 1 speakers"
    assert message["blocks"][1]["text"]["text"] == "*Ruth Alder*, Mayor\n>“We lost a winter,”"


def test_a_page_of_an_allowed_host_is_fetched(command: QuotesCommand, sent: list[dict[str, Any]]) -> None:
    asked(command, "<https://news.example/bridge|news.example/bridge>")
    assert len(sent[0]["blocks"]) == 2


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("https://intranet.example/salaries", "pages of intranet.example are not fetched"),
        ("http://169.254.169.254/", "not fetched"),
        ("https://news.example/gone", "404"),
    ],
)
def test_other_pages_are_refused(command: QuotesCommand, sent: list[dict[str, Any]], text: str, reason: str) -> None:
    asked(command, text)
    assert reason in sent[0]["text"]


def test_empty_command_prints_help(command: QuotesCommand, sent: list[dict[str, Any]]) -> None:
    assert "with the address of an article" in asked(command, " ")[1]
    assert sent == []


@pytest.mark.parametrize("how", [{"secret": "another"}, {"age": 301}, {"age": -301}])
def test_requests_that_slack_did_not_sign_now_are_refused(
    command: QuotesCommand, sent: list[dict[str, Any]], how: Any
) -> None:
    assert asked(command, ARTICLE, **how)[0] == "401 Unauthorized"
    assert sent == []
    assert not is_from_slack({}, b"", SECRET, 0)


def test_long_answers_fit_a_message(command: QuotesCommand, sent: list[dict[str, Any]]) -> None:
    asked(command, "\n\n".join(f"Person{number} said it rains <{number}>." for number in range(MOST_QUOTES + 5)))
    blocks = sent[0]["blocks"]
    assert (len(blocks), blocks[-1]["elements"][0]["text"]) == (MOST_QUOTES + 1, "and 5 more")
    assert "&lt;" in json.dumps(blocks)


def test_the_manifest_names_the_command() -> None:
    manifest = yaml.safe_load((ROOT / "examples/slack/manifest.yaml").read_text(encoding="utf-8"))
    assert manifest["features"]["slash_commands"][0]["command"] == "/quotes"
    assert manifest["oauth_config"]["scopes"]["bot"] == ["commands"]

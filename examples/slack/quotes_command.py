"""A Slack command: `/quotes` finds who said what in an article.

`/quotes https://news.example/bridge` reads a page of a site that ALLOWED_HOSTS lists; `/quotes TEXT` reads the text.
Slack expects a response within three seconds, so the quotes are sent later, to the command's `response_url`.

    SLACK_SIGNING_SECRET=… ALLOWED_HOSTS=news.example python quotes_command.py
"""

import hashlib
import hmac
import json
import os
import time
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit
from wsgiref.simple_server import make_server

import httpx
from pullquote_client import Client, PullquoteError, speaker_of
from pullquote_client.contract import QuotesRequest, Report

OLDEST: Final = 300  # seconds; an older request could be a replayed one
MOST_QUOTES: Final = 20  # a message has at most 50 blocks
_MOST_BYTES: Final = 100_000
_MOST_CHARACTERS: Final = 2_000  # of a quote; a block has at most 3,000, escapes included
_HELP: Final = "Send `/quotes` with the address of an article on our site, or with its text."


@dataclass(frozen=True, slots=True)
class Settings:
    """Slack's signing secret, and the hosts whose pages are fetched: an app that fetches any address can be misused."""

    secret: str
    hosts: frozenset[str] = frozenset()


class QuotesCommand:
    """A WSGI application for Slack's requests. `web` fetches pages and sends the quotes, which `executor` finds."""

    def __init__(self, settings: Settings, client: Client, web: httpx.Client, executor: Executor) -> None:
        self._settings = settings
        self._client = client
        self._web = web
        self._executor = executor

    def __call__(self, environ: Mapping[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer a request of Slack's."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        body = environ["wsgi.input"].read(min(length, _MOST_BYTES))
        if not is_from_slack(environ, body, self._settings.secret, time.time()):
            start_response("401 Unauthorized", [("Content-Type", "text/plain")])
            return [b"This request is not signed by Slack."]
        form = {name: values[0] for name, values in parse_qs(body.decode()).items()}
        start_response("200 OK", [("Content-Type", "application/json")])
        text = form.get("text", "").strip()
        if not text:
            return [json.dumps({"response_type": "ephemeral", "text": _HELP}).encode()]
        self._executor.submit(self.answer, text, form["response_url"])
        return [json.dumps({"response_type": "ephemeral", "text": "Finding quotes …"}).encode()]

    def answer(self, text: str, response_url: str) -> None:
        """Find the quotes, and send them to Slack; only the person who asked sees them."""
        try:
            message = message_of(self._client.quotes(self._article(text)))
        except (PullquoteError, httpx.HTTPError, ValueError) as error:
            message = {"text": f"No quotes: {error}"}
        self._web.post(response_url, json={"response_type": "ephemeral", "replace_original": True, **message})

    def _article(self, text: str) -> str | QuotesRequest:
        """Return the article of a command. Raises `ValueError` for a page of another site, and httpx's errors."""
        address = text.strip("<>").partition("|")[0]  # as Slack writes links
        if not address.startswith(("https://", "http://")):
            return text
        host = urlsplit(address).hostname or ""
        if host not in self._settings.hosts:
            raise ValueError(f"pages of {host} are not fetched. Send the text.")
        return {"html": self._web.get(address).raise_for_status().text, "url": address}


def is_from_slack(environ: Mapping[str, Any], body: bytes, secret: str, now: float) -> bool:
    """Return whether Slack has signed this request, within the last five minutes."""
    timestamp = environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "")
    if not timestamp.isdecimal() or abs(now - int(timestamp)) > OLDEST:
        return False
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(f"v0={digest}", environ.get("HTTP_X_SLACK_SIGNATURE", ""))


def message_of(report: Report) -> dict[str, Any]:
    """Return a report as a message: a block for each quote, with its speaker."""
    if not report.quotes:
        return {"text": "No quotes found."}
    shown = report.quotes[:MOST_QUOTES]
    blocks: list[dict[str, Any]] = []
    for quote in shown:
        speaker = speaker_of(report, quote)
        name = f"*{escaped(speaker.name)}*" if speaker else "_unknown speaker_"
        description = f", {escaped(speaker.description)}" if speaker and speaker.description else ""
        negation = " (reported as not said)" if quote.negated else ""
        words = escaped(quote.text[:_MOST_CHARACTERS]).replace("\n", "\n>")
        blocks.append(
            {"type": "section", "text": {"type": "mrkdwn", "text": f"{name}{description}{negation}\n>{words}"}}
        )
    remaining = len(report.quotes) - len(shown)
    if remaining:
        blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": f"and {remaining} more"}]})
    return {"text": f"{len(report.quotes)} quotes, {len(report.speakers)} speakers", "blocks": blocks}


def escaped(text: str) -> str:
    """Escape what Slack would read as markup for links and mentions."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def main() -> None:
    """Serve on port 3000."""
    hosts = frozenset(filter(None, os.environ.get("ALLOWED_HOSTS", "").split(",")))
    settings = Settings(os.environ["SLACK_SIGNING_SECRET"], hosts)
    client = Client(os.environ.get("PULLQUOTE_SERVICE", "http://127.0.0.1:8000"), key=os.environ.get("PULLQUOTE_KEY"))
    with client, httpx.Client(timeout=20) as web, ThreadPoolExecutor(4) as executor:
        make_server("", 3000, QuotesCommand(settings, client, web, executor)).serve_forever()


if __name__ == "__main__":
    main()

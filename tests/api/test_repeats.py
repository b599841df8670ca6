"""Repeated requests: cached responses, entity tags and 304 responses."""

import json
from collections.abc import Callable
from threading import Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.response_cache import etag_for, fingerprint
from service.api.state import EXTENSION, AppState
from service.input.article import Article
from service.parsing.tree import Parse
from tests.api.test_admission import wait_for
from tests.doubles import ARTICLE, LOST, TOLD, FakeParser

PAGE = f"<html><body><article><p>{TOLD}</p><p>{LOST}</p></article></body></html>"
PRINTED = {"text": ARTICLE, "quotes": [{"text": "The texts that have been parsed."}]}


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Record the texts that are parsed."""
    texts: list[str] = []
    parse = FakeParser._parse

    def parse_and_tell(self: FakeParser, article: Article) -> Parse:
        texts.append(article.text)
        return parse(self, article)

    monkeypatch.setattr(FakeParser, "_parse", parse_and_tell)
    return texts


def state_of(app: Flask) -> AppState:
    found: AppState = app.extensions[EXTENSION]
    return found


@pytest.mark.parametrize(
    ("address", "sent"),
    [
        ("/quotes", {"json": {"text": ARTICLE, "id": "a"}}),
        ("/quotes", {"json": {"html": PAGE}}),
        ("/quotes", {"data": ARTICLE.encode(), "content_type": "text/plain"}),
        ("/quotes", {"json": {"text": ARTICLE}, "headers": {"Accept": "text/csv"}}),
        ("/quotes", {"json": {"text": ARTICLE}, "headers": {"Accept": "application/ld+json"}}),
        ("/quotes", {"json": {"text": ARTICLE}, "headers": {"Accept": "text/html"}}),
        ("/quotes/verify", {"json": PRINTED}),
    ],
)
def test_repeated_request_is_parsed_once(
    address: str, sent: dict[str, Any], app_with: Callable[..., Flask], parsed: list[str]
) -> None:
    client = app_with().test_client()
    parsed.clear()
    first, second = client.post(address, **sent), client.post(address, **sent)
    assert (first.status_code, len(parsed)) == (200, 1)
    assert first.headers.pop("X-Request-ID") != second.headers.pop("X-Request-ID")
    assert (first.data, first.headers) == (second.data, second.headers)
    uncached = app_with(cache_answers=0).test_client().post(address, **sent)
    del uncached.headers["X-Request-ID"]
    assert (first.data, first.headers) == (uncached.data, uncached.headers)


def test_different_requests_have_different_tags() -> None:
    same: dict[str, Any] = {
        "fingerprint": fingerprint("model"), "media_type": "text/csv", "fields": {"text": "a"},
        "options": {"kinds": ("direct",)},
    }  # fmt: skip
    others = {
        "fingerprint": fingerprint("another model"), "media_type": "text/html", "fields": {"text": "a", "id": "1"},
        "options": {"kinds": ("mixed",)},
    }  # fmt: skip
    tags = {etag_for(**same), *(etag_for(**{**same, name: other}) for name, other in others.items())}
    assert len(tags) == 1 + len(others)
    assert etag_for(**same) == etag_for(**{**same, "options": {"kinds": ["direct"]}})


@pytest.mark.parametrize(
    "other",
    [
        {"text": ARTICLE + " "}, {"id": "b"}, {"title": "t"}, {"url": "https://news.example/"}, {"language": "en"},
        {"options": {"offsets": "utf16"}}, {"options": {"min_confidence": 0.1}}, {"options": {"explain": True}},
    ],
)  # fmt: skip
def test_different_request_is_parsed_again(client: FlaskClient, parsed: list[str], other: Any) -> None:
    parsed.clear()  # the warm-up article
    first = client.post("/quotes", json={"text": ARTICLE})
    second = client.post("/quotes", json={"text": ARTICLE, **other})
    assert len(parsed) == 2
    assert first.headers["ETag"] != second.headers["ETag"]


def test_each_media_type_has_its_own_tag(client: FlaskClient) -> None:
    forms = ("application/json", "application/ld+json", "text/csv", "text/html")
    tags = {client.post("/quotes", json={"text": ARTICLE}, headers={"Accept": form}).headers["ETag"] for form in forms}
    assert len(tags) == len(forms)


def test_cached_response_does_not_enter_the_queue(app_with: Callable[..., Flask]) -> None:
    app = app_with(max_waiting=0)
    client = app.test_client()
    first = client.post("/quotes", json={"text": ARTICLE})
    with state_of(app).admission.slot():  # the slot is taken, and the queue has no room
        assert client.post("/quotes", json={"text": "Another one."}).status_code == 503
        assert client.post("/quotes", json={"text": ARTICLE}).data == first.data
        line = json.dumps({"text": ARTICLE}).encode()
        batch = client.post("/quotes/batch", data=line, content_type="application/x-ndjson")
        assert batch.data == first.data


def test_a_tag_is_the_same_in_every_worker_and_needs_no_parse(
    app_with: Callable[..., Flask], parsed: list[str]
) -> None:
    tag = app_with().test_client().post("/quotes", json={"text": ARTICLE}).headers["ETag"]
    other = app_with().test_client()
    parsed.clear()
    assert other.post("/quotes", json={"text": ARTICLE}, headers={"If-None-Match": tag}).status_code == 304
    assert not parsed


@pytest.mark.parametrize("address", ["/quotes", "/quotes/verify"])
@pytest.mark.parametrize("condition", ["{0}", "W/{0}", '"another", {0}', '"another",W/{0} , "third"', "*"])
def test_matching_if_none_match_is_304(client: FlaskClient, address: str, condition: str) -> None:
    sent = PRINTED if address == "/quotes/verify" else {"text": ARTICLE}
    first = client.post(address, json=sent)
    again = client.post(address, json=sent, headers={"If-None-Match": condition.format(first.headers["ETag"])})
    assert (again.status_code, again.data) == (304, b"")
    assert "Content-Type" not in again.headers
    assert again.headers["ETag"] == ("W/" if "W/" in condition else "") + first.headers["ETag"]  # in the client's form
    for name in ("Cache-Control", "Vary"):
        assert again.headers[name] == first.headers[name]


@pytest.mark.parametrize("condition", ['"another"', 'W/"another"', "", "x"])
def test_other_if_none_match_gets_the_response(client: FlaskClient, condition: str) -> None:
    first = client.post("/quotes", json={"text": ARTICLE})
    again = client.post("/quotes", json={"text": ARTICLE}, headers={"If-None-Match": condition})
    assert (again.status_code, again.data) == (200, first.data)


@pytest.mark.parametrize("sent", [{"text": ""}, {"html": "<p>x</p>"}, {"text": "a", "options": {"kinds": ["none"]}}])
def test_failed_request_is_a_problem_whatever_if_none_match(client: FlaskClient, sent: Any) -> None:
    response = client.post("/quotes", json=sent, headers={"If-None-Match": "*"})
    assert response.status_code == 422
    assert "ETag" not in response.headers
    assert response.headers["Cache-Control"] == "no-store"


def test_responses_are_private_and_must_be_revalidated(client: FlaskClient) -> None:
    response = client.post("/quotes", json={"text": ARTICLE})
    assert response.headers["Cache-Control"] == "private, no-cache"
    assert response.headers["ETag"].startswith('"')  # strong


def test_concurrent_equal_requests_are_parsed_once_within_limits(
    app_with: Callable[..., Flask], parsed: list[str]
) -> None:
    app = app_with(max_waiting=2)
    admission, codes = state_of(app).admission, list[int]()
    parsed.clear()

    def ask() -> None:
        codes.append(app.test_client().post("/quotes", json={"text": ARTICLE}).status_code)

    threads = [Thread(target=ask) for _ in range(5)]
    with admission.slot_in_queue():  # all must wait, and the queue has room for three
        for thread in threads:
            thread.start()
        wait_for(lambda: len(codes) == 2)
        assert codes == [503, 503]
    for thread in threads:
        thread.join(30)
    assert codes == [503, 503, 200, 200, 200]
    assert parsed == [ARTICLE]

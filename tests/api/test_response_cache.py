"""The response cache: contents, eviction, coalescing, and what repeated requests get (entity tags, 304)."""

import json
from collections.abc import Callable
from threading import Event, Thread
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.response_cache import ResponseCache, etag_for, fingerprint
from service.api.state import EXTENSION, AppState
from service.errors import Busy
from service.input.article import Article
from service.parsing.tree import Parse
from tests.doubles import ARTICLE, LOST, TOLD, FakeParser
from tests.waiting import PATIENCE, wait_until

PAGE = f"<html><body><article><p>{TOLD}</p><p>{LOST}</p></article></body></html>"
PRINTED = {"text": ARTICLE, "quotes": [{"text": "The texts that have been parsed."}]}


def never() -> str:
    raise AssertionError("it was made again")


class Held:
    """Computes a response once it is released."""

    def __init__(self) -> None:
        self.begun, self.end = Event(), Event()

    def compute(self) -> str:
        self.begun.set()
        assert self.end.wait(PATIENCE)
        return "answer"

    def fail(self) -> str:
        raise ValueError(f"no luck with the {self.compute()}")


class Askers:
    """Threads that each request one response and record the result."""

    def __init__(self) -> None:
        self.got = list[bytes | Exception]()
        self._threads: list[Thread] = []

    def ask(self, responses: ResponseCache, compute: Callable[[], str]) -> None:
        def ask() -> None:
            try:
                self.got.append(responses.get_or_compute("a", compute))
            except Exception as error:
                self.got.append(error)

        self._threads.append(Thread(target=ask))
        self._threads[-1].start()

    def gone(self) -> list[bytes | Exception]:
        for thread in self._threads:
            thread.join(PATIENCE)
        return self.got


def counted_waiters(responses: ResponseCache) -> list[None]:
    """Return a list that grows by an entry when a thread begins to wait for the response in progress."""
    (pending,) = responses._pending.values()
    waiters, result = list[None](), pending.result

    def waited(timeout: float | None = None) -> bytes:
        waiters.append(None)
        return result(timeout)

    pending.result = waited  # type: ignore[method-assign]
    return waiters


def test_response_is_made_once_and_cached_in_utf_8() -> None:
    responses = ResponseCache(2, 100, 1)
    assert responses.get("a") is None
    assert responses.get_or_compute("a", lambda: "é") == "é".encode()
    assert responses.get_or_compute("a", never) == responses.get("a") == "é".encode()


def test_least_recently_used_is_evicted_first() -> None:
    responses = ResponseCache(2, 100, 1)
    for key in "ab":
        responses.get_or_compute(key, lambda: "answer")
    responses.get_or_compute("a", never)
    responses.get_or_compute("c", lambda: "answer")
    assert [key for key in "abc" if responses.get(key)] == ["a", "c"]


def test_enough_responses_are_evicted_to_free_the_bytes() -> None:
    responses = ResponseCache(10, 10, 1)
    for key in "abc":
        responses.get_or_compute(key, lambda: "xyz")
    responses.get_or_compute("d", lambda: "éé1")  # five bytes
    assert [key for key in "abcd" if responses.get(key)] == ["c", "d"]


def test_oversized_response_is_returned_and_evicts_nothing() -> None:
    responses = ResponseCache(10, 10, 1)
    responses.get_or_compute("a", lambda: "small")
    assert responses.get_or_compute("b", lambda: "x" * 11) == b"x" * 11
    assert (responses.get("a"), responses.get("b")) == (b"small", None)


@pytest.mark.parametrize(("max_entries", "max_bytes"), [(0, 100), (100, 0)])
def test_zero_disables_the_cache(max_entries: int, max_bytes: int) -> None:
    responses = ResponseCache(max_entries, max_bytes, 1)
    assert responses.get_or_compute("a", lambda: "answer") == b"answer"
    assert responses.get("a") is None


@pytest.mark.parametrize("max_entries", [0, 10])
def test_concurrent_identical_requests_are_coalesced(max_entries: int) -> None:
    responses, askers, held = ResponseCache(max_entries, 100, PATIENCE), Askers(), Held()
    askers.ask(responses, held.compute)
    assert held.begun.wait(PATIENCE)
    waiting = counted_waiters(responses)
    for _ in range(9):
        askers.ask(responses, never)
    wait_until(lambda: len(waiting) == 9)
    held.end.set()
    assert askers.gone() == [b"answer"] * 10


def test_waiters_for_a_failed_response_retry_themselves() -> None:
    responses, askers, held = ResponseCache(10, 100, PATIENCE), Askers(), Held()
    askers.ask(responses, held.fail)
    assert held.begun.wait(PATIENCE)
    waiting = counted_waiters(responses)
    askers.ask(responses, lambda: "answer")
    wait_until(lambda: len(waiting) == 1)
    held.end.set()
    failed, made = sorted(askers.gone(), key=lambda one: isinstance(one, bytes))
    assert (type(failed), made) == (ValueError, b"answer")


def test_waiting_too_long_for_another_request_is_busy() -> None:
    responses, askers, held = ResponseCache(10, 100, 0.05), Askers(), Held()
    askers.ask(responses, held.compute)
    assert held.begun.wait(PATIENCE)
    askers.ask(responses, never)
    wait_until(lambda: bool(askers.got))
    (busy,) = askers.got
    assert isinstance(busy, Busy)
    assert "waited 0.05 seconds" in str(busy)
    held.end.set()
    assert askers.gone()[1] == b"answer"


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
    app = app_with(max_waiting=2, wait_seconds=600)
    admission, codes = state_of(app).admission, list[int]()
    parsed.clear()

    def ask() -> None:
        codes.append(app.test_client().post("/quotes", json={"text": ARTICLE}).status_code)

    threads = [Thread(target=ask) for _ in range(5)]
    with admission.slot_in_queue():  # all must wait, and the queue has room for three
        for thread in threads:
            thread.start()
        wait_until(lambda: len(codes) == 2)
        assert codes == [503, 503]
    for thread in threads:
        thread.join(PATIENCE)
    assert codes == [503, 503, 200, 200, 200]
    assert parsed == [ARTICLE]

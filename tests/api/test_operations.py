from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from itertools import islice
from threading import Event

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import start_draining
from service.errors import Fault, Invalid
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from tests.doubles import ARTICLE, FakeParser
from tests.waiting import PATIENCE


def test_ready_service_reports_its_model(client: FlaskClient) -> None:
    response = client.get("/readyz")
    assert response.status_code == 200
    assert response.get_json()["service"]["model"] == {"name": "fake", "version": "1", "arithmetic": "float32"}


def test_service_is_alive_but_not_ready_before_it_has_parsed(app_with: Callable[..., Flask]) -> None:
    client = app_with(ready=False).test_client()
    assert client.get("/healthz").status_code == 200
    for response in (client.get("/readyz"), client.post("/quotes", json={"text": ARTICLE})):
        assert response.status_code == 503
        assert int(response.headers["Retry-After"]) > 0


class Slow(FakeParser):
    """A parser that finishes when it is released."""

    def __init__(self) -> None:
        self.started, self.go_on = Event(), Event()
        self.parsing = self.most = 0

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        if "slow" in articles[0].text:
            self.parsing += 1
            self.most = max(self.most, self.parsing)
            self.started.set()
            assert self.go_on.wait(PATIENCE)
            self.parsing -= 1
        return super().parse(articles, deadline)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> Slow:
    parser = Slow()
    monkeypatch.setattr("tests.api.conftest.FakeParser", lambda: parser)
    return parser


def test_queue_is_bounded_and_health_responds_during_a_parse(app_with: Callable[..., Flask], slow: Slow) -> None:
    app = app_with(max_waiting=2, wait_seconds=600)

    def send() -> int:
        return app.test_client().post("/quotes", json={"text": "a slow article"}).status_code

    with ThreadPoolExecutor(8) as pool:
        answers = [pool.submit(send) for _ in range(8)]
        assert slow.started.wait(PATIENCE)
        assert app.test_client().get("/healthz").status_code == 200
        assert app.test_client().get("/readyz").status_code == 200
        # Nothing is parsed yet: these are the rejected ones.
        first_five = islice(as_completed(answers, timeout=PATIENCE), 5)
        refused = [answer.result() for answer in first_five]
        slow.go_on.set()
    assert refused == [503] * 5
    assert sorted(answer.result() for answer in answers) == [200] * 3 + [503] * 5
    assert slow.most == 1


def test_request_that_waits_too_long_gets_retry_after(app_with: Callable[..., Flask], slow: Slow) -> None:
    app = app_with(wait_seconds=1)
    with ThreadPoolExecutor(1) as pool:
        first = pool.submit(lambda: app.test_client().post("/quotes", json={"text": "a slow article"}))
        assert slow.started.wait(PATIENCE)
        second = app.test_client().post("/quotes", json={"text": "another"})
        slow.go_on.set()
    assert (first.result().status_code, second.status_code) == (200, 503)
    assert "waited 1 seconds" in second.get_json()["detail"]


def test_failed_request_frees_the_slot(app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    client = app_with(max_waiting=0, wait_seconds=1).test_client()
    monkeypatch.setattr(FakeParser, "parse", lambda _self, _articles: [])
    assert [client.post("/quotes", json={"text": "a"}).status_code for _ in range(3)] == [500] * 3
    monkeypatch.undo()
    assert client.post("/quotes", json={"text": "a"}).status_code == 200


def test_service_is_not_ready_while_the_parser_keeps_failing(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> list[Parse]:
        raise MemoryError

    client = app_with().test_client()
    with monkeypatch.context() as broken:
        broken.setattr(FakeParser, "parse", fails)
        for number in range(3):
            assert client.get("/readyz").status_code == 200
            assert client.post("/quotes", json={"text": f"Article {number}."}).status_code == 500
        response = client.get("/readyz")
        assert (response.status_code, response.get_json()["title"]) == (503, "Unavailable")
        assert client.get("/healthz").status_code == 200
    assert client.get("/readyz").status_code == 200


def test_rejected_article_does_not_count_as_parser_failure(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuses(*_: object) -> list[Parse]:
        raise Invalid((Fault("/text", "has 3 sentences; the limit is 2."),))

    client = app_with().test_client()
    monkeypatch.setattr(FakeParser, "parse", refuses)
    assert [client.post("/quotes", json={"text": "A. B. C."}).status_code for _ in range(4)] == [422] * 4
    assert client.get("/readyz").status_code == 200


def test_draining_service_is_alive_but_rejects_articles(app_with: Callable[..., Flask]) -> None:
    app = app_with()
    start_draining(app)
    client = app.test_client()
    assert client.get("/healthz").status_code == 200
    article = {"text": ARTICLE}
    answers = [
        client.get("/readyz"),
        client.post("/quotes", json=article),
        client.post("/quotes/verify", json={**article, "quotes": [{"text": "winter"}]}),
        client.post("/quotes/batch", data=b"{}\n", content_type="application/x-ndjson"),
    ]
    for response in answers:
        assert response.status_code == 503
        assert "shutting down" in response.get_json()["detail"]
        assert response.headers["Retry-After"] == "1"

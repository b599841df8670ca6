"""A request's log line and metrics, which contain none of an article's words."""

import json
import re
from collections.abc import Callable, MutableMapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import EnvironBuilder

from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from tests.doubles import ARTICLE, FakeParser
from tests.waiting import wait_until

Logged = list[MutableMapping[str, Any]]
# Words of the article, of its printed quotes and of a query. None of them must be logged.
WORDS = re.compile(r"alder|bridge|reopen|winter|zebra|quagga", re.IGNORECASE)


def metrics(client: FlaskClient) -> dict[str, float]:
    """Return each metric's value by its name and labels."""
    lines = client.get("/metrics").text.splitlines()
    return {line.rpartition(" ")[0]: float(line.rpartition(" ")[2]) for line in lines if not line.startswith("#")}


def test_request_is_logged_in_one_line_with_times_and_counts(client: FlaskClient, logged: Logged) -> None:
    client.post("/quotes", json={"text": ARTICLE})
    (line,) = logged
    assert line["event"] == "request"
    assert line["log_level"] == "info"
    recorded = {
        name: line[name] for name in ("method", "route", "status", "articles", "characters", "sentences", "quotes")
    }
    assert recorded == {
        "method": "POST", "route": "/quotes", "status": 200, "articles": 1, "characters": len(ARTICLE), "sentences": 2,
        "quotes": 2,
    }  # fmt: skip
    assert line["bytes"] == len(json.dumps({"text": ARTICLE}))
    assert list(line["stages_ms"]) == ["read", "wait", "article", "parse", "extract", "render"]
    assert 0 <= sum(line["stages_ms"].values()) <= line["ms"] + 1  # each is rounded


def test_verification_logs_its_own_stage(client: FlaskClient, logged: Logged) -> None:
    client.post("/quotes/verify", json={"text": ARTICLE, "quotes": [{"text": "We lost a winter"}]})
    (line,) = logged
    assert list(line["stages_ms"]) == ["read", "wait", "article", "parse", "extract", "verify", "render"]


def test_batch_is_logged_in_one_line_with_lines_by_status(client: FlaskClient, logged: Logged) -> None:
    body = "\n".join([json.dumps({"text": ARTICLE}), "{", json.dumps({"text": ""}), json.dumps({"text": "No one."})])
    client.post("/quotes/batch", data=body, content_type="application/x-ndjson")
    (line,) = logged
    assert (line["lines"], line["articles"], line["quotes"]) == ({"200": 2, "400": 1, "422": 1}, 2, 2)
    assert line["rejections"] == {"not_json": 1, "invalid": 1}
    assert line["characters"] == len(ARTICLE) + len("No one.")


def test_cached_response_is_logged_as_such(client: FlaskClient, logged: Logged) -> None:
    client.post("/quotes", json={"text": ARTICLE})
    client.post("/quotes", json={"text": ARTICLE})
    assert [(line["articles"], line.get("kept", 0)) for line in logged] == [(1, 0), (0, 1)]


def test_batch_of_a_disconnected_client_is_logged_as_cut_off(app_with: Callable[..., Flask], logged: Logged) -> None:
    app = app_with()
    lines = (json.dumps({"text": ARTICLE}) + "\n") * 3
    batch = EnvironBuilder("/quotes/batch", method="POST", data=lines, content_type="application/x-ndjson")
    parts: Any = app.wsgi_app(batch.get_environ(), lambda *_: lambda _: None)
    assert next(iter(parts)).startswith(b"{")
    assert logged == []
    parts.close()
    (line,) = logged
    assert (line["cut_off"], line["lines"], line["status"]) == (True, {"200": 1}, 200)


@pytest.mark.parametrize("sane", ["abc", "Root=1-67891233-abcdef", "a" * 128, "9f.x:y+z/@_-"])
def test_given_request_id_is_kept(client: FlaskClient, logged: Logged, sane: str) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": sane})
    assert response.headers["X-Request-ID"] == response.get_json()["request_id"] == logged[0]["request_id"] == sane


@pytest.mark.parametrize("foul", ["", "a b", "a" * 129, "zebra\tquagga", "zebra“", "{}"])
def test_missing_or_invalid_request_id_is_replaced(client: FlaskClient, logged: Logged, foul: str) -> None:
    response = client.get("/nowhere", headers={"X-Request-ID": foul})
    made = response.headers["X-Request-ID"]
    assert re.fullmatch(r"[0-9a-f]{32}", made)
    assert response.get_json()["request_id"] == logged[0]["request_id"] == made


@pytest.mark.parametrize(
    ("path", "route"),
    [
        ("/quotes?title=zebra+quagga", "/quotes"),
        ("/zebra/quagga?text=zebra", "none"),
        ("/web/zebra.js", "/web/<name>"),
        ("/healthz", "/healthz"),
    ],
)
def test_route_is_logged_and_query_is_not(client: FlaskClient, logged: Logged, path: str, route: str) -> None:
    client.get(path)
    assert logged[0]["route"] in (route, "none")  # no route if the address does not support the method
    assert not WORDS.search(repr(logged) + client.get("/metrics").text)


def test_unknown_method_is_logged_as_other(client: FlaskClient, logged: Logged) -> None:
    client.open("/healthz", method="ZEBRA")
    assert logged[0]["method"] == "other"
    assert "ZEBRA" not in client.get("/metrics").text


class Failing(FakeParser):
    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        if "winter" in articles[0].text:
            try:
                raise KeyError(articles[0].text)
            except KeyError as error:
                raise RuntimeError(f"zebra: {articles[0].text}") from error
        return super().parse(articles, deadline)


def test_failure_is_logged_by_type_and_place_without_article_text(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    monkeypatch.setattr("tests.api.conftest.FakeParser", Failing)
    client = app_with().test_client()
    assert client.post("/quotes", json={"text": ARTICLE}).status_code == 500
    (line,) = logged
    assert (line["log_level"], line["status"]) == ("error", 500)
    (failure,) = line["failures"]
    assert failure.startswith("RuntimeError at api/test_accounting.py:")
    assert "; from KeyError at api/test_accounting.py:" in failure
    assert not WORDS.search(repr(logged))


def test_no_word_of_a_request_is_in_the_log_or_the_metrics(client: FlaskClient, logged: Logged) -> None:
    printed = {"text": ARTICLE, "quotes": [{"text": "zebra", "speaker": "quagga"}]}
    client.post("/quotes", json={"text": ARTICLE, "id": "zebra", "title": "quagga"})
    client.post("/quotes/verify", json=printed)
    client.post("/quotes?title=zebra", data=ARTICLE.encode(), content_type="text/plain")
    client.post("/quotes", data=f"<html><article><p>{ARTICLE}</p></article></html>", content_type="text/html")
    client.post("/quotes", json={"zebra": ARTICLE})
    client.post("/quotes", data=ARTICLE.encode(), content_type="application/json")
    client.post("/quotes", data=ARTICLE.encode(), content_type="text/zebra")
    client.post("/quotes/batch", data=ARTICLE.encode(), content_type="application/x-ndjson")
    assert len(logged) == 8
    assert not WORDS.search(repr(logged))
    assert not WORDS.search(client.get("/metrics").text)


def test_requests_are_counted_by_route_and_status_and_quotes_by_kind(client: FlaskClient) -> None:
    client.post("/quotes", json={"text": ARTICLE})
    client.post("/quotes", json={"text": ARTICLE, "options": {"kinds": ["direct"]}})
    client.post("/quotes", json={"text": ""})
    found = metrics(client)
    assert found['pullquote_requests_total{method="POST",route="/quotes",status="200"}'] == 2
    assert found['pullquote_requests_total{method="POST",route="/quotes",status="422"}'] == 1
    assert found['pullquote_rejections_total{reason="invalid"}'] == 1
    assert found['pullquote_quotes_total{kind="direct"}'] == 2
    assert found['pullquote_quotes_total{kind="indirect"}'] == 1
    assert found["pullquote_characters_total"] == 2 * len(ARTICLE)
    assert found["pullquote_articles_total"] == 2
    assert found['pullquote_stage_seconds_count{stage="parse"}'] == 2
    assert found['pullquote_request_seconds_count{route="/quotes"}'] == 3
    assert found['pullquote_model_info{name="fake",version="1"}'] == 1
    assert found["pullquote_workers_ready"] == 1


def test_rejections_are_counted_while_not_ready(app_with: Callable[..., Flask]) -> None:
    client = app_with(ready=False).test_client()
    client.post("/quotes", json={"text": ARTICLE})
    found = metrics(client)
    assert found["pullquote_workers_ready"] == 0
    assert found['pullquote_rejections_total{reason="not_ready"}'] == 1


def test_waiting_and_rejected_requests_are_counted(app_with: Callable[..., Flask]) -> None:
    app = app_with(max_waiting=1, max_batches=1, wait_seconds=600)
    client, admission = app.test_client(), app.extensions["pullquote"].admission

    def waiting() -> float:
        return metrics(client)["pullquote_requests_waiting"]

    with ThreadPoolExecutor() as pool:
        with admission.slot():
            assert waiting() == 0
            one = pool.submit(app.test_client().post, "/quotes", json={"text": ARTICLE})
            wait_until(lambda: waiting() == 1)
            assert metrics(client)["pullquote_requests_in_flight"] == 2  # including the request for the metrics
            assert client.post("/quotes", json={"text": "Another."}).status_code == 503
        assert one.result().status_code == 200
    found = metrics(client)
    assert found["pullquote_requests_waiting"] == 0
    assert found["pullquote_requests_in_flight"] == 1
    assert found['pullquote_rejections_total{reason="queue_full"}'] == 1


def test_unwritable_metrics_fail_no_request_and_are_logged_once(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, logged: Logged
) -> None:
    client = app_with().test_client()

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("prometheus_client.values.MutexValue.inc", full)
    assert [client.post("/quotes", json={"text": ARTICLE}).status_code for _ in range(3)] == [200] * 3
    assert [event["event"] for event in logged if event["event"] != "request"] == ["metrics cannot be written"]
    assert len(logged) == 4

"""Errors: problem details that name the error, the limit and the actual value, and reveal nothing."""

import json
from collections.abc import Callable, MutableMapping, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.extraction.report import Quote, Report
from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.tree import Parse
from tests.api.contract_client import document
from tests.conftest import numbers
from tests.doubles import ARTICLE, FakeParser


def send(client: FlaskClient, body: bytes | str, content_type: str | None = "application/json") -> Any:
    return client.post("/quotes", data=body, content_type=content_type)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", "line 1 column 1"),
        (b'{"text": ', "line 1 column 10"),
        (b"{'text': 1}", "line 1 column 2"),
        (b'{"text": "a\nb"}', "control character"),
        (b'{"text": "\xff"}', "invalid UTF-8 at byte 10"),
        ('{"text": "é"}'.encode("utf-16"), "invalid UTF-8 at byte 0"),
        (b'{"text": "a", "options": {"min_confidence": NaN}}', "NaN"),
        (b'{"text": "a", "options": {"min_confidence": -Infinity}}', "-Infinity"),
        (b'{"text": ' + b"9" * 5_000 + b"}", "too many digits"),
        (b"[" * 9_000, "nested 9000 levels deep; the limit is 20"),
        (b'{"text":' * 4_000, "nested 4000 levels deep; the limit is 20"),
        (b"[" * 100_000, "more than 10000 values"),
        (b'["' + b'","' * 10_000 + b'"]', "more than 10000 values"),
        (b'{"text": [' + b"{}," * 10_000 + b"{}]}", "more than 10000 values"),
    ],
)
def test_invalid_json_is_400(client: FlaskClient, body: bytes, expected: str) -> None:
    response = send(client, body)
    assert response.status_code == 400
    assert expected in response.get_json()["detail"]


MISSING = object()


@pytest.mark.parametrize(
    ("field", "value", "pointer", "expected"),
    [
        ("text", MISSING, "/text", "required"),
        ("text", None, "/text", "null"),
        ("text", "", "/text", "empty"),
        ("text", 1, "/text", "string"),
        ("text", ["a"], "/text", "string"),
        ("text", "a\ud800b", "/text", "surrogate pair at character 1"),
        ("id", "\udfff", "/id", "surrogate"),
        ("id", 7, "/id", "string"),
        ("id", "i" * 201, "/id", "200"),
        ("title", "t" * 1001, "/title", "1000"),
        ("url", "ftp://news.example/a", "/url", "http"),
        ("url", "javascript:alert(1)", "/url", "http"),
        ("url", "https://", "/url", "http"),
        ("url", "https://news.example/a b", "/url", "http"),
        ("url", "https://news.example/" + "a" * 2000, "/url", "2000"),
        ("language", "fr", "/language", "English"),
        ("language", "english", "/language", "English"),
        ("language", "", "/language", "English"),
        ("published_at", "yesterday", "/published_at", "RFC 3339"),
        ("published_at", "2024-02-30", "/published_at", "RFC 3339"),
        ("published_at", "2024-05-04T25:00:00Z", "/published_at", "RFC 3339"),
        ("published_at", "2024-05-04T10:00:00", "/published_at", "RFC 3339"),
        ("published_at", "2024-05-04\n", "/published_at", "RFC 3339"),
        ("published_at", 20240504, "/published_at", "string"),
        ("colour", "red", "/colour", "not a field"),
        ("a/b~c", 1, "/a~1b~0c", "not a field"),
        ("\ud800", 1, "/?", "not a field"),
        ("options", None, "/options", "null"),
        ("options", [], "/options", "object"),
        ("options", {"kind": ["direct"]}, "/options/kind", "not a field"),
        ("options", {"kinds": "direct"}, "/options/kinds", "array"),
        ("options", {"kinds": []}, "/options/kinds", "at least one"),
        ("options", {"kinds": ["direct", "reported"]}, "/options/kinds/1", "direct, mixed, indirect"),
        ("options", {"kinds": [{}]}, "/options/kinds/0", "string"),
        ("options", {"min_confidence": 1.01}, "/options/min_confidence", "from 0 to 1"),
        ("options", {"min_confidence": -1}, "/options/min_confidence", "from 0 to 1"),
        ("options", {"min_confidence": 10**400}, "/options/min_confidence", "from 0 to 1"),
        ("options", {"min_confidence": "0.5"}, "/options/min_confidence", "number"),
        ("options", {"min_confidence": True}, "/options/min_confidence", "number"),
        ("options", {"unattributed": "yes"}, "/options/unattributed", "true or false"),
        ("options", {"furniture": 1}, "/options/furniture", "true or false"),
        ("options", {"explain": None}, "/options/explain", "null"),
        ("options", {"offsets": "utf-16"}, "/options/offsets", "codepoints, utf16"),
        ("options", {"offsets": 16}, "/options/offsets", "string"),
    ],
)
def test_invalid_field_is_422_with_its_pointer(
    client: FlaskClient, field: str, value: object, pointer: str, expected: str
) -> None:
    request = {"text": ARTICLE, field: value}
    body = json.dumps({name: sent for name, sent in request.items() if sent is not MISSING})
    response = send(client, body)
    assert response.status_code == 422
    (fault,) = response.get_json()["errors"]
    assert fault["pointer"] == pointer
    assert expected in fault["detail"]


@pytest.mark.parametrize("body", ["[]", "null", "1", "1e999", '"text"', "true"])
def test_json_other_than_an_object_is_422(client: FlaskClient, body: str) -> None:
    response = send(client, body)
    assert response.status_code == 422
    assert [fault["pointer"] for fault in response.get_json()["errors"]] == [""]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("language", "EN-gb"),
        ("language", "en-Latn-GB"),
        ("url", "HTTPS://news.example"),
        ("published_at", "2024-02-29"),
        ("published_at", "2024-05-04t12:30:00.25z"),
        ("published_at", "2024-05-04T12:30:00-05:30"),
        ("title", "A\x00B"),
        ("id", ""),
        ("options", {}),
        ("options", {"min_confidence": 1}),
        ("options", {"kinds": ["direct", "direct"]}),
    ],
)
def test_valid_requests_are_accepted(client: FlaskClient, field: str, value: object) -> None:
    assert client.post("/quotes", json={"text": ARTICLE, field: value}).status_code == 200


def test_all_errors_are_reported_at_once(client: FlaskClient) -> None:
    response = client.post("/quotes", json={"id": 1, "colour": "red", "options": {"explain": 1, "kinds": [0]}})
    assert sorted(fault["pointer"] for fault in response.get_json()["errors"]) == [
        "/colour",
        "/id",
        "/options/explain",
        "/options/kinds/0",
        "/text",
    ]


def test_only_the_first_of_many_errors_are_reported(client: FlaskClient) -> None:
    response = client.post("/quotes", json={"text": "a"} | {f"f{number}": 0 for number in range(1000)})
    errors = response.get_json()["errors"]
    assert len(errors) == 21
    assert "980" in errors[-1]["detail"]


def test_very_long_name_is_truncated_in_the_response(client: FlaskClient) -> None:
    assert len(client.post("/quotes", json={"text": "a", "n" * 100_000: 1}).data) < 1_000


def test_overlong_text_is_422_with_limit_and_length(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_characters=100).test_client()
    assert client.post("/quotes", json={"text": "é" * 100}).status_code == 200
    response = client.post("/quotes", json={"text": "é" * 101})
    assert response.status_code == 422
    (fault,) = response.get_json()["errors"]
    assert (fault["pointer"], numbers(fault["detail"])) == ("/text", [101, 100])


def test_oversized_body_is_413_with_limit_and_length(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_bytes=20).test_client()
    assert send(client, b'{"text": "a bridge"}').status_code == 200
    response = send(client, b'{"text": "a bridge" }')
    assert response.status_code == 413
    assert numbers(response.get_json()["detail"]) == [21, 20]


def test_oversized_body_without_length_is_413(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_bytes=20).test_client()
    environ = {"wsgi.input_terminated": True, "HTTP_TRANSFER_ENCODING": "chunked"}
    for body, status in [(b'{"text": "a bridge"}', 200), (b'{"text": "a bridge" }', 413), (b" " * 100_000, 413)]:
        response = client.post("/quotes", data=body, content_type="application/json", environ_overrides=environ)
        assert response.status_code == status
    assert 20 in numbers(response.get_json()["detail"])


@pytest.mark.parametrize(
    "content_type",
    [None, "text/csv", "application/xhtml+xml", "application/x-www-form-urlencoded", "application/jsonp"],
)
def test_unsupported_content_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    response = send(client, b'{"text": "a"}', content_type)
    assert response.status_code == 415
    assert "application/json, text/html, text/plain" in response.get_json()["detail"]


def test_a_compressed_body_is_415(client: FlaskClient) -> None:
    response = client.post("/quotes", json={"text": "a"}, headers={"Content-Encoding": "gzip"})
    assert response.status_code == 415


@pytest.mark.parametrize("path", ["/web/", "/quote", "/quotes/", "/quotes/1", "/static/x", "/%00", "/é"])
def test_an_unknown_address_is_404(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [
        ("GET", "/quotes", {"POST", "OPTIONS"}),
        ("DELETE", "/quotes", {"POST", "OPTIONS"}),
        ("POST", "/healthz", {"GET", "HEAD", "OPTIONS"}),
        ("PUT", "/readyz", {"GET", "HEAD", "OPTIONS"}),
        ("PATCH", "/openapi.json", {"GET", "HEAD", "OPTIONS"}),
        ("TRACE", "/openapi.yaml", {"GET", "HEAD", "OPTIONS"}),
    ],
)
def test_unsupported_method_is_405_with_allow_header(
    client: FlaskClient, method: str, path: str, allowed: set[str]
) -> None:
    response = client.open(path, method=method)
    assert response.status_code == 405
    assert set(response.headers["Allow"].split(", ")) == allowed


class Breaking(FakeParser):
    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        if "broken" in articles[0].text:
            raise RuntimeError(f"secret: {articles[0].text}")
        return super().parse(articles, deadline)


def test_internal_error_is_500_and_reveals_nothing(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch, logged: list[MutableMapping[str, Any]]
) -> None:
    monkeypatch.setattr("tests.api.conftest.FakeParser", Breaking)
    client = app_with().test_client()
    response = client.post("/quotes", json={"text": "a broken article"})
    assert response.status_code == 500
    assert "secret" not in response.text
    assert "broken" not in response.text
    (event,) = logged
    assert event["failures"][0].startswith("RuntimeError at api/test_problems.py:")
    assert "secret" not in str(event)
    assert client.post("/quotes", json={"text": "another"}).status_code == 200


def test_response_that_breaks_a_promise_is_500(client: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    beyond = Span(0, len(ARTICLE) + 1)
    quote = Quote("direct", (beyond,), beyond, 0, "body", unresolved="nobody is named")
    monkeypatch.setattr("service.pipeline.extract", lambda *_: Report((quote,)))
    response = client.post("/quotes", json={"text": ARTICLE})
    assert response.status_code == 500
    assert "bridge" not in response.text


def test_every_type_of_problem_is_described_in_the_contract(client: FlaskClient) -> None:
    responses = document()["components"]["responses"]
    for response in (client.get("/nowhere"), client.get("/quotes"), send(client, b""), send(client, b"[]")):
        prefix, _, name = response.get_json()["type"].rpartition("/")
        assert prefix == "/openapi.json#/components/responses"
        assert name in responses


def test_responses_disable_content_sniffing(client: FlaskClient) -> None:
    for response in (client.get("/healthz"), client.get("/nowhere"), client.post("/quotes", json={"text": "a"})):
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Cache-Control"] == (
            "private, no-cache" if response.request.path == "/quotes" else "no-store"
        )

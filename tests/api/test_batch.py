"""`POST /quotes/batch`: one response line per request line, in order, even if some of them are invalid."""

import json
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.api.quotes import NDJSON
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from tests.conftest import numbers
from tests.doubles import ARTICLE, LOST, FakeParser


def send(client: FlaskClient, body: bytes | str, **headers: str) -> Any:
    return client.post("/quotes/batch", data=body, content_type=NDJSON, headers=headers)


def lines(*documents: object) -> bytes:
    return b"".join(json.dumps(document).encode() + b"\n" for document in documents)


def answered(client: FlaskClient, body: bytes | str) -> list[dict[str, Any]]:
    response = send(client, body)
    assert (response.status_code, response.mimetype) == (200, NDJSON)
    return [json.loads(line) for line in response.data.splitlines()]


def test_each_line_gets_the_same_bytes_as_a_single_request(client: FlaskClient) -> None:
    requests = [{"text": ARTICLE, "id": "a"}, {"text": LOST, "options": {"explain": True, "offsets": "utf16"}}]
    alone = b"".join(client.post("/quotes", json=request).data for request in requests)
    assert send(client, lines(*requests)).data == alone


def test_invalid_line_gets_a_problem_and_the_others_are_processed(client: FlaskClient) -> None:
    body = lines({"text": LOST, "id": "a"}) + b'{"text": \n' + lines({"id": 7}, {"text": LOST, "id": "d"}) + b"\xff\n"
    first, cut, fields, last, latin = answered(client, body)
    assert (first["article"]["id"], last["article"]["id"]) == ("a", "d")
    assert (cut["line"], cut["status"], cut["title"]) == (2, 400, "Not JSON")
    assert (fields["line"], fields["status"]) == (3, 422)
    assert sorted(fault["pointer"] for fault in fields["errors"]) == ["/text"]
    assert (latin["line"], latin["status"], latin["title"]) == (5, 400, "Not JSON")


def test_other_fields_of_a_line_come_back_as_they_were_sent(client: FlaskClient) -> None:
    more = {"outlet": "Crier", "start": 1, "tags": ["a", {"length": None}]}
    emoji = "🙂 " + LOST  # with offsets in UTF-16, `start` in the response is converted; what was sent is not
    first, second, third = answered(
        client,
        lines(
            {"text": emoji, "options": {"offsets": "utf16"}, **more}, {"text": LOST}, {"text": LOST, "outlet": "Crier"}
        ),
    )
    assert first["extra"] == more
    assert "extra" not in second
    assert third == second | {"extra": {"outlet": "Crier"}}  # the same text, but another response


@pytest.mark.parametrize("body", [b"", b"\n", b" \n\r\n\t\n"])
def test_empty_batch_has_an_empty_response(client: FlaskClient, body: bytes) -> None:
    assert answered(client, body) == []


def test_blank_lines_are_skipped_but_numbered(client: FlaskClient) -> None:
    body = b"\n" + lines({"text": LOST}) + b"\r\n" + b"{}"
    report, problem = answered(client, body)
    assert report["quotes"]
    assert problem["line"] == 4


def test_lines_can_end_in_cr_lf_or_end_of_file(client: FlaskClient) -> None:
    body = json.dumps({"text": LOST}).encode() + b"\r\n" + json.dumps({"text": LOST}).encode()
    first, second = answered(client, body)
    assert first == second


def test_failing_article_is_an_internal_error_in_its_line(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, logged: list[MutableMapping[str, Any]]
) -> None:
    parse = FakeParser.parse

    def fails(parser: FakeParser, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        if "fails" in articles[0].text:
            raise RuntimeError("secret")
        return parse(parser, articles, deadline)

    monkeypatch.setattr(FakeParser, "parse", fails)
    good, bad, last = answered(client, lines({"text": LOST}, {"text": "This fails."}, {"text": LOST}))
    assert good == last
    assert (bad["status"], bad["line"]) == (500, 2)
    assert "secret" not in json.dumps(bad)
    (event,) = logged
    assert event["failures"][0].startswith("RuntimeError at api/test_batch.py:")
    assert "secret" not in str(event)
    assert event["lines"] == {"200": 2, "500": 1}


def test_batch_over_a_limit_is_413_and_names_the_limit(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_batch_lines=2, max_batch_bytes=100).test_client()
    assert len(answered(client, b'{"text":"a"}\n' * 2)) == 2
    many = send(client, b"{}\n" * 3)
    assert (many.status_code, numbers(many.get_json()["detail"])) == (413, [3, 2])
    assert send(client, b"{}\n{}\n{}").status_code == 413
    large = send(client, b" " * 101)
    assert large.status_code == 413
    assert numbers(large.get_json()["detail"]) == [101, 100]


def test_line_over_a_request_limit_is_a_problem_in_its_place(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_bytes=60, max_characters=20).test_client()
    report, long, large = answered(client, lines({"text": "a" * 20}, {"text": "a" * 21}, {"text": "a" * 60}))
    assert report["article"]["length"] == 20
    assert (long["status"], long["errors"][0]["pointer"]) == (422, "/text")
    assert (large["status"], large["line"]) == (413, 3)
    assert 60 in numbers(large["detail"])


def test_line_of_exactly_the_limit_is_accepted(app_with: Callable[..., Flask]) -> None:
    line = lines({"text": "a" * 40})
    client = app_with(max_bytes=len(line.rstrip())).test_client()
    first, second = answered(client, line + line)
    assert first == second
    assert first["article"]["length"] == 40


@pytest.mark.parametrize("content_type", ["application/json", "text/plain", None])
def test_another_content_type_is_415(client: FlaskClient, content_type: str | None) -> None:
    response = client.post("/quotes/batch", data=b"{}", content_type=content_type)
    assert response.status_code == 415
    assert NDJSON in response.get_json()["detail"]


def test_other_accepted_type_is_406(client: FlaskClient) -> None:
    response = send(client, b"", Accept="application/json")
    assert response.status_code == 406
    assert NDJSON in response.get_json()["detail"]
    assert send(client, b"", Accept="application/x-ndjson, */*;q=0.1").status_code == 200


def test_a_batch_before_the_model_is_loaded_is_503(app_with: Callable[..., Flask]) -> None:
    response = send(app_with(ready=False).test_client(), lines({"text": LOST}))
    assert (response.status_code, response.headers["Retry-After"]) == (503, "5")


class Watched(FakeParser):
    """A parser that counts the texts it parses."""

    def __init__(self) -> None:
        self.parsed: list[str] = []

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        self.parsed += [article.text for article in articles]
        return super().parse(articles, deadline)


@pytest.fixture
def watched(monkeypatch: pytest.MonkeyPatch) -> Watched:
    parser = Watched()
    monkeypatch.setattr("tests.api.conftest.FakeParser", lambda: parser)
    return parser


def stream(app: Flask, body: bytes) -> Any:
    """Send a batch and return the response as a stream."""
    return FlaskClient(app, app.response_class).post("/quotes/batch", data=body, content_type=NDJSON)


def test_lines_are_streamed_as_they_are_finished(app_with: Callable[..., Flask], watched: Watched) -> None:
    app = app_with()
    watched.parsed.clear()  # the warm-up article
    response = stream(app, lines(*({"text": f"Article {number}."} for number in range(3))))
    parts: Iterator[bytes] = response.iter_encoded()
    for number in range(3):
        assert json.loads(next(parts))["article"]["length"] == 10
        assert watched.parsed == [f"Article {sent}." for sent in range(number + 1)]
    response.close()


def test_parser_is_free_while_a_line_is_sent(app_with: Callable[..., Flask]) -> None:
    app = app_with(max_waiting=0, wait_seconds=1)
    response = stream(app, lines({"text": LOST}, {"text": LOST}))
    parts = response.iter_encoded()
    next(parts)  # then the client stops reading
    assert app.test_client().post("/quotes", json={"text": LOST}).status_code == 200
    response.close()


def test_batch_over_the_limit_is_503_until_another_ends(app_with: Callable[..., Flask]) -> None:
    app = app_with(max_batches=2)
    streams = [stream(app, lines({"text": LOST}, {"text": LOST})) for _ in range(2)]
    refused = send(app.test_client(), lines({"text": LOST}))
    assert refused.status_code == 503
    assert refused.headers["Retry-After"]
    assert "limit: 2" in refused.get_json()["detail"]
    assert app.test_client().post("/quotes", json={"text": LOST}).status_code == 200
    next(streams[0].iter_encoded())
    streams[0].close()  # the client disconnects in the middle
    assert len(answered(app.test_client(), lines({"text": LOST}))) == 1
    streams[1].close()  # and this one before the first line
    assert len(answered(app.test_client(), lines({"text": LOST}))) == 1


def test_rejected_batch_frees_its_slot(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_batches=1, max_batch_lines=1).test_client()
    assert [send(client, b"\n\n\n").status_code for _ in range(3)] == [413] * 3
    assert answered(client, lines({"text": LOST}))


def test_article_that_waits_too_long_is_a_problem_in_its_line(
    app_with: Callable[..., Flask],
) -> None:
    app = app_with(deadline_seconds=1)
    with app.extensions["pullquote"].admission.slot():
        response = stream(app, lines({"text": LOST}, {"text": LOST}))
        parts = response.iter_encoded()
        waited = json.loads(next(parts))
    assert (waited["status"], waited["line"]) == (503, 1)
    assert "waited 1 seconds" in waited["detail"]
    assert json.loads(next(parts))["quotes"]
    response.close()

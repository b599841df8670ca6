"""Responses compressed with gzip."""

import gzip
import json
import zlib
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.quotes import NDJSON
from service.api.responses import SMALLEST
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from tests.doubles import ARTICLE, LOST, FakeParser

GZIP = {"Accept-Encoding": "gzip"}


@pytest.fixture
def plain(app_with: Callable[..., Flask]) -> FlaskClient:
    """A client that does not validate responses against the contract, which describes uncompressed bodies."""
    app = app_with()
    return FlaskClient(app, app.response_class)


def post(client: FlaskClient, text: str = ARTICLE, **headers: str) -> TestResponse:
    return client.post(
        "/quotes", json={"text": text}, headers={name.replace("_", "-"): headers[name] for name in headers}
    )


@pytest.mark.parametrize(
    ("accepted", "compressed"),
    [
        ("gzip", True),
        ("GZIP", True),
        ("gzip, deflate, br, zstd", True),
        ("br;q=1.0, gzip;q=0.2", True),
        ("*", True),
        ("identity, gzip", True),
        ("identity;q=0.5, gzip;q=1.0", True),
        ("identity;q=1.0, gzip;q=0.5", False),
        ("gzip;q=0", False),
        ("gzip;q=0, *", False),
        ("br", False),
        ("identity", False),
        ("", False),
    ],
)
def test_gzip_is_sent_if_accepted(plain: FlaskClient, accepted: str, compressed: bool) -> None:
    response = post(plain, Accept_Encoding=accepted)
    assert (response.headers.get("Content-Encoding") == "gzip") == compressed
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert int(response.headers["Content-Length"]) == len(response.data)
    body = gzip.decompress(response.data) if compressed else response.data
    assert body == post(plain).data


@pytest.mark.parametrize("form", ["application/json", "application/ld+json", "text/csv", "text/html"])
def test_every_representation_of_a_long_response_is_compressed(plain: FlaskClient, form: str) -> None:
    long = "\n\n".join([ARTICLE] * 20)
    response = post(plain, long, Accept=form, **GZIP)
    assert response.headers["Content-Type"].startswith(form)
    assert len(response.data) < len(gzip.decompress(response.data)) / 4
    assert gzip.decompress(response.data) == post(plain, long, Accept=form).data


@pytest.mark.parametrize("address", ["/openapi.json", "/openapi.yaml", "/docs/swagger-ui.js", "/web/screen.css", "/"])
def test_head_has_the_headers_of_get(plain: FlaskClient, address: str) -> None:
    get, head = plain.get(address, headers=GZIP), plain.head(address, headers=GZIP)
    assert get.headers["Content-Encoding"] == "gzip"
    for headers in (get.headers, head.headers):
        headers.pop("X-Request-ID")
    assert dict(head.headers) == dict(get.headers)
    assert head.data == b""
    assert gzip.decompress(get.data) == plain.get(address).data


def test_small_bodies_and_problems_are_not_compressed(plain: FlaskClient) -> None:
    for response in (plain.get("/healthz", headers=GZIP), post(plain, "", **GZIP)):
        assert "Content-Encoding" not in response.headers
        assert len(response.data) < SMALLEST
        assert response.get_json()
        assert response.headers["Vary"] == "Accept-Encoding"


def test_compressed_response_has_a_weak_tag_that_gets_a_304(plain: FlaskClient) -> None:
    strong, weak = post(plain).headers["ETag"], post(plain, **GZIP).headers["ETag"]
    assert weak == f"W/{strong}"
    for tag in (strong, weak):
        for accepted in ("gzip", "identity"):
            response = post(plain, If_None_Match=tag, Accept_Encoding=accepted)
            assert (response.status_code, response.data, response.headers["ETag"]) == (304, b"", tag)
            assert response.headers["Vary"] == "Accept, Accept-Encoding"
            assert "Content-Encoding" not in response.headers


def test_equal_responses_are_compressed_to_equal_bytes(plain: FlaskClient) -> None:
    first, second = post(plain, **GZIP), post(plain, **GZIP)
    assert first.data == second.data


def test_compressed_batch_lines_can_be_read_one_by_one(plain: FlaskClient, monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []
    parse = FakeParser.parse

    def noted(self: FakeParser, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        parsed.extend(article.text for article in articles)
        return parse(self, articles, deadline)

    monkeypatch.setattr(FakeParser, "parse", noted)
    texts = [f"{LOST} Then {number} left." for number in range(3)]
    body = "".join(json.dumps({"id": str(at), "text": text}) + "\n" for at, text in enumerate(texts))
    response = plain.post("/quotes/batch", data=body, content_type=NDJSON, headers=GZIP, buffered=False)
    assert response.headers["Content-Encoding"] == "gzip"
    assert "Content-Length" not in response.headers
    parts: Iterator[Any] = response.iter_encoded()
    decompressor = zlib.decompressobj(zlib.MAX_WBITS | 16)
    for at in range(3):
        line = decompressor.decompress(next(parts))
        assert json.loads(line)["article"]["id"] == str(at)
        assert parsed == texts[: at + 1]
    assert decompressor.decompress(b"".join(parts)) == b""
    assert decompressor.eof
    response.close()
    assert plain.post("/quotes/batch", data=body, content_type=NDJSON).status_code == 200, "its place is free again"

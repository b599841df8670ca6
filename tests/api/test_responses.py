"""Every response: content negotiation by `Accept`, security headers, compression with gzip."""

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
from service.api.responses import MEDIA_TYPES, MIN_COMPRESSED
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from tests.doubles import ARTICLE, LOST, FakeParser

JSON, JSON_LD, CSV, HTML = MEDIA_TYPES
EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}
GZIP = {"Accept-Encoding": "gzip"}


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        (None, JSON),
        ("", JSON),
        ("*/*", JSON),
        ("application/*", JSON),
        ("text/*", CSV),
        (JSON, JSON),
        (JSON_LD, JSON_LD),
        ("Text/CSV", CSV),
        (HTML, HTML),
        ("application/json; charset=utf-8", JSON),
        ('application/ld+json; profile="http://www.w3.org/ns/anno.jsonld"', JSON_LD),
        ("application/json, text/plain, */*", JSON),
        ("application/xml, text/csv;q=0.2", CSV),
        ("text/csv;q=0.5, text/html;q=0.7", HTML),
        ("text/html;q=0.5, text/csv;q=0.5", CSV),
        ("*/*, text/csv", CSV),
        ("text/csv;q=0.9, */*;q=0.1", CSV),
        ("application/json;q=0, */*", JSON_LD),
        ("application/*;q=0, */*;q=0.5", CSV),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
        ("application/json;q=0.5, application/json; charset=utf-8;q=0.9, text/csv;q=0.7", JSON),
    ],
)
def test_preferred_media_type_is_sent(client: FlaskClient, accept: str | None, answered: str) -> None:
    headers = {} if accept is None else {"Accept": accept}
    response = client.post("/quotes", json={"text": ARTICLE}, headers=headers)
    assert (response.status_code, response.mimetype) == (200, answered)
    assert response.headers["Vary"] == "Accept, Accept-Encoding"
    assert response.headers["Content-Type"] == MEDIA_TYPES[answered]


@pytest.mark.parametrize(
    "accept", ["application/xml", "text/plain", "*/*;q=0", "text/csv;q=0, text/html;q=0.0", "csv", "*/json"]
)
def test_unacceptable_type_is_406_and_lists_the_available_ones(client: FlaskClient, accept: str) -> None:
    response = client.post("/quotes", json={"text": ARTICLE}, headers={"Accept": accept})
    assert response.status_code == 406
    for media_type in MEDIA_TYPES:
        assert media_type in response.get_json(force=True)["detail"]


def test_unacceptable_request_is_rejected_before_the_body_is_read(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_bytes=1).test_client()
    response = client.post("/quotes", json={"text": ARTICLE}, headers={"Accept": "application/xml"})
    assert response.status_code == 406


@pytest.mark.parametrize("accept", MEDIA_TYPES)
def test_errors_are_problems_whatever_the_accept_header(client: FlaskClient, accept: str) -> None:
    response = client.post("/quotes", json={}, headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")


@pytest.mark.parametrize("accept", MEDIA_TYPES)
def test_every_representation_has_the_same_quotes(client: FlaskClient, accept: str) -> None:
    response = client.post("/quotes", json={"text": ARTICLE}, headers={"Accept": accept})
    assert "that the bridge will reopen in May" in response.text
    assert "We lost a winter" in response.text


def test_html_response_can_neither_run_scripts_nor_be_framed(client: FlaskClient) -> None:
    sent = {"text": "<script>alert(1)</script> “No,” Ann said.", "title": "</title><script>alert(2)</script>"}
    response = client.post("/quotes", json=sent, headers={"Accept": HTML})
    assert "<script" not in response.text
    assert response.headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert response.headers["X-Content-Type-Options"] == "nosniff"


def test_annotation_positions_are_always_code_points(client: FlaskClient) -> None:
    sent = {"text": f"🙂\n\n{ARTICLE}", "options": {"offsets": "utf16"}}
    response = client.post("/quotes", json=sent, headers={"Accept": JSON_LD})
    first = json.loads(response.data)["first"]["items"][0]["target"]["selector"]
    assert sent["text"][first[1]["start"] : first[1]["end"]] == first[0]["exact"]  # type: ignore[index]


def check(headers: object) -> None:
    found = dict(headers)  # type: ignore[call-overload]
    assert found | EVERYWHERE == found
    policy = found["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert "camera=()" in found["Permissions-Policy"]
    assert found["Cache-Control"] in {"no-store", "private, no-cache"}
    assert found["X-Request-ID"]
    assert "Server" not in found


@pytest.mark.parametrize("method", ["GET", "HEAD", "POST", "OPTIONS", "DELETE", "ZEBRA"])
def test_every_route_and_method_has_security_headers(app_with: Callable[..., Flask], method: str) -> None:
    app = app_with()
    client = FlaskClient(app, app.response_class)  # the pages are not in the contract
    paths = {rule.rule.replace("<name>", "screen.js") for rule in app.url_map.iter_rules()}
    assert len(paths) > 10
    for path in (*paths, "/nowhere", "/web/none.js"):
        check(client.open(path, method=method).headers)


def test_every_response_type_has_security_headers(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    client = app_with(max_bytes=1000).test_client()
    for accept in ("application/json", "application/ld+json", "text/csv", "text/html", "image/png"):
        check(client.post("/quotes", json={"text": ARTICLE}, headers={"Accept": accept}).headers)
    tag = client.post("/quotes", json={"text": ARTICLE}).headers["ETag"]
    check(client.post("/quotes", json={"text": ARTICLE}, headers={"If-None-Match": tag}).headers)
    check(client.post("/quotes/batch", data='{"text": "a"}\n', content_type="application/x-ndjson").headers)
    for body in (b"{", b"{}", b" " * 2000):
        check(client.post("/quotes", data=body, content_type="application/json").headers)
    check(client.post("/quotes", data=b"a", content_type="image/png").headers)
    check(app_with(ready=False).test_client().get("/readyz").headers)
    monkeypatch.setattr("tests.doubles.FakeParser.parse", lambda *_: [])
    response = client.post("/quotes", json={"text": "What fails."})
    assert response.status_code == 500
    check(response.headers)


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
        assert len(response.data) < MIN_COMPRESSED
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

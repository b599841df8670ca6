"""`Accept`: the representation of a response, and the error if there is none."""

import json
from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.output.media_types import MEDIA_TYPES
from tests.doubles import ARTICLE

JSON, JSON_LD, CSV, HTML = MEDIA_TYPES


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

"""API key authentication."""

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.server.callers import new_key
from tests.doubles import ARTICLE


class Guarded(NamedTuple):
    client: FlaskClient
    old: str
    new: str


@pytest.fixture
def guarded_with(app_with: Callable[..., Flask], tmp_path: Path) -> Callable[..., Guarded]:
    def make(**settings: object) -> Guarded:
        made = [new_key(name) for name in ("old", "new")]
        (tmp_path / "keys").write_text("\n".join(key.line for _, key in made))
        return Guarded(app_with(keys_file=tmp_path / "keys", **settings).test_client(), made[0][0], made[1][0])

    return make


def post(client: FlaskClient, **headers: str) -> Any:
    return client.post("/quotes", json={"text": ARTICLE}, headers=headers)


def test_each_key_works_in_either_header_and_its_name_is_logged(
    guarded_with: Callable[..., Guarded], logged: list[MutableMapping[str, Any]]
) -> None:
    client, old, new = guarded_with()
    assert post(client, Authorization=f"Bearer {old}").status_code == 200
    assert post(client, Authorization=f"bearer  {new}").status_code == 200
    assert post(client, **{"X-API-Key": new}).status_code == 200
    assert [line["key"] for line in logged] == ["old", "new", "new"]
    assert old not in repr(logged)
    assert new not in repr(logged)


@pytest.mark.parametrize(
    ("headers", "challenge"),
    [
        ({}, 'Bearer realm="pullquote"'),
        ({"Authorization": "Basic YTpi"}, 'Bearer realm="pullquote"'),
        ({"Authorization": "Bearer pq_wrong"}, 'Bearer realm="pullquote", error="invalid_token"'),
        ({"Authorization": "Bearer "}, 'Bearer realm="pullquote", error="invalid_token"'),
        ({"X-API-Key": "pq_wrong"}, 'Bearer realm="pullquote", error="invalid_token"'),
        ({"X-API-Key": "é"}, 'Bearer realm="pullquote", error="invalid_token"'),
    ],
)
def test_missing_or_wrong_key_is_401_before_the_body_is_read(
    guarded_with: Callable[..., Guarded],
    logged: list[MutableMapping[str, Any]],
    headers: dict[str, str],
    challenge: str,
) -> None:
    client = guarded_with().client
    for path in ("/quotes", "/quotes/verify", "/quotes/batch"):
        response = client.post(path, data=b"not even JSON", headers=headers)
        assert response.status_code == 401
        assert response.headers["WWW-Authenticate"] == challenge
        assert response.get_json()["title"] == "API key needed"
    assert [(line["bytes"], line["rejections"]) for line in logged] == [(0, {"unauthorized": 1})] * 3
    assert "pq_wrong" not in repr(logged)


def test_wrong_bearer_token_overrides_a_valid_x_api_key(guarded_with: Callable[..., Guarded]) -> None:
    client, old, _ = guarded_with()
    assert post(client, **{"Authorization": "Bearer pq_wrong", "X-API-Key": old}).status_code == 401


def test_every_route_needs_a_key_except_public_ones(guarded_with: Callable[..., Guarded]) -> None:
    app = guarded_with().client.application
    client = FlaskClient(app, app.response_class)  # the pages are not in the contract
    rules = app.url_map.iter_rules()
    asked = {
        rule.rule
        for rule in rules
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if client.open(rule.rule.replace("<name>", "screen.js"), method=method).status_code == 401
    }
    assert asked == {"/quotes", "/quotes/verify", "/quotes/batch", "/metrics"}
    assert client.get("/nowhere").status_code == 404


def test_metrics_can_be_public(guarded_with: Callable[..., Guarded]) -> None:
    client, old, _ = guarded_with(metrics_open=True)
    assert client.get("/metrics").status_code == 200
    assert old not in client.get("/metrics").text
    assert post(client).status_code == 401


def test_no_key_is_needed_if_none_are_configured(client: FlaskClient, logged: list[MutableMapping[str, Any]]) -> None:
    assert post(client, Authorization="Bearer zebra").status_code == 200
    assert "zebra" not in repr(logged)

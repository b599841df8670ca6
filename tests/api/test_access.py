"""Who can call the service: API keys, and the origins of web pages (`PULLQUOTE_ORIGINS`)."""

from collections.abc import Callable, MutableMapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from service.api.access import EXPOSED
from service.errors import SettingsError
from service.server.callers import new_key
from service.settings import Settings
from tests.api.contract_client import document
from tests.doubles import ARTICLE

NAMED = "https://news.example"
SAFELISTED = {
    "Cache-Control",
    "Content-Language",
    "Content-Length",
    "Content-Type",
    "Expires",
    "Last-Modified",
    "Pragma",
}
PREFLIGHT = {
    "Access-Control-Request-Method": "POST",
    "Access-Control-Request-Headers": "authorization,content-type,if-none-match,x-api-key",
}


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
        assert response.get_json()["type"].endswith("/Unauthorized")
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


def allowed(response: TestResponse) -> str | None:
    assert "Access-Control-Allow-Credentials" not in response.headers
    return response.headers.get("Access-Control-Allow-Origin")


def post_from(client: FlaskClient, origin: str | None, **sent: Any) -> TestResponse:
    headers = ({"Origin": origin} if origin else {}) | sent.pop("headers", {})
    return client.post("/quotes", headers=headers, **(sent or {"json": {"text": ARTICLE}}))


@pytest.mark.parametrize(
    ("origins", "origin", "answered"),
    [
        ((), NAMED, None),
        ((), None, None),
        ((NAMED,), NAMED, NAMED),
        ((NAMED,), None, None),
        ((NAMED,), "null", None),
        ((NAMED,), "http://news.example", None),
        ((NAMED,), "https://newsXexample", None),
        ((NAMED,), "https://news.example:8443", None),
        ((NAMED,), "https://news.example.evil.example", None),
        ((NAMED,), "https://evil.example/https://news.example", None),
        ((NAMED, "http://[::1]:8000"), "http://[::1]:8000", "http://[::1]:8000"),
        ((NAMED, "http://[::1]:8000"), "http://1:8000", None),
        (("*",), NAMED, "*"),
        (("*",), "null", "*"),
        (("*",), None, None),
    ],
)
def test_named_origin_is_allowed(
    app_with: Callable[..., Flask], origins: tuple[str, ...], origin: str | None, answered: str | None
) -> None:
    client = app_with(origins=origins).test_client()
    response = post_from(client, origin)
    assert response.status_code == 200
    assert allowed(response) == answered
    assert ("Origin" in response.vary) == (bool(origins) and "*" not in origins)
    assert allowed(client.options("/quotes", headers=PREFLIGHT | ({"Origin": origin} if origin else {}))) == answered


@pytest.mark.parametrize("address", ["/quotes", "/quotes/batch", "/quotes/verify"])
def test_preflight_needs_no_key_and_allows_the_key_headers(
    app_with: Callable[..., Flask], tmp_path: Path, address: str
) -> None:
    (tmp_path / "keys").write_text(new_key("page")[1].line)
    client = app_with(origins=(NAMED,), keys_file=tmp_path / "keys").test_client()
    response = client.options(address, headers=PREFLIGHT | {"Origin": NAMED})
    assert response.status_code == 200
    assert allowed(response) == NAMED
    headers = response.headers
    assert headers["Access-Control-Allow-Headers"] == "authorization, content-type, if-none-match, x-api-key"
    assert "POST" in headers["Access-Control-Allow-Methods"]
    assert int(headers["Access-Control-Max-Age"]) > 0
    assert client.options(address).status_code == 401, "that is no preflight"
    assert client.options("/metrics", headers=PREFLIGHT | {"Origin": "https://other.example"}).headers.get("Allow")


def test_preflight_allows_only_headers_that_the_service_reads(app_with: Callable[..., Flask]) -> None:
    asked = PREFLIGHT | {"Origin": NAMED, "Access-Control-Request-Headers": "x-other,content-type"}
    response = app_with(origins=(NAMED,)).test_client().options("/quotes", headers=asked)
    assert response.headers["Access-Control-Allow-Headers"] == "content-type"


def test_problems_are_readable_across_origins(
    app_with: Callable[..., Flask], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "keys").write_text(new_key("page")[1].line)
    refused = post_from(app_with(origins=(NAMED,), keys_file=tmp_path / "keys").test_client(), NAMED)
    loading = post_from(app_with(origins=(NAMED,), ready=False).test_client(), NAMED)
    client = app_with(origins=(NAMED,)).test_client()
    invalid = post_from(client, NAMED, json={})
    monkeypatch.setattr("tests.doubles.FakeParser.parse", lambda *_: [])
    failed = post_from(client, NAMED, json={"text": "What fails."})
    problems = [refused, loading, invalid, failed]
    assert [problem.status_code for problem in problems] == [401, 503, 422, 500]
    assert [allowed(problem) for problem in problems] == [NAMED] * 4
    for problem in problems:
        assert problem.headers.getlist("Access-Control-Allow-Origin") == [NAMED]
        assert "Retry-After" in problem.headers["Access-Control-Expose-Headers"]


def test_headers_of_the_contract_are_exposed() -> None:
    described = {name for response in _responses(document()) for name in response.get("headers", {})}
    assert described - SAFELISTED - {"Allow", "Vary"} <= set(EXPOSED)
    assert "ETag" in described


def test_pages_and_metrics_are_not_shared(app_with: Callable[..., Flask]) -> None:
    app = app_with(origins=("*",))
    client = FlaskClient(app, app.response_class)
    for address in ("/", "/docs", "/metrics", "/nowhere"):
        assert allowed(client.get(address, headers={"Origin": NAMED})) is None
    for address in ("/healthz", "/readyz", "/openapi.json", "/openapi.yaml"):
        assert allowed(client.get(address, headers={"Origin": NAMED})) == "*"


@pytest.mark.parametrize(
    "value",
    [
        "news.example", "https://news.example/", "https://news.example/quotes", "https://*.example", "null",
        "ftp://news.example", "https://user@news.example", "https://news.example:port", "https://", "*.example",
    ],
)  # fmt: skip
def test_invalid_origin_is_a_settings_error(value: str) -> None:
    with pytest.raises(SettingsError, match=r"PULLQUOTE_ORIGINS has '.*', which is not an origin"):
        Settings.from_environment({"PULLQUOTE_ORIGINS": f"{NAMED}, {value}"})


def test_origins_are_separated_by_commas_or_spaces() -> None:
    read = Settings.from_environment({"PULLQUOTE_ORIGINS": f" {NAMED},http://127.0.0.1:3000 *,"}).origins
    assert read == (NAMED, "http://127.0.0.1:3000", "*")


def _responses(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        own = [node] if "description" in node and "content" in node and "headers" in node else []
        return own + [found for below in node.values() for found in _responses(below)]
    return []

"""Security headers on every route."""

from collections.abc import Callable

import pytest
from flask import Flask
from flask.testing import FlaskClient

from tests.doubles import ARTICLE

EVERYWHERE = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
}


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

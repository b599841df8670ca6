"""The web pages: what is served, and their content security policy. tests/web opens them in a browser."""

import re

import pytest
from flask.testing import FlaskClient

from service.app import create_app
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import FakeParser

PAGES = ["/", "/docs"]


@pytest.fixture
def client() -> FlaskClient:
    """A client that does not validate responses against the contract, which does not cover pages."""
    return create_app(Settings(), FakeParser()).test_client()


@pytest.mark.parametrize("address", PAGES)
def test_pages_can_load_only_this_service_s_files(client: FlaskClient, address: str) -> None:
    response = client.get(address)
    assert response.content_type == "text/html; charset=utf-8"
    policy = dict(part.strip().split(" ", 1) for part in response.headers["Content-Security-Policy"].split(";"))
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["frame-ancestors"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == policy["connect-src"] == "'self'"
    assert policy["img-src"] in {"'self'", "'self' data:"}


def test_screen_policy_requires_trusted_types(client: FlaskClient) -> None:
    policy = client.get("/").headers["Content-Security-Policy"]
    assert "require-trusted-types-for 'script'; trusted-types 'none'" in policy


@pytest.mark.parametrize("address", PAGES)
def test_files_of_pages_are_served_with_their_type(client: FlaskClient, address: str) -> None:
    asked = re.findall(r'<(link|script)\b[^>]*?(?:href|src)="([^"]+)"', client.get(address).text)
    assert asked
    for tag, place in asked:
        response = client.get(f"/{place}")
        assert response.status_code == 200, place
        kinds = {"script": {"text/javascript"}, "link": {"text/css", "image/svg+xml"}}
        assert response.mimetype in kinds[tag]


@pytest.mark.parametrize("name", ["screen.html", "docs.html"])
def test_pages_have_no_inline_script_or_style(name: str) -> None:
    page = (ROOT / "service" / "web" / name).read_text(encoding="utf-8")
    assert not re.search(r"<style|\sstyle=|\son\w+=|javascript:", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


@pytest.mark.parametrize(
    "name", ["nothing.js", "screen.html", "..%2fsettings.py", "..%2fopenapi.yaml", ".", "%00.js", "a" * 300 + ".js"]
)
def test_no_other_file_is_served(client: FlaskClient, name: str) -> None:
    assert client.get(f"/web/{name}").status_code == 404

"""Serve openapi.yaml, and Swagger UI to read it and try it out."""

import json
from functools import cache
from importlib.resources import files
from typing import Final

import flask_swagger_ui
import yaml
from flask import Blueprint, Response

from service.api.screen import web_page

blueprint: Final = Blueprint("docs", __name__)

# Swagger UI needs no inline scripts or styles. It draws its arrows as data: images, and renders the contract's Markdown
# as HTML, sanitized by DOMPurify, so Trusted Types cannot be required.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


@cache
def contract() -> str:
    """Return openapi.yaml, installed next to this package: a symbolic link in the repository, a copy in a wheel."""
    return files("service").joinpath("openapi.yaml").read_text(encoding="utf-8")


@blueprint.get("/openapi.yaml")
def get_yaml() -> Response:
    """The contract in YAML."""
    return Response(contract(), mimetype="application/yaml")


@blueprint.get("/openapi.json")
def get_json() -> Response:
    """The contract in JSON."""
    return Response(_contract_json(), mimetype="application/json")


@blueprint.get("/docs")
def get_docs() -> Response:
    """The contract in Swagger UI."""
    return web_page("docs.html", _POLICY)


@blueprint.get("/docs/swagger-ui.js")
def get_swagger_ui() -> Response:
    """Swagger UI's script, from its package."""
    return _of_swagger_ui("swagger-ui-bundle.js", "text/javascript")


@blueprint.get("/docs/swagger-ui.css")
def get_swagger_ui_style() -> Response:
    """Swagger UI's style sheet."""
    return _of_swagger_ui("swagger-ui.css", "text/css")


def _of_swagger_ui(name: str, mimetype: str) -> Response:
    return Response(_swagger_ui_file(name), mimetype=mimetype)


@cache
def _contract_json() -> bytes:
    """Return the contract as JSON. Cached: it takes 0.1 s and needs no API key."""
    return json.dumps(yaml.load(contract(), Loader=yaml.CSafeLoader), ensure_ascii=False).encode()


@cache
def _swagger_ui_file(name: str) -> bytes:
    return files(flask_swagger_ui).joinpath("dist", name).read_bytes()

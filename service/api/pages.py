"""The web pages: `GET /`, on which people submit an article and see its quotes, and the API reference at `/docs`.

Their files are in service/web; openapi.yaml is served too.
"""

import json
from functools import cache
from importlib.resources import files
from pathlib import PurePath
from typing import Final

import flask_swagger_ui
import yaml
from flask import Blueprint, Response, abort

blueprint: Final = Blueprint("pages", __name__)

_MIMETYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The page may load its own files and call the service it comes from. Trusted Types without a policy keep scripts from
# turning strings into markup, so an article's text stays text.
_SCREEN_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@blueprint.get("/")
def get_screen() -> Response:
    """The web page."""
    return web_page("screen.html", _SCREEN_POLICY)


@blueprint.get("/web/<name>")
def get_web_file(name: str) -> Response:
    """A file that a page loads: a style sheet, a script or the icon."""
    known = {file.name: file for file in files("service").joinpath("web").iterdir()}
    mimetype = _MIMETYPES.get(PurePath(name).suffix)
    if name not in known or mimetype is None:
        abort(404)
    return Response(known[name].read_bytes(), mimetype=mimetype)


def web_page(name: str, policy: str) -> Response:
    """Return a page of service/web with the Content-Security-Policy `policy`."""
    response = Response(files("service").joinpath("web", name).read_bytes(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response


# Swagger UI needs no inline scripts or styles. It draws its arrows as data: images, and renders the contract's Markdown
# as HTML, sanitized by DOMPurify, so Trusted Types cannot be required.
_DOCS_POLICY: Final = (
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
    return web_page("docs.html", _DOCS_POLICY)


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

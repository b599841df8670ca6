"""`GET /`: the screen, where a person sends an article and sees its quotes. Its files lie in service/web."""

from importlib.resources import files
from pathlib import PurePath
from typing import Final

from flask import Blueprint, Response, abort

blueprint: Final = Blueprint("screen", __name__)

_MIMETYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# What the page may do: run and show its own files, and ask the service that it comes from. With Trusted Types and no
# policy for them, no script can turn a string into markup: an article's text stays text.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@blueprint.get("/")
def get_screen() -> Response:
    """The screen."""
    return web_page("screen.html", _POLICY)


@blueprint.get("/web/<name>")
def get_web_file(name: str) -> Response:
    """A file that a page asks for: a style sheet, a script, the icon."""
    known = {file.name: file for file in files("service").joinpath("web").iterdir()}
    mimetype = _MIMETYPES.get(PurePath(name).suffix)
    if name not in known or mimetype is None:
        abort(404)
    return Response(known[name].read_bytes(), mimetype=mimetype)


def web_page(name: str, policy: str) -> Response:
    """A page of service/web, which may do what `policy` (Content-Security-Policy) lets it, and nothing else."""
    response = Response(files("service").joinpath("web", name).read_bytes(), mimetype="text/html")
    response.headers["Content-Security-Policy"] = policy
    return response

"""`GET /`: the web page on which people submit an article and see its quotes. Its files are in service/web."""

from importlib.resources import files
from pathlib import PurePath
from typing import Final

from flask import Blueprint, Response, abort

blueprint: Final = Blueprint("screen", __name__)

_MIMETYPES: Final = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# The page may load its own files and call the service it comes from. Trusted Types without a policy keep scripts from
# turning strings into markup, so an article's text stays text.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'; trusted-types 'none'"
)


@blueprint.get("/")
def get_screen() -> Response:
    """The web page."""
    return web_page("screen.html", _POLICY)


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

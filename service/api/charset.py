"""The characters of a body's bytes: by its byte order mark, its Content-Type, or what a page says of itself."""

from typing import Final

from w3lib.encoding import html_to_unicode, http_content_type_encoding, read_bom
from werkzeug.exceptions import UnsupportedMediaType

from service.errors import Fault, Invalid

_WESTERN: Final = "cp1252"  # what browsers read a page in that does not say, where it is not UTF-8


def decode_html(body: bytes, content_type: str) -> str:
    """Return the page, read as browsers do. Bytes that are no character become U+FFFD."""
    _, html = html_to_unicode(content_type, body, default_encoding=_WESTERN, auto_detect_fun=_utf8)
    return html


def decode_text(body: bytes, content_type: str, charset: str | None) -> str:
    """Return the text, in UTF-8 where neither a mark nor `charset` (of the Content-Type) says otherwise.

    Raises Werkzeug's `UnsupportedMediaType` for a charset nobody knows, `Invalid` where the bytes are not in it.
    """
    marked, mark = read_bom(body)
    encoding = marked or http_content_type_encoding(content_type)
    if encoding is None and charset is not None:
        raise UnsupportedMediaType(f"The charset {charset[:100]} is not known; send UTF-8.")
    try:
        return body[len(mark) if mark else 0 :].decode(encoding or "utf-8")
    except UnicodeDecodeError as error:
        detail = f"is not {error.encoding.upper()}: byte {error.start} begins no character. Name its charset."
        raise Invalid((Fault("/text", detail),)) from None


def _utf8(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"

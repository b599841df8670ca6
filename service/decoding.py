"""What bytes say: a page, a text, JSON. The API's bodies and the command line's files are both read so."""

import json
import re
from functools import partial
from itertools import accumulate
from typing import Final, NoReturn

from w3lib.encoding import html_to_unicode, read_bom

from service.errors import Fault, Invalid, NotJson

_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # to the end where it is not closed
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(set(range(256)) - _STEPS.keys())
_WESTERN: Final = "cp1252"  # what browsers read a page in that does not say, where it is not UTF-8


def decode_html(body: bytes, content_type: str = "") -> str:
    """Return the page, read as browsers do. Bytes that are no character become U+FFFD."""
    _, html = html_to_unicode(content_type, body, default_encoding=_WESTERN, auto_detect_fun=_utf8)
    return html


def decode_text(body: bytes, encoding: str | None = None) -> str:
    """Return the text, in UTF-8 where neither a byte order mark nor `encoding` says otherwise.

    Raises `Invalid` where the bytes are not in it.
    """
    marked, mark = read_bom(body)
    try:
        return body[len(mark) if mark else 0 :].decode(marked or encoding or "utf-8")
    except UnicodeDecodeError as error:
        detail = f"is not {error.encoding.upper()}: byte {error.start} begins no character; put it into UTF-8."
        raise Invalid((Fault("/text", detail),)) from None


def parse_json(body: bytes, max_depth: int, name: str = "body") -> object:
    """Return what `body` says, which must be JSON (RFC 8259) in UTF-8, nested at most `max_depth` levels deep.

    Raises `NotJson`, which calls it by `name`.
    """
    depth = depth_of(body)
    if depth > max_depth:
        raise NotJson(f"The {name} is nested {depth} levels deep; the limit is {max_depth}. A request needs two.")
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=partial(_refuse_constant, name))
    except UnicodeDecodeError as error:
        raise NotJson(f"The {name} is not UTF-8: byte {error.start} begins no character.") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"The {name} is not JSON: {error}.") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise NotJson(f"The {name} holds a number with too many digits.") from None


def depth_of(body: bytes) -> int:
    """How many levels deep the arrays and objects of `body` are nested, as far as it is JSON."""
    brackets = _STRING.sub(b"", body).translate(None, _NO_BRACKETS)
    return max(accumulate(_STEPS[bracket] for bracket in brackets), default=0)


def _refuse_constant(name: str, constant: str) -> NoReturn:
    raise NotJson(f"The {name} is not JSON: {constant} is no number of JSON.")


def _utf8(body: bytes) -> str | None:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return None
    return "utf-8"

"""What bytes say: a page, a text, JSON. The API's bodies and the command line's files are both read so."""

import json
import re
from functools import partial
from itertools import accumulate
from typing import Final, NoReturn

from service.encodings import UTF_8, WINDOWS_1252, Encoding, split_mark
from service.errors import Fault, Invalid, NotJson
from service.prescan import declared_encoding

_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # to the end where it is not closed
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(set(range(256)) - _STEPS.keys())


def decode_html(page: bytes, encoding: Encoding | None = None) -> str:
    """Return the page, read as browsers do: by its byte order mark, else in `encoding`, else as its markup says, else
    in UTF-8 where it is valid, else in windows-1252. Bytes that are no character become U+FFFD."""
    marked, body = split_mark(page)
    known = marked or encoding or declared_encoding(page)
    if known is not None:
        return known.decode_replacing(body)
    try:
        return UTF_8.decode(body)
    except UnicodeDecodeError:
        return WINDOWS_1252.decode_replacing(body)


def decode_text(text: bytes, encoding: Encoding | None = None) -> str:
    """Return the text, in UTF-8 where neither a byte order mark nor `encoding` says otherwise.

    Raises `Invalid` where the bytes are not in it.
    """
    marked, body = split_mark(text)
    known = marked or encoding or UTF_8
    try:
        return known.decode(body)
    except UnicodeDecodeError as error:
        detail = f"is not {known.name.upper()}: byte {error.start} begins no character; put it into UTF-8."
        raise Invalid((Fault("/text", detail),)) from None


def parse_json(body: bytes, max_depth: int, max_values: int | None = None, name: str = "body") -> object:
    """Return what `body` says, which must be JSON (RFC 8259) in UTF-8, nested at most `max_depth` levels deep and of at
    most `max_values` values: what checks them takes microseconds for each.

    Raises `NotJson`, which calls it by `name`.
    """
    outside = _outside_strings(body, max_values)
    if outside is None:
        raise NotJson(f"The {name} has more than {max_values} values and names, which is the limit.")
    depth = _depth(outside)
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
    return _depth(_STRING.sub(b"", body))


def _depth(outside: bytes) -> int:
    brackets = outside.translate(None, _NO_BRACKETS)
    return max(accumulate(_STEPS[bracket] for bracket in brackets), default=0)


def _outside_strings(body: bytes, max_values: int | None) -> bytes | None:
    """`body` without its strings; None where it holds more than `max_values` values and names, or would without them.

    Each value but the first has a comma or a bracket before it, and a name has a colon after it.
    """
    if max_values is None:
        return _STRING.sub(b"", body)
    outside, strings = _STRING.subn(b"", body, count=max_values + 1)
    signs = sum(outside.count(sign) for sign in (b",", b"[", b"{", b":"))
    closing = outside.count(b"]") + outside.count(b"}")
    return None if strings > max_values or max(signs, closing) > max_values else outside


def _refuse_constant(name: str, constant: str) -> NoReturn:
    raise NotJson(f"The {name} is not JSON: {constant} is no number of JSON.")

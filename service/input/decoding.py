"""Decode bytes as HTML, plain text or JSON, for the API's request bodies and the command line's files."""

import json
import re
from functools import partial
from itertools import accumulate
from typing import Final, NoReturn

from service.errors import Fault, Invalid, NotJson
from service.input.encodings import UTF_8, WINDOWS_1252, Encoding, declared_encoding, split_mark

_STRING: Final = re.compile(rb'"(?:[^"\\]++|\\.)*+(?:"|\\?\Z)', re.DOTALL)  # an unclosed string runs to the end
_STEPS: Final = {ord("["): 1, ord("{"): 1, ord("]"): -1, ord("}"): -1}
_NO_BRACKETS: Final = bytes(set(range(256)) - _STEPS.keys())


def decode_html(page: bytes, encoding: Encoding | None = None) -> str:
    """Decode an HTML page as browsers do: by its byte order mark, else `encoding`, else the encoding declared in its
    markup, else UTF-8 if it is valid, else windows-1252. Invalid bytes become U+FFFD."""
    marked, body = split_mark(page)
    chosen = marked or encoding or declared_encoding(page)
    if chosen is not None:
        return chosen.decode_replacing(body)
    try:
        return UTF_8.decode(body)
    except UnicodeDecodeError:
        return WINDOWS_1252.decode_replacing(body)


def decode_text(text: bytes, encoding: Encoding | None = None) -> str:
    """Decode plain text by its byte order mark, else `encoding`, else as UTF-8.

    Raises `Invalid` if the bytes are invalid in that encoding.
    """
    marked, body = split_mark(text)
    chosen = marked or encoding or UTF_8
    try:
        return chosen.decode(body)
    except UnicodeDecodeError as error:
        detail = f"has invalid {chosen.name.upper()} at byte {error.start}. Convert it to UTF-8."
        raise Invalid((Fault("/text", detail),)) from None


def parse_json(body: bytes, max_depth: int, max_values: int | None = None, name: str = "body") -> object:
    """Parse JSON (RFC 8259) in UTF-8, nested at most `max_depth` levels deep and with at most `max_values` values. The
    limits bound the time of validation, which takes microseconds per value.

    Raises `NotJson`, whose message calls the input `name`.
    """
    without_strings = _outside_strings(body, max_values)
    if without_strings is None:
        raise NotJson(f"The {name} has more than {max_values} values and names, the limit. Send less data.")
    depth = _depth(without_strings)
    if depth > max_depth:
        raise NotJson(
            f"The {name} is nested {depth} levels deep; the limit is {max_depth}. A request needs two levels."
        )
    try:
        return json.loads(body.decode("utf-8-sig"), parse_constant=partial(_refuse_constant, name))
    except UnicodeDecodeError as error:
        raise NotJson(f"The {name} has invalid UTF-8 at byte {error.start}. Send JSON in UTF-8.") from None
    except json.JSONDecodeError as error:
        raise NotJson(f"The {name} is not valid JSON: {error}.") from None
    except ValueError:  # Python parses no integer of more than 4,300 digits
        raise NotJson(f"The {name} contains a number with too many digits.") from None


def depth_of(body: bytes) -> int:
    """Return how many levels deep the arrays and objects of `body` are nested, as far as it is JSON."""
    return _depth(_STRING.sub(b"", body))


def _depth(without_strings: bytes) -> int:
    brackets = without_strings.translate(None, _NO_BRACKETS)
    return max(accumulate(_STEPS[bracket] for bracket in brackets), default=0)


def _outside_strings(body: bytes, max_values: int | None) -> bytes | None:
    """Return `body` without its strings, or None if it has more than `max_values` values and names.

    Every value but the first follows a comma or a bracket, and every name precedes a colon.
    """
    if max_values is None:
        return _STRING.sub(b"", body)
    without_strings, strings = _STRING.subn(b"", body, count=max_values + 1)
    signs = sum(without_strings.count(sign) for sign in (b",", b"[", b"{", b":"))
    closing = without_strings.count(b"]") + without_strings.count(b"}")
    return None if strings > max_values or max(signs, closing) > max_values else without_strings


def _refuse_constant(name: str, constant: str) -> NoReturn:
    raise NotJson(f"The {name} is not valid JSON: {constant} is not a JSON number.")

"""Decode bytes as HTML, plain text or JSON, for the API's request bodies and the command line's files.

Character encodings have the labels of the WHATWG Encoding Standard. Python's own codec names are not accepted: some are
no encodings, and one takes quadratic time. UTF-32, which is not in the Standard, is recognized by its byte order mark.
"""

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, partial
from itertools import accumulate
from typing import Final, NoReturn

import webencodings

from service.errors import Fault, Invalid, NotJson

_UNDEFINED: Final = "\ufffe"  # marks an undefined byte for `codecs.charmap_decode`
# `replacement` decodes to a single U+FFFD and `x-user-defined` to private-use characters: neither gives any text.
_WITHOUT_TEXT: Final = frozenset({"replacement", "x-user-defined"})
_SUPERSETS: Final = {"gbk": "gb18030"}  # the Standard uses this decoder
_UTF_32: Final = frozenset({"utf-32be", "utf-32le"})
_SEVERAL_BYTES: Final = _UTF_32 | frozenset({
    "utf-8", "utf-16be", "utf-16le", "gb18030", "gbk", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr",
})  # fmt: skip
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_BE, "utf-32be"),
    (codecs.BOM_UTF32_LE, "utf-32le"),  # begins with the next but one
    (codecs.BOM_UTF16_BE, "utf-16be"),
    (codecs.BOM_UTF16_LE, "utf-16le"),
)


@dataclass(frozen=True, slots=True)
class Encoding:
    """An encoding of the Standard; `name` is its name there, in lower case. Decoding takes linear time."""

    name: str

    def decode(self, body: bytes) -> str:
        """Decode strictly. Raises `UnicodeDecodeError` at the first invalid byte."""
        if self.name in _SEVERAL_BYTES:
            return body.decode(_codec(self.name))
        return codecs.charmap_decode(body, "strict", _table(self.name))[0]

    def decode_replacing(self, body: bytes) -> str:
        """Decode, replacing invalid bytes by U+FFFD."""
        if self.name in _SEVERAL_BYTES:
            return body.decode(_codec(self.name), "replace")
        # Not with "replace": its error handler is called for each byte, which takes a second for 2 MB.
        return codecs.charmap_decode(body, "strict", _table(self.name).replace(_UNDEFINED, "\ufffd"))[0]


UTF_8: Final = Encoding("utf-8")
WINDOWS_1252: Final = Encoding("windows-1252")


def encoding_of(label: str) -> Encoding | None:
    """Look up an encoding by label, ignoring case and surrounding spaces. Returns None for an unknown label."""
    name = _name(label)
    return Encoding(name) if name and name not in _WITHOUT_TEXT else None


def declared_encoding_of(label: str) -> Encoding | None:
    """Look up the encoding that a page's markup declares (HTML Standard, "prescan a byte stream").

    A declaration in ASCII markup cannot be true for UTF-16, so UTF-8 is used. Returns None for an unknown label.
    """
    name = _name(label) or ""
    if name.startswith("utf-16"):
        return UTF_8
    return WINDOWS_1252 if name == "x-user-defined" else encoding_of(label)


def split_mark(body: bytes) -> tuple[Encoding | None, bytes]:
    """Split off the byte order mark. Returns the encoding it stands for (None without one) and the bytes after it."""
    for mark, name in _MARKS:
        if body.startswith(mark):
            return Encoding(name), body[len(mark) :]
    return None, body


def _name(label: str) -> str | None:
    result = webencodings.lookup(label)
    return None if result is None else result.name


def _codec(name: str) -> str:
    if name in _UTF_32:
        return name
    return str(webencodings.lookup(_SUPERSETS.get(name, name)).codec_info.name)


@cache
def _table(name: str) -> str:
    """Return the 256 characters of a single-byte encoding."""
    codec = _codec(name)
    characters = (bytes([byte]).decode(codec, "replace") for byte in range(256))
    return "".join(character.replace("\ufffd", _UNDEFINED) for character in characters)


# The Standard examines the first 1,024 bytes, and browsers parse again if a later element declares an encoding; this
# covers both.
_SCANNED_BYTES: Final = 4096
_XML: Final = re.compile(rb"<\?xml[^>]*?\bencoding[\x00-\x20]*=[\x00-\x20]*(?:\"([^\">]*)\"|'([^'>]*)')")
_META: Final = re.compile(rb"<meta(?=[\t\n\f\r /])", re.IGNORECASE)
_TAG: Final = re.compile(rb"</?[A-Za-z][^\t\n\f\r >]*")
_ATTRIBUTE: Final = re.compile(
    rb"[\t\n\f\r /]*"
    rb"(?P<name>=?[^\t\n\f\r />=]+|=)"
    rb"[\t\n\f\r ]*"
    rb"(?:=[\t\n\f\r ]*(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|(?P<bare>[^\t\n\f\r >\"'][^\t\n\f\r >]*)|(?=>)))?"
)
_CONTENT: Final = re.compile(r"charset\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s;\"']+))", re.IGNORECASE)


def declared_encoding(page: bytes) -> Encoding | None:
    """Return the first known encoding that the page declares; unknown ones are skipped."""
    head = page[:_SCANNED_BYTES]
    xml = _XML.match(head)
    if xml is not None and (result := declared_encoding_of(_text(xml[1] or xml[2] or b""))):
        return result
    at = 0
    while (at := head.find(b"<", at)) >= 0:
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 2)
            if end < 0:
                return None
            at = end + 3
        elif meta := _META.match(head, at):
            result, at = _encoding_of_meta(head, meta.end())
            if result is not None:
                return result
        elif tag := _TAG.match(head, at):
            *_, at = (tag.end(), *(end for _, _, end in _attributes(head, tag.end())))
        elif head[at + 1 : at + 2] in (b"!", b"/", b"?"):
            end = head.find(b">", at)
            if end < 0:
                return None
            at = end + 1
        else:
            at += 1
    return None


def _encoding_of_meta(head: bytes, at: int) -> tuple[Encoding | None, int]:
    """Return the encoding declared by a `meta` element whose attributes begin at `at`, and where they end."""
    attributes: dict[str, str] = {}
    for name, value, end in _attributes(head, at):
        attributes.setdefault(name, value)
        at = end
    if "charset" in attributes:
        return declared_encoding_of(attributes["charset"]), at
    charset = _CONTENT.search(attributes.get("content", ""))
    if charset is None or attributes.get("http-equiv", "").lower() != "content-type":
        return None, at
    return declared_encoding_of(charset[1] or charset[2] or charset[3] or ""), at


def _attributes(head: bytes, at: int) -> Iterator[tuple[str, str, int]]:
    """Yield each attribute's name in lower case, its value and its end, up to the end of the tag."""
    while result := _ATTRIBUTE.match(head, at):
        at = result.end()
        value = result["double"] or result["single"] or result["bare"] or b""
        yield _text(result["name"]).lower(), _text(value), at


def _text(part: bytes) -> str:
    return part.decode("latin-1")


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


def _depth(without_strings: bytes) -> int:
    """Return how many levels deep the arrays and objects of a JSON text without its strings are nested."""
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

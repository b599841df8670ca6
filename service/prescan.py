"""Find the encoding that a page declares in its markup.

Follows "prescan a byte stream to determine its encoding" in the HTML Standard.
"""

import re
from collections.abc import Iterator
from typing import Final

from service.encodings import Encoding, declared_encoding_of

# The Standard examines the first 1,024 bytes, and browsers parse again if a later element declares an encoding; this
# covers both.
_LOOKED_AT: Final = 4096
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
    head = page[:_LOOKED_AT]
    xml = _XML.match(head)
    if xml is not None and (found := declared_encoding_of(_text(xml[1] or xml[2] or b""))):
        return found
    at = 0
    while (at := head.find(b"<", at)) >= 0:
        if head.startswith(b"<!--", at):
            end = head.find(b"-->", at + 2)
            if end < 0:
                return None
            at = end + 3
        elif meta := _META.match(head, at):
            found, at = _of_meta(head, meta.end())
            if found is not None:
                return found
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


def _of_meta(head: bytes, at: int) -> tuple[Encoding | None, int]:
    """Return the encoding declared by a `meta` element whose attributes begin at `at`, and where they end."""
    seen: dict[str, str] = {}
    for name, value, end in _attributes(head, at):
        seen.setdefault(name, value)
        at = end
    if "charset" in seen:
        return declared_encoding_of(seen["charset"]), at
    said = _CONTENT.search(seen.get("content", ""))
    if said is None or seen.get("http-equiv", "").lower() != "content-type":
        return None, at
    return declared_encoding_of(said[1] or said[2] or said[3] or ""), at


def _attributes(head: bytes, at: int) -> Iterator[tuple[str, str, int]]:
    """Yield each attribute's name in lower case, its value and its end, up to the end of the tag."""
    while found := _ATTRIBUTE.match(head, at):
        at = found.end()
        value = found["double"] or found["single"] or found["bare"] or b""
        yield _text(found["name"]).lower(), _text(value), at


def _text(part: bytes) -> str:
    return part.decode("latin-1")

"""Character encodings, looked up only by the labels of the WHATWG Encoding Standard.

Python knows more codecs: some are not character encodings (`hex`, `zlib`), and `punycode` takes quadratic time.
Encoding names from untrusted input are looked up here, never with `bytes.decode`.
"""

import codecs
from dataclasses import dataclass
from functools import cache
from typing import Final

import webencodings

_UNDEFINED: Final = "\ufffe"  # marks an undefined byte for `codecs.charmap_decode`
# `replacement` decodes to a single U+FFFD and `x-user-defined` to private-use characters: neither gives any text.
_WITHOUT_TEXT: Final = frozenset({"replacement", "x-user-defined"})
_SUPERSETS: Final = {"gbk": "gb18030"}  # the Standard uses this decoder
_SEVERAL_BYTES: Final = frozenset({
    "utf-8", "utf-16be", "utf-16le", "gb18030", "gbk", "big5", "euc-jp", "iso-2022-jp", "shift_jis", "euc-kr",
})  # fmt: skip
_MARKS: Final = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_BE, "utf-16be"), (codecs.BOM_UTF16_LE, "utf-16le"))


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
    found = webencodings.lookup(label)
    return None if found is None else found.name


def _codec(name: str) -> str:
    return str(webencodings.lookup(_SUPERSETS.get(name, name)).codec_info.name)


@cache
def _table(name: str) -> str:
    """Return the 256 characters of a single-byte encoding."""
    codec = _codec(name)
    characters = (bytes([byte]).decode(codec, "replace") for byte in range(256))
    return "".join(character.replace("\ufffd", _UNDEFINED) for character in characters)

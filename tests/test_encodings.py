"""Encodings by the WHATWG Encoding Standard's labels only, in linear time; and encodings declared by pages."""

import encodings.aliases
import time

import pytest
from webencodings.labels import LABELS

from service.errors import Invalid
from service.input.decoding import (
    declared_encoding,
    declared_encoding_of,
    decode_html,
    decode_text,
    encoding_of,
    split_mark,
)

NO_TEXT = {"replacement", "x-user-defined"}
NAMES = sorted(set(LABELS.values()) - NO_TEXT)
# Bytes that are invalid in some encoding, or incomplete.
BROKEN = [
    b"\xff",
    b"\x80",
    b"\x81",
    b"\x8f",
    b"\x1b$B",
    b"\x1b",
    b"\xd8\x00",
    b"\x00\xd8",
    b"\xe0\x80",
    b"\x81\x30\x81",
]


def test_python_codecs_outside_the_standard_are_unknown() -> None:
    codecs = (
        set(encodings.aliases.aliases.values()) | set(encodings.aliases.aliases) | {"idna", "punycode", "undefined"}
    )
    assert len(codecs) > 300
    for name in codecs - set(LABELS):
        assert encoding_of(name) is None, name
        assert declared_encoding_of(name) is None, name
    for name in ("hex", "rot13", "base64", "zlib", "bz2", "quopri", "undefined", "idna", "punycode", "utf-7", "utf_8"):
        assert encoding_of(name) is None, name


@pytest.mark.parametrize("label", ["replacement", "iso-2022-kr", "hz-gb-2312", "x-user-defined"])
def test_encodings_without_text_are_unknown(label: str) -> None:
    assert encoding_of(label) is None


@pytest.mark.parametrize(
    ("label", "name"),
    [
        ("UTF8", "utf-8"),
        (" latin1\n", "windows-1252"),
        ("ascii", "windows-1252"),
        ("GB2312", "gbk"),
        ("utf-16", "utf-16le"),
    ],
)
def test_labels_ignore_case_and_spaces(label: str, name: str) -> None:
    found = encoding_of(label)
    assert found is not None
    assert found.name == name


@pytest.mark.parametrize("name", NAMES)
def test_encodings_decode_megabytes_of_invalid_bytes_quickly(name: str) -> None:
    encoding = encoding_of(name)
    assert encoding is not None
    if not name.startswith("utf-16"):
        assert encoding.decode(b"No comment.") == encoding.decode_replacing(b"No comment.") == "No comment."
    for pattern in BROKEN:
        body = pattern * (1_000_000 // len(pattern))
        began = time.thread_time()
        encoding.decode_replacing(body)
        assert time.thread_time() - began < 1, pattern


def test_undefined_byte_is_an_error_or_is_replaced() -> None:
    encoding = encoding_of("windows-1252")
    assert encoding is not None
    with pytest.raises(UnicodeDecodeError) as raised:
        encoding.decode(b"ab\x81")
    assert raised.value.start == 2
    assert encoding.decode_replacing(b"ab\x81\xe9") == "ab\ufffdé"


@pytest.mark.parametrize(
    ("page", "name"),
    [
        (b"<meta charset=koi8-r>", "koi8-r"),
        (b"<META CHARSET = 'KOI8-R' >", "koi8-r"),
        (b"<meta/charset=big5>", "big5"),
        (b"<meta charset=hex><meta charset=koi8-r>", "koi8-r"),
        (b"<meta charset=hex>", None),
        (b"<meta charset=koi8-r charset=big5>", "koi8-r"),
        (b"<meta http-equiv=Content-Type content='text/html; charset=\"euc-kr\"'>", "euc-kr"),
        (b"<meta content='text/html; charset=euc-kr'>", None),
        (b"<!-- <meta charset=koi8-r> --><p><meta charset=big5>", "big5"),
        (b"<p title='<meta charset=koi8-r>'>", None),
        (b"<?xml version='1.0' encoding='gbk'?>", "gbk"),
        (b"<?xml version='1.0' encoding='hex'?><meta charset=big5>", "big5"),
        (b"<meta charset=utf-16>", "utf-8"),
        (b"<meta charset=x-user-defined>", "windows-1252"),
        (b"<meta charset='koi8-r", None),
        (b"<!--", None),
        (b"<!doctype html></p x=y><meta charset=big5>", "big5"),
        (b"<meta", None),
        (b"", None),
    ],
)
def test_declared_encoding_is_the_first_known_one(page: bytes, name: str | None) -> None:
    found = declared_encoding(page)
    assert (found and found.name) == name


@pytest.mark.parametrize("name", ["utf-8", "utf-16be", "utf-16le", "utf-32be", "utf-32le"])
def test_byte_order_mark_tells_the_encoding(name: str) -> None:
    text = "“Naïve,” said Zoë. 𝒳"
    body = f"\ufeff{text}".encode(name)
    found, rest = split_mark(body)
    assert found is not None
    assert (found.name, rest) == (name, text.encode(name))
    assert decode_text(body) == decode_html(body) == text
    with pytest.raises(Invalid, match=f"invalid {name.upper()}"):
        decode_text(body + b"\xd8\xff\xff")


def test_text_without_a_byte_order_mark_is_left_as_it_is() -> None:
    assert [split_mark(body) for body in (b"a", b"")] == [(None, b"a"), (None, b"")]

"""A seeded grammar of requests: transfer codings, lengths, charsets and bodies, well-formed and not."""

import random
import string
from dataclasses import dataclass

# Labels of the WHATWG Encoding Standard, Python codecs that are not, and others that are neither.
CHARSETS = (
    *(
        "utf-8",
        "UTF8",
        "latin1",
        "windows-1252",
        "utf-16",
        "utf-16be",
        "gbk",
        "big5",
        "shift_jis",
        "iso-2022-jp",
        "euc-kr",
    ),
    *(
        "hex",
        "rot13",
        "base64",
        "zlib",
        "bz2",
        "quopri",
        "uu",
        "undefined",
        "idna",
        "punycode",
        "utf-7",
        "utf-32",
        "mbcs",
    ),
    *(
        "unicode_escape",
        "raw_unicode_escape",
        "charmap",
        "oem",
        "palmos",
        "",
        "x" * 300,
        "é",
        "a b",
        '"',
        "'",
        "utf-8;x",
    ),
)
SIZES = (
    "0x5",
    "-1",
    "2_7",
    "+5",
    " 5",
    "5 ",
    "",
    "g",
    "5.0",
    "1e1",
    "٥",
    "00005",
    "5;a",
    "5;a=b",
    '5;a="b"',
    "5;",
    "5;\x01",
)
TYPES = (
    "text/plain",
    "text/html",
    "application/json",
    "application/x-ndjson",
    "multipart/form-data; boundary=b",
    "a/b",
    "",
)
PATHS = ("/quotes", "/quotes?explain=true", "/quotes/verify", "/quotes/batch", "/healthz", "//quotes", "/nothing")
BODIES = (
    b"No comment.", b'{"text": "No comment."}', b"<p>The mayor said so, and nobody in the town hall said no.</p>",
    b'{"text": "a", "quotes": [{"text": "a"}]}', b"\xff\xfe\x00\xd8", b"\x1b$B\xff", b"", b"[" * 50, b"\xef\xbb\xbf{}",
)  # fmt: skip
TRAILERS = (
    "",
    "junk\r\n",
    "A: b\r\n",
    "Host: x\r\n",
    "a b: c\r\n",
    ": c\r\n",
    "A: \x00\r\n",
    " A: b\r\n",
    "A" * 9000 + "\r\n",
)


@dataclass(frozen=True, slots=True)
class InputArticle:
    """A request as bytes; `framed` says whether its framing is valid HTTP."""

    data: bytes
    framed: bool


def requests(seed: int, number: int) -> list[InputArticle]:
    """Generate `number` requests."""
    dice = random.Random(seed)
    return [_request(dice) for _ in range(number)]


def _request(dice: random.Random) -> InputArticle:
    body = dice.choice(BODIES)
    charset = dice.choice(CHARSETS)
    if dice.random() < 0.3:
        body = f"<meta charset={charset}>".encode() + body
    kind = dice.choice(TYPES)
    if dice.random() < 0.6:
        kind += dice.choice(("; charset={}", '; charset="{}"', ";charset={};charset=utf-8", "; Charset = {}")).format(
            charset
        )
    framing, payload, framed = dice.choice((_length, _chunked))(dice, body)
    head = (
        f"POST {dice.choice(PATHS)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: {kind}\r\n{framing}\r\n"
    )
    return InputArticle(head.encode() + payload, framed)


def _length(dice: random.Random, body: bytes) -> tuple[str, bytes, bool]:
    if dice.random() < 0.6:
        return f"Content-Length: {len(body)}\r\n", body, True
    lengths = (
        "-1",
        "+5",
        "0x5",
        "1_0",
        "5, 5",
        " ",
        "9" * 5000,
        "²",
        "1e3",
        str(len(body) + 5),
        "5\r\nContent-Length: 6",
    )
    return f"Content-Length: {dice.choice(lengths)}\r\n", body, False


def _chunked(dice: random.Random, body: bytes) -> tuple[str, bytes, bool]:
    coding = dice.choice(
        ("chunked",) * 6 + ("gzip, chunked", "chunked, chunked", "identity", "gzip", "Chunked", "\x0bchunked", "")
    )
    payload = bytearray()
    framed = coding in ("chunked", "Chunked")
    at = 0
    while at < len(body):
        part = body[at : at + dice.randint(1, 20)]
        at += len(part)
        if dice.random() < 0.1:
            size, framed = dice.choice(SIZES), False
        else:
            size = f"{len(part):x}" if dice.random() < 0.8 else f"{len(part):X};{dice.choice(string.ascii_letters)}=1"
        payload += size.encode() + b"\r\n" + part
        if dice.random() < 0.05:
            payload += dice.choice((b"", b"\n", b"\r", b"X\r\n"))
            framed = False
        else:
            payload += b"\r\n"
    if dice.random() < 0.1:
        return f"Transfer-Encoding: {coding}\r\n", bytes(payload), False
    trailer = dice.choice(TRAILERS)
    framed = framed and trailer in ("", "A: b\r\n")
    return f"Transfer-Encoding: {coding}\r\n", bytes(payload) + b"0\r\n" + trailer.encode() + b"\r\n", framed

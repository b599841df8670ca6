"""The requests of the soak: through every door, good and bad, and some that are made to hurt."""

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from benchmarks.pages import ROOT

_JSON = {"Content-Type": "application/json"}
_TEXT = {"Content-Type": "text/plain"}
_HTML = {"Content-Type": "text/html"}
_LINES = {"Content-Type": "application/x-ndjson"}
_SAID = "Mayor Ruth Alder told reporters that the bridge will reopen in May.\n\n“We lost a winter,” she said."
_PAGE = (
    "<html lang=en><body><nav>Home</nav><article><h1>Bridge</h1>"
    "<p>Mayor Ruth Alder told reporters that the bridge will reopen in May.</p>"
    "<blockquote class=pullquote>“We lost a winter”</blockquote><p>“We lost a winter,” she said.</p></article></body>"
)


@dataclass(frozen=True)
class Kind:
    """One kind of request: how often it comes among the others, and which statuses are right beside 503.

    `body` makes its body, of its number among all requests. `known` says whether its answer is the same each time, but
    for an `id` of its own.
    """

    name: str
    weight: float
    body: Callable[[int], bytes | None]
    headers: dict[str, str]
    statuses: tuple[int, ...] = (200,)
    path: str = "/quotes"
    method: str = "POST"
    known: bool = True

    def make(self, number: int) -> "Sent":
        """The request with this number."""
        return Sent(self, self.body(number), number)


@dataclass(frozen=True)
class Sent:
    """A request as it is sent."""

    kind: Kind
    body: bytes | None
    number: int

    def without_id(self, answer: bytes) -> bytes:
        """The answer as it would be to a request without an id of its own."""
        return answer.replace(f'"id":"{_id(self.number)}"'.encode(), b'"id":null')


def _id(number: int) -> str:
    return f"soak-{number}"


def kinds() -> list[Kind]:
    """Every kind, those that ask for something first."""
    return [*_good(), *_bad(), *_hostile()]


def _always(body: bytes | None) -> Callable[[int], bytes | None]:
    return lambda _: body


def _article(fields: dict[str, Any], *, own_id: bool = True) -> Callable[[int], bytes | None]:
    """A request for an article; every other one has an id of its own, so that no answer to it is kept."""

    def made(number: int) -> bytes:
        return json.dumps(fields | ({"id": _id(number)} if own_id and number % 2 else {})).encode()

    return made


def _batch(number: int) -> bytes:
    lines = [json.dumps({"text": _SAID, "id": "a"}), "{", json.dumps({"text": f"Batch {number}: {_SAID}", "id": "b"})]
    return "\n".join(lines).encode()


def _good() -> list[Kind]:
    seed = (ROOT / "tests/golden/seeds/000_6aac84fffd315c85.txt").read_text(encoding="utf-8")
    options = {"explain": True, "offsets": "utf16"}
    printed = [{"text": "We lost a … winter", "speaker": "Alder"}, {"text": "Nobody is to blame"}]
    return [
        Kind("a short article", 20, _article({"text": _SAID}), _JSON),
        Kind("one with all options", 6, _article({"text": _SAID, "options": options}), _JSON),
        Kind("a seed article", 2, _article({"text": seed}), _JSON),
        Kind("a page", 8, _article({"html": _PAGE}), _JSON),
        Kind("a page's bytes", 4, _always(_PAGE.encode("utf-16")), _HTML),
        Kind("a text's bytes", 4, _always(_SAID.encode()), _TEXT, path="/quotes?kinds=direct"),
        Kind("as CSV", 4, _article({"text": _SAID}, own_id=False), _JSON | {"Accept": "text/csv"}),
        Kind("as JSON-LD", 4, _article({"text": _SAID}, own_id=False), _JSON | {"Accept": "application/ld+json"}),
        Kind("as HTML", 4, _article({"text": _SAID}, own_id=False), _JSON | {"Accept": "text/html"}),
        Kind("a batch", 6, _batch, _LINES, path="/quotes/batch", known=False),
        Kind("verify", 6, _article({"text": _SAID, "quotes": printed}), _JSON, path="/quotes/verify"),
        Kind("/healthz", 4, _always(None), {}, path="/healthz", method="GET"),
        Kind("/", 2, _always(None), {}, path="/", method="GET"),
        Kind("/metrics", 2, _always(None), {}, path="/metrics", method="GET", known=False),
    ]


def _bad() -> list[Kind]:
    return [
        Kind("no JSON", 2, _always(b'{"text":'), _JSON, (400,)),
        Kind("JSON nested 50,000 deep", 1, _always(b'{"text":' + b"[" * 50_000), _JSON, (400,)),
        Kind("a surrogate's half", 1, _always(b'{"text": "\\ud800"}'), _JSON, (422,)),
        Kind("a field nobody knows", 1, _article({"text": _SAID, "txt": ""}), _JSON, (422,)),
        Kind("no UTF-8", 1, _always(b"caf\xe9"), _TEXT, (422,)),
        Kind("XML", 1, _always(b"<a/>"), {"Content-Type": "application/xml"}, (415,)),
        Kind("gzip", 1, _always(gzip.compress(bytes(1_000_000))), _JSON | {"Content-Encoding": "gzip"}, (415,)),
        Kind("a form nobody has", 1, _article({"text": _SAID}), _JSON | {"Accept": "image/png"}, (406,)),
        Kind("too many bytes", 1, _always(b"x" * 2_000_001), _TEXT, (413,)),
        Kind("nothing there", 1, _always(None), {}, (404,), path="/../etc/passwd", method="GET"),
        Kind("another method", 1, _always(None), {}, (405,), method="DELETE"),
    ]


def _hostile() -> list[Kind]:
    texts = {
        "3,000 quotation marks": "“" * 3_000,
        "a word of 20,000 letters": "a" * 20_000,
        "a sentence of 2,000 words": "so he said that " * 500,
        "500 paragraphs of a word": "No.\n\n" * 500,
        "controls, right-to-left, zero-width": "\x00\u202e“\u200b\u200d" * 300,
    }
    return [
        *(Kind(name, 0.6, _article({"text": text}), _JSON) for name, text in texts.items()),
        Kind("a page nested 5,000 deep", 1, _always(b"<div>" * 5_000), _HTML, (422,)),
        Kind("a page of 20,000 rows", 0.3, _always(b"<table>" + b"<tr><td>x" * 20_000), _HTML, (200, 422)),
    ]

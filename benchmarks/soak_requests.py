"""The requests of the soak test: to every endpoint, valid, invalid and adversarial.

Almost every valid request has a text of its own, so that it is never in the response cache.
"""

import gzip
import json
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from benchmarks.varied_texts import varied_text

_JSON = {"Content-Type": "application/json"}
_TEXT = {"Content-Type": "text/plain"}
_HTML = {"Content-Type": "text/html"}
_LINES = {"Content-Type": "application/x-ndjson"}
_SAID = "Mayor Ruth Alder told reporters that the bridge will reopen in May.\n\n“We lost a winter,” she said."
_SHORT = 300  # characters of an article in a batch
_ADVERSARIAL = (1_000, 40_000)  # characters of adversarial texts


@dataclass(frozen=True)
class Kind:
    """A kind of request: its relative frequency, and the valid statuses besides 503.

    `body` creates the body from the request's number. `texts` is the number of distinct texts in it. `known`: the
    response is the same each time.
    """

    name: str
    weight: float
    body: Callable[[int], bytes | None]
    headers: dict[str, str]
    statuses: tuple[int, ...] = (200,)
    path: str = "/quotes"
    method: str = "POST"
    texts: int = 0
    known: bool = False

    def make(self, number: int) -> "SoakRequest":
        """Create the request with this number."""
        return SoakRequest(self, self.body(number), number)


@dataclass(frozen=True)
class SoakRequest:
    """A request of the soak test: its kind, its body and its number."""

    kind: Kind
    body: bytes | None
    number: int

    def again(self) -> "SoakRequest":
        """Return the same request with an id, so that it misses the response cache."""
        fields = json.loads(self.body or b"{}")
        return SoakRequest(self.kind, json.dumps(fields | {"id": _id(self.number)}).encode(), self.number)

    def without_id(self, answer: bytes) -> bytes:
        """Return the response as it would be without the added id."""
        return answer.replace(f'"id":"{_id(self.number)}"'.encode(), b'"id":null')


def _id(number: int) -> str:
    return f"soak-{number}"


def mixed(texts: int) -> Iterator[SoakRequest]:
    """Yield requests of all kinds in proportion to their weights, until they contain `texts` texts."""
    choice = random.Random(20)
    all_kinds = kinds()
    weights = [kind.weight for kind in all_kinds]
    number = sent_texts = 0
    while sent_texts < texts:
        (kind,) = choice.choices(all_kinds, weights)
        yield kind.make(number)
        number += 1
        sent_texts += kind.texts


def kinds() -> list[Kind]:
    """Return every kind, valid requests first."""
    return [*_valid(), *_invalid(), *_adversarial()]


def _always(body: bytes | None) -> Callable[[int], bytes | None]:
    return lambda _: body


def _article(**fields: Any) -> Callable[[int], bytes | None]:
    """Return a function that creates requests for distinct articles."""
    return lambda number: json.dumps({"text": varied_text(number)} | fields).encode()


def _page(number: int) -> str:
    paragraphs = "".join(f"<p>{paragraph}</p>" for paragraph in varied_text(number).split("\n\n"))
    return f"<html lang=en><body><nav>Home</nav><article><h1>Bridge</h1><p>{_SAID}</p>{paragraphs}</article></body>"


def _batch(number: int) -> bytes:
    first, second = (varied_text(number, seed, _SHORT) for seed in (1, 2))
    return "\n".join([json.dumps({"text": first, "id": "a"}), "{", json.dumps({"text": second, "id": "b"})]).encode()


def _verify(number: int) -> bytes:
    text = varied_text(number)
    printed = [{"text": text[:200].replace("\n", " "), "speaker": "Alder"}, {"text": "Nobody is to blame"}]
    return json.dumps({"text": text, "quotes": printed}).encode()


def _valid() -> list[Kind]:
    form = {"text/csv": "CSV", "application/ld+json": "JSON-LD", "text/html": "HTML"}
    return [
        Kind("article", 60, _article(), _JSON, texts=1),
        Kind("article with options", 8, _article(options={"explain": True, "offsets": "utf16"}), _JSON, texts=1),
        Kind("HTML in JSON", 4, lambda number: json.dumps({"html": _page(number)}).encode(), _JSON, texts=1),
        Kind("HTML body", 2, lambda number: _page(number).encode("utf-16"), _HTML, texts=1),
        Kind("plain text body", 4, lambda number: varied_text(number).encode(), _TEXT, texts=1,
             path="/quotes?kinds=direct"),
        *(Kind(f"{name} response", 2, _article(), _JSON | {"Accept": mime}, texts=1) for mime, name in form.items()),
        Kind("batch", 4, _batch, _LINES, path="/quotes/batch", texts=2),
        Kind("verification", 4, _verify, _JSON, path="/quotes/verify", texts=1),
        Kind("repeated request", 4, _always(json.dumps({"text": _SAID}).encode()), _JSON, known=True),
        Kind("/healthz", 3, _always(None), {}, path="/healthz", method="GET", known=True),
        Kind("/", 1, _always(None), {}, path="/", method="GET", known=True),
        Kind("/metrics", 2, _always(None), {}, path="/metrics", method="GET"),
    ]  # fmt: skip


def _invalid() -> list[Kind]:
    return [
        Kind("malformed JSON", 1, _always(b'{"text":'), _JSON, (400,)),
        Kind("JSON nested 50,000 levels deep", 0.5, _always(b'{"text":' + b"[" * 50_000), _JSON, (400,)),
        Kind("lone surrogate", 0.5, _always(b'{"text": "\\ud800"}'), _JSON, (422,)),
        Kind("unknown field", 0.5, _article(txt=""), _JSON, (422,)),
        Kind("invalid UTF-8", 0.5, _always(b"caf\xe9"), _TEXT, (422,)),
        Kind("XML body", 0.5, _always(b"<a/>"), {"Content-Type": "application/xml"}, (415,)),
        Kind(
            "gzip body",
            0.5,
            _always(gzip.compress(bytes(1_000_000), mtime=0)),
            _JSON | {"Content-Encoding": "gzip"},
            (415,),
        ),
        Kind("unsupported Accept", 0.5, _article(), _JSON | {"Accept": "image/png"}, (406,)),
        Kind("body too large", 0.5, _always(b"x" * 2_000_001), _TEXT, (413,)),
        Kind("unknown path", 0.5, _always(None), {}, (404,), path="/../etc/passwd", method="GET"),
        Kind("unsupported method", 0.5, _always(None), {}, (405,), method="DELETE"),
    ]


def _adversarial() -> list[Kind]:
    parts = {
        "quotation marks only": "“",
        "endless word": "a",
        "endless sentence": "so he said that ",
        "one-word paragraphs": "No.\n\n",
        "quoted letters": '"a" ',
        "control and invisible characters": "\x00\u202e“\u200b\u200d",
    }

    def of(part: str) -> Callable[[int], bytes]:
        def made(number: int) -> bytes:
            size = random.Random(number).randint(*_ADVERSARIAL)
            return json.dumps({"text": (part * size)[:size]}).encode()

        return made

    return [
        *(Kind(name, 0.2, of(part), _JSON) for name, part in parts.items()),
        Kind("HTML nested 5,000 levels deep", 0.5, _always(b"<div>" * 5_000), _HTML, (422,)),
        Kind("HTML table of 20,000 rows", 0.2, _always(b"<table>" + b"<tr><td>x" * 20_000), _HTML, (200, 422)),
    ]

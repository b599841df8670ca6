"""A running service, what the generated clients ask it, and what they must print: what its plain JSON says."""

import json
from collections.abc import Iterator
from typing import Any, Final

import httpx
import pytest

from tests.api_examples import service
from tests.doubles import ARTICLE
from tests.waiting import PATIENCE

SENT: Final[dict[str, Any]] = {
    "text": f"🌉 {ARTICLE}",
    "printed": [
        {"text": "We lost a winter", "speaker": "Mayor Alder"},
        {"text": "We lost the winter", "speaker": "Tom Brandt"},
        {"text": "Nobody is to blame", "speaker": None},
    ],
    "batch": json.dumps({"text": ARTICLE}) + '\n{"text": ""}\n' + json.dumps({"text": "No comment."}) + "\n",
}


@pytest.fixture(scope="package")
def address() -> Iterator[str]:
    """The address of `pullquote serve`, with the embedded model."""
    with service() as address:
        yield address


@pytest.fixture(scope="package")
def sent() -> str:
    """What every client is given to send, as JSON."""
    return json.dumps(SENT)


@pytest.fixture(scope="package")
def expected(address: str) -> list[str]:
    """The lines that every client must print: quotes, verdicts, a batch's lines, a refusal."""
    with httpx.Client(base_url=address, timeout=PATIENCE) as client:
        report = client.post("/quotes", json={"text": SENT["text"]}).json()
        checks = client.post("/quotes/verify", json={"text": SENT["text"], "quotes": SENT["printed"]}).json()["checks"]
        batch = client.post("/quotes/batch", content=SENT["batch"], headers={"Content-Type": "application/x-ndjson"})
        refused = client.post("/quotes", json={}).json()
    lines = [*_quotes(report), *(f"{check['verdict']} | {check['attribution']}" for check in checks)]
    for line in map(json.loads, batch.text.splitlines()):
        lines += _quotes(line) if "article" in line else [f"{line['line']} | {line['title']}"]
    lines.append(f"{refused['status']} | {refused['title']}")
    assert len(lines) == 9, lines
    return lines


def _quotes(report: dict[str, Any]) -> list[str]:
    names = {speaker["id"]: speaker["name"] for speaker in report["speakers"]}
    return [
        " | ".join(
            map(
                str,
                (names.get(quote["speaker"], "-"), quote["kind"], quote["text"], *_ends(quote["contents"][0])),
            )
        )
        for quote in report["quotes"]
    ]


def _ends(span: dict[str, int]) -> tuple[int, int]:
    return span["start"], span["end"]

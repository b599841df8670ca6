"""Corrections sent with an article are in every form of the response."""

import hashlib
import json
import re
from typing import Any

import pytest

from service.app import create_app, make_ready
from service.settings import Settings
from tests.api.contract_client import ContractClient
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser

LOST = {"start": 69, "end": 88, "text": "“We lost a winter,”"}


@pytest.fixture(scope="module")
def client() -> ContractClient:
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return ContractClient(app)


def corrections(*changes: dict[str, Any], text: str = ARTICLE) -> dict[str, Any]:
    sha256 = hashlib.sha256(text.encode()).hexdigest()
    return {"version": 1, "article": {"sha256": sha256, "title": None}, "corrections": list(changes)}


BRANDT = corrections({"change": "speaker", "quote": [LOST], "kind": "direct", "speaker": "Tom Brandt"})


def test_json_has_the_corrected_speaker(client: ContractClient) -> None:
    report = client.post(
        "/quotes", json={"text": ARTICLE, "corrections": BRANDT, "options": {"explain": True}}
    ).get_json()
    assert [speaker["name"] for speaker in report["speakers"]] == ["Ruth Alder", "Tom Brandt"]
    assert (report["quotes"][1]["resolution"], report["quotes"][1]["speaker"]) == ("correction", "s2")


@pytest.mark.parametrize("accept", ["text/csv", "text/html", "application/ld+json"])
def test_other_forms_have_the_corrected_speaker(client: ContractClient, accept: str) -> None:
    sent = {"text": ARTICLE, "corrections": BRANDT}
    assert "Tom Brandt" in client.post("/quotes", json=sent, headers={"Accept": accept}).text


def test_the_file_in_the_documentation_is_accepted(client: ContractClient) -> None:
    page = (ROOT / "docs" / "corrections.md").read_text(encoding="utf-8")
    (block,) = re.findall(r"^```json\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    report = client.post("/quotes", json={"text": ARTICLE, "corrections": json.loads(block)}).get_json()
    assert [(quote["text"], quote["speaker"]) for quote in report["quotes"]] == [
        ("bridge", None),
        ("“We lost a winter,”", "s1"),
    ]


def test_lines_of_a_batch_have_their_corrections(client: ContractClient) -> None:
    lines = [{"text": ARTICLE, "corrections": BRANDT}, {"text": ARTICLE}, {"text": "Other.", "corrections": BRANDT}]
    body = "".join(json.dumps(line) + "\n" for line in lines)
    answers = client.post("/quotes/batch", data=body, content_type="application/x-ndjson").text.splitlines()
    first, second, third = map(json.loads, answers)
    assert (len(first["speakers"]), len(second["speakers"])) == (2, 1)
    assert (third["status"], third["errors"][0]["pointer"]) == (422, "/corrections/article/sha256")


def test_offsets_of_corrections_are_code_points(client: ContractClient) -> None:
    text = f"🌉\n\n{ARTICLE}"
    moved = {"start": 72, "end": 91, "text": LOST["text"]}
    changes = corrections({"change": "drop", "quote": [moved]}, text=text)
    report = client.post(
        "/quotes", json={"text": text, "corrections": changes, "options": {"offsets": "utf16"}}
    ).get_json()
    assert [quote["contents"][0]["start"] for quote in report["quotes"]] == [36]


@pytest.mark.parametrize(
    ("sent", "pointer"),
    [
        (corrections(text="Other."), "/corrections/article/sha256"),
        (corrections({"change": "drop", "quote": [{**LOST, "text": "We won"}]}), "/corrections/corrections/0/quote/0"),
        (corrections({"change": "drop", "quote": [{**LOST, "end": 900}]}), "/corrections/corrections/0/quote/0"),
        (corrections({"change": "drop"}), "/corrections/corrections/0/quote"),
        ([], "/corrections"),
    ],
)
def test_corrections_that_do_not_fit_are_refused(client: ContractClient, sent: Any, pointer: str) -> None:
    response = client.post("/quotes", json={"text": ARTICLE, "corrections": sent})
    assert (response.status_code, response.get_json()["errors"][0]["pointer"]) == (422, pointer)


def test_printed_quotes_are_verified_without_corrections(client: ContractClient) -> None:
    sent = {"text": ARTICLE, "corrections": BRANDT, "quotes": [{"text": "We lost a winter"}]}
    response = client.post("/quotes/verify", json=sent)
    assert (response.status_code, response.get_json()["errors"][0]["pointer"]) == (422, "/corrections")

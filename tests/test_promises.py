"""The promises of docs/architecture.md hold for any text, with the embedded model."""

import json
from typing import Any, Final

import pytest
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from service.app import create_app, make_ready
from service.parsing.parser import Parser
from service.settings import Settings
from tests.api.contract_client import ContractClient
from tests.fuzzing.seeds import golden_texts, paragraphs_of

pytestmark = pytest.mark.model

_PARAGRAPHS: Final = sorted({paragraph for text in golden_texts() for paragraph in paragraphs_of(text)}, key=len)[:400]
_PIECES: Final = [
    *["Mayor Ruth Alder", "she", "he", "said", "told reporters", "according to", "that the bridge is closed"],
    *["“", "”", '"', "'", "‘", "’", "``", "''", ",", ".", "?", "…", "(", ")", "<b>", "&amp;", "\t", "\n\n", "\r\n"],
    *["\ufeff", "\x00", "\u200b", "\u00ad", "\u202e", "\u2028", "\x85", "e\u0301", "ſ", "ﬁ", "👩‍👩‍👧"],
    *["قال الرئيس", "“כן”", "x" * 1_500, "-" * 300, "1 2 3 4 5 6 7 8 9", "THE MINISTRY SAYS"],
]
TEXTS: Final = st.one_of(
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=25).map(" ".join),
    st.lists(st.sampled_from(_PIECES), min_size=1, max_size=12).map("".join),
    st.tuples(st.sampled_from(_PARAGRAPHS), st.text(max_size=40), st.sampled_from(_PARAGRAPHS)).map("\n\n".join),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=300),
    st.text("“”‘’\"'„«» \n", min_size=1, max_size=60),
)
_SOME: Final = settings(max_examples=20, deadline=None)
_FEW: Final = settings(max_examples=8, deadline=None)


@pytest.fixture(scope="module")
def client(embedded_parser: Parser) -> FlaskClient:
    """A client that validates responses against openapi.yaml. Without a cache, so that every text is processed."""
    app = create_app(Settings(cache_answers=0, deadline_seconds=300), embedded_parser)
    app.test_client_class = ContractClient
    make_ready(app)
    return app.test_client()


def spans_in(node: Any) -> list[dict[str, Any]]:
    """Return every span of a response, at any depth."""
    if isinstance(node, list):
        return [span for each in node for span in spans_in(each)]
    if not isinstance(node, dict):
        return []
    own = [node] if node.keys() >= {"start", "end", "text"} else []
    return own + [span for each in node.values() for span in spans_in(each)]


@_SOME
@given(TEXTS)
def test_any_text_gets_verbatim_spans_and_speakers_or_reasons(client: FlaskClient, text: str) -> None:
    response = client.post("/quotes", json={"text": text, "options": {"unattributed": True, "furniture": True}})
    assert response.status_code == 200
    report = response.get_json()
    assert report["article"]["length"] == len(text)
    for span in spans_in(report):
        assert text[span["start"] : span["end"]] == span["text"] != ""
    names = {speaker["id"]: speaker["name"] for speaker in report["speakers"]}
    for quote in report["quotes"]:
        assert (quote["speaker"] is None) == bool(quote["unresolved"])
        assert quote["speaker"] is None or names[quote["speaker"]]


@_FEW
@given(st.lists(TEXTS, min_size=2, max_size=4))
def test_response_does_not_depend_on_other_requests(client: FlaskClient, texts: list[str]) -> None:
    alone = [client.post("/quotes", json={"text": text}).data for text in texts]
    body = b"".join(json.dumps({"text": text}).encode() + b"\n" for text in reversed(texts))
    together = client.post("/quotes/batch", data=body, content_type="application/x-ndjson").data
    assert together == b"".join(reversed(alone))


@_FEW
@given(TEXTS)
def test_utf16_offsets_mean_the_same_characters(client: FlaskClient, text: str) -> None:
    points = client.post("/quotes", json={"text": text}).get_json()
    units = client.post("/quotes", json={"text": text, "options": {"offsets": "utf16"}}).get_json()
    coded = text.encode("utf-16-le")
    assert [span["text"] for span in spans_in(units)] == [span["text"] for span in spans_in(points)]
    for span in spans_in(units):
        assert coded[2 * span["start"] : 2 * span["end"]].decode("utf-16-le") == span["text"]


@_FEW
@given(TEXTS)
def test_returned_quotes_verify_as_verbatim(client: FlaskClient, text: str) -> None:
    quotes = client.post("/quotes", json={"text": text}).get_json()["quotes"]
    printed = [
        {"text": content["text"]}
        for quote in quotes
        for content in quote["contents"]
        if any(map(str.isalnum, content["text"])) and len(content["text"].split()) < 100
    ][:20]
    if printed:
        response = client.post("/quotes/verify", json={"text": text, "quotes": printed})
        assert response.status_code == 200
        assert "not-found" not in [check["verdict"] for check in response.get_json()["checks"]]


@pytest.mark.parametrize("half", ["\\ud800", "\\udfff", "a\\udc00b", "\\udc00\\ud800"])
def test_lone_surrogates_are_rejected(client: FlaskClient, half: str) -> None:
    for field in ("text", "html", "id", "title"):
        fields = {"text": "No comment."} if field in {"id", "title"} else {}
        body = json.dumps(fields | {field: "HALF"}).replace("HALF", half)
        response = client.post("/quotes", data=body, content_type="application/json")
        assert response.status_code == 422
        assert [fault["pointer"] for fault in response.get_json()["errors"]] == [f"/{field}"]

"""`POST /quotes`. The client validates every response against openapi.yaml (`contract_client.py`)."""

import hashlib
import json
from collections.abc import Callable, Sequence
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import given, settings
from hypothesis import strategies as st

from service import __version__
from service.app import create_app, make_ready
from service.input.article import NO_DEADLINE, Article, Deadline
from service.parsing.tree import Parse
from service.settings import Settings
from tests.api.contract_client import ContractClient
from tests.doubles import ARTICLE, LOST, FakeParser


def answer(client: FlaskClient, **request: Any) -> dict[str, Any]:
    response = client.post("/quotes", json=request)
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    return found


def test_response_has_quotes_with_their_speaker(client: FlaskClient) -> None:
    report = answer(client, text=ARTICLE)
    indirect, direct = report["quotes"]
    assert (indirect["kind"], direct["kind"]) == ("indirect", "direct")
    assert "the bridge will reopen in May" in indirect["text"]
    assert (indirect["cue"]["text"], indirect["cue"]["lemma"], indirect["cue"]["class"]) == ("told", "tell", "tell")
    assert indirect["addressee"]["text"] == "reporters"
    assert direct["contents"][0]["text"].startswith("“We lost a winter")
    assert direct["mention"]["text"] == "she"
    (speaker,) = report["speakers"]
    assert speaker["name"] == "Ruth Alder"
    assert speaker["quotes"] == [indirect["id"], direct["id"]] == ["q1", "q2"]
    assert indirect["speaker"] == direct["speaker"] == speaker["id"] == "s1"


def test_article_metadata_is_echoed(client: FlaskClient) -> None:
    sent = {"id": "a-1", "title": "Bridge", "url": "https://news.example/a", "language": "en-GB"}
    sent |= {"byline": "Jo Marsh", "published_at": "2024-05-04"}
    article = answer(client, text=ARTICLE, **sent)["article"]
    digest = hashlib.sha256(ARTICLE.encode()).hexdigest()
    about = {"site_name": None, "form": "prose", "length": len(ARTICLE), "sha256": digest}
    assert article == sent | about


def test_missing_metadata_is_null(client: FlaskClient) -> None:
    article = answer(client, text=ARTICLE, id=None)["article"]
    assert {article[name] for name in ("id", "title", "url", "language", "byline", "published_at")} == {None}


def test_response_names_service_and_model(client: FlaskClient) -> None:
    assert answer(client, text=ARTICLE)["service"] == {
        "version": __version__,
        "model": {"name": "fake", "version": "1", "arithmetic": "float32"},
    }


@pytest.mark.parametrize("text", [" ", "\n\n", "No comment.", "\x00", "\u200b", "🙂", "”", "“", "''", "a" * 5_000])
def test_text_without_quotes_has_an_empty_list(client: FlaskClient, text: str) -> None:
    report = answer(client, text=text)
    assert (report["quotes"], report["speakers"]) == ([], [])


def test_offsets_are_code_points_of_the_original_text(client: FlaskClient) -> None:
    text = f"🙂\r\n\r\n{ARTICLE}"
    (speaker,) = answer(client, text=text)["speakers"]
    for mention in speaker["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]
    assert speaker["quotes"]


def test_offsets_can_be_utf16_code_units(client: FlaskClient) -> None:
    text = f"🙂🙂\n\n{ARTICLE}"
    points, units = (
        answer(client, text=text, options={"offsets": unit})["quotes"][0]["contents"][0]
        for unit in ("codepoints", "utf16")
    )
    assert (units["start"], units["end"]) == (points["start"] + 2, points["end"] + 2)
    assert units["text"] == points["text"]


def test_only_requested_kinds_are_returned(client: FlaskClient) -> None:
    report = answer(client, text=ARTICLE, options={"kinds": ["direct"]})
    assert [quote["kind"] for quote in report["quotes"]] == ["direct"]
    assert [speaker["quotes"] for speaker in report["speakers"]] == [["q1"]]


def test_quotes_below_the_minimum_confidence_are_dropped(client: FlaskClient) -> None:
    confidences = [quote["confidence"] for quote in answer(client, text=ARTICLE)["quotes"]]
    least = max(confidences)
    report = answer(client, text=ARTICLE, options={"min_confidence": least})
    assert [quote["confidence"] for quote in report["quotes"]] == [one for one in confidences if one >= least]


def test_rules_are_returned_only_on_request(client: FlaskClient) -> None:
    assert all("explain" not in quote for quote in answer(client, text=ARTICLE)["quotes"])
    explained = answer(client, text=ARTICLE, options={"explain": True})["quotes"]
    assert all(quote["explain"] for quote in explained)


def test_unattributed_quote_has_a_reason(client: FlaskClient) -> None:
    (quote,) = answer(client, text=LOST)["quotes"]
    assert (quote["speaker"], quote["resolution"]) == (None, "none")
    assert quote["unresolved"]


def test_equal_requests_have_equal_responses(client: FlaskClient) -> None:
    first, second = (client.post("/quotes", json={"text": ARTICLE}) for _ in range(2))
    assert first.data == second.data


def test_non_ascii_characters_are_not_escaped(client: FlaskClient) -> None:
    assert "“We lost a winter" in client.post("/quotes", json={"text": ARTICLE}).text


def test_byte_order_mark_before_json_is_ignored(client: FlaskClient) -> None:
    body = b'\xef\xbb\xbf{"text": "No comment."}'
    assert client.post("/quotes", data=body, content_type="application/json").status_code == 200


_PIECES = st.sampled_from([
    *"“ ” \" ' ‘ ’ « » „ `` '' . , : — said told Smith she that mayor according to don't \x00 🙂 é |".split(" "),
    *[" ", " ", "\n", "\n\n", "\r\n", "\t", ". ", ", "],
])  # fmt: skip
_TEXTS = st.one_of(st.text(st.characters(exclude_categories=["Cs"]), min_size=1), st.lists(_PIECES).map("".join))


@cache
def _client() -> FlaskClient:
    app = create_app(Settings(), FakeParser())
    app.test_client_class = ContractClient
    make_ready(app)
    return app.test_client()


@pytest.mark.fuzz
@settings(max_examples=150)
@given(text=_TEXTS.filter(bool), unattributed=st.booleans(), furniture=st.booleans())
def test_any_text_gets_verbatim_spans(text: str, unattributed: bool, furniture: bool) -> None:
    options = {"unattributed": unattributed, "furniture": furniture, "explain": True}
    report = answer(_client(), text=text, options=options)
    for span in _spans(report):
        assert text[span["start"] : span["end"]] == span["text"]


def _spans(value: Any) -> list[dict[str, Any]]:
    if isinstance(value, dict):
        state = [value] if {"start", "text"} <= value.keys() else []
        return state + [span for below in value.values() for span in _spans(below)]
    return [span for below in value for span in _spans(below)] if isinstance(value, list) else []


def test_article_over_the_deadline_is_503_with_its_progress(
    app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = [0.0]

    class Late(FakeParser):
        def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
            if "late" in articles[0].text:
                now[0] += 1.1
            return super().parse(articles, deadline)

    monkeypatch.setattr("service.input.article.time", SimpleNamespace(monotonic=lambda: now[0]))
    monkeypatch.setattr("tests.api.conftest.FakeParser", Late)
    client = app_with(deadline_seconds=1).test_client()
    late = {"text": "It is late. She left."}
    response = client.post("/quotes", json=late)
    assert (response.status_code, response.headers["Retry-After"]) == (503, "1")
    assert "0 of 2 sentences searched for quotes" in response.get_json()["detail"]
    assert client.post("/quotes/verify", json={**late, "quotes": [{"text": "It"}]}).status_code == 503
    body = f"{json.dumps(late)}\n{json.dumps({'text': ARTICLE})}\n"
    answers = client.post("/quotes/batch", data=body, content_type="application/x-ndjson").text.splitlines()
    assert json.loads(answers[0])["status"] == 503
    assert json.loads(answers[1])["quotes"]

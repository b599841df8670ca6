"""`POST /quotes/verify`. The client validates every response against openapi.yaml (`contract_client.py`)."""

import csv
import io
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.output.csv_table import CHECK_COLUMNS
from service.parsing.tree import Parse
from service.verification.changes import Change
from tests.api.contract_client import document
from tests.conftest import numbers
from tests.doubles import ARTICLE, LOST, FakeParser


def answer(client: FlaskClient, *quotes: dict[str, Any], text: str = ARTICLE, **more: Any) -> dict[str, Any]:
    response = client.post("/quotes/verify", json={"text": text, "quotes": list(quotes), **more})
    assert response.status_code == 200, response.text
    found: dict[str, Any] = response.get_json()
    return found


def test_each_printed_quote_has_a_check_in_order(client: FlaskClient) -> None:
    quotes = [
        {"text": "We lost a winter.", "speaker": "Mayor Alder"},
        {"text": "We lost the winter", "speaker": "Alder"},
        {"text": "the bridge will reopen in May", "speaker": "Ruth Alder"},
        {"text": "We lost a winter", "speaker": "Tom Brandt"},
        {"text": "Nobody is to blame"},
    ]
    found = answer(client, *quotes)
    assert [check["verdict"] for check in found["checks"]] == [
        "verbatim",
        "altered",
        "paraphrase",
        "speaker-differs",
        "not-found",
    ]
    assert [(check["text"], check["speaker"]) for check in found["checks"]] == [
        (quote["text"], quote.get("speaker")) for quote in quotes
    ]


def test_checks_refer_to_quotes_and_speakers_of_the_response(client: FlaskClient) -> None:
    found = answer(client, {"text": "We lost the winter", "speaker": "Tom Brandt"})
    (check,) = found["checks"]
    (speaker,) = found["speakers"]
    assert (check["said_by"], check["quotes"], check["meant"]) == ([speaker["id"]], ["q2"], [])
    assert found["quotes"][1]["id"] == "q2"
    (change,) = check["changes"]
    assert (change["original"]["text"], change["printed"]["text"]) == ("a", "the")
    start, end = change["original"]["start"], change["original"]["end"]
    assert ARTICLE[start:end] == "a"


def test_unattributed_quoted_text_is_not_narration(client: FlaskClient) -> None:
    text = "The sign was old.\n\nIt has the words “somebody will pay for this” on it."
    (check,) = answer(client, {"text": "somebody will pay for this", "speaker": "Alder"}, text=text)["checks"]
    assert (check["found_in"], check["verdict"]) == ("quote", "speaker-unknown")


def test_offsets_in_article_and_print_can_be_utf16(client: FlaskClient) -> None:
    text = f"🙂 {LOST}"
    printed = "🙂 We lost the winter"
    (check,) = answer(client, {"text": printed}, text=text, options={"offsets": "utf16"})["checks"]
    (change,) = [change for change in check["changes"] if change["kind"] == "changed"]
    for span, whole in ((change["original"], text), (change["printed"], printed), (check["originals"][0], text)):
        units = whole.encode("utf-16-le")
        assert units[2 * span["start"] : 2 * span["end"]].decode("utf-16-le") == span["text"]


def test_rules_are_returned_on_request(client: FlaskClient) -> None:
    found = answer(client, {"text": "We lost a winter"}, options={"explain": True})
    assert all(quote["explain"] for quote in found["quotes"])


def test_equal_requests_have_equal_responses(client: FlaskClient) -> None:
    request = {"text": ARTICLE, "quotes": [{"text": "We lost the winter", "speaker": "Alder"}]}
    first, second = (client.post("/quotes/verify", json=request) for _ in range(2))
    assert first.data == second.data


@pytest.mark.parametrize(
    ("request_", "pointer", "expected"),
    [
        ({"text": ARTICLE}, "/quotes", "required"),
        ({"text": ARTICLE, "quotes": []}, "/quotes", "at least one"),
        ({"text": ARTICLE, "quotes": {}}, "/quotes", "array"),
        ({"text": ARTICLE, "quotes": ["We lost"]}, "/quotes/0", "object"),
        ({"text": ARTICLE, "quotes": [{}]}, "/quotes/0/text", "required"),
        ({"text": ARTICLE, "quotes": [{"text": ""}]}, "/quotes/0/text", "empty"),
        ({"text": ARTICLE, "quotes": [{"text": "a\ud800"}]}, "/quotes/0/text", "surrogate"),
        ({"text": ARTICLE, "quotes": [{"text": "a", "speaker": 1}]}, "/quotes/0/speaker", "string"),
        ({"text": ARTICLE, "quotes": [{"text": "a", "speaker": "s" * 501}]}, "/quotes/0/speaker", "500"),
        ({"text": ARTICLE, "quotes": [{"text": "a", "by": "b"}]}, "/quotes/0/by", "not a field"),
        ({"text": ARTICLE, "quotes": [{"text": "a"}], "options": {"kinds": ["direct"]}}, "/options/kinds", "not a"),
        ({"text": "", "quotes": [{"text": "a"}]}, "/text", "empty"),
    ],
)
def test_invalid_request_is_422_with_its_pointer(
    client: FlaskClient, request_: dict[str, Any], pointer: str, expected: str
) -> None:
    response = client.post("/quotes/verify", json=request_)
    assert response.status_code == 422
    (fault,) = response.get_json()["errors"]
    assert fault["pointer"] == pointer
    assert expected in fault["detail"]


def test_too_many_or_overlong_quotes_are_422_with_the_limit(
    app_with: Callable[..., Flask],
) -> None:
    client = app_with(max_quotes=2, max_quote_words=3).test_client()
    answer(client, {"text": "one two three"}, {"text": "[the] … one two"})
    for quotes, pointer, expected in [
        ([{"text": "a"}] * 3, "/quotes", [3, 2]),
        ([{"text": "a"}, {"text": "one two three four"}], "/quotes/1/text", [4, 3]),
    ]:
        response = client.post("/quotes/verify", json={"text": ARTICLE, "quotes": quotes})
        assert response.status_code == 422
        (fault,) = response.get_json()["errors"]
        assert (fault["pointer"], numbers(fault["detail"])) == (pointer, expected)


def test_overlong_text_is_422(app_with: Callable[..., Flask]) -> None:
    client = app_with(max_characters=10).test_client()
    response = client.post("/quotes/verify", json={"text": "é" * 11, "quotes": [{"text": "a"}]})
    assert response.status_code == 422
    assert response.get_json()["errors"][0]["pointer"] == "/text"


def test_service_that_is_not_ready_is_503(app_with: Callable[..., Flask]) -> None:
    response = app_with(ready=False).test_client().post("/quotes/verify", json={})
    assert response.status_code == 503


class Waiting(FakeParser):
    """A parser that sends a request of its own while it parses."""

    client: FlaskClient
    status = 0

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        if "again" in articles[0].text:
            self.status = self.client.post("/quotes", json={"text": "a"}).status_code
        return super().parse(articles, deadline)


def test_verification_waits_in_the_same_queue(app_with: Callable[..., Flask], monkeypatch: pytest.MonkeyPatch) -> None:
    parser = Waiting()
    monkeypatch.setattr("tests.api.conftest.FakeParser", lambda: parser)
    parser.client = app_with(max_waiting=0).test_client()
    answer(parser.client, {"text": "a"}, text="Once again.")
    assert parser.status == 503


@pytest.mark.parametrize(
    "change",
    [
        Change("changed", Span(0, len(ARTICLE) + 1), None),
        Change("changed", Span(3, 3), None),
        Change("changed", None, Span(0, len("We lost a winter") + 1)),
    ],
)
def test_change_outside_the_request_is_500_and_reveals_nothing(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch, change: Change
) -> None:
    monkeypatch.setattr("service.verification.verify.changes_of", lambda *_: (change,))
    response = client.post("/quotes/verify", json={"text": ARTICLE, "quotes": [{"text": "We lost a winter"}]})
    assert response.status_code == 500
    assert "bridge" not in response.text


def test_article_can_be_sent_as_a_page(client: FlaskClient) -> None:
    page = "".join(f"<p>{paragraph}</p>" for paragraph in ARTICLE.split("\n\n"))
    request = {"html": f"<html><body><article>{page}</article></body></html>", "quotes": [{"text": "We lost a winter"}]}
    response = client.post("/quotes/verify", json=request)
    assert response.status_code == 200, response.text
    found = response.get_json()
    (original,) = found["checks"][0]["originals"]
    assert found["article"]["text"][original["start"] : original["end"]] == original["text"] == "We lost a winter"


def test_only_json_is_accepted_and_json_or_csv_returned(client: FlaskClient) -> None:
    assert client.post("/quotes/verify", data="a", content_type="text/plain").status_code == 415
    request = {"text": ARTICLE, "quotes": [{"text": "a"}]}
    assert client.post("/quotes/verify", json=request, headers={"Accept": "text/html"}).status_code == 406
    assert client.post("/quotes/verify", json=request).headers["Vary"] == "Accept, Accept-Encoding"


def table(client: FlaskClient, *quotes: dict[str, str]) -> list[dict[str, str]]:
    request = {"id": "=a", "text": ARTICLE, "quotes": [*quotes]}
    answer = client.post("/quotes/verify", json=request, headers={"Accept": "text/csv"})
    assert (answer.status_code, answer.content_type) == (200, "text/csv; charset=utf-8; header=present")
    assert answer.text.count("\r\n") == 1 + len(quotes)
    return list(csv.DictReader(io.StringIO(answer.text, newline="")))


def test_each_printed_quote_is_a_row_in_the_order_they_were_sent(client: FlaskClient) -> None:
    right, wrong, gone = table(
        client,
        {"text": "We lost a winter", "speaker": "Ruth Alder"},
        {"text": "We lost the winter", "speaker": "Ruth Aldar"},
        {"text": "+1 to that, nobody ever thought so"},
    )
    assert tuple(right) == CHECK_COLUMNS
    assert (right["article"], right["verdict"], right["changes"]) == ("'=a", "verbatim", "")
    assert (right["original"], right["said_by"]) == ("We lost a winter", "Ruth Alder")
    assert ARTICLE[int(right["start"]) : int(right["end"])] == "We lost a winter"
    assert (wrong["verdict"], wrong["did_you_mean"]) == ("speaker-differs", "Ruth Alder")
    assert wrong["changes"] == "changed: “a” → “the”"
    assert (gone["quote"], gone["verdict"]) == ("'+1 to that, nobody ever thought so", "not-found")
    assert {gone[name] for name in ("original", "start", "end", "said_by", "did_you_mean")} == {""}


def test_the_contract_names_the_columns() -> None:
    content = document()["paths"]["/quotes/verify"]["post"]["responses"]["200"]["content"]["text/csv"]
    assert all(f"`{column}`" in content["schema"]["description"] for column in CHECK_COLUMNS)

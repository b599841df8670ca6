"""`POST /quotes` with a web page, or with text outside JSON."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from service.app import create_app, make_ready
from service.settings import Settings
from tests.api.contract_client import ContractClient
from tests.api.test_quotes import answer
from tests.conftest import numbers
from tests.doubles import ARTICLE, LOST, TOLD, FakeParser
from tests.input.pages import PARAGRAPHS, page

PAGE = (
    '<html lang="en-GB"><head><title>Bridge to reopen | The Herald</title><meta name="author" content="Jo Marsh">'
    '<meta property="article:published_time" content="2024-05-04T09:30:00Z"></head><body><nav><a href="/">Home</a>'
    f"</nav><article><h1>Bridge to reopen</h1><p>{TOLD}</p><p>{LOST}</p></article></body></html>"
)


@pytest.fixture(scope="module")
def pages() -> FlaskClient:
    """A client of an application shared by this module, along with its page process."""
    app = create_app(Settings(page_seconds=120), FakeParser())
    app.test_client_class = ContractClient
    make_ready(app)
    return app.test_client()


def post(client: FlaskClient, body: bytes | str, content_type: str, **query: Any) -> Any:
    return client.post("/quotes", data=body, content_type=content_type, query_string=query)


def fault(response: Any) -> tuple[str, str]:
    assert response.status_code == 422
    (only,) = response.get_json()["errors"]
    return only["pointer"], only["detail"]


def test_page_response_has_quotes_and_text(pages: FlaskClient) -> None:
    report = answer(pages, html=PAGE)
    article = report["article"]
    assert article["text"] == f"Bridge to reopen\n\n{TOLD}\n\n{LOST}"
    assert article["length"] == len(article["text"])
    assert [quote["kind"] for quote in report["quotes"]] == ["indirect", "direct"]
    for quote in report["quotes"]:
        for content in quote["contents"]:
            assert article["text"][content["start"] : content["end"]] == content["text"]


def test_page_metadata_is_returned(pages: FlaskClient) -> None:
    article = answer(pages, html=PAGE)["article"]
    assert (article["title"], article["byline"]) == ("Bridge to reopen", "Jo Marsh")
    assert (article["language"], article["published_at"]) == ("en-GB", "2024-05-04T09:30:00Z")


def test_request_fields_override_page_metadata(pages: FlaskClient) -> None:
    article = answer(pages, html=PAGE, title="Mine", language="en", published_at="2020-01-01", id="7")["article"]
    assert (article["id"], article["title"], article["language"], article["published_at"]) == (
        "7",
        "Mine",
        "en",
        "2020-01-01",
    )


def test_text_is_not_echoed_but_its_metadata_is(pages: FlaskClient) -> None:
    said = {"byline": "Jo Marsh", "published_at": "2024-05-04T09:30:00+02:00"}
    article = answer(pages, text=ARTICLE, **said)["article"]
    assert "text" not in article
    assert {name: article[name] for name in said} == said
    assert article["site_name"] is None


def test_undeclared_other_language_gives_a_warning(pages: FlaskClient) -> None:
    french = "Le pont du bas restera fermé jusqu’au printemps, a déclaré lundi l’ingénieure de la ville, Marta Olin."
    body = f"<html><body><article><h1>Le pont</h1><p>{french}</p><p>{french}</p></article></body></html>"
    assert [warning["code"] for warning in answer(pages, html=body)["warnings"]] == ["language"]


def test_warnings_are_in_single_and_batch_responses(pages: FlaskClient) -> None:
    line = json.dumps({"text": ARTICLE.upper()})
    (warning,) = answer(pages, text=ARTICLE.upper())["warnings"]
    assert warning["code"] == "capitals"
    batch = pages.post("/quotes/batch", data=line, content_type="application/x-ndjson")
    assert json.loads(batch.get_data())["warnings"] == [warning]
    checked = pages.post("/quotes/verify", json={"text": ARTICLE.upper(), "quotes": [{"text": "We lost"}]})
    assert checked.get_json()["warnings"] == [warning]


def test_text_extracted_from_a_page_has_the_same_quotes(pages: FlaskClient) -> None:
    report = answer(pages, html=PAGE)
    assert answer(pages, text=report["article"]["text"])["quotes"] == report["quotes"]


def test_page_can_be_the_request_body(pages: FlaskClient) -> None:
    assert post(pages, PAGE, "text/html; charset=utf-8").get_json() == answer(pages, html=PAGE)


def test_text_can_be_the_request_body(pages: FlaskClient) -> None:
    assert post(pages, ARTICLE, "text/plain").get_json() == answer(pages, text=ARTICLE)


def test_query_supplies_fields_and_options(pages: FlaskClient) -> None:
    query = {"id": "7", "title": "Bridge", "url": "https://a.example", "language": "en", "published_at": "2024-05-04"}
    query["byline"] = "Jo Marsh"
    options = {"kinds": ["direct", "mixed"], "min_confidence": 0.1, "explain": True, "offsets": "utf16"}
    sent = post(pages, ARTICLE, "text/plain", **query, kinds=["direct", "mixed"], min_confidence="0.1", explain="true",
                offsets="utf16")  # fmt: skip
    assert sent.get_json() == answer(pages, text=ARTICLE, **query, options=options)


def test_json_body_overrides_the_query(pages: FlaskClient) -> None:
    body = {"text": ARTICLE, "title": "Body", "options": {"kinds": ["direct"]}}
    query = {"title": "Query", "id": "7", "kinds": "indirect", "explain": "true"}
    report = pages.post("/quotes", json=body, query_string=query).get_json()
    assert (report["article"]["title"], report["article"]["id"]) == ("Body", "7")
    assert [quote["kind"] for quote in report["quotes"]] == ["direct"]
    assert report["quotes"][0]["explain"]


@pytest.mark.parametrize(
    ("query", "pointer", "expected"),
    [
        ({"kind": "direct"}, "/kind", "not a field"),
        ({"kinds": "reported"}, "/options/kinds/0", "direct, mixed, indirect"),
        ({"min_confidence": "high"}, "/options/min_confidence", "number"),
        ({"min_confidence": "2"}, "/options/min_confidence", "from 0 to 1"),
        ({"min_confidence": "NaN"}, "/options/min_confidence", "from 0 to 1"),
        ({"min_confidence": "1" * 5_000}, "/options/min_confidence", "number"),
        ({"explain": "yes"}, "/options/explain", "true or false"),
        ({"explain": ["true", "true"]}, "/explain", "2 times"),
        ({"text": "a"}, "/text", "not a query parameter"),
        ({"options": "{}"}, "/options", "not a query parameter"),
        ({"language": "de"}, "/language", "English"),
    ],
)
@pytest.mark.parametrize("content_type", ["text/plain", "text/html", "application/json"])
def test_invalid_query_is_422_with_its_pointer(
    pages: FlaskClient, content_type: str, query: dict[str, Any], pointer: str, expected: str
) -> None:
    found, detail = fault(post(pages, b'{"text": "a"}', content_type, **query))
    assert found == pointer
    assert expected in detail


def test_text_and_html_together_are_422(pages: FlaskClient) -> None:
    pointer, detail = fault(pages.post("/quotes", json={"text": "a", "html": "b"}))
    assert (pointer, "one of the two" in detail) == ("/html", True)


@pytest.mark.parametrize("body", ["", "<html></html>", "<nav><a href=/>Home</a> <a href=/news>News</a></nav>"])
def test_page_without_an_article_is_422_with_the_reason(pages: FlaskClient, body: str) -> None:
    pointer, detail = fault(post(pages, body, "text/html"))
    assert pointer == "/html"
    assert "is empty" in detail or "no article" in detail


LINKS = "".join(f"<li><a href=/{at}>Ferry fares to rise for time number {at} in a year</a></li>" for at in range(30))


@pytest.mark.parametrize(
    "body",
    [
        f"<h1>Latest news</h1><ul>{LINKS}</ul>",
        "<h1>Sign in</h1><form><label>Email</label><input><label>Password</label><input><button>Go</button></form>",
        "<h1>404</h1><p>Page not found</p>",
        "<p>Please enable JavaScript</p>",
        "<table>" + "".join(f"<tr><td>Team {at}</td><td>{at}</td></tr>" for at in range(40)) + "</table>",
    ],
    ids=["links", "sign in", "not found", "no script", "table"],
)
def test_page_that_is_not_an_article_is_422(pages: FlaskClient, body: str) -> None:
    pointer, detail = fault(post(pages, f"<html><body>{body}</body></html>", "text/html"))
    assert pointer == "/html"
    assert "no article" in detail


def test_page_declared_in_another_language_is_422(pages: FlaskClient) -> None:
    german = page("", lang="de-AT")
    pointer, detail = fault(pages.post("/quotes", json={"html": german}))
    assert pointer == "/html"
    assert "'de-AT'; only English" in detail
    assert fault(pages.post("/quotes", json={"text": ARTICLE, "language": "de-AT"}))[0] == "/language"


def test_request_language_overrides_the_page(pages: FlaskClient) -> None:
    assert answer(pages, html=page("", lang="de-AT"), language="en")["article"]["language"] == "en"


def test_deeply_nested_page_is_422_with_limit_and_depth(pages: FlaskClient) -> None:
    assert fault(post(pages, page("<div>" * 220), "text/html")) == (
        "/html",
        "is nested 224 elements deep; the limit is 200.",
    )


def test_overlong_article_on_a_page_is_422_with_limit_and_length(
    app_with: Callable[..., Flask],
) -> None:
    client = app_with(max_characters=200).test_client()
    pointer, detail = fault(post(client, page(""), "text/html"))
    length = len("\n\n".join(["Harbour wall will be rebuilt", *PARAGRAPHS]))
    assert pointer == "/html"
    assert numbers(detail) == [length, 200]


@pytest.mark.parametrize("content_type", ["text/html", "text/plain"])
def test_a_body_over_the_limit_is_413(app_with: Callable[..., Flask], content_type: str) -> None:
    response = post(app_with(max_bytes=20).test_client(), "a" * 21, content_type)
    assert response.status_code == 413
    assert numbers(response.get_json()["detail"]) == [21, 20]


@pytest.mark.slow
def test_slow_page_is_422_and_the_next_is_processed(app_with: Callable[..., Flask]) -> None:
    client = app_with(page_seconds=2.0).test_client()
    slow = PAGE.replace("<head>", "<head><script type='application/ld+json'>" + '"author"' * 200_000 + "</script>")
    pointer, detail = fault(post(client, slow, "text/html"))
    assert pointer == "/html"
    assert 2 in numbers(detail)
    assert post(client, PAGE, "text/html").status_code == 200


# --- encodings

SAID = "“Déjà vu,” said Zoë Müller of the harbour office, and nobody in the town hall dared to contradict her."


@pytest.mark.parametrize(
    ("encoding", "head", "content_type"),
    [
        ("utf-8", "", "text/html"),
        ("utf-8", "", "text/html; charset=UTF-8"),
        ("utf-8", "<meta charset=utf-8>", "text/html"),
        ("utf-8-sig", "", "text/html; charset=iso-8859-1"),
        ("utf-16", "", "text/html"),
        ("cp1252", "", "text/html"),
        ("cp1252", "", "text/html; charset=iso-8859-1"),
        ("cp1252", "<meta charset=iso-8859-1>", "text/html"),
        ("cp1252", "<meta http-equiv=Content-Type content='text/html; charset=windows-1252'>", "text/html"),
        ("cp1252", "<meta charset=utf-8>", "text/html; charset=windows-1252"),
        ("mac-roman", "", "text/html; charset=macintosh"),
        ("utf-8", "<meta charset=nonsense>", "text/html"),
    ],
)
def test_page_encoding_is_chosen_as_in_browsers(
    pages: FlaskClient, encoding: str, head: str, content_type: str
) -> None:
    body = page(f"<p>{SAID}</p>", head=head).encode(encoding)
    assert SAID in post(pages, body, content_type).get_json()["article"]["text"]


def test_invalid_bytes_in_a_page_are_replaced(pages: FlaskClient) -> None:
    body = page("<p>The mayor\xff said so.</p>").encode("cp1252")
    assert post(pages, body, "text/html; charset=utf-8").status_code == 200


@pytest.mark.parametrize(
    ("encoding", "content_type"),
    [
        ("utf-8", "text/plain"),
        ("utf-8-sig", "text/plain"),
        ("cp1252", "text/plain; charset=windows-1252"),
        ("utf-16", "text/plain"),
    ],
)
def test_declared_text_encoding_is_used(pages: FlaskClient, encoding: str, content_type: str) -> None:
    report = post(pages, ARTICLE.encode(encoding), content_type).get_json()
    assert report["quotes"] == answer(pages, text=ARTICLE)["quotes"]


def test_invalid_text_encoding_is_422_with_the_byte(pages: FlaskClient) -> None:
    pointer, detail = fault(post(pages, b"a\xe9b", "text/plain"))
    assert pointer == "/text"
    assert "invalid UTF-8 at byte 1" in detail


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_unknown_charset_is_415_and_named(pages: FlaskClient, media_type: str) -> None:
    response = post(pages, b"a", f"{media_type}; charset=nonsense")
    assert response.status_code == 415
    assert "nonsense" in response.get_json()["detail"]


def test_charset_that_is_not_ascii_is_415(pages: FlaskClient) -> None:
    assert post(pages, b"a", "text/html; charset=é").status_code == 415

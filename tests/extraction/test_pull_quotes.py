"""Pull quotes are linked to the quote that they repeat, and not counted twice."""

import time
from typing import Any

import pytest

from service.extraction.report import Options
from service.input.paragraphs import read_article, read_page_article
from service.input.web_page import read_page
from service.pipeline import answer
from tests.doubles import LOST, TOLD, FakeParser

AFTER = "The council will meet again on Tuesday to decide who pays for the work on the bridge."


def report(text: str, **options: Any) -> dict[str, Any]:
    return answer(read_article(text), FakeParser(), Options(**options))


def linked(document: dict[str, Any]) -> list[tuple[str, str | None]]:
    return [(quote["text"], quote.get("repeats")) for quote in document["quotes"] if quote["kind"] == "direct"]


@pytest.mark.parametrize(
    "block", ["“We lost a winter”", "“We lost a winter.”", '"WE LOST A WINTER"', "“We lost a winter” — Ruth Alder"]
)
@pytest.mark.parametrize("options", [{}, {"unattributed": True}, {"explain": True}])
def test_pull_quote_is_linked_and_not_counted(block: str, options: dict[str, Any]) -> None:
    document = report(f"{TOLD}\n\n{LOST}\n\n{AFTER}\n\n{block}\n\n{AFTER} Nobody knows more.", **options)
    (first, _), (again, repeats) = linked(document)
    assert first == "“We lost a winter,”"
    assert again == block.partition(" —")[0]
    assert repeats == "q2"
    (speaker,) = document["speakers"]
    assert speaker["quotes"] == ["q1", "q2"]
    assert {quote["speaker"] for quote in document["quotes"]} == {speaker["id"]}


def test_pull_quote_can_precede_the_quote_it_repeats() -> None:
    document = report(f"{TOLD}\n\n“We lost a winter”\n\n{AFTER}\n\n{LOST}")
    assert linked(document) == [("“We lost a winter”", "q3"), ("“We lost a winter,”", None)]


def test_pull_quote_in_html_is_linked() -> None:
    html = (
        f"<html><body><article><h1>Bridge</h1><p>{TOLD}</p><p>{LOST}</p><p>{AFTER}</p>"
        f"<aside class='pullquote'><p>“We lost a winter”</p></aside>"
        f"<p>{AFTER} So it was said.</p></article></body></html>"
    )
    document = answer(read_page_article(read_page(html)), FakeParser(), Options())
    (pulled,) = [quote for quote in document["quotes"] if quote["section"] == "pullquote"]
    assert (pulled["repeats"], pulled["resolution"]) == ("q2", "continuation")


@pytest.mark.parametrize(
    "block",
    [
        "“We won a winter”",
        "“Lost a winter”",
        "The “we lost a winter” song was played again.",
        "“We lost a winter. And a spring, and a summer.”",
    ],
)
def test_different_or_embedded_words_are_not_repeats(block: str) -> None:
    document = report(f"{TOLD}\n\n{LOST}\n\n{AFTER}\n\n{block}\n\n{AFTER}", unattributed=True)
    assert [repeats for _, repeats in linked(document)] == [None, None]


def test_pull_quote_of_a_filtered_quote_is_not_linked() -> None:
    text = f"{TOLD}\n\n{LOST}\n\n“We lost a winter”"
    assert "repeats" not in str(report(text, kinds=("indirect",)))
    assert "repeats" not in str(report(text, min_confidence=1.0))


@pytest.mark.growth
def test_pull_quotes_take_linear_time() -> None:
    def seconds(times: int) -> float:
        article = read_article("“We lost a winter, all of it”\n\n" * times)
        start = time.process_time()
        answer(article, FakeParser(), Options(unattributed=True))
        return time.process_time() - start

    seconds(10)
    assert any(seconds(1600) <= 12 * seconds(400) + 0.3 for _ in range(5))

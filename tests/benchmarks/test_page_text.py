"""The figures of page text, on made-up pages, and writing figures between the markers of a page."""

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.page_text import Score, figures, pages, report, score, text_without
from benchmarks.pages import read_between, table, write_between
from service.input.article import Article, Paragraph, Span
from tests.input.pages import NEWS, PARAGRAPHS


@pytest.mark.parametrize(
    ("found", "body", "expected"),
    [
        ("a b c d e", "a b c d e", Score(1.0, 1.0)),
        ("a, b: c d", "a b c d e", Score(1.0, 0.5)),
        ("x a b c d", "a b c d", Score(0.5, 1.0)),
        ("a b c d a b c d", "a b c d", Score(0.2, 1.0)),
        ("", "a b c d", Score(None, 0.0)),
        ("a b", "a b", Score(1.0, 1.0)),
        ("a b c d", "w x y z", Score(0.0, 0.0)),
    ],
)
def test_precision_and_recall_count_sequences_of_four_words(found: str, body: str, expected: Score) -> None:
    assert score(found, body) == expected


def test_a_page_without_text_counts_for_recall_alone() -> None:
    assert figures([Score(0.5, 1.0), Score(None, 0.0)]) == pytest.approx((0.5, 0.5, 0.5, 1))


def test_headings_within_the_text_stay_where_the_headline_is_left_out() -> None:
    text = "Wall falls\n\nIt fell.\n\nThe cost\n\nShare\n\n1. Much."
    sections = (("headline", 0, 10), ("body", 12, 20), ("headline", 22, 30), ("furniture", 32, 37), ("body", 42, 47))
    article = Article(text, tuple(Paragraph(Span(start, end), section) for section, start, end in sections))  # type: ignore[arg-type]
    assert text_without(article, {"furniture"}).split() == ["It", "fell.", "The", "cost", "1.", "Much."]


def test_both_halves_are_reported_next_to_trafilatura(tmp_path: Path) -> None:
    (tmp_path / "html").mkdir()
    truth = {number: {"articleBody": "\n".join(PARAGRAPHS)} for number in ("a0", "a1", "b3")}
    (tmp_path / "ground-truth.json").write_text(json.dumps(truth), "utf-8")
    for number in truth:
        (tmp_path / "html" / f"{number}.html.gz").write_bytes(gzip.compress(NEWS.encode()))
    lines = [[cell.strip() for cell in line.strip("|").split("|")] for line in report(pages(tmp_path)).splitlines()[2:]]
    assert {(half, number) for _, half, number, *_ in lines} == {("all", "3"), ("looked at", "1"), ("held out", "2")}
    assert {name for name, *_ in lines} >= {"plain trafilatura", "without headline and boilerplate"}
    assert all(recall == "1.000" for *_, recall, _ in lines)


def test_only_text_between_the_markers_is_replaced(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- cost:begin (made) -->\nold\n<!-- cost:end -->\nbelow\n", encoding="utf-8")
    write_between(page, "cost", "new\nlines\n")
    assert read_between(page, "cost") == "new\nlines"
    assert page.read_text(encoding="utf-8") == (
        "above\n<!-- cost:begin (made) -->\nnew\nlines\n<!-- cost:end -->\nbelow\n"
    )


@pytest.mark.parametrize("text", ["", "<!-- cost:begin -->\n", "<!-- cost:end -->\n<!-- cost:begin -->\n"])
def test_missing_markers_raise_an_error(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="has no markers for cost"):
        write_between(page, "cost", "new")


def test_table_columns_are_aligned() -> None:
    assert table(("cue", "marked", "P"), [("say", 12, 0.5), ("announce", 3, None)]) == (
        "| cue      | marked |     P |\n"
        "| :------- | -----: | ----: |\n"
        "| say      |     12 | 0.500 |\n"
        "| announce |      3 |       |"
    )

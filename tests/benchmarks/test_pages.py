"""Figures are put where a page has a place for them."""

from pathlib import Path

import pytest

from benchmarks.pages import read_between, table, write_between


def test_what_stands_between_the_marks_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- cost:begin (made) -->\nold\n<!-- cost:end -->\nbelow\n", encoding="utf-8")
    write_between(page, "cost", "new\nlines\n")
    assert read_between(page, "cost") == "new\nlines"
    assert page.read_text(encoding="utf-8") == (
        "above\n<!-- cost:begin (made) -->\nnew\nlines\n<!-- cost:end -->\nbelow\n"
    )


@pytest.mark.parametrize("text", ["", "<!-- cost:begin -->\n", "<!-- cost:end -->\n<!-- cost:begin -->\n"])
def test_a_page_without_a_place_says_so(tmp_path: Path, text: str) -> None:
    page = tmp_path / "page.md"
    page.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match="has no markers for cost"):
        write_between(page, "cost", "new")


def test_a_table_s_columns_stand_below_each_other() -> None:
    assert table(("cue", "marked", "P"), [("say", 12, 0.5), ("announce", 3, None)]) == (
        "| cue      | marked |     P |\n"
        "| :------- | -----: | ----: |\n"
        "| say      |     12 | 0.500 |\n"
        "| announce |      3 |       |"
    )

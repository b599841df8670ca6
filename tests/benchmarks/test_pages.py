"""Writing figures between the markers of a page."""

from pathlib import Path

import pytest

from benchmarks.pages import read_between, table, write_between


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

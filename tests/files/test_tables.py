"""Tables of articles. What Excel and others write: marks, semicolons, line breaks in cells, empty rows, dates."""

import json
from datetime import datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook

from service.files.articles import articles_of
from service.files.inputs import Form, Input, InputArticle, Refused

MOST = 1000


def read(path: Path, content: bytes, form: Form = "csv", **fields: str) -> list[Any]:
    """Each article as its line, or the reason why not."""
    path.write_bytes(content)
    found = list(articles_of(Input(str(path), form, path.name), MOST, fields))
    return [json.loads(one.content) if isinstance(one, InputArticle) else one.reason for one in found]


@pytest.mark.parametrize(
    "content",
    [
        b"text,id\r\nA bridge.,7\r\n",
        b"\xef\xbb\xbftext;id\nA bridge.;7\n",
        b"text\tid\nA bridge.\t7",
        b'"text","id"\n"A bridge.","7"\n\n,\n',
    ],
    ids=["commas", "a mark and semicolons", "tabs, no last line end", "marks round all, empty rows"],
)
def test_each_row_that_is_not_empty_is_an_article(content: bytes, tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", content) == [{"text": "A bridge.", "id": "7"}]


def test_cells_can_contain_line_breaks_and_separators(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(b'outlet,text\nCrier,"One, two.\n\nThree."\n,\nCrier,Four.\n')
    first, second = articles_of(Input(str(path), "csv", "a.csv"), MOST)
    assert isinstance(first, InputArticle)
    assert isinstance(second, InputArticle)
    assert json.loads(first.content) == {"outlet": "Crier", "text": "One, two.\n\nThree."}
    assert (first.name, first.relative_path, first.form) == (f"{path}:2", "a.csv/000002", "jsonl")
    assert second.name == f"{path}:4"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "has no header"),
        (b"body,headline\na,b\n", "has no column 'text' or 'html'; its columns are 'body', 'headline'."),
        (b"text,text\na,b\n", "has two columns 'text'."),
        ("text\nCaf\u00e9\n".encode("latin-1"), "is not UTF-8"),
        ("text\nCaf\u00e9\n".encode("utf-16"), "is not UTF-8"),
        (b'text\n"open\n', "is not a readable table"),
    ],
)
def test_a_table_that_cannot_be_read_is_refused_with_the_reason(content: bytes, reason: str, tmp_path: Path) -> None:
    (refusal,) = read(tmp_path / "a.csv", content)
    assert reason in refusal


def test_a_field_can_be_under_another_name(tmp_path: Path) -> None:
    assert read(tmp_path / "a.csv", b"body\na\n", text="body") == [{"body": "a"}]
    (refusal,) = read(tmp_path / "a.csv", b"body\na\n", text="story")
    assert refusal == "has no column 'story'; its columns are 'body'."


def test_oversized_row_is_rejected_and_the_others_are_read(tmp_path: Path) -> None:
    content = b"text,id\n" + b"a" * 995 + b",1\na,2,3\nb,4\n"
    large, long, right = read(tmp_path / "a.csv", content)
    assert large == "has more bytes than the limit of 1000. Split it."
    assert long == "has 3 cells, but the header has 2."
    assert right == {"text": "b", "id": "4"}


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.active
    sheet.append(["text", "published_at", "id", "share", "empty"])
    sheet.append(["A bridge.", datetime(2024, 5, 4, 9, 30), 7, 0.5, None])
    content = BytesIO()
    workbook.save(content)
    (line,) = read(tmp_path / "a.xlsx", content.getvalue(), "xlsx")
    assert line == {"text": "A bridge.", "published_at": "2024-05-04T09:30:00Z", "id": 7, "share": 0.5}


def test_json_is_an_article_or_an_array_of_them(tmp_path: Path) -> None:
    assert read(tmp_path / "a.json", b'{"text": "A bridge.", "outlet": "Crier"}', "json") == [
        {"text": "A bridge.", "outlet": "Crier"}
    ]
    assert read(tmp_path / "a.json", b'\xef\xbb\xbf[{"text": "a"}, 7]', "json") == [{"text": "a"}, 7]
    (refusal,) = read(tmp_path / "a.json", b"{", "json")
    assert refusal.startswith("is not JSON: ")


@pytest.mark.parametrize("content", [b"", b"text,id\n", b"PK\x03\x04broken"])
def test_invalid_workbook_is_refused(content: bytes, tmp_path: Path) -> None:
    (refusal,) = read(tmp_path / "a.xlsx", content, "xlsx")
    assert refusal.startswith("is not a readable table")


def test_without_the_extra_a_workbook_is_refused_by_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (tmp_path / "a.xlsx").write_bytes(b"")
    (found,) = articles_of(Input(str(tmp_path / "a.xlsx"), "xlsx", "a.xlsx"), MOST)
    assert found == Refused(str(tmp_path / "a.xlsx"), "is an Excel workbook, which needs pullquote[files]. Install it.")

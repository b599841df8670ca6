"""CSV round-trips, and no spreadsheet executes it."""

import csv
import io
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.report import OffsetUnit, Report
from service.input.article import Article, InputWarning
from service.output.csv_table import COLUMNS, escape_formula, to_csv
from tests.api.contract_client import document
from tests.output.reports import ARTICLE, REPORT, TEXT, articles_and_reports


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_every_quote_is_a_row_of_quoted_cells() -> None:
    header, *written = to_csv(ARTICLE, REPORT).splitlines()
    assert header == ",".join(f'"{column}"' for column in COLUMNS)
    about = '"\'@a-1","A <title> & more","","","",""'
    denied, asked = "The union denied that it would strike.", "'=1+1, somebody wrote."
    first, second = "“No,” said Ann <Example>, “never & nowhere.”", "Bob Sample said that Ann had answered “never” 🙂."
    form = ',"prose","","prose"'
    assert written == [
        f'{about},"q1","direct","“No,” “never & nowhere.”","{first}","Ann <Example>","s1","person","an ""expert""",'
        '"Ann <Example>","said","","","false","name","body","0","0","44","0..5 26..44","0.877","","","",""' + form,
        f'{about},"q2","mixed","that Ann had answered “never”","{second}","Bob Sample","s2","person","",'
        '"Bob Sample","said","","","false","name","body","1","62","91","62..91","0.75","","","",""' + form,
        f'{about},"q3","direct","“never”","{second}","Ann <Example>","s1","person","an ""expert""",'
        '"Ann","answered","","","false","alias","body","1","84","91","84..91","0.5","","","",""' + form,
        f'{about},"q4","indirect","that it would strike","{denied}","The union","s3","group","",'
        '"The union","denied","","","true","name","body","2","115","135","115..135","0.6","","","",""' + form,
        f'{about},"q5","indirect","\'=1+1","{asked}","","","","",'
        '"somebody","wrote","","","false","none","body","2","137","141","137..141","0.25","","","",""' + form,
    ]


def test_rows_end_in_cr_lf() -> None:
    assert to_csv(ARTICLE, REPORT).count("\r\n") == 1 + len(REPORT.quotes)


def test_article_without_quotes_has_only_the_header() -> None:
    assert rows(to_csv(ARTICLE, Report())) == []
    assert to_csv(ARTICLE, Report()).endswith('"extra","form","within","article_form"\r\n')
    assert to_csv(ARTICLE, Report(), header=False) == ""
    assert to_csv(ARTICLE, Report()) + to_csv(ARTICLE, REPORT, header=False) == to_csv(ARTICLE, REPORT)


@pytest.mark.parametrize(("unit", "after"), [("codepoints", 137), ("utf16", 138)])
def test_offsets_are_in_the_requested_unit(unit: OffsetUnit, after: int) -> None:
    assert int(rows(to_csv(ARTICLE, REPORT, unit))[4]["start"]) == after
    assert TEXT[137] == "="


@pytest.mark.parametrize(
    ("cell", "written"),
    [
        ("=1+1", "'=1+1"),
        ("+1", "'+1"),
        ("-1", "'-1"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\r=1", "'\r=1"),
        ("\n=1", "'\n=1"),
        ("＝1", "'＝1"),
        ("'=1", "''=1"),
        ("''", "''"),
        ("'tis", "'tis"),
        ("“=1”", "“=1”"),
        ("a=1", "a=1"),
        ("—", "—"),
        ("", ""),
    ],
)
def test_formulas_are_escaped_with_an_apostrophe(cell: str, written: str) -> None:
    assert escape_formula(cell) == written


@given(st.text(st.sampled_from("'=+-@\t\r\n＝a")))
def test_removing_one_apostrophe_restores_the_text(cell: str) -> None:
    written = escape_formula(cell)
    assert not re.match(r"[=+\-@\t\r\n＝＋－＠]", written)
    assert (written[1:] if re.match(r"'+[=+\-@\t\r\n＝＋－＠]", written) else written) == cell


@given(articles_and_reports())
def test_csv_round_trips(made: tuple[Article, Report]) -> None:
    article, report = made
    for row, quote in zip(rows(to_csv(article, report)), report.quotes, strict=True):
        start, end = quote.contents[0]
        assert row["text"] == escape_formula(article.text[start:end])
        assert row["speaker"] == escape_formula(report.speakers[0].name)
        assert (int(row["start"]), int(row["end"]), row["spans"]) == (start, end, f"{start}..{end}")


def test_contract_lists_the_columns_in_order() -> None:
    content = document()["paths"]["/quotes"]["post"]["responses"]["200"]["content"]["text/csv"]
    assert tuple(re.findall(r"^\| `(\w+)` \|", content["schema"]["description"], re.MULTILINE)) == COLUMNS


def test_warnings_and_the_fields_of_the_line_are_in_every_row() -> None:
    warned = replace(ARTICLE, warnings=(InputWarning("form", "…"), InputWarning("encoding", "…")), extra='{"a": "=1"}')
    assert {(row["warnings"], row["extra"]) for row in rows(to_csv(warned, REPORT))} == {
        ("form encoding", '{"a": "=1"}')
    }

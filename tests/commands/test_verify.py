"""`pullquote verify`."""

import csv
import io
import json
from pathlib import Path

import pytest

from tests.commands.running import run, written
from tests.doubles import ARTICLE
from tests.files.test_documents import docx

pytestmark = pytest.mark.usefixtures("fake_parser")
RIGHT = ("--quote", "We lost a winter", "--speaker", "Ruth Alder")


@pytest.fixture
def article(tmp_path: Path) -> str:
    return str(written(tmp_path, "article.txt", text=ARTICLE)[0])


def test_correct_quote_has_exit_code_0(article: str) -> None:
    result = run("verify", article, *RIGHT)
    assert result.exit_code == 0
    assert result.stdout == "verbatim: We lost a winter\n  printed speaker: Ruth Alder\n"


def test_wrong_quote_is_reported_with_exit_code_1(article: str) -> None:
    result = run("verify", article, "--quote", "We lost the winter", "--speaker", "Ruth Aldar")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "speaker-differs: We lost the winter",
        "  printed speaker: Ruth Aldar",
        "  in the article: Ruth Alder",
        "  did you mean: Ruth Alder?",
        "  original: We lost a winter",
    ]


def test_json_is_the_answer_of_the_service(article: str) -> None:
    answer = json.loads(run("verify", article, *RIGHT, "--format", "json").stdout)
    assert [check["verdict"] for check in answer["checks"]] == ["verbatim"]
    assert answer["article"]["id"] == article


@pytest.mark.parametrize("header", ["quote,speaker", "\ufefftext;speaker", "Speaker\tQuote"])
def test_quotes_can_be_in_a_table(article: str, header: str, tmp_path: Path) -> None:
    sign = next(sign for sign in ",;\t" if sign in header)
    row = ["We lost a winter", "Alder"]
    cells = row if header.lower().find("speaker") > 0 else row[::-1]
    (file,) = written(tmp_path, "quotes.csv", text=f"{header}\n{sign.join(cells)}\n{sign}\n")
    result = run("verify", article, "--quotes", str(file), "--format", "csv", "--bom")
    assert result.stdout.startswith("\ufeff")
    (found,) = csv.DictReader(io.StringIO(result.stdout.removeprefix("\ufeff"), newline=""))
    assert (found["quote"], found["speaker"], found["verdict"]) == ("We lost a winter", "Alder", "verbatim")


def test_each_quote_can_have_a_speaker_of_its_own(article: str) -> None:
    quotes = ("--quote", "We lost a winter", "--speaker", "Ruth Alder", "--quote", "We lost", "--speaker", "Tom Brandt")
    result = run("verify", article, *quotes, "--format", "json")
    assert [check["verdict"] for check in json.loads(result.stdout)["checks"]] == ["verbatim", "speaker-differs"]


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ((), ["--quote"]),
        (("--quote", "a", "--quote", "b", "--quote", "c", "--speaker", "d", "--speaker", "e"), ["3 ", "2 "]),
        (("--speaker", "a"), ["--quote"]),
        (("--quote", "a", "--bom"), ["--bom", "--format"]),
    ],
)
def test_invalid_combination_of_options_is_a_usage_error(article: str, arguments: list[str], named: list[str]) -> None:
    result = run("verify", article, *arguments)
    assert (result.exit_code, [part for part in named if part not in result.stderr]) == (2, [])


def test_a_file_of_quotes_without_their_column_is_a_usage_error(article: str, tmp_path: Path) -> None:
    (file,) = written(tmp_path, "quotes.csv", text="words,speaker\na,b\n")
    result = run("verify", article, "--quotes", str(file))
    assert (result.exit_code, "'quote'" in result.stderr) == (2, True)


def test_article_can_be_a_document_or_standard_input(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(*ARTICLE.split("\n\n")))
    assert run("verify", str(tmp_path / "a.docx"), *RIGHT).exit_code == 0
    assert run("verify", "-", *RIGHT, stdin=ARTICLE.encode()).exit_code == 0


def test_unreadable_article_has_exit_code_3(tmp_path: Path) -> None:
    written(tmp_path, "a.pdf", "empty.txt", text="")
    for name in ("a.pdf", "empty.txt", "gone.txt"):
        result = run("verify", str(tmp_path / name), *RIGHT)
        assert (result.exit_code, name in result.stderr) == (3, True)


def test_several_articles_are_a_usage_error(tmp_path: Path) -> None:
    (wire,) = written(tmp_path, "wire.jsonl", text="{}\n")
    assert run("verify", str(wire), *RIGHT).exit_code == 2

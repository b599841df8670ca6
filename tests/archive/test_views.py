"""The views for DuckDB that each archive has: each question a newsroom asks, on a small archive."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

import duckdb

from service.archive.archive_blocks import Block
from service.archive.folder import VIEWS, write_block
from service.archive.publish import publish
from service.files.inputs import Input
from tests.archive.running import answered, quote, refused

FILE = Input("/in/a.txt", "text", "a.txt")
MAY, JUNE, JULY = "2023-05-01", "2024-06-02T10:00:00Z", "2024-07-03"


def content() -> list[dict[str, Any]]:
    """A wire story, two copies of it, another article of another year, one without quotes, and a refused one."""
    gazette, courier = '{"outlet": "Gazette", "section": "local"}', '{"outlet": "Courier", "section": "politics"}'
    nobody = quote(2, "It was loud", speaker=None)
    rows = [
        answered("a", quote(1, "We lost a winter"), quote(2, "The bridge is safe"), published_at=JUNE, title="Bridge"),
        answered("b", quote(1, "we lost a winter,"), published_at=JULY),
        answered("c", quote(1, "The school opens"), nobody, published_at=MAY),
        answered("d", published_at=JULY),
    ]
    for row, extra in zip(rows, (gazette, courier, courier, None), strict=True):
        row["extra"] = extra
    (holt,) = rows[2]["speaker_rows"]
    holt["name"] = rows[2]["quote_rows"][0]["speaker_name"] = "Ines Holt"
    return [*rows, refused("e")]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    folder = tmp_path_factory.mktemp("it's an archive")
    block = Block(0, (FILE,), 5)
    publish(str(folder), [block], {0: write_block(str(folder), block, content(), "{}")}, [], {"input": "x"})
    with duckdb.connect() as connection:
        connection.execute((folder / VIEWS).read_text(encoding="utf-8"))
        yield connection


def asked(archive: Any, question: str) -> list[tuple[Any, ...]]:
    found: list[tuple[Any, ...]] = archive.sql(question).fetchall()
    return found


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("from most_quoted", [("Ruth Alder", 2, 3), ("Ines Holt", 1, 1)]),
        (
            "select published_on, outlet, title, text from said_by('Ruth Alder')",
            [
                (date(2024, 6, 2), "Gazette", "Bridge", "“We lost a winter,”"),
                (date(2024, 6, 2), "Gazette", "Bridge", "“The bridge is safe,”"),
                (date(2024, 7, 3), "Courier", None, "“we lost a winter,,”"),
            ],
        ),
        ("select speaker_name, source from said_about('BRIDGE')", [("Ruth Alder", "a")]),
        ("select published_on, source from first_said('lost a winter')", [(date(2024, 6, 2), "a")]),
        (
            "select articles, list_sort(outlets), first_on, speaker_names from copies",
            [(2, ["Courier", "Gazette"], date(2024, 6, 2), 1)],
        ),
        ("from by_month('Ruth Alder')", [(date(2024, 6, 1), 1, 2), (date(2024, 7, 1), 1, 1)]),
        ("select outlet, articles, quotes from outlets_of('Ruth Alder')", [("Courier", 1, 1), ("Gazette", 1, 2)]),
        ("from unattributed", [("Courier", 3, 1, 33.3), ("Gazette", 2, 0, 0.0)]),
        ("select speaker_name from new_voices(date '2024-01-01')", [("Ruth Alder",)]),
        ("from voices_by_section", [("politics", 2, 2, 100.0), ("local", 1, 2, 100.0)]),
        ("from quoted_with('Ruth Alder')", []),
        ("from refused", [("e", "e", "is empty.")]),
        ("select count(*), count(distinct year) from articles", [(5, 2)]),
        ("select count(*) from quotes where year = 2024", [(3,)]),
        ("select count(*) from speakers", [(4,)]),
    ],
)
def test_question_has_its_answer(archive: Any, question: str, expected: list[tuple[Any, ...]]) -> None:
    assert asked(archive, question) == expected


def test_archive_without_quotes_has_views_too(tmp_path: Path) -> None:
    block = Block(0, (FILE,), 1)
    publish(str(tmp_path), [block], {0: write_block(str(tmp_path), block, [refused("e")], "{}")}, [], {"input": "x"})
    with duckdb.connect() as connection:
        connection.execute((tmp_path / VIEWS).read_text(encoding="utf-8"))
        assert asked(connection, "from most_quoted") == []
        assert asked(connection, "from refused") == [("e", "e", "is empty.")]

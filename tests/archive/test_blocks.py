"""An archive's blocks: deterministic, of limited size, and containing each article once."""

import json
from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

from service.archive.archive_blocks import blocks_of, find_archive
from service.archive.block_processing import block_articles
from service.files.inputs import InputArticle, Refused
from tests.archive.small_archive import READ, write_archive
from tests.doubles import ARTICLE

MOST = 1_000_000


def found_in(folder: Path, size: int, max_bytes: int = MOST) -> list[tuple[str, InputArticle | Refused]]:
    blocks = blocks_of(find_archive(str(folder), folder / "out"), size, max_bytes)
    assert blocks == blocks_of(find_archive(str(folder), folder / "out"), size, max_bytes)
    found = []
    for number, block in enumerate(blocks):
        articles = list(block_articles(block, max_bytes))
        assert (block.number, block.articles) == (number, len(articles))
        assert len(articles) <= size
        found += articles
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_every_article_is_in_one_block_whatever_the_size(tmp_path: Path, size: int) -> None:
    folder = write_archive(tmp_path)
    found = found_in(folder, size)
    assert set(Counter(relative_path for relative_path, _ in found).values()) == {1}
    assert len(found) == READ
    assert found == found_in(folder, 7)


def test_lines_are_as_they_stand_and_rows_have_a_requests_fields_only(tmp_path: Path) -> None:
    found = dict(found_in(write_archive(tmp_path), 2))
    line, row = found["c.jsonl/000002"], found["d.parquet/000003"]
    assert isinstance(line, InputArticle)
    assert isinstance(row, InputArticle)
    assert json.loads(line.content) == {"text": ARTICLE, "id": 1, "desk": "not for us"}
    assert json.loads(row.content) == {"text": ARTICLE, "id": "3", "published_at": "2024-05-03"}
    assert row.name == f"{tmp_path}/d.parquet:3"


def test_unreadable_files_have_a_reason(tmp_path: Path) -> None:
    found = dict(found_in(write_archive(tmp_path), 2))
    parquet = found["e.parquet"]
    assert isinstance(parquet, Refused)
    assert parquet.reason.startswith("is not a readable Parquet file")


def test_oversized_articles_are_rejected_anywhere(tmp_path: Path) -> None:
    found = dict(found_in(write_archive(tmp_path), 2, max_bytes=60))
    for relative_path in ("a.txt", "c.jsonl/000001", "d.parquet/000001"):
        refused = found[relative_path]
        assert isinstance(refused, Refused)
        assert refused.reason == "has more bytes than the limit of 60. Split it."


def test_folder_without_articles_has_a_problem(tmp_path: Path) -> None:
    ((_, nothing),) = found_in(tmp_path, 10)
    assert isinstance(nothing, Refused)
    assert ".parquet" in nothing.reason

"""An archive's blocks: deterministic, of limited size, and containing each article once."""

import json
from collections import Counter
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.archive_blocks import Block, blocks_of, find_archive
from service.archive.block_processing import block_articles
from service.errors import MachineError, SettingsError
from service.files.inputs import InputArticle, Refused
from tests.archive.running import READ, write_archive
from tests.doubles import ARTICLE

MOST = 1_000_000


def files_in(folder: Path) -> list[Any]:
    return [file for file, _ in find_archive(str(folder), str(folder / "out"))]


def found_in(folder: Path, size: int, max_bytes: int = MOST) -> list[tuple[str, InputArticle | Refused]]:
    blocks = blocks_of(files_in(folder), size, max_bytes)
    assert blocks == blocks_of(files_in(folder), size, max_bytes)
    assert blocks == [Block.of_line(block.line()) for block in blocks]
    found = []
    for number, block in enumerate(blocks):
        articles = list(block_articles(block, max_bytes))
        assert (block.number, block.articles) == (number, len(articles))
        assert len(articles) <= size
        found += articles
    return found


def rows_of(tmp_path: Path, table: dict[str, Any], **how: Any) -> list[InputArticle | Refused]:
    pq.write_table(pa.table(table), tmp_path / "a.parquet", **how)
    return [found for _, found in found_in(tmp_path, 100)]


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_every_article_is_in_one_block_whatever_the_size(tmp_path: Path, size: int) -> None:
    folder = write_archive(tmp_path)
    found = found_in(folder, size)
    assert set(Counter(relative_path for relative_path, _ in found).values()) == {1}
    assert len(found) == READ
    assert found == found_in(folder, 7)


def test_lines_are_as_they_stand_and_rows_keep_all_but_vectors(tmp_path: Path) -> None:
    found = dict(found_in(write_archive(tmp_path), 2))
    line, row = found["c.jsonl/000002"], found["d.parquet/000003"]
    assert isinstance(line, InputArticle)
    assert isinstance(row, InputArticle)
    assert json.loads(line.content) == {"text": ARTICLE, "id": 1, "desk": "not for us"}
    assert json.loads(row.content) == {"text": ARTICLE, "id": 3, "published_at": "2024-05-03", "outlet": "Gazette"}
    assert row.name == f"{tmp_path}/d.parquet:3"


def test_unreadable_files_have_a_reason(tmp_path: Path) -> None:
    found = dict(found_in(write_archive(tmp_path), 2))
    parquet = found["e.parquet"]
    assert isinstance(parquet, Refused)
    assert not parquet.machine
    assert parquet.reason.startswith("is not a readable Parquet file")


def test_oversized_articles_are_rejected_anywhere(tmp_path: Path) -> None:
    found = dict(found_in(write_archive(tmp_path), 2, max_bytes=60))
    for relative_path in ("a.txt", "c.jsonl/000001", "d.parquet/000001"):
        refused = found[relative_path]
        assert isinstance(refused, Refused)
        assert refused.reason == "has more bytes than the limit of 60. Split it."


def test_folder_without_articles_cannot_be_an_archive(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="contains no file with the extension"):
        find_archive(str(tmp_path), str(tmp_path / "out"))


def test_missing_file_is_a_failure_of_the_machine(tmp_path: Path) -> None:
    folder = write_archive(tmp_path)
    blocks = blocks_of(files_in(folder), 100, MOST)
    for path in ("a.txt", "c.jsonl", "d.parquet"):
        (folder / path).unlink()
    for block in blocks:
        if block.files[0].relative_path in ("a.txt", "c.jsonl", "d.parquet"):
            with pytest.raises(MachineError, match="No such file"):
                list(block_articles(block, MOST))


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (b"Bytes in UTF-8: caf\xc3\xa9", "Bytes in UTF-8: café"),
        ("\ufeffmarked".encode("utf-16-le"), "marked"),
        (Decimal("12.50"), "12.50"),
        (time(12, 30), "12:30:00"),
        (date(2024, 5, 1), "2024-05-01"),
        (UUID(int=7), str(UUID(int=7))),
        (7, "7"),
        (7.0, "7"),
    ],
)
def test_values_that_can_be_text_become_text(tmp_path: Path, value: object, text: str) -> None:
    column = pa.array([value.bytes], pa.uuid()) if isinstance(value, UUID) else pa.array([value])
    (found,) = rows_of(tmp_path, {"text": column, "id": column})
    assert isinstance(found, InputArticle)
    assert json.loads(found.content)["text"] == text


def test_bytes_that_are_no_text_refuse_only_their_row(tmp_path: Path) -> None:
    first, second = rows_of(
        tmp_path, {"text": pa.array([b"\xff\xfe\xfa\x00\xd8", b"fine"]), "photo": [b"\xff\xd8"] * 2}
    )
    assert isinstance(first, Refused)
    assert not first.machine
    assert "'text'" in first.reason
    assert isinstance(second, InputArticle)
    assert json.loads(second.content) == {"text": "fine"}


def test_cell_without_a_python_value_costs_no_other_cell(tmp_path: Path) -> None:
    far = pa.array([10**15, 0], pa.timestamp("s"))  # the first is after the year 9999
    first, second = rows_of(tmp_path, {"text": ["one", "two"], "published_at": far, "seen": far})
    assert isinstance(first, InputArticle)
    assert isinstance(second, InputArticle)
    assert json.loads(first.content) == {"text": "one", "published_at": ["unreadable"]}
    assert json.loads(second.content)["published_at"] == "1970-01-01T00:00:00Z"


def test_corrupt_row_group_refuses_its_rows_only(tmp_path: Path) -> None:
    path = tmp_path / "a.parquet"
    texts = [f"Article {number}. " + "words " * number for number in range(9)]
    pq.write_table(pa.table({"text": texts}), path, row_group_size=3, compression="snappy", use_dictionary=False)
    column = pq.read_metadata(path).row_group(1).column(0)
    content = bytearray(path.read_bytes())
    start = column.data_page_offset
    content[start : start + column.total_compressed_size] = b"\xff" * column.total_compressed_size
    path.write_bytes(content)
    found = [found for _, found in found_in(tmp_path, 2)]
    assert [isinstance(one, Refused) for one in found] == [False] * 3 + [True] * 3 + [False] * 3
    refused = found[3]
    assert isinstance(refused, Refused)
    assert refused.name == f"{path}:4"
    assert refused.reason.startswith("is in row group 1, which is corrupt")

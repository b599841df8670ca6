"""The tables of an archive: files of limited size, by year; counts that agree; snapshots that grow."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

import duckdb
import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from service.archive.archive_blocks import Block
from service.archive.folder import SUCCESS, Done, Failed, block_file, read_manifest, write_block, write_plan
from service.archive.publish import INDEX, fingerprints, publish
from service.archive.tables import SCHEMAS, TARGET
from service.errors import OutputError
from service.files.inputs import Input
from tests.archive.running import answered, names, quote, refused, rows, table

FILE = Input("/in/a.txt", "text", "a.txt")


def published(
    folder: Path, *content: list[dict[str, Any]], failed: int = 0, target: int = TARGET, changed: tuple[str, ...] = ()
) -> dict[str, Any]:
    """Publish a run with these rows in its blocks, and some failed blocks after them."""
    blocks = [Block(number, (FILE,), len(block)) for number, block in enumerate(content)]
    lost = [Block(len(blocks) + number, (FILE,), 1) for number in range(failed)]
    write_plan(str(folder), {}, [*blocks, *lost])
    done: dict[int, Done] = {}
    for block, found in zip(blocks, content, strict=True):
        mine = [row["article"] for row in found if row["article"] in changed]
        done[block.number] = write_block(str(folder), block, found, "{}", changed=mine)
    failures = [Failed(block.number, ("a: no disk",)) for block in lost]
    return publish(str(folder), [*blocks, *lost], done, failures, {"input": "x", "source": "/in"}, target)


def dated(name: str, day: str | None, **about: Any) -> dict[str, Any]:
    return answered(name, quote(1), published_at=day, **about)


def test_tables_are_divided_by_year(tmp_path: Path) -> None:
    published(tmp_path, [dated("a", "2023-12-31T23:00:00-05:00"), dated("b", "2024-01-01")], [dated("c", None)])
    for name in ("articles", "quotes"):
        assert [path.parent.name for path in sorted((tmp_path / name).glob("*/*.parquet"))] == [
            "year=2023", "year=2024", "year=__HIVE_DEFAULT_PARTITION__",
        ]  # fmt: skip
    found = {row["article"]: str(row["published_on"]) for row in rows(tmp_path, "quotes")}
    assert found == {"a": "2023-12-31", "b": "2024-01-01", "c": "None"}
    for name, schema in SCHEMAS.items():
        assert table(tmp_path, name).schema.remove_metadata().equals(schema)
    query = f"select year, count(*) from read_parquet('{tmp_path}/quotes/*/*.parquet', hive_partitioning = true)"
    assert sorted(duckdb.sql(f"{query} group by year").fetchall(), key=str) == [(2023, 1), (2024, 1), (None, 1)]
    assert ds.dataset(tmp_path / "articles", partitioning="hive").count_rows() == 3


def test_files_have_the_target_size(tmp_path: Path) -> None:
    blocks = [[dated(f"{block}-{number}", "2024-05-01") for number in range(50)] for block in range(6)]
    published(tmp_path, *blocks, target=15_000)
    sizes = [entry["rows"] for entry in (read_manifest(str(tmp_path)) or {})["tables"]["articles"]]
    assert sum(sizes) == 300
    assert 1 < len(sizes) < 6
    assert len({*names(tmp_path)}) == 300


def test_complete_archive_has_a_success_file_and_no_blocks(tmp_path: Path) -> None:
    manifest = published(tmp_path, [answered("a", quote(1), quote(2)), refused("b")])
    counts = {"articles": 2, "quotes": 2, "speakers": 1, "refused": 1}
    assert json.loads((tmp_path / SUCCESS).read_bytes()) == manifest["counts"] == counts
    assert not (tmp_path / "_run").exists()


def test_failed_blocks_leave_no_success_file_and_are_named(tmp_path: Path) -> None:
    manifest = published(tmp_path, [dated("a", "2024-05-01")], failed=1)
    assert manifest["failed"] == [{"block": 1, "reasons": ["a: no disk"]}]
    assert names(tmp_path) == ["a"]
    assert not (tmp_path / SUCCESS).exists()
    assert Path(block_file(str(tmp_path), 0)).exists()
    published(tmp_path, [dated("a", "2024-05-01")], [dated("b", "2024-05-01")])  # the failed block is done
    assert names(tmp_path) == ["a", "b"]
    assert (tmp_path / SUCCESS).exists()


@pytest.mark.parametrize("fault", ["a row too few", "a damaged file", "an article too many"])
def test_counts_that_do_not_agree_are_not_published(tmp_path: Path, fault: str) -> None:
    blocks = [Block(0, (FILE,), 2)]
    done = {0: write_block(str(tmp_path), blocks[0], [refused("a"), refused("b")], "{}")}
    path = block_file(str(tmp_path), 0)
    if fault == "a row too few":
        pq.write_table(pq.read_table(path).slice(1), path)
    elif fault == "a damaged file":
        Path(path).write_bytes(b"PAR1")
    else:
        blocks = [Block(0, (FILE,), 3)]
    with pytest.raises(OutputError):
        publish(str(tmp_path), blocks, done, [], {"input": "x"})
    assert not (tmp_path / SUCCESS).exists()
    assert read_manifest(str(tmp_path)) is None


def test_new_articles_are_added_and_small_files_merged(tmp_path: Path) -> None:
    published(tmp_path, [dated("a", "2023-05-01"), dated("b", "2024-05-01")])
    manifest = published(tmp_path, [dated("c", "2024-06-01")])
    assert names(tmp_path) == ["a", "b", "c"]
    assert manifest["snapshot"] == 2
    assert manifest["counts"]["articles"] == 3
    assert len(manifest["tables"]["articles"]) == 2  # one per year
    old = [path for path in manifest["retired"] if path.startswith("articles/")]
    assert old == ["articles/year=2024/000001-00000.parquet"]
    assert (tmp_path / old[0]).exists()  # for readers that have begun with the old manifest
    published(tmp_path, [dated("d", "2023-06-01")])
    assert not (tmp_path / old[0]).exists()
    assert names(tmp_path) == ["a", "b", "c", "d"]


def test_large_files_stay_as_they_are(tmp_path: Path) -> None:
    first = published(tmp_path, [dated(f"a{number}", "2024-05-01") for number in range(50)], target=1)
    second = published(tmp_path, [dated("c", "2024-06-01")], target=1)
    assert second["tables"]["quotes"][0] == first["tables"]["quotes"][0]
    assert second["retired"] == []


def test_changed_articles_replace_their_rows_in_every_table(tmp_path: Path) -> None:
    published(tmp_path, [dated("a", "2023-05-01"), dated("b", "2024-05-01")], [dated("c", "2024-05-01")])
    new = answered("b", quote(1, "Another text"), quote(2), published_at="2025-01-01", fingerprint="g")
    published(tmp_path, [new], changed=("b",))
    assert names(tmp_path) == ["a", "b", "c"]
    assert [row["published_at"] for row in rows(tmp_path, "articles")] == ["2023-05-01", "2025-01-01", "2024-05-01"]
    assert [row["article"] for row in rows(tmp_path, "quotes")] == ["a", "b", "b", "c"]
    assert len(rows(tmp_path, "speakers")) == 3
    manifest = read_manifest(str(tmp_path)) or {}
    known = fingerprints(str(tmp_path), manifest["tables"][INDEX], ["a", "b", "z"])
    assert known == {"a": "f", "b": "g"}


def test_unfinished_files_of_a_killed_run_are_deleted(tmp_path: Path) -> None:
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / ".000001-00000.parquet.0a.part").write_bytes(b"half")
    published(tmp_path, [dated("a", "2024-05-01")])
    assert not list(tmp_path.rglob("*.part"))


def test_each_file_says_what_it_was_made_with(tmp_path: Path) -> None:
    published(tmp_path, [dated("a", "2024-05-01")])
    schema: pa.Schema = pq.read_schema(next(tmp_path.glob("quotes/*/*.parquet")))
    assert schema.metadata[b"pullquote"] == b"{}"

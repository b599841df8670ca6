"""Publish the blocks of a run: check their counts, write them as the tables' files, and name those in the manifest."""

import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from importlib import resources
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from service.archive.archive_blocks import Block
from service.archive.folder import (
    MANIFEST,
    SUCCESS,
    VIEWS,
    Done,
    Failed,
    block_file,
    delete_unfinished,
    end_run,
    read_manifest,
)
from service.archive.storage import delete, join, open_input, without_secrets, write_whole
from service.archive.tables import ANSWERS, SCHEMAS, TARGET, FileEntry, TableFiles, TableName, tables_of
from service.errors import OutputError

INDEX: Final = "_index"  # the fingerprint of every article, in the order of the input: what --append compares
_AT_ONCE: Final = 16  # blocks that are read at the same time
_COUNTED: Final[tuple[TableName, ...]] = ("articles", "quotes", "speakers")


def publish(
    folder: str,
    blocks: Sequence[Block],
    done: Mapping[int, Done],
    failed: Sequence[Failed],
    about: Mapping[str, Any],
    target: int = TARGET,
) -> dict[str, Any]:
    """Write the tables of the blocks that are `done`, then the manifest. Returns the manifest.

    Articles of an earlier snapshot stay, unless a block has them again. If no block failed, `_SUCCESS` is written and
    the blocks are deleted. Files that the new manifest does not name are kept until the next run, for readers that
    have begun with the old one; those of the run before are deleted. Raises `OutputError` if counts do not agree.
    A snapshot with failed blocks is replaced, not added to, by the next.
    """
    delete_unfinished(folder)
    manifest = read_manifest(folder)
    for path in manifest["retired"] if manifest else ():
        delete(join(folder, *path.split("/")))
    number = manifest["snapshot"] + 1 if manifest else 1
    before = tables_before(manifest)
    files = TableFiles(folder, f"{number:06}", target)
    replaced: set[str] = set()
    for one, answers in _read_ahead(folder, [done[block.number] for block in blocks if block.number in done]):
        _add_block(one, answers, files)
        replaced.update(one.changed)
    added = dict(files.rows)
    kept, rewritten = _kept(folder, before, replaced, files)
    for name in _COUNTED:
        if not kept.get(name) and not added.get(name) and not rewritten.get(name):
            files.add_empty(name, SCHEMAS[name])  # readers need a file of each table
    files.close()
    tables = {name: [*kept.get(name, ()), *files.written.get(name, ())] for name in (*SCHEMAS, INDEX)}
    _check(folder, blocks, done, files, {name: added.get(name, 0) + rewritten.get(name, 0) for name in tables})
    counts: dict[str, int] = {name: sum(entry["rows"] for entry in tables[name]) for name in _COUNTED}
    counts["refused"] = sum(_refused(folder, entry) for entry in tables["articles"])
    manifest = {
        "snapshot": number, "written_at": datetime.now(UTC).isoformat(timespec="seconds"), **about,
        "counts": counts, "failed": [{"block": item.block, "reasons": list(item.reasons)} for item in failed],
        "tables": tables, "retired": sorted(_paths(manifest["tables"] if manifest else {}) - _paths(tables)),
    }  # fmt: skip
    if failed:
        manifest["before"] = before
    write_whole(join(folder, VIEWS), _views(folder))
    write_whole(join(folder, MANIFEST), json.dumps(manifest, indent=1).encode() + b"\n")
    if not failed:
        end_run(folder)
        write_success(folder, manifest)
    return manifest


def _views(folder: str) -> bytes:
    """Return the views for DuckDB, with the place of this archive."""
    place = without_secrets(folder).replace("'", "''")
    views = resources.files("service.archive").joinpath("views.sql").read_bytes()
    return f"set variable archive = '{place}';\n".encode() + views


def write_success(folder: str, manifest: Mapping[str, Any] | None) -> None:
    """Write the counts of a snapshot without failed blocks. Raises `OutputError`."""
    if manifest is not None and not manifest["failed"]:
        write_whole(join(folder, SUCCESS), json.dumps(manifest["counts"]).encode() + b"\n")


def tables_before(manifest: Mapping[str, Any] | None) -> dict[str, list[FileEntry]]:
    """Return the files that a run adds to: those of the snapshot, or if its run had failures, of the one before."""
    return {} if manifest is None else dict(manifest.get("before", manifest["tables"]))


def _paths(tables: Mapping[str, Sequence[FileEntry]]) -> set[str]:
    return {entry["path"] for entries in tables.values() for entry in entries}


def _read_ahead(folder: str, done: Sequence[Done]) -> Iterator[tuple[Done, pa.Table]]:
    """Yield the files of blocks in order, several of which are read at the same time. Raises `OutputError`."""

    def read(one: Done) -> pa.Table:
        try:
            with open_input(block_file(folder, one.block)) as file:
                return pq.read_table(file)
        except (pa.ArrowException, OSError) as error:
            raise OutputError(f"Cannot read block {one.block} ({error}). Run the same command again.") from error

    with ThreadPoolExecutor(_AT_ONCE) as threads:
        for start in range(0, len(done), _AT_ONCE):
            batch = done[start : start + _AT_ONCE]
            yield from zip(batch, threads.map(read, batch), strict=True)


def _add_block(done: Done, answers: pa.Table, files: TableFiles) -> None:
    """Add the rows of a block to `files`. Raises `OutputError` if they are not those that were recorded."""
    tables = tables_of(answers.cast(ANSWERS))
    held = {name: tables[name].num_rows for name in _COUNTED}
    recorded = {"articles": done.written + done.refused, "quotes": done.quotes, "speakers": done.speakers}
    if held != recorded:
        raise OutputError(f"The counts of block {done.block} do not agree: {recorded} recorded, {held} in its file.")
    for name in _COUNTED:
        files.add(name, tables[name].replace_schema_metadata({"pullquote": answers.schema.metadata[b"pullquote"]}))
    files.add(INDEX, tables["articles"].select(["article", "fingerprint"]))


def _kept(
    folder: str, before: Mapping[str, Sequence[FileEntry]], replaced: set[str], files: TableFiles
) -> tuple[dict[str, list[FileEntry]], dict[str, int]]:
    """Return the files of the earlier snapshot that stay, and the number of rows copied from the others.

    Files with replaced articles are written again without them. So are small files of years that get new rows.
    """
    kept: dict[str, list[FileEntry]] = {}
    rewritten: dict[str, int] = {}
    gone = pa.array(sorted(replaced), pa.string())
    for name, entries in before.items():
        growing = files.places()
        kept[name] = []
        for entry in entries:
            path = join(folder, *entry["path"].split("/"))
            small = entry["bytes"] < files.target // 2 and entry["path"].rpartition("/")[0] in growing
            if not small and not (replaced and _holds(path, gone)):
                kept[name].append(entry)
                continue
            with open_input(path) as file:
                rows = pq.read_table(file)
            rows = rows.filter(pc.invert(pc.is_in(rows.column("article"), value_set=gone)))
            rewritten[name] = rewritten.get(name, 0) + rows.num_rows
            files.add(name, rows)
    return kept, rewritten


def _holds(path: str, articles: pa.Array) -> bool:
    with open_input(path) as file:
        names = pq.read_table(file, columns=["article"]).column("article")
    return bool(pc.any(pc.is_in(names, value_set=articles)).as_py())


def _check(
    folder: str, blocks: Sequence[Block], done: Mapping[int, Done], files: TableFiles, expected: Mapping[str, int]
) -> None:
    """Check that each article of a block that is done was counted once, and that all rows are in the files.

    The counts of files come from their own metadata. Raises `OutputError`.
    """
    for block in blocks:
        one = done.get(block.number)
        if one is not None and one.written + one.refused + one.unchanged != block.articles:
            raise OutputError(f"{block.name} has {block.articles} articles, and {one} was recorded. Delete its file.")
    stored = {name: sum(_rows(folder, entry) for entry in files.written.get(name, ())) for name in expected}
    if stored != expected:
        raise OutputError(
            f"The counts of {without_secrets(folder)} do not agree: {expected} rows were written, {stored} are there."
        )


def _rows(folder: str, entry: FileEntry) -> int:
    with open_input(join(folder, *entry["path"].split("/"))) as file:
        return int(pq.read_metadata(file).num_rows)


def _refused(folder: str, entry: FileEntry) -> int:
    with open_input(join(folder, *entry["path"].split("/"))) as file:
        metadata = pq.read_metadata(file)
    at = SCHEMAS["articles"].get_field_index("refused")
    groups = [metadata.row_group(group) for group in range(metadata.num_row_groups)]
    return sum(int(group.num_rows - group.column(at).statistics.null_count) for group in groups)


def fingerprints(folder: str, entries: Sequence[FileEntry], articles: Sequence[str]) -> dict[str, str | None]:
    """Return the fingerprints of those of `articles` that the files of the index have. Raises OSError.

    The row groups of the index are in the order of the input, so only those that can have such names are read.
    """
    result: dict[str, str | None] = {}
    if not articles:
        return result
    hashes, least, most = set(articles), min(articles), max(articles)
    for entry in entries:
        with open_input(join(folder, *entry["path"].split("/"))) as file:
            index = pq.ParquetFile(file)
            for group in range(index.metadata.num_row_groups):
                statistics = index.metadata.row_group(group).column(0).statistics
                known = statistics is not None and statistics.has_min_max
                if known and (statistics.max < least or statistics.min > most):
                    continue
                rows = index.read_row_group(group)
                pairs = zip(rows.column(0).to_pylist(), rows.column(1).to_pylist(), strict=True)
                result.update((name, one) for name, one in pairs if name in hashes)
    return result

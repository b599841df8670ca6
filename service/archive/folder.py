"""The output folder of an archive: Parquet files for each block, and a ledger of finished blocks."""

import json
import os
import uuid
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import IO, Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.archive_blocks import Block
from service.archive.tables import SCHEMAS, TableName, Tables
from service.errors import OutputError
from service.files.outputs import atomic_write, entries_of, open_ledger

ABOUT: Final = "_archive.json"  # everything that the results depend on
LEDGER: Final = "_ledger.jsonl"  # one line per finished block
SUCCESS: Final = "_SUCCESS"  # written when all blocks are finished, with the counts
_PARTS: Final = "_unfinished"
_SHARD: Final = 1000  # blocks per subfolder


@dataclass(frozen=True, slots=True)
class Done:
    """The numbers of written and rejected articles of a block, and of their quotes and speakers."""

    block: int
    written: int
    refused: int
    quotes: int
    speakers: int


def write_block(folder: Path, block: Block, tables: Tables, about: str) -> Done:
    """Write the files of `block` atomically, the articles table last.

    Raises `OutputError`.
    """
    try:
        for name in ("quotes", "speakers", "articles"):
            table = pa.Table.from_pylist(tables[name], SCHEMAS[name]).replace_schema_metadata({"pullquote": about})
            _write(folder, file_of(folder, name, block), table)
    except OSError as error:
        raise OutputError(f"Cannot write {block.name} to {folder}: {error.strerror or error}.") from error
    articles = tables["articles"]
    refused = sum(row.get("refused") is not None for row in articles)
    quotes, speakers = len(tables["quotes"]), len(tables["speakers"])
    return Done(block.number, len(articles) - refused, refused, quotes, speakers)


def file_of(folder: Path, table: TableName, block: Block) -> Path:
    """Return the path of a block's rows of a table."""
    return folder / table / f"shard={block.number // _SHARD:04}" / f"{block.name}.parquet"


class Ledger:
    """The finished blocks. Only the process that holds the folder's lock writes to it."""

    def __init__(self, folder: Path, file: IO[bytes]) -> None:
        self._folder = folder
        self._file = file
        self._done = {done.block: done for done in entries_of(file, lambda entry: Done(**entry))}

    def add(self, done: Done) -> None:
        """Record that a block is finished. Raises `OutputError`."""
        try:
            self._file.write(json.dumps(asdict(done)).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"Cannot write {self._folder / LEDGER}: {error.strerror}.") from error
        self._done[done.block] = done

    def done(self, blocks: Sequence[Block]) -> list[Done]:
        """Return the entries of those of `blocks` that are recorded and whose files exist."""
        return [self._done[block.number] for block in blocks if self._has(block)]

    def _has(self, block: Block) -> bool:
        files = (file_of(self._folder, table, block) for table in SCHEMAS)
        return block.number in self._done and all(file.is_file() for file in files)


@contextmanager
def open_folder(folder: Path, about: dict[str, Any]) -> Iterator[Ledger]:
    """Open the folder and its ledger, creating them if needed. `about` is everything that the results depend on.

    Raises `OutputError` if the folder cannot be written, is in use by another run, was started with another `about`, or
    contains other files.
    """
    try:
        if folder.is_dir() and not (folder / ABOUT).exists() and any(path.name != LEDGER for path in folder.iterdir()):
            raise OutputError(f"{folder} contains other files, and no archive to resume. Choose an empty folder.")
    except OSError as error:
        raise OutputError(f"Cannot write to {folder}: {error.strerror}.") from error
    with open_ledger(folder / LEDGER) as ledger:
        try:
            _check_about(folder, about)
            (folder / SUCCESS).unlink(missing_ok=True)
            (folder / _PARTS).mkdir(exist_ok=True)
            for part in (folder / _PARTS).iterdir():  # left by killed runs
                part.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"Cannot write to {folder}: {error.strerror}.") from error
        yield Ledger(folder, ledger)


def _check_about(folder: Path, about: dict[str, Any]) -> None:
    path = folder / ABOUT
    if not path.exists():
        part = folder / f"{ABOUT}.part"
        part.write_text(json.dumps(about, indent=2) + "\n", encoding="utf-8")
        part.replace(path)
    try:
        begun = json.loads(path.read_bytes())
    except ValueError:
        begun = {}
    others = sorted(name for name in {*begun, *about} if begun.get(name) != about.get(name))
    if others:
        raise OutputError(
            f"{folder} was started with different settings ({', '.join(others)}; see {ABOUT}), so it "
            "cannot be resumed. Choose another folder, or delete this one."
        )


def finish(folder: Path, blocks: Sequence[Block], ledger: Ledger) -> None:
    """Check that every article was written once and all counts agree, then write the success file. Raises
    `OutputError`.

    The counts come from the files' own metadata.
    """
    done = ledger.done(blocks)
    recorded = {
        "articles": sum(one.written + one.refused for one in done),
        "quotes": sum(one.quotes for one in done),
        "speakers": sum(one.speakers for one in done),
    }
    held = {name: _rows(folder / name) for name in SCHEMAS}
    read = sum(block.articles for block in blocks)
    if held != recorded or recorded["articles"] != read:
        raise OutputError(
            f"The counts of {folder} do not agree: {read} articles were found, {recorded} recorded, and "
            f"the files contain {held}. Something else wrote to this folder. Delete it, and run the "
            "command again."
        )
    refused = sum(one.refused for one in done)
    (folder / SUCCESS).write_text(json.dumps(recorded | {"refused": refused}) + "\n", encoding="utf-8")
    with suppress(OSError):
        (folder / _PARTS).rmdir()


def _rows(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*/*.parquet"))


def _write(folder: Path, path: Path, table: pa.Table) -> None:
    """Write `table`. Concurrent writers, one of them about to be killed, do not collide: each has its own temporary
    file."""
    part = folder / _PARTS / f"{path.stem}-{uuid.uuid4().hex}"
    atomic_write(path, part, lambda file: pq.write_table(table, file, compression="zstd"))

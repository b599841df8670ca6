"""The folder that an archive's answers are written to: Parquet files for each block, and a ledger of those done."""

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

from service.archive.blocks import Block
from service.archive.tables import SCHEMAS, TableName, Tables
from service.errors import OutputError
from service.files.ledger import entries_of, open_ledger
from service.files.whole import write_whole

ABOUT: Final = "_archive.json"  # what the answers depend on
LEDGER: Final = "_ledger.jsonl"  # the blocks that are done, a line for each
SUCCESS: Final = "_SUCCESS"  # there when all are, with the counts
_PARTS: Final = "_unfinished"
_SHARD: Final = 1000  # blocks whose files stand in one folder


@dataclass(frozen=True, slots=True)
class Done:
    """How many articles of a block were written and refused, and how many quotes and speakers they have."""

    block: int
    written: int
    refused: int
    quotes: int
    speakers: int


def write_block(folder: Path, block: Block, tables: Tables, about: str) -> Done:
    """Write the files of `block`, each whole or not at all, the one that says that the articles are there last.

    Raises `OutputError`.
    """
    try:
        for name in ("quotes", "speakers", "articles"):
            table = pa.Table.from_pylist(tables[name], SCHEMAS[name]).replace_schema_metadata({"pullquote": about})
            _write(folder, file_of(folder, name, block), table)
    except OSError as error:
        raise OutputError(f"{block.name} cannot be written into {folder}: {error.strerror or error}.") from error
    articles = tables["articles"]
    refused = sum(row.get("refused") is not None for row in articles)
    quotes, speakers = len(tables["quotes"]), len(tables["speakers"])
    return Done(block.number, len(articles) - refused, refused, quotes, speakers)


def file_of(folder: Path, table: TableName, block: Block) -> Path:
    """Where a block's rows of a table stand."""
    return folder / table / f"shard={block.number // _SHARD:04}" / f"{block.name}.parquet"


class Ledger:
    """The blocks that are done. Only the process that has the folder's lock writes into it."""

    def __init__(self, folder: Path, file: IO[bytes]) -> None:
        self._folder = folder
        self._file = file
        self._done = {done.block: done for done in entries_of(file, lambda entry: Done(**entry))}

    def add(self, done: Done) -> None:
        """Write down that a block is done. Raises `OutputError`."""
        try:
            self._file.write(json.dumps(asdict(done)).encode() + b"\n")
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise OutputError(f"{self._folder / LEDGER} cannot be written: {error.strerror}.") from error
        self._done[done.block] = done

    def done(self, blocks: Sequence[Block]) -> list[Done]:
        """What is written down of `blocks`, of those whose files are there."""
        return [self._done[block.number] for block in blocks if self._has(block)]

    def _has(self, block: Block) -> bool:
        files = (file_of(self._folder, table, block) for table in SCHEMAS)
        return block.number in self._done and all(file.is_file() for file in files)


@contextmanager
def open_folder(folder: Path, about: dict[str, Any]) -> Iterator[Ledger]:
    """The folder, made where it is not there, and its ledger; `about` is all that the answers depend on.

    Raises `OutputError` where it cannot be written, where another run writes into it, where it was begun with another
    `about`, and where it holds something else.
    """
    try:
        if folder.is_dir() and not (folder / ABOUT).exists() and any(path.name != LEDGER for path in folder.iterdir()):
            raise OutputError(f"{folder} holds other files, and no archive to go on with. Name an empty folder.")
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}.") from error
    with open_ledger(folder / LEDGER) as ledger:
        try:
            _check_about(folder, about)
            (folder / SUCCESS).unlink(missing_ok=True)
            (folder / _PARTS).mkdir(exist_ok=True)
            for part in (folder / _PARTS).iterdir():  # of runs that were killed
                part.unlink(missing_ok=True)
        except OSError as error:
            raise OutputError(f"{folder} cannot be written: {error.strerror}.") from error
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
            f"{folder} was begun with something else ({', '.join(others)}; {ABOUT} has it), so it cannot be gone on "
            "with. Name another folder, or remove this one."
        )


def finish(folder: Path, blocks: Sequence[Block], ledger: Ledger) -> None:
    """Check that every article is there once and every count adds up, and say so in the folder. Raises `OutputError`.

    What is counted is what the files say that they hold.
    """
    done = ledger.done(blocks)
    told = {
        "articles": sum(one.written + one.refused for one in done),
        "quotes": sum(one.quotes for one in done),
        "speakers": sum(one.speakers for one in done),
    }
    held = {name: _rows(folder / name) for name in SCHEMAS}
    read = sum(block.articles for block in blocks)
    if held != told or told["articles"] != read:
        raise OutputError(
            f"The counts of {folder} do not add up: {read} articles were found, {told} written down, and the files "
            f"hold {held}. Something else has written there. Remove it, and run again."
        )
    refused = sum(one.refused for one in done)
    (folder / SUCCESS).write_text(json.dumps(told | {"refused": refused}) + "\n", encoding="utf-8")
    with suppress(OSError):
        (folder / _PARTS).rmdir()


def _rows(folder: Path) -> int:
    return sum(pq.read_metadata(path).num_rows for path in folder.glob("*/*.parquet"))


def _write(folder: Path, path: Path, table: pa.Table) -> None:
    """Write `table`. Two who do so at once, one of them killed, do no harm: each has a part of its own."""
    part = folder / _PARTS / f"{path.stem}-{uuid.uuid4().hex}"
    write_whole(path, part, lambda file: pq.write_table(table, file, compression="zstd"))

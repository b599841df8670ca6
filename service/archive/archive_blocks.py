"""Divide an archive into blocks: consecutive articles of a file, or several files, processed and written together."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from service.files.articles import lines_of, rows_of
from service.files.inputs import FORMS, NO_FIELDS, SEVERAL, TABLES, Form, Input, find_inputs

PARQUET: Final = ".parquet"
# A row of Parquet is read like a line of JSON Lines.
ARCHIVE_FORMS: Final[dict[str, Form]] = {**FORMS, PARQUET: "jsonl"}


@dataclass(frozen=True, slots=True)
class Block:
    """A block of `articles` articles: one in each of `files`, or all in a single file.

    For JSON Lines, `start` is the byte offset of the first line and `before` the number of lines before it; for
    Parquet, `start` is the row group and `before` its rows before the first; for a table, `before` is the number of
    articles before the first.
    """

    number: int
    files: tuple[Input, ...]
    articles: int
    start: int = 0
    before: int = 0

    @property
    def name(self) -> str:
        """The base name of the block's files."""
        return f"block-{self.number:06}"


def find_archive(path: str, without: Path) -> list[Input]:
    """List the files of an archive: `path` itself, or the files below it except those below `without`."""
    return find_inputs([path], None, without, ARCHIVE_FORMS)


def is_parquet(file: Input) -> bool:
    """Return whether the file is read as Parquet."""
    return os.path.splitext(file.path)[1].lower() == PARQUET


def blocks_of(files: Sequence[Input], size: int, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS) -> list[Block]:
    """Divide `files` into blocks of at most `size` articles; the same files always give the same blocks."""
    return [replace(block, number=number) for number, block in enumerate(_blocks(files, size, max_bytes, fields))]


def _blocks(files: Sequence[Input], size: int, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Block]:
    looked_into = (_with_problem(file) for file in files)
    for whole, group in groupby(looked_into, lambda file: file.form not in SEVERAL):
        together = list(group)
        if whole:
            for start in range(0, len(together), size):
                some = tuple(together[start : start + size])
                yield Block(0, some, len(some))
        else:
            for file in together:
                if is_parquet(file):
                    yield from _in_parquet(file, size)
                elif file.form in TABLES:
                    yield from _in_rows(file, size, max_bytes, fields)
                else:
                    yield from _in_lines(file, size, max_bytes)


def _with_problem(file: Input) -> Input:
    """Return `file`, with a problem if it cannot be opened."""
    if file.form not in SEVERAL or file.problem is not None:
        return file
    try:
        with open(file.path, "rb"):
            if is_parquet(file):
                pq.read_metadata(file.path)
    except OSError as error:
        return replace(file, form="text", problem=f"{error.strerror or error}.")
    except pa.ArrowException as error:
        return replace(file, form="text", problem=f"is not a readable Parquet file: {error}.")
    return file


def _in_lines(file: Input, size: int, max_bytes: int) -> Iterator[Block]:
    with open(file.path, "rb") as content:
        start = before = count = line = 0
        for line, _ in lines_of(file, content, max_bytes):
            count += 1
            if count == size:
                yield Block(0, (file,), count, start, before)
                start, before, count = content.tell(), line, 0
        if count:
            yield Block(0, (file,), count, start, before)


def _in_rows(file: Input, size: int, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Block]:
    with open(file.path, "rb") as content:
        articles = sum(1 for _ in rows_of(file, content, max_bytes, fields))
    for start in range(0, articles, size):
        yield Block(0, (file,), min(size, articles - start), before=start)


def _in_parquet(file: Input, size: int) -> Iterator[Block]:
    metadata = pq.read_metadata(file.path)
    for group in range(metadata.num_row_groups):
        rows = metadata.row_group(group).num_rows
        for start in range(0, rows, size):
            yield Block(0, (file,), min(size, rows - start), group, start)

"""An archive in blocks: some articles that stand together in a file, or some files, answered and written as one."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Final

import pyarrow as pa
import pyarrow.parquet as pq

from service.files.articles import lines_of
from service.files.inputs import FORMS, SEVERAL, TABLES, Form, Input, find_inputs
from service.files.tables import rows_of
from service.files.wanted import NO_FIELDS

PARQUET: Final = ".parquet"
# A row of Parquet is read as a line of JSON.
ARCHIVE_FORMS: Final[dict[str, Form]] = {**FORMS, PARQUET: "jsonl"}


@dataclass(frozen=True, slots=True)
class Block:
    """`articles` of an archive: one in each of `files`, or all in the only one.

    Of JSON lines `place` is the byte at which they begin, and `before` the lines before that; of Parquet `place` is
    the row group, and `before` its rows before the first; of a table, `before` are the articles before the first.
    """

    number: int
    files: tuple[Input, ...]
    articles: int
    place: int = 0
    before: int = 0

    @property
    def name(self) -> str:
        """What its files are called."""
        return f"block-{self.number:06}"


def find_archive(path: str, without: Path) -> list[Input]:
    """The files of an archive: `path` itself, or those in it and below it, but not those below `without`."""
    return find_inputs([path], None, without, ARCHIVE_FORMS)


def is_parquet(file: Input) -> bool:
    """Whether it is read as Parquet."""
    return os.path.splitext(file.path)[1].lower() == PARQUET


def blocks_of(files: Sequence[Input], size: int, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS) -> list[Block]:
    """`files` in blocks of at most `size` articles; the same files always make the same blocks."""
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
    """`file`; where it cannot be opened, as one that has that problem."""
    if file.form not in SEVERAL or file.problem is not None:
        return file
    try:
        with open(file.path, "rb"):
            if is_parquet(file):
                pq.read_metadata(file.path)
    except OSError as error:
        return replace(file, form="text", problem=f"{error.strerror or error}.")
    except pa.ArrowException as error:
        return replace(file, form="text", problem=f"is no Parquet file that can be read: {error}.")
    return file


def _in_lines(file: Input, size: int, max_bytes: int) -> Iterator[Block]:
    with open(file.path, "rb") as content:
        place = before = count = line = 0
        for line, _ in lines_of(file, content, max_bytes):
            count += 1
            if count == size:
                yield Block(0, (file,), count, place, before)
                place, before, count = content.tell(), line, 0
        if count:
            yield Block(0, (file,), count, place, before)


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

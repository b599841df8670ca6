"""Divide an archive into blocks: consecutive articles of a file, or several files, processed and written together."""

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.storage import (
    base_name,
    files_below,
    is_folder,
    is_remote,
    join,
    open_input,
    size_of,
    without_secrets,
)
from service.errors import SettingsError
from service.files.articles import lines_of, rows_of
from service.files.inputs import FORMS, NO_FIELDS, SEVERAL, TABLES, Form, Input, find_inputs, is_known, named

PARQUET: Final = ".parquet"
# A row of Parquet is read like a line of JSON Lines.
ARCHIVE_FORMS: Final[dict[str, Form]] = {**FORMS, PARQUET: "jsonl"}
_FOOTER: Final = 8  # bytes at the end of a Parquet file: the length of its metadata, and PAR1
_AT_ONCE: Final = 16  # files that are looked into at the same time


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
        """The base name of the block's file."""
        return f"block-{self.number:06}"

    def line(self) -> bytes:
        """Return the block as a line of JSON."""
        files = [[file.path, file.form, file.relative_path, file.problem] for file in self.files]
        return json.dumps([self.number, files, self.articles, self.start, self.before]).encode() + b"\n"

    @staticmethod
    def of_line(line: bytes) -> "Block":
        """Return the block of a line."""
        number, files, articles, start, before = json.loads(line)
        return Block(number, tuple(Input(*file) for file in files), articles, start, before)


def find_archive(path: str, without: str) -> list[tuple[Input, int]]:
    """List the files of an archive with their sizes: `path` itself, or the files below it except those below `without`.

    Raises `SettingsError` if there are none, or a folder cannot be listed.
    """
    try:
        result = list(_remote(path, without) if is_remote(path) else _local(path, without))
    except (OSError, pa.ArrowException) as error:
        raise SettingsError(
            f"Cannot list {without_secrets(path)}: {getattr(error, 'strerror', None) or error}."
        ) from None
    if not result:
        raise SettingsError(f"{without_secrets(path)} contains no file with the extension {', '.join(ARCHIVE_FORMS)}.")
    return result


def _local(path: str, without: str) -> Iterator[tuple[Input, int]]:
    for file in find_inputs([path], None, None if is_remote(without) else Path(without), ARCHIVE_FORMS):
        if file.problem is not None and not file.relative_path:
            raise SettingsError(
                f"{without_secrets(file.path)} {file.problem}"
                if file.path == path
                else f"{without_secrets(file.path)}: {file.problem}"
            )
        yield file, os.stat(file.path).st_size


def _remote(path: str, without: str) -> Iterator[tuple[Input, int]]:
    if not is_folder(path):
        size = size_of(path)
        if size is None:
            raise SettingsError(f"{without_secrets(path)} does not exist.")
        yield named(path, None, base_name(path), ARCHIVE_FORMS), size
        return
    for relative_path, size in files_below(path):
        *folders, name = relative_path.split("/")
        file = join(path, relative_path)
        hidden = any(folder.startswith(".") for folder in folders)
        if is_known(name, ARCHIVE_FORMS) and not hidden and not file.startswith(f"{without.partition('?')[0]}/"):
            yield replace(named(relative_path, None, relative_path, ARCHIVE_FORMS), path=file), size


def is_parquet(file: Input) -> bool:
    """Return whether the file is read as Parquet."""
    return os.path.splitext(base_name(file.path))[1].lower() == PARQUET


def blocks_of(files: Sequence[Input], size: int, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS) -> list[Block]:
    """Divide `files` into blocks of at most `size` articles; the same files always give the same blocks.

    Raises `SettingsError` if a file cannot be read.
    """
    return [replace(block, number=number) for number, block in enumerate(_blocks(files, size, max_bytes, fields))]


def _blocks(files: Sequence[Input], size: int, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Block]:
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        looked_into = threads.map(_with_row_groups, files)
        for whole, group in groupby(looked_into, lambda found: found[0].form not in SEVERAL):
            if whole:
                together = [file for file, _ in group]
                for start in range(0, len(together), size):
                    batch = tuple(together[start : start + size])
                    yield Block(0, batch, len(batch))
                continue
            for file, row_groups in group:
                if is_parquet(file):
                    yield from _in_parquet(file, row_groups, size)
                elif file.form in TABLES:
                    yield from _in_rows(file, size, max_bytes, fields)
                else:
                    yield from _in_lines(file, size, max_bytes)


def _with_row_groups(file: Input) -> tuple[Input, list[int]]:
    """Return `file` with the rows of its row groups. It has a problem if it should be Parquet and is not."""
    if file.form not in SEVERAL or file.problem is not None:
        return file, []
    try:
        with open_input(file.path) as content:
            if not is_parquet(file):
                return file, []
            content.seek(-min(_FOOTER, content.seek(0, os.SEEK_END)), os.SEEK_END)
            content.read(_FOOTER)  # so that what fails below is not the disk
            try:
                metadata = pq.read_metadata(content)
            except (pa.ArrowException, OSError) as error:
                return replace(file, form="text", problem=f"is not a readable Parquet file: {error}."), []
            return file, [metadata.row_group(group).num_rows for group in range(metadata.num_row_groups)]
    except OSError as error:
        raise SettingsError(f"Cannot read {without_secrets(file.path)}: {error.strerror or error}.") from None


def _in_lines(file: Input, size: int, max_bytes: int) -> Iterator[Block]:
    with open_input(file.path) as content:
        start = before = count = line = 0
        for line, _ in lines_of(file, content, max_bytes):
            count += 1
            if count == size:
                yield Block(0, (file,), count, start, before)
                start, before, count = content.tell(), line, 0
        if count:
            yield Block(0, (file,), count, start, before)


def _in_rows(file: Input, size: int, max_bytes: int, fields: Mapping[str, str]) -> Iterator[Block]:
    with open_input(file.path) as content:
        articles = sum(1 for _ in rows_of(file, content, max_bytes, fields))
    for start in range(0, articles, size):
        yield Block(0, (file,), min(size, articles - start), before=start)


def _in_parquet(file: Input, row_groups: Sequence[int], size: int) -> Iterator[Block]:
    for group, rows in enumerate(row_groups):
        for start in range(0, rows, size):
            yield Block(0, (file,), min(size, rows - start), group, start)


def listing(files: Sequence[tuple[Input, int]]) -> list[Any]:
    """Return what identifies the input: the files' names and sizes, but not their times, which copying changes."""
    return [[file.relative_path, size] for file, size in files]

"""Read the articles of a block. An unreadable row is refused; a file that cannot be reached is a machine's fault."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.line import ARTICLE_FIELDS
from service.archive.archive_blocks import Block, is_parquet
from service.archive.cells import row_article, rows_of_batch
from service.archive.storage import open_input, without_secrets
from service.errors import MachineError
from service.files.articles import lines_of, rows_of, single_article
from service.files.inputs import NO_FIELDS, SEVERAL, TABLES, Input, InputArticle, Refused, shown

_ROWS: Final = 100  # how many rows are taken from Parquet at once
_CHUNK: Final = 8_000_000  # bytes read at once when a row group is checked


def block_articles(
    block: Block, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS
) -> Iterator[tuple[str, InputArticle | Refused]]:
    """Yield the articles of `block`, each with its relative path, unique in the archive.

    `fields` maps fields of a request to the columns that replace them. Raises `MachineError` if a file cannot be read.
    """
    try:
        yield from _articles(block, max_bytes, fields)
    except OSError as error:
        place = error.filename or without_secrets(block.files[0].path)
        raise MachineError(f"Cannot read {place}: {error.strerror or error}.") from error


def _articles(block: Block, max_bytes: int, fields: Mapping[str, str]) -> Iterator[tuple[str, InputArticle | Refused]]:
    (file, *more) = block.files
    if more or file.form not in SEVERAL:
        for file in block.files:
            if file.problem is not None:
                yield file.relative_path, Refused(shown(without_secrets(file.path)), file.problem)
                continue
            with open_input(file.path) as content:
                for found in single_article(_named(file), content, max_bytes):
                    yield file.relative_path, found
        return
    with open_input(file.path) as content:
        file = _named(file)
        if is_parquet(file):
            yield from _rows(block, file, content, max_bytes, fields)
            return
        if file.form in TABLES:
            rows = islice(rows_of(file, content, max_bytes, fields), block.before, block.before + block.articles)
        else:
            content.seek(block.start)
            rows = islice(lines_of(file, content, max_bytes, block.before), block.articles)
        for number, found in rows:
            yield f"{file.relative_path}/{number:06}", found


def _named(file: Input) -> Input:
    """Return `file` with a path for people, which names its articles."""
    return replace(file, path=without_secrets(file.path))


def _rows(
    block: Block, file: Input, content: Any, max_bytes: int, fields: Mapping[str, str]
) -> Iterator[tuple[str, InputArticle | Refused]]:
    parquet = pq.ParquetFile(content)
    before = sum(parquet.metadata.row_group(group).num_rows for group in range(block.start)) + block.before
    numbers = iter(range(before + 1, before + 1 + block.articles))
    try:
        for row in islice(_cells(parquet, block.start, fields), block.before, block.before + block.articles):
            number = next(numbers)
            relative_path, name = f"{file.relative_path}/{number:06}", shown(f"{file.path}:{number}")
            yield relative_path, row_article(row, name, relative_path, fields, max_bytes)
    except (pa.ArrowException, OSError) as error:
        _read_bytes(parquet.metadata.row_group(block.start), content)  # raises OSError if the disk is the cause
        reason = f"is in row group {block.start}, which is corrupt: {error}."
        for number in numbers:
            yield f"{file.relative_path}/{number:06}", Refused(shown(f"{file.path}:{number}"), reason)


def _cells(parquet: pq.ParquetFile, group: int, fields: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    named = {fields.get(name, name) for name in ARTICLE_FIELDS}
    columns = [one.name for one in parquet.schema_arrow if one.name in named or _is_kept(one.type)]
    for batch in parquet.iter_batches(_ROWS, row_groups=[group], columns=columns):
        yield from rows_of_batch(batch)


def _is_kept(kind: pa.DataType) -> bool:
    """Return whether a column is kept in `extra`: everything but vectors of numbers, which are embeddings."""
    listed = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return not (listed and pa.types.is_floating(kind.value_type))


def _read_bytes(row_group: Any, content: Any) -> None:
    """Read the bytes of a row group without decoding them. Raises OSError."""
    columns = [row_group.column(number) for number in range(row_group.num_columns)]
    start = min(min(one.data_page_offset, one.dictionary_page_offset or one.data_page_offset) for one in columns)
    content.seek(start)
    left = sum(one.total_compressed_size for one in columns)
    while left > 0:
        read = len(content.read(min(left, _CHUNK)))
        if not read:
            return  # the file is shorter than its metadata say
        left -= read

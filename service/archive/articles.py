"""Read the articles of a block as API requests."""

import json
from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.line import ARTICLE_FIELDS, as_text
from service.archive.blocks import Block, is_parquet
from service.files.articles import articles_of, lines_of
from service.files.inputs import SEVERAL, TABLES, Input
from service.files.names import shown
from service.files.outcomes import Refused, Sent
from service.files.tables import rows_of
from service.files.wanted import NO_FIELDS

_ROWS: Final = 100  # how many rows are taken from Parquet at once


def block_articles(
    block: Block, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS
) -> Iterator[tuple[str, Sent | Refused]]:
    """Yield the articles of `block`, each with its unique place in the archive.

    `fields` maps fields of a request to the columns that replace them.
    """
    (file, *more) = block.files
    if more or file.form not in SEVERAL:
        for file in block.files:
            for found in articles_of(file, max_bytes):
                yield file.place or file.path, found
    elif is_parquet(file):
        yield from _in_parquet(block, file, max_bytes, fields)
    elif file.form in TABLES:
        with open(file.path, "rb") as content:
            rows = rows_of(file, content, max_bytes, fields)
            for number, found in islice(rows, block.before, block.before + block.articles):
                yield f"{file.place}/{number:06}", found
    else:
        with open(file.path, "rb") as content:
            content.seek(block.place)
            for number, found in islice(lines_of(file, content, max_bytes, block.before), block.articles):
                yield f"{file.place}/{number:06}", found


def _in_parquet(
    block: Block, file: Input, max_bytes: int, fields: Mapping[str, str]
) -> Iterator[tuple[str, Sent | Refused]]:
    with pq.ParquetFile(file.path) as content:
        before = sum(content.metadata.row_group(group).num_rows for group in range(block.place)) + block.before
        wanted = (fields.get(name, name) for name in ARTICLE_FIELDS)
        known = [name for name in wanted if name in content.schema_arrow.names]
        batches = content.iter_batches(_ROWS, row_groups=[block.place], columns=known)
        rows = islice(_rows(batches), block.before, block.before + block.articles)
        for number, row in enumerate(rows, start=before + 1):
            name = shown(f"{file.path}:{number}")
            line = _request(row)
            place = f"{file.place}/{number:06}"
            if len(line) > max_bytes:
                yield place, Refused(name, f"has more bytes than the limit of {max_bytes}. Split it.", len(line))
            else:
                yield place, Sent(name, "jsonl", place, line)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from batch.to_pylist() if batch.num_columns else ({} for _ in range(batch.num_rows))


def _request(row: dict[str, Any]) -> bytes:
    """Convert a row to a line. Null columns are omitted: a table has every column in every row."""
    return json.dumps({name: as_text(value) for name, value in row.items() if value is not None}).encode()

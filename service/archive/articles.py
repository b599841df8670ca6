"""The articles of a block, as the service is sent them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.request import QuotesRequestSchema
from service.archive.blocks import Block, is_parquet
from service.decoding import parse_json
from service.errors import InputError
from service.files.articles import articles_of, lines_of, shown
from service.files.inputs import Input
from service.files.outcomes import Refused, Sent

FIELDS: Final = tuple(name for name in QuotesRequestSchema().fields if name != "options")
_ROWS: Final = 100  # how many rows are taken from Parquet at once


def block_articles(block: Block, max_bytes: int, max_depth: int) -> Iterator[tuple[str, Sent | Refused]]:
    """The articles of `block`, each with its place in the archive, which no other has."""
    (file, *more) = block.files
    if more or file.form != "jsonl":
        for file in block.files:
            for found in articles_of(file, max_bytes):
                yield file.place or file.path, found
    elif is_parquet(file):
        yield from _in_parquet(block, file, max_bytes)
    else:
        with open(file.path, "rb") as content:
            content.seek(block.place)
            for number, found in islice(lines_of(file, content, max_bytes, block.before), block.articles):
                yield f"{file.place}/{number:06}", _without_more(found, max_depth) if isinstance(found, Sent) else found


def _without_more(sent: Sent, max_depth: int) -> Sent:
    """`sent` with the fields of a request, whatever else an archive keeps with its articles; as it is where none is."""
    try:
        line = parse_json(sent.content, max_depth, name="line")
    except InputError:
        return sent
    return replace(sent, content=_request(line)) if isinstance(line, dict) else sent


def _in_parquet(block: Block, file: Input, max_bytes: int) -> Iterator[tuple[str, Sent | Refused]]:
    with pq.ParquetFile(file.path) as content:
        before = sum(content.metadata.row_group(group).num_rows for group in range(block.place)) + block.before
        known = [name for name in FIELDS if name in content.schema_arrow.names]
        batches = content.iter_batches(_ROWS, row_groups=[block.place], columns=known)
        rows = islice(_rows(batches), block.before, block.before + block.articles)
        for number, row in enumerate(rows, start=before + 1):
            name = shown(f"{file.path}:{number}")
            line = _request(row)
            place = f"{file.place}/{number:06}"
            if len(line) > max_bytes:
                yield place, Refused(name, f"has more bytes than the limit of {max_bytes}.", len(line))
            else:
                yield place, Sent(name, "jsonl", place, line)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from batch.to_pylist() if batch.num_columns else ({} for _ in range(batch.num_rows))


def _request(row: dict[str, Any]) -> bytes:
    """A row's fields as a request. A field that is null is not there: a table has all of them in every row."""
    return json.dumps({name: _value(row[name]) for name in FIELDS if row.get(name) is not None}).encode()


def _value(value: Any) -> Any:
    """A value as a request has it: texts. A time of day without a zone is taken for UTC's, and numbers for names."""
    if isinstance(value, datetime):
        return value.isoformat() + ("Z" if value.tzinfo is None else "")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if type(value) is int else value

"""An archive's three tables: rows and columns, which follow from the response's schemas, and Parquet files of a few
hundred megabytes, one folder per year."""

import hashlib
import json
import os
import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from typing import IO, Any, Final, Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from marshmallow import fields

from schemas.fields import Count, Flag, Fraction, ListOf, Number, Object, Text
from schemas.quote import QUOTE_FIELDS
from schemas.responses import ArticleSchema, ReportSchema, SpeakerSchema
from service.archive.storage import join, scratch_file, write_whole
from service.files.inputs import Refused

TableName = Literal["articles", "quotes", "speakers"]

# What archives add to a quote: its type, and whether it can be null.
_ADDED: Final = {
    "article": (pa.string(), False), "article_id": (pa.string(), True), "speaker_name": (pa.string(), True),
    "speaker_kind": (pa.string(), True), "published_on": (pa.date32(), True), "sentence_text": (pa.string(), False),
    "quote_hash": (pa.string(), False),
}  # fmt: skip
# Released columns keep their order; new ones follow them.
_RELEASED: Final = (
    "article", "article_id", "id", "kind", "text", "speaker", "speaker_name", "speaker_kind", "contents", "marks",
    "cue", "mention", "resolution", "speaker_confidence", "unresolved", "unresolved_code", "continues", "addressee",
    "via", "negated", "sentence", "paragraph", "section", "confidence", "repeats", "candidates", "explain", "decisions",
)  # fmt: skip
_TYPES: Final[dict[type[fields.Field[Any]], pa.DataType]] = {
    Text: pa.string(), Flag: pa.bool_(), Count: pa.int32(), Fraction: pa.float64(), Number: pa.float64(),
}  # fmt: skip


def arrow_field(name: str, field: fields.Field[Any]) -> pa.Field:
    """Return the column of a response's field: null where the field can be null or left out."""
    return pa.field(name, _arrow_type(field), bool(field.allow_none) or not field.required)


def _arrow_type(field: fields.Field[Any]) -> pa.DataType:
    if isinstance(field, ListOf):
        return pa.list_(_arrow_type(field.inner))
    if isinstance(field, Object):
        return pa.struct([arrow_field(*item) for item in field.schema.fields.items()])
    return _TYPES[type(field)]


def _strings(*names: str, null: bool = False) -> list[pa.Field]:
    return [pa.field(name, pa.string(), null) for name in names]


def _articles() -> pa.Schema:
    """Return the columns of `articles`. Rejected articles have a row without the response's fields."""
    about = [arrow_field(*item).with_nullable(True) for item in ArticleSchema().fields.items()]
    counts = [pa.field(name, pa.int32(), False) for name in ("quotes", "speakers")]
    warnings = arrow_field("warnings", ReportSchema().fields["warnings"])
    return pa.schema([
        *_strings("article", "source"), *_strings("refused", null=True), *about, *_strings("extra", null=True),
        *counts, warnings, pa.field("published_on", pa.date32()), *_strings("fingerprint", null=True),
    ])  # fmt: skip


def _quotes() -> pa.Schema:
    columns = {name: pa.field(name, *added) for name, added in _ADDED.items()}
    columns |= {field.name: arrow_field(field.name, field.type) for field in QUOTE_FIELDS}
    return pa.schema([columns[name] for name in (*_RELEASED, *(name for name in columns if name not in _RELEASED))])


def _speakers() -> pa.Schema:
    columns = [arrow_field(*item) for item in SpeakerSchema().fields.items()]
    return pa.schema([*_strings("article"), *_strings("article_id", null=True), *columns])


SCHEMAS: Final[dict[TableName, pa.Schema]] = {"articles": _articles(), "quotes": _quotes(), "speakers": _speakers()}


# One row per article with its quotes and speakers: what `answer_batch` returns, and what a block is written as.
ROWS: Final[dict[TableName, str]] = {"quotes": "quote_rows", "speakers": "speaker_rows"}
ANSWERS: Final = pa.schema(
    [
        *SCHEMAS["articles"],
        *(pa.field(column, pa.list_(pa.struct(list(SCHEMAS[name]))), False) for name, column in ROWS.items()),
    ]
)
_HASH: Final = 16  # hexadecimal digits


def answered_row(
    relative_path: str, name: str, report: dict[str, Any], sentences: Sequence[str], warnings: Sequence[dict[str, str]]
) -> dict[str, Any]:
    """Return the row of an article with its quotes and speakers.

    `report` is the response, `sentences` the text of each quote's sentence, and `warnings` go before the response's.
    """
    about, speakers = dict(report["article"]), report["speakers"]
    if "extra" in report:
        about["extra"] = json.dumps(report["extra"], ensure_ascii=False)
    about["published_on"] = _day(about["published_at"])
    key = {"article": relative_path, "article_id": about["id"]}
    dated = {**key, "published_on": about["published_on"]}
    named = {speaker["id"]: speaker for speaker in speakers}
    quotes = []
    for quote, sentence in zip(report["quotes"], sentences, strict=True):
        who = named.get(quote["speaker"], {})
        added = {"speaker_name": who.get("name"), "speaker_kind": who.get("kind"), "sentence_text": sentence}
        quotes.append({**quote, **dated, **added, "quote_hash": quote_hash(quote)})
    return {
        "article": relative_path, "source": name, **about, "quotes": len(quotes), "speakers": len(speakers),
        "warnings": [*warnings, *report["warnings"]], "quote_rows": quotes,
        "speaker_rows": [{**speaker, **key} for speaker in speakers],
    }  # fmt: skip


def refused_row(relative_path: str, refused: Refused) -> dict[str, Any]:
    """Return the row of a rejected article."""
    row = {"article": relative_path, "source": refused.name, "refused": refused.reason, "quotes": 0, "speakers": 0}
    return {**row, "warnings": [], "quote_rows": [], "speaker_rows": []}


def tables_of(answers: pa.Table) -> dict[TableName, pa.Table]:
    """Return the three tables of articles with their quotes and speakers (`ANSWERS`)."""
    tables: dict[TableName, pa.Table] = {
        "articles": answers.select(SCHEMAS["articles"].names).cast(SCHEMAS["articles"])
    }
    for name, column in ROWS.items():
        flat = pc.list_flatten(answers.column(column)).combine_chunks()
        tables[name] = pa.Table.from_struct_array(flat).cast(SCHEMAS[name])
    return tables


def quote_hash(quote: dict[str, Any]) -> str:
    """Return the hash of a quote's words, the same in every copy: case, punctuation and typography do not count."""
    words = " ".join(content["text"] for content in quote["contents"]) or quote["text"]
    letters = "".join(
        item for item in unicodedata.normalize("NFKD", words).casefold() if not unicodedata.combining(item)
    )
    return hashlib.sha256(" ".join(_WORD.findall(letters)).encode()).hexdigest()[:_HASH]


_WORD: Final = re.compile(r"\w+")


def _day(published_at: str | None) -> date | None:
    """Return the date as the article has it, in its own time zone."""
    return None if published_at is None else date.fromisoformat(published_at[:10])


def quote_of(row: dict[str, Any]) -> dict[str, Any]:
    """Convert a row of `quotes` back to the response's quote."""
    optional = {field.name for field in QUOTE_FIELDS if not field.type.required and row[field.name] is None}
    return {name: value for name, value in row.items() if name not in _ADDED.keys() | optional}


TARGET: Final = 256_000_000  # bytes at which a file is closed; the next row group comes on top
YEAR: Final = "published_on"  # the column whose year is the partition
_ROW_GROUP: Final = 64_000_000  # bytes of a row group in memory
_BUFFERED: Final = 1_000_000_000  # bytes of all tables that wait for their row group to fill
_NO_YEAR: Final = "__HIVE_DEFAULT_PARTITION__"  # null, for every reader of such folders

FileEntry = dict[str, Any]  # of the manifest: path below the output folder, rows, bytes


class TableFiles:
    """Writes rows to files below `folder`; `names` begin with `prefix`, so that no other snapshot has them.

    Files are written to local disk first, then stored whole.
    """

    def __init__(self, folder: str, prefix: str, target: int = TARGET) -> None:
        self._folder = folder
        self._prefix = prefix
        self.target = target
        self._open: dict[str, _OpenFile] = {}
        self._numbers: dict[str, int] = {}
        self._places: set[str] = set()
        self.written: dict[str, list[FileEntry]] = {}
        self.rows: dict[str, int] = {}

    def places(self) -> set[str]:
        """Return the folders that got rows."""
        return self._places

    def add(self, name: str, rows: pa.Table) -> None:
        """Add rows of the table `name`, divided by the year of their date if they have one.

        Raises `OutputError`, or OSError for local disk.
        """
        self.rows[name] = self.rows.get(name, 0) + rows.num_rows
        self.written.setdefault(name, [])
        if YEAR not in rows.schema.names:
            self._add(name, name, rows)
            return
        years = pc.year(rows.column(YEAR))
        for year in pc.unique(years).to_pylist():
            chosen = pc.is_null(years) if year is None else pc.equal(years, year)
            self._add(name, f"{name}/year={_NO_YEAR if year is None else f'{year:04}'}", rows.filter(chosen))

    def add_empty(self, name: str, schema: pa.Schema) -> None:
        """Add a file without rows."""
        self.written.setdefault(name, [])
        self._open[name] = _OpenFile(name, scratch_file(self._folder), schema)

    def _add(self, name: str, place: str, rows: pa.Table) -> None:
        if not rows.num_rows:
            return
        self._places.add(place)
        file = self._open.get(place)
        if file is None:
            file = self._open[place] = _OpenFile(name, scratch_file(self._folder), rows.schema)
        file.add(rows)
        if file.waiting >= _ROW_GROUP:
            file.flush()
        if sum(item.waiting for item in self._open.values()) >= _BUFFERED:
            max(self._open.values(), key=lambda item: item.waiting).flush()
        if file.size >= self.target or (file.size + file.waiting >= self.target and self.target < _ROW_GROUP):
            self._close(place)

    def close(self) -> None:
        """Store the files that are not full yet."""
        for place in list(self._open):
            self._close(place)

    def _close(self, place: str) -> None:
        file = self._open.pop(place)
        number = self._numbers[place] = self._numbers.get(place, -1) + 1
        path = f"{place}/{self._prefix}-{number:05}.parquet"
        size = file.close()
        write_whole(join(self._folder, *path.split("/")), file.scratch)
        file.scratch.close()
        self.written[file.name].append({"path": path, "rows": file.rows, "bytes": size})


class _OpenFile:
    """A Parquet file that is being written on local disk."""

    def __init__(self, name: str, scratch: IO[bytes], schema: pa.Schema) -> None:
        self.name = name
        self.scratch = scratch
        self.rows = 0
        self.waiting = 0
        self._tables: list[pa.Table] = []
        self._writer = pq.ParquetWriter(scratch, schema, compression="zstd")

    @property
    def size(self) -> int:
        return self.scratch.tell()

    def add(self, rows: pa.Table) -> None:
        self._tables.append(rows)
        self.rows += rows.num_rows
        self.waiting += rows.nbytes

    def flush(self) -> None:
        """Write what waits as a row group."""
        if self._tables:
            table = pa.concat_tables(self._tables)
            self._writer.write_table(table, row_group_size=max(table.num_rows, 1))
        self._tables, self.waiting = [], 0

    def close(self) -> int:
        """Finish the file. Returns its size in bytes."""
        self.flush()
        self._writer.close()
        self.scratch.flush()
        return os.fstat(self.scratch.fileno()).st_size

"""Process one block of an archive: read its articles, process each as `pullquote extract` does, write the tables."""

import json
import pickle
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.line import ARTICLE_FIELDS, as_text
from service.archive.archive_blocks import Block, is_parquet
from service.archive.folder import Done, write_block
from service.archive.tables import Tables, add_answer, add_refusal
from service.errors import ModelError, OutputError
from service.files.articles import articles_of, lines_of, rows_of
from service.files.inputs import (
    NO_FIELDS,
    SEVERAL,
    TABLES,
    Input,
    InputArticle,
    OutputOptions,
    Refused,
    TextStyle,
    shown,
)
from service.files.processing import ArticleProcessor
from service.files.runs import Worker
from service.parsing.parser import Parser
from service.settings import Settings

_ROWS: Final = 100  # how many rows are taken from Parquet at once


def block_articles(
    block: Block, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS
) -> Iterator[tuple[str, InputArticle | Refused]]:
    """Yield the articles of `block`, each with its relative path, unique in the archive.

    `fields` maps fields of a request to the columns that replace them.
    """
    (file, *more) = block.files
    if more or file.form not in SEVERAL:
        for file in block.files:
            for found in articles_of(file, max_bytes):
                yield file.relative_path or file.path, found
    elif is_parquet(file):
        yield from _in_parquet(block, file, max_bytes, fields)
    elif file.form in TABLES:
        with open(file.path, "rb") as content:
            rows = rows_of(file, content, max_bytes, fields)
            for number, found in islice(rows, block.before, block.before + block.articles):
                yield f"{file.relative_path}/{number:06}", found
    else:
        with open(file.path, "rb") as content:
            content.seek(block.start)
            for number, found in islice(lines_of(file, content, max_bytes, block.before), block.articles):
                yield f"{file.relative_path}/{number:06}", found


def _in_parquet(
    block: Block, file: Input, max_bytes: int, fields: Mapping[str, str]
) -> Iterator[tuple[str, InputArticle | Refused]]:
    with pq.ParquetFile(file.path) as content:
        before = sum(content.metadata.row_group(group).num_rows for group in range(block.start)) + block.before
        output_options = (fields.get(name, name) for name in ARTICLE_FIELDS)
        known = [name for name in output_options if name in content.schema_arrow.names]
        batches = content.iter_batches(_ROWS, row_groups=[block.start], columns=known)
        rows = islice(_rows(batches), block.before, block.before + block.articles)
        for number, row in enumerate(rows, start=before + 1):
            name = shown(f"{file.path}:{number}")
            line = _request(row)
            relative_path = f"{file.relative_path}/{number:06}"
            if len(line) > max_bytes:
                yield (
                    relative_path,
                    Refused(name, f"has more bytes than the limit of {max_bytes}. Split it.", len(line)),
                )
            else:
                yield relative_path, InputArticle(name, "jsonl", relative_path, line)


def _rows(batches: Iterator[pa.RecordBatch]) -> Iterator[dict[str, Any]]:
    for batch in batches:
        yield from batch.to_pylist() if batch.num_columns else ({} for _ in range(batch.num_rows))


def _request(row: dict[str, Any]) -> bytes:
    """Convert a row to a line. Null columns are omitted: a table has every column in every row."""
    return json.dumps({name: as_text(value) for name, value in row.items() if value is not None}).encode()


_THREADS: Final = 1  # each process has one core


@dataclass(frozen=True, slots=True)
class Order:
    """The job of every block: settings, options, model loader and output folder.

    `about` is stored in every file: everything that the results depend on. `fields` maps fields of a request to the
    columns or fields of a line that replace them.
    """

    load: Callable[[Settings], Parser]
    settings: Settings
    options: dict[str, Any]
    folder: Path
    about: str
    fields: dict[str, str] = field(default_factory=dict)


class BlockProcessor:
    """Processes blocks one by one. Ray creates one per core, and calls it with batches of one block.

    The model runs in a child process: an article that crashes it is rejected without Ray noticing.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        output_options = OutputOptions("jsonl", order.options, TextStyle(), order.fields)
        self._worker = Worker(
            partial(ArticleProcessor, partial(order.load, order.settings), order.settings, output_options), _THREADS
        )

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Return each block's outcome as JSON: `done`, `failed` with a reason, or `stop` if every other block would
        fail too."""
        return {"outcome": [json.dumps(self._outcome(pickle.loads(pickled))) for pickled in batch["block"]]}

    def _outcome(self, block: Block) -> dict[str, Any]:
        try:
            return {"block": block.number, "done": asdict(self.answer(block))}
        except (ModelError, OutputError) as error:
            return {"block": block.number, "stop": [type(error).__name__, str(error)]}
        except Exception as error:  # a temporary disk failure, or a bug
            return {"block": block.number, "failed": f"{type(error).__name__}: {error}"}

    def answer(self, block: Block) -> Done:
        """Process and write `block`. Raises `ModelError`, `OutputError`, or what reading it raises."""
        limits = self._order.settings
        tables: Tables = {"articles": [], "quotes": [], "speakers": []}
        for relative_path, found in block_articles(block, limits.max_bytes, self._order.fields):
            outcome = found if isinstance(found, Refused) else self._worker.answer(found)
            if isinstance(outcome, Refused):
                add_refusal(tables, relative_path, outcome)
            else:
                add_answer(tables, relative_path, outcome.input_article.name, outcome.text)
        return write_block(self._order.folder, block, tables, self._order.about)

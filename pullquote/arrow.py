"""Process a table of articles, on any engine that has Arrow: `answer_batch` is all that an engine needs."""

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any, Final

import pyarrow as pa

from service.archive.article_rows import ArticleOptions, ArticleRows
from service.archive.cells import row_article, rows_of_batch
from service.archive.tables import ANSWERS, TableName, tables_of
from service.files.inputs import InputArticle, Refused, shown
from service.server.resources import cores
from service.settings import Settings

KEY: Final = "article"  # the column that names an article
_ROWS: Final = 100  # how many rows are converted at once


def answer_batch(
    table: pa.Table,
    *,
    options: Mapping[str, Any] | None = None,
    fields: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> dict[TableName, pa.Table]:
    """Return the tables `articles`, `quotes` and `speakers` of the articles in `table`.

    The columns of `table` are the fields of a request (`text` or `html`, and optionally `id`, `title`, `url`,
    `language`, `byline`, `published_at`); `fields` maps them to columns of other names. The column `article` names an
    article in all three tables; it must be unique. Without it, `id` does, or else the number of the row. Other columns
    are kept in `extra`. `options` are a request's options, and `environ` holds the settings (PULLQUOTE_…).

    The model runs in a child process, one for each process that calls this function, and stays loaded. Raises
    `SettingsError` or `ModelError` if the settings or the model cannot be used, and `MachineError` if this machine
    cannot process articles: try again, on another machine.
    """
    return tables_of(_answers(table, dict(options or {}), dict(fields or {}), environ))


def answer_batches(
    batches: Iterable[pa.RecordBatch],
    *,
    options: Mapping[str, Any] | None = None,
    fields: Mapping[str, str] | None = None,
    environ: Mapping[str, str] | None = None,
) -> Iterator[pa.RecordBatch]:
    """Yield a batch for each of `batches`: the table `articles` with the columns `quote_rows` and `speaker_rows`.

    This is `answer_batch` for engines whose functions return one table, such as Spark's `mapInArrow`. The schema is
    `service.archive.tables.ANSWERS`; `tables_of` divides such a table into three.
    """
    for batch in batches:
        table = pa.Table.from_batches([batch])
        yield from _answers(table, dict(options or {}), dict(fields or {}), environ).combine_chunks().to_batches()


def _answers(
    table: pa.Table, options: dict[str, Any], fields: dict[str, str], environ: Mapping[str, str] | None
) -> pa.Table:
    from service.parsing.load import load_parser

    settings = _settings(tuple(sorted((environ or {}).items())))
    article_options = ArticleOptions(load_parser, settings, options, fields)
    result = _articles(table, fields, settings.max_bytes)
    return pa.Table.from_pylist(list(_process(article_options).rows(result)), ANSWERS)


def _articles(
    table: pa.Table, fields: Mapping[str, str], max_bytes: int
) -> Iterator[tuple[str, InputArticle | Refused]]:
    identifier = fields.get("id", "id")
    number = 0
    for batch in table.to_batches(_ROWS):
        for row in rows_of_batch(batch):
            number += 1
            named = row.pop(KEY, None) or row.get(identifier)
            relative_path = f"{number:06}" if named is None else str(named)
            yield relative_path, row_article(row, shown(relative_path), relative_path, fields, max_bytes)


@lru_cache(maxsize=8)
def _settings(environ: tuple[tuple[str, str], ...]) -> Settings:
    return replace(Settings.from_environment(dict(environ)), workers=cores())  # a process has one core


_PROCESSES: dict[tuple[int, str], ArticleRows] = {}


def _process(options: ArticleOptions) -> ArticleRows:
    """Return this process's child process for such articles: a copy of the parent's, after a fork, is not used."""
    key = (os.getpid(), repr((options.settings, sorted(options.options.items()), sorted(options.fields.items()))))
    if key not in _PROCESSES:
        for other in [other for other in _PROCESSES if other[0] == key[0]]:
            _PROCESSES.pop(other).end()
        _PROCESSES[key] = ArticleRows(options)
    return _PROCESSES[key]

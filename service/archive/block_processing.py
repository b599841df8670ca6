"""Process one block of an archive on this machine, and find out whether a failure is this machine's.

An unreadable row is refused; a file that cannot be reached is a machine's fault.
"""

import json
import os
import socket
import traceback
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.request import ARTICLE_FIELDS
from service import __version__
from service.archive.archive_blocks import Block, is_parquet
from service.archive.article_rows import ArticleOptions, ArticleRows
from service.archive.cells import fingerprint, row_article, rows_of_batch
from service.archive.folder import ABOUT, RUN, Done, write_block
from service.archive.publish import fingerprints
from service.archive.storage import delete, join, open_input, read_whole, size_of, without_secrets, write_whole
from service.archive.tables import FileEntry
from service.errors import MachineError, PullquoteError
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
                for result in single_article(_named(file), content, max_bytes):
                    yield file.relative_path, result
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
        for number, result in rows:
            yield f"{file.relative_path}/{number:06}", result


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
    columns = [item.name for item in parquet.schema_arrow if item.name in named or _is_kept(item.type)]
    for batch in parquet.iter_batches(_ROWS, row_groups=[group], columns=columns):
        yield from rows_of_batch(batch)


def _is_kept(kind: pa.DataType) -> bool:
    """Return whether a column is kept in `extra`: everything but vectors of numbers, which are embeddings."""
    listed = pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind)
    return not (listed and pa.types.is_floating(kind.value_type))


def _read_bytes(row_group: Any, content: Any) -> None:
    """Read the bytes of a row group without decoding them. Raises OSError."""
    columns = [row_group.column(number) for number in range(row_group.num_columns)]
    start = min(min(item.data_page_offset, item.dictionary_page_offset or item.data_page_offset) for item in columns)
    content.seek(start)
    left = sum(item.total_compressed_size for item in columns)
    while left > 0:
        read = len(content.read(min(left, _CHUNK)))
        if not read:
            return  # the file is shorter than its metadata say
        left -= read


@dataclass(frozen=True, slots=True)
class Order:
    """The job of every block: what results depend on, the output folder, and what every machine must have.

    `about` is stored in every file. `samples` are files of the input with their sizes. `version` and `model` are those
    of the machine that gives the order.
    """

    articles: ArticleOptions
    folder: str
    about: str
    samples: tuple[tuple[str, int], ...]
    version: str
    model: str
    index: tuple[FileEntry, ...] = ()  # the files with the fingerprints of the earlier snapshot


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a block: `done`, or the reason why it `failed`, or why this `machine` cannot process any."""

    done: Done | None = None
    failed: str | None = None
    machine: str | None = None


_SAMPLES: Final = 3


def order_of(
    articles: ArticleOptions,
    folder: str,
    about: str,
    files: Sequence[tuple[Input, int]],
    model: str,
    index: Sequence[FileEntry] = (),
) -> Order:
    """Return the order for an archive of `files`, given with their sizes.

    `index` are the files with the fingerprints of an archive that grows.
    """
    readable = [(file.path, size) for file, size in files if file.problem is None]
    samples = tuple(readable[at] for at in sorted({0, len(readable) // 2, len(readable) - 1}) if readable)[:_SAMPLES]
    return Order(articles, folder, about, samples, __version__, model, tuple(index))


def problem_here(order: Order) -> str | None:
    """Return why this machine cannot process blocks, or None: its installation and the paths are not the run's.

    The output must hold the file that the run's first machine wrote there, and must be writable.
    """
    from service.parsing.load import check_model, identity

    settings = order.articles.settings
    try:
        if __version__ != order.version:
            return f"has Pullquote {__version__}, but the run uses {order.version}"
        check_model(settings)
        if identity(settings) != order.model:
            return f"has the model {identity(settings)!r}, but the run uses {order.model!r}"
        for path, size in order.samples:
            if (result := size_of(path)) != size:
                what = "does not exist" if result is None else f"has {result} bytes, not {size}"
                return f"{without_secrets(path)}: {what}"
        if json.loads(read_whole(join(order.folder, ABOUT)) or b"{}") != json.loads(order.about):
            return f"{without_secrets(order.folder)}: is not the run's output folder on this machine"
        probe = join(order.folder, RUN, f"probe-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex}")
        write_whole(probe, b"x")
        delete(probe)
    except (PullquoteError, OSError, ValueError) as error:
        return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)
    return None


class BlockProcessor:
    """Processes blocks one by one. The model runs in a child process, which starts with the first article."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._rows = ArticleRows(order.articles)

    def outcome(self, block: Block) -> Outcome:
        """Process and write `block`. A failure is the machine's if the machine fails its check, too."""
        try:
            return Outcome(done=self.answer(block))
        except Exception as error:
            machine = problem_here(self._order)
            if machine is not None:
                return Outcome(machine=machine)
            known = isinstance(error, PullquoteError)
            return Outcome(failed=str(error) if known else "".join(traceback.format_exception(error)[-2:]).strip())

    def answer(self, block: Block) -> Done:
        """Process and write `block`. Raises `MachineError`, `ModelError`, `OutputError`, or what is a bug."""
        order, articles = self._order, self._order.articles
        result = block_articles(block, articles.settings.max_bytes, articles.fields)
        changed: list[str] = []
        if order.index:
            everything = list(result)
            known = fingerprints(order.folder, order.index, [name for name, _ in everything])
            new = [(name, one) for name, one in everything if name not in known or known[name] != _fingerprint(one)]
            changed = [name for name, _ in new if name in known]
            unchanged = len(everything) - len(new)
            result = iter(new)
        else:
            unchanged = 0
        rows = list(self._rows.rows(result))
        if len(rows) + unchanged != block.articles:
            raise MachineError(f"{len(rows)} of {block.articles} articles were found in {block.files[0].path}.")
        return write_block(order.folder, block, rows, order.about, unchanged, changed)

    def end(self) -> None:
        """End the child process."""
        self._rows.end()


def _fingerprint(found: InputArticle | Refused) -> str | None:
    return fingerprint(found) if isinstance(found, InputArticle) else None

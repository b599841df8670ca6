"""Read the articles of a table, CSV or XLSX, one per row below a header, or of a JSON array."""

import csv
import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO, TextIOWrapper
from itertools import chain
from typing import IO, Any, Final

from schemas.line import as_text
from service.files.inputs import Input
from service.files.names import shown
from service.files.outcomes import Refused, Sent

_DELIMITERS: Final = ",;\t|"
_LONGEST_HEADER: Final = 100_000  # characters
_NO_XLSX: Final = "is an Excel workbook, which needs pullquote[files]. Install it."


def rows_of(
    file: Input, content: IO[bytes], max_bytes: int, fields: Mapping[str, str]
) -> Iterator[tuple[int, Sent | Refused]]:
    """Yield the number of each non-empty row, as spreadsheets count (the header is 1), and its article.

    An article is a line of JSON Lines: the cells by the names in the header, without empty ones. `fields` maps fields
    of a request to columns. A table without a text column is rejected as a whole.
    """
    if file.form == "json":
        yield from _objects(file, content.read(), max_bytes)
        return
    try:
        table = _cells_of_xlsx(content) if file.form == "xlsx" else _cells_of_csv(content, max_bytes)
        header = next(table, None)
        names = [str(name or "").strip() for name in header or ()]
        problem = _problem(names, fields)
        if problem is not None:
            yield 1, Refused(shown(file.path), problem)
            return
        for number, cells in enumerate(table, start=2):
            if any(cell not in (None, "") for cell in cells):
                yield number, _article(file, number, names, cells, max_bytes)
    except UnicodeDecodeError as error:
        yield 1, Refused(shown(file.path), f"is not UTF-8 ({error.reason}). Save it as CSV UTF-8.")
    except (csv.Error, ValueError, KeyError, zipfile.BadZipFile) as error:
        yield 1, Refused(shown(file.path), f"is not a readable table: {error}.")
    except ImportError:
        yield 1, Refused(shown(file.path), _NO_XLSX)


def _objects(file: Input, content: bytes, max_bytes: int) -> Iterator[tuple[int, Sent | Refused]]:
    """Yield the articles of a JSON file: one object, or an array of objects."""
    try:
        whole = json.loads(content)
    except (ValueError, RecursionError) as error:
        yield 1, Refused(shown(file.path), f"is not JSON: {error}.", len(content))
        return
    for number, one in enumerate(whole if isinstance(whole, list) else [whole], start=1):
        yield number, _sent(file, number, one, max_bytes)


def _problem(names: Sequence[str], fields: Mapping[str, str]) -> str | None:
    """Return why a table with these columns has no articles, or None."""
    if not any(names):
        return "has no header: the first row must name the columns."
    twice = next((name for name in names if name and names.count(name) > 1), None)
    if twice is not None:
        return f"has two columns {twice!r}. Rename one."
    if missing := [column for column in fields.values() if column not in names]:
        return f"has no column {missing[0]!r}; its columns are {_listed(names)}."
    if not {"text", "html"} & {*names, *fields}:
        return f"has no column 'text' or 'html'; its columns are {_listed(names)}. Name one with --field text=COLUMN."
    return None


def _listed(names: Sequence[str]) -> str:
    return ", ".join(repr(name) for name in names if name)[:300]


def _article(file: Input, number: int, names: Sequence[str], cells: Sequence[Any], max_bytes: int) -> Sent | Refused:
    name = shown(f"{file.path}:{number}")
    if any(cell not in (None, "") for cell in cells[len(names) :]):
        return Refused(name, f"has {len(cells)} cells, but the header has {len(names)}.")
    row = {
        column: _plain(cell) for column, cell in zip(names, cells, strict=False) if column and cell not in (None, "")
    }
    return _sent(file, number, row, max_bytes)


def _sent(file: Input, number: int, article: object, max_bytes: int) -> Sent | Refused:
    name = shown(f"{file.path}:{number}")
    line = json.dumps(article, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(line) > max_bytes:
        return Refused(name, f"has more bytes than the limit of {max_bytes}. Split it.", len(line))
    return Sent(name, "jsonl", f"{file.place}/{number:06}", line)


def _plain(cell: Any) -> Any:
    """Convert a cell to its JSON value."""
    if isinstance(cell, date):
        return as_text(cell)
    if isinstance(cell, float) and cell.is_integer():
        return int(cell)
    return cell if isinstance(cell, str | int | float | bool) else str(cell)


def _cells_of_csv(content: IO[bytes], max_bytes: int) -> Iterator[list[str]]:
    """Yield the rows of a CSV in UTF-8. The delimiter is the most frequent candidate in the header."""
    csv.field_size_limit(max_bytes)
    text = TextIOWrapper(content, encoding="utf-8-sig", newline="")
    try:
        header = text.readline(_LONGEST_HEADER)
        delimiter = max(_DELIMITERS, key=header.count)
        yield from csv.reader(chain([header], text), delimiter=delimiter, strict=True)
    finally:
        text.detach()


def _cells_of_xlsx(content: IO[bytes]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a workbook's first sheet, with the values of formulas. Raises `ImportError` without
    openpyxl."""
    from openpyxl import load_workbook

    whole = content if content.seekable() else BytesIO(content.read())
    workbook = load_workbook(whole, read_only=True, data_only=True)
    try:
        yield from workbook.worksheets[0].iter_rows(values_only=True)
    finally:
        workbook.close()

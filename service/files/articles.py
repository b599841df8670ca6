"""The articles in a file, as bytes: one in a text, a page or a document, one per line of JSON lines or row of a table.

The text of a PDF is extracted with pypdf, that of a DOCX with python-docx, both from pullquote[files].
"""

import csv
import json
import logging
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from io import BytesIO, TextIOWrapper
from itertools import chain
from typing import IO, Any, Final, Literal

import click

from schemas.request import as_text
from service.errors import Fault, Invalid
from service.files.inputs import NO_FIELDS, TABLES, Form, Input, InputArticle, Refused, shown

DocumentForm = Literal["pdf", "docx"]

_HYPHENATED: Final = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_BLANK: Final = re.compile(r"\n\s*\n")
_NAMES: Final[dict[DocumentForm, str]] = {"pdf": "PDF", "docx": "Word document"}


def read_document(content: bytes, form: DocumentForm) -> str:
    """Return the text of a document, with blank lines between its paragraphs as far as they can be detected.

    In a PDF, words hyphenated at line ends are joined. Raises `Invalid` if the document cannot be read, has no text, or
    pullquote[files] is not installed.
    """
    try:
        text = "\n".join(_pages(content)) if form == "pdf" else "\n\n".join(_paragraphs(content))
    except ImportError:
        raise _refused(f"is a {_NAMES[form]}, which needs pullquote[files]. Install it.") from None
    except Invalid:
        raise
    except Exception as error:  # both libraries raise various errors for broken files
        raise _refused(f"is not a readable {_NAMES[form]} ({type(error).__name__}).") from None
    if not text.strip():
        raise _refused("has no text. If its pages are images, run text recognition (OCR) first.")
    return text


def _pages(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs warnings about malformed files
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _refused("is protected by a password. Save it without one.")
    for page in reader.pages:
        text = _BLANK.sub("\n\n", page.extract_text().replace("\0", ""))
        yield _HYPHENATED.sub("", text).strip("\n")


def _paragraphs(content: bytes) -> Iterator[str]:
    """Yield the paragraphs and the cells of tables, in order; headers, footers and comments are skipped."""
    from docx import Document
    from docx.table import Table

    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row.cells if cell.text.strip())
        elif block.text.strip():
            yield block.text


def _refused(detail: str) -> Invalid:
    return Invalid((Fault("/text", detail),))


_DELIMITERS: Final = ",;\t|"
_MAX_HEADER: Final = 100_000  # characters
_NO_XLSX: Final = "is an Excel workbook, which needs pullquote[files]. Install it."


def rows_of(
    file: Input, content: IO[bytes], max_bytes: int, fields: Mapping[str, str]
) -> Iterator[tuple[int, InputArticle | Refused]]:
    """Yield the number of each non-empty row, as spreadsheets count (the header is 1), and its article.

    An article is a line of JSON Lines: the cells by the names in the header, without empty ones. `fields` maps fields
    of a request to columns. A table without a text column is rejected as a document.
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


def _objects(file: Input, content: bytes, max_bytes: int) -> Iterator[tuple[int, InputArticle | Refused]]:
    """Yield the articles of a JSON file: one object, or an array of objects."""
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        yield 1, Refused(shown(file.path), f"is not JSON: {error}.", len(content))
        return
    for number, one in enumerate(document if isinstance(document, list) else [document], start=1):
        yield number, _input_article(file, number, one, max_bytes)


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


def _article(
    file: Input, number: int, names: Sequence[str], cells: Sequence[Any], max_bytes: int
) -> InputArticle | Refused:
    name = shown(f"{file.path}:{number}")
    if any(cell not in (None, "") for cell in cells[len(names) :]):
        return Refused(name, f"has {len(cells)} cells, but the header has {len(names)}.")
    row = {
        column: _plain(cell) for column, cell in zip(names, cells, strict=False) if column and cell not in (None, "")
    }
    return _input_article(file, number, row, max_bytes)


def _input_article(file: Input, number: int, article: object, max_bytes: int) -> InputArticle | Refused:
    name = shown(f"{file.path}:{number}")
    line = json.dumps(article, ensure_ascii=False).encode("utf-8", "surrogatepass")
    if len(line) > max_bytes:
        return Refused(name, f"has more bytes than the limit of {max_bytes}. Split it.", len(line))
    return InputArticle(name, "jsonl", f"{file.relative_path}/{number:06}", line)


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
        header = text.readline(_MAX_HEADER)
        delimiter = max(_DELIMITERS, key=header.count)
        yield from csv.reader(chain([header], text), delimiter=delimiter, strict=True)
    finally:
        text.detach()


def _cells_of_xlsx(content: IO[bytes]) -> Iterator[Sequence[Any]]:
    """Yield the rows of a workbook's first sheet, with the values of formulas. Raises `ImportError` without
    openpyxl."""
    from openpyxl import load_workbook

    document = content if content.seekable() else BytesIO(content.read())
    workbook = load_workbook(document, read_only=True, data_only=True)
    try:
        yield from workbook.worksheets[0].iter_rows(values_only=True)
    finally:
        workbook.close()


# PDF and DOCX: the size includes pictures and fonts, which are not read.
_MAX_DOCUMENT_BYTES: Final = 50_000_000
_DOCUMENTS: Final[frozenset[Form]] = frozenset({"pdf", "docx"})


def articles_of(file: Input, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS) -> Iterator[InputArticle | Refused]:
    """Yield the articles of `file`. Those of more than `max_bytes` are rejected; blank lines are skipped.

    `fields` maps fields of a request to the columns of a table that replace them.
    """
    if file.problem is not None:
        yield Refused(shown(file.path), file.problem)
        return
    try:
        with click.open_file(file.path, "rb") as content:
            if file.form == "jsonl":
                yield from (result for _, result in lines_of(file, content, max_bytes))
            elif file.form in TABLES:
                yield from (result for _, result in rows_of(file, content, max_bytes, fields))
            else:
                yield from single_article(file, content, max_bytes)
    except OSError as error:
        yield Refused(shown(file.path), f"{error.strerror or error}.", machine=True)


def single_article(file: Input, content: IO[bytes], max_bytes: int) -> Iterator[InputArticle | Refused]:
    """Yield the article that is the whole of `content`, or its refusal."""
    max_bytes = _MAX_DOCUMENT_BYTES if file.form in _DOCUMENTS else max_bytes
    read = content.read(max_bytes + 1)
    if len(read) > max_bytes:
        yield Refused(shown(file.path), f"has more bytes than the limit of {max_bytes}. Split it.", len(read))
    else:
        yield InputArticle(shown(file.path), file.form, file.relative_path, read)


def lines_of(
    file: Input, content: IO[bytes], max_bytes: int, before: int = 0
) -> Iterator[tuple[int, InputArticle | Refused]]:
    """Yield each line's number and article from `content`, which starts after `before` lines.

    When an article is yielded, `content` has been read to the end of its line.
    """
    number = before
    while line := content.readline(max_bytes + 2):
        number += 1
        name = shown(f"{file.path}:{number}")
        size = len(line)
        rest = line
        while rest and not rest.endswith(b"\n"):  # skip the rest of an overlong line without holding it in memory
            rest = content.readline(max_bytes)
            size += len(rest)
        line = line.rstrip(b"\r\n")
        if len(line) > max_bytes:
            yield number, Refused(name, f"has more bytes than the limit of {max_bytes}. Split it.", size)
        elif line.strip():
            yield number, InputArticle(name, file.form, f"{file.relative_path}/{number:06}", line)

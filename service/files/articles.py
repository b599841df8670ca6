"""Read the articles of a file as bytes: one from a text, a page or a document, one per line or row of other files."""

from collections.abc import Iterator, Mapping
from typing import IO, Final

import click

from service.files.inputs import TABLES, Form, Input
from service.files.names import shown
from service.files.outcomes import Refused, Sent
from service.files.tables import rows_of
from service.files.wanted import NO_FIELDS

# PDF and DOCX: the size includes pictures and fonts, which are not read.
_LARGEST_DOCUMENT: Final = 50_000_000
_DOCUMENTS: Final[frozenset[Form]] = frozenset({"pdf", "docx"})


def articles_of(file: Input, max_bytes: int, fields: Mapping[str, str] = NO_FIELDS) -> Iterator[Sent | Refused]:
    """Yield the articles of `file`. Those of more than `max_bytes` are rejected; blank lines are skipped.

    `fields` maps fields of a request to the columns of a table that replace them.
    """
    if file.problem is not None:
        yield Refused(shown(file.path), file.problem)
        return
    try:
        with click.open_file(file.path, "rb") as content:
            if file.form == "jsonl":
                yield from (found for _, found in lines_of(file, content, max_bytes))
            elif file.form in TABLES:
                yield from (found for _, found in rows_of(file, content, max_bytes, fields))
            else:
                yield from _whole(file, content, max_bytes)
    except OSError as error:
        yield Refused(shown(file.path), f"{error.strerror or error}.")


def _whole(file: Input, content: IO[bytes], max_bytes: int) -> Iterator[Sent | Refused]:
    max_bytes = _LARGEST_DOCUMENT if file.form in _DOCUMENTS else max_bytes
    read = content.read(max_bytes + 1)
    if len(read) > max_bytes:
        yield Refused(shown(file.path), f"has more bytes than the limit of {max_bytes}. Split it.", len(read))
    else:
        yield Sent(shown(file.path), file.form, file.place, read)


def lines_of(file: Input, content: IO[bytes], max_bytes: int, before: int = 0) -> Iterator[tuple[int, Sent | Refused]]:
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
            yield number, Sent(name, file.form, f"{file.place}/{number:06}", line)

"""Input files: which files are read and how, the options of their output, and the outcomes of an article."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Final, Literal

import click

from service.extraction.report import Corrections

Form = Literal["text", "html", "jsonl", "json", "csv", "xlsx", "docx", "pdf"]

STDIN: Final = "-"
FORMS: Final[dict[str, Form]] = {
    ".txt": "text", ".html": "html", ".htm": "html", ".jsonl": "jsonl", ".ndjson": "jsonl",
    ".csv": "csv", ".tsv": "csv", ".xlsx": "xlsx", ".docx": "docx", ".pdf": "pdf",
}  # fmt: skip
TABLES: Final[frozenset[Form]] = frozenset({"csv", "xlsx", "json"})
SEVERAL: Final[frozenset[Form]] = TABLES | {"jsonl"}  # files with an article in each line or row
# Unsupported documents, and the format to save them as. They are reported by name, also in a folder.
UNREADABLE: Final[dict[str, str]] = {
    ".doc": "DOCX", ".rtf": "DOCX", ".odt": "DOCX", ".pages": "DOCX", ".epub": "TXT or HTML", ".xls": "XLSX",
    ".ods": "XLSX", ".numbers": "XLSX",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """An input file. `relative_path` is its path in the output folder; `problem` is the reason why it cannot be
    read."""

    path: str
    form: Form
    relative_path: str
    problem: str | None = None


def find_inputs(
    paths: Sequence[str], form: Form | None, without: Path | None = None, forms: Mapping[str, Form] = FORMS
) -> list[Input]:
    """List the files of `paths`, in order; those of a folder by name.

    A file's form is `form`, else the one that `forms` gives for its extension, else text. In a folder, these are
    skipped: JSON, which holds results and settings there; files with other extensions; hidden ones; pipes and the like;
    and those below `without`. A folder with no files left has a problem, and so have unsupported documents
    (`UNREADABLE`). Links to folders are not followed.
    """
    result: list[Input] = []
    for path in paths:
        if path == STDIN:
            result.append(Input(path, form or "text", "stdin"))
        elif os.path.isdir(path):
            inside = list(_in_folder(path, form, without and without.resolve(), forms))
            nothing = f"contains no file with the extension {', '.join(forms)}."
            result += inside or [Input(path, "text", "", nothing)]
        else:
            result.append(named(path, form, os.path.basename(path), forms))
    return result


def _in_folder(root: str, form: Form | None, without: Path | None, forms: Mapping[str, Form]) -> Iterator[Input]:
    closed: list[OSError] = []
    for folder, folders, files in os.walk(root, onerror=closed.append):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and Path(folder, name).resolve() != without
        )  # os.walk descends into the folders left in this list
        for name in sorted(files):
            path = os.path.join(folder, name)
            if is_known(name, forms) and not _never_ends(path):
                yield named(path, form, os.path.relpath(path, root), forms)
    for error in closed:
        yield Input(str(error.filename), "text", "", f"{error.strerror}.")


def is_known(name: str, forms: Mapping[str, Form]) -> bool:
    """Return whether a file in a folder is read or reported, by its name."""
    return name[0] != "." and (_ending(name) in forms or _ending(name) in UNREADABLE)


def _never_ends(path: str) -> bool:
    """Return whether `path` is a pipe, a socket or a device, which could block. A broken link is not."""
    return os.path.exists(path) and not os.path.isfile(path)


def named(path: str, form: Form | None, relative_path: str, forms: Mapping[str, Form]) -> Input:
    """Return the file at `path`, read as `form` or as its extension says. Unsupported documents have a problem."""
    ending = _ending(path)
    if form is None and ending in UNREADABLE:
        return Input(
            path,
            "text",
            relative_path,
            f"is in a format that is not supported ({ending}). Save it as {UNREADABLE[ending]}.",
        )
    return Input(path, form or forms.get(ending) or ("json" if ending == ".json" else "text"), relative_path)


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()


_MAX_NAME: Final = 200  # characters, the limit of `id`


def shown(path: str) -> str:
    """Return a path in printable characters, truncated to its end if it is too long for an article's `id`."""
    name = click.format_filename(path)
    return name if len(name) <= _MAX_NAME else f"…{name[1 - _MAX_NAME :]}"


NO_FIELDS: Final[Mapping[str, str]] = MappingProxyType({})
FormatName = Literal["jsonl", "json", "csv", "html", "text"]


@dataclass(frozen=True, slots=True)
class TextStyle:
    """The style of `text` output: line width in columns, whether to use bold and dim, and whether to use colours."""

    width: int = 80
    styled: bool = False
    coloured: bool = False


@dataclass(frozen=True, slots=True)
class OutputOptions:
    """The format, the request's options as JSON (only those given), and the style of `text`.

    `fields` maps fields of a request to the columns or fields of a line that replace them. `bom`: CSV begins with a
    byte order mark. `corrections` are applied to the articles that they are for; with `only_corrected`, other articles
    are refused.
    """

    format: FormatName
    options: dict[str, Any]
    style: TextStyle
    fields: dict[str, str] = field(default_factory=dict)
    bom: bool = False
    corrections: tuple[Corrections, ...] = ()
    only_corrected: bool = False


@dataclass(frozen=True, slots=True)
class InputArticle:
    """An article as read.

    `name` identifies it in messages; `relative_path` is the path of its result in an output folder.
    """

    name: str
    form: Form
    relative_path: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Processed:
    """An article's result, in the chosen format."""

    input_article: InputArticle
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A rejected article or file, with the reason. `size` is the number of bytes read.

    `machine`: the cause can be the machine, such as a lack of memory; another try can succeed.
    """

    name: str
    reason: str
    size: int = 0
    machine: bool = False


@dataclass(frozen=True, slots=True)
class Skipped:
    """An article whose result is up to date. `size` is its own, in bytes."""

    size: int


Outcome = Processed | Refused | Skipped

"""Find the input files: those named, and those in folders that have an article's extension."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

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
    """An input file. `place` is its path in the output folder; `problem` is the reason why it cannot be read."""

    path: str
    form: Form
    place: str
    problem: str | None = None


def find_inputs(
    paths: Sequence[str], form: Form | None, without: Path | None = None, forms: Mapping[str, Form] = FORMS
) -> list[Input]:
    """List the files of `paths`, in order; those of a folder by name.

    A file's form is `form`, else what `forms` says of its name's end, else text. JSON is read where it is named, and
    left out of folders, which hold answers and settings in it. Documents that cannot be read
    (`UNREADABLE`) have a problem. In a folder, files with other endings, hidden ones, pipes and the like, and those
    below `without` are left out; a folder without any has a problem. Links to folders are not followed.
    """
    found: list[Input] = []
    for path in paths:
        if path == STDIN:
            found.append(Input(path, form or "text", "stdin"))
        elif os.path.isdir(path):
            inside = list(_in_folder(path, form, without and without.resolve(), forms))
            nothing = f"contains no file with the extension {', '.join(forms)}."
            found += inside or [Input(path, "text", "", nothing)]
        else:
            found.append(_named(path, form, os.path.basename(path), forms))
    return found


def _in_folder(top: str, form: Form | None, without: Path | None, forms: Mapping[str, Form]) -> Iterator[Input]:
    closed: list[OSError] = []
    for folder, folders, files in os.walk(top, onerror=closed.append):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and Path(folder, name).resolve() != without
        )  # os.walk descends into the folders left in this list
        for name in sorted(files):
            path = os.path.join(folder, name)
            known = _ending(name) in forms or _ending(name) in UNREADABLE
            if known and name[0] != "." and not _never_ends(path):
                yield _named(path, form, os.path.relpath(path, top), forms)
    for error in closed:
        yield Input(str(error.filename), "text", "", f"{error.strerror}.")


def _never_ends(path: str) -> bool:
    """Return whether `path` is a pipe, a socket or a device, which could block. A broken link is not."""
    return os.path.exists(path) and not os.path.isfile(path)


def _named(path: str, form: Form | None, place: str, forms: Mapping[str, Form]) -> Input:
    ending = _ending(path)
    if form is None and ending in UNREADABLE:
        return Input(
            path,
            "text",
            place,
            f"is in a format that is not supported ({ending}). Save it as {UNREADABLE[ending]}.",
        )
    return Input(path, form or forms.get(ending) or ("json" if ending == ".json" else "text"), place)


def _ending(path: str) -> str:
    return os.path.splitext(path)[1].lower()

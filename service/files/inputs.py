"""Which files are read: those that are named, and in folders those whose names end as an article's do."""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

Form = Literal["text", "html", "jsonl"]

STDIN: Final = "-"
FORMS: Final[dict[str, Form]] = {
    ".txt": "text", ".html": "html", ".htm": "html", ".jsonl": "jsonl", ".ndjson": "jsonl",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Input:
    """One file. `place` is its path in the folder that answers are written to; `problem` why it cannot be read."""

    path: str
    form: Form
    place: str
    problem: str | None = None


def find_inputs(
    paths: Sequence[str], form: Form | None, without: Path | None = None, forms: Mapping[str, Form] = FORMS
) -> list[Input]:
    """Return the files of `paths`, in order, those of a folder by name.

    A file's form is `form`, else what `forms` says of its name's end, else text. In a folder, files with other endings,
    hidden ones, pipes and the like, and those below `without` are left out; a folder without any has a problem. Links
    to folders are not followed.
    """
    found: list[Input] = []
    for path in paths:
        if path == STDIN:
            found.append(Input(path, form or "text", "stdin"))
        elif os.path.isdir(path):
            inside = list(_in_folder(path, form, without and without.resolve(), forms))
            nothing = f"holds no file that ends in {', '.join(forms)}."
            found += inside or [Input(path, "text", "", nothing)]
        else:
            found.append(Input(path, form or _form(path, forms) or "text", os.path.basename(path)))
    return found


def _in_folder(top: str, form: Form | None, without: Path | None, forms: Mapping[str, Form]) -> Iterator[Input]:
    closed: list[OSError] = []
    for folder, folders, files in os.walk(top, onerror=closed.append):
        folders[:] = sorted(
            name for name in folders if name[0] != "." and Path(folder, name).resolve() != without
        )  # os.walk goes where this list says
        for name in sorted(files):
            known = _form(name, forms)
            path = os.path.join(folder, name)
            if known and name[0] != "." and not _never_ends(path):
                yield Input(path, form or known, os.path.relpath(path, top))
    for error in closed:
        yield Input(str(error.filename), "text", "", f"{error.strerror}.")


def _never_ends(path: str) -> bool:
    """Whether `path` is a pipe, a socket or a device, which would be waited for; a link to nothing is none."""
    return os.path.exists(path) and not os.path.isfile(path)


def _form(path: str, forms: Mapping[str, Form]) -> Form | None:
    return forms.get(os.path.splitext(path)[1].lower())

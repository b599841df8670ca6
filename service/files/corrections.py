"""Reads files of corrections: one, or all of a folder."""

import json
from pathlib import Path
from typing import Final

from schemas.corrections import load_corrections
from service.errors import InputError, Invalid
from service.extraction.report import Corrections

_SUFFIX: Final = ".json"
_MAX_BYTES: Final = 5_000_000


def read_corrections(path: Path) -> tuple[Corrections, ...]:
    """Return the corrections of the file at `path`, or of each JSON file in the folder at `path`, by name.

    Raises `InputError` if a file cannot be read or does not have the format of docs/corrections.md.
    """
    if path.is_dir():
        return tuple(_read(file) for file in sorted(path.iterdir()) if file.suffix == _SUFFIX and file.is_file())
    return (_read(path),)


def _read(path: Path) -> Corrections:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} has more than {_MAX_BYTES} bytes, the limit of a corrections file.")
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON in UTF-8: {error}.") from None
    try:
        return load_corrections(document)
    except Invalid as error:
        raise InputError(f"{path} is not a corrections file (docs/corrections.md): {error}.") from None

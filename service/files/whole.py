"""A file is written whole or not at all."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, part: Path, write: Callable[[BinaryIO], object]) -> None:
    """Put what `write` writes into the place of what is at `path`, so that nobody ever sees a part of it.

    `part` is where it stands until then, on the same file system; it is gone afterwards. Raises OSError.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(part, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except BaseException:
        part.unlink(missing_ok=True)
        raise

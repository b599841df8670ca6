"""Write files atomically."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO


def write_whole(path: Path, part: Path, write: Callable[[BinaryIO], object]) -> None:
    """Replace the file at `path` atomically by what `write` writes.

    `part` is a temporary path on the same file system; it is gone afterwards. Raises OSError.
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

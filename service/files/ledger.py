"""The ledger of a folder of answers: a file of lines that one run at a time may write to."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from service.errors import OutputError


@contextmanager
def open_ledger(file: Path) -> Iterator[IO[bytes]]:
    """The ledger at `file`, open to be read and added to; its folder is made where it is not there.

    Raises `OutputError` where it cannot be written, or where another run is writing into the folder.
    """
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ledger = open(file, "a+b")  # noqa: SIM115  # it is closed below
    except OSError as error:
        raise OutputError(f"{folder} cannot be written: {error.strerror}.") from error
    with ledger:
        try:
            fcntl.flock(ledger, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(f"Another run is writing into {folder}. Wait for it, or name another folder.") from None
        yield ledger

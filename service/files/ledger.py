"""The ledger of a folder of answers: a file of lines that one run at a time may write to."""

import fcntl
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, TypeVar

from service.errors import OutputError

Entry = TypeVar("Entry")


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


def entries_of(ledger: IO[bytes], read: Callable[[Any], Entry]) -> Iterator[Entry]:
    """What is written down, a line for each, as `read` makes it of the line's JSON.

    Lines that a sudden end has left unfinished are nothing, and are ended.
    """
    ledger.seek(0)
    line = b"\n"
    for line in ledger:
        with suppress(ValueError, KeyError, TypeError):
            yield read(json.loads(line))
    if not line.endswith(b"\n"):
        ledger.write(b"\n")

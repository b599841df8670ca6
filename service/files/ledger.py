"""The ledger of an output folder: a file of lines that only one run at a time can write."""

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
    """Open the ledger at `file` for reading and appending, and create its folder if needed.

    Raises `OutputError` if it cannot be written, or if another run is writing into the folder.
    """
    folder = file.parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        ledger = open(file, "a+b")  # noqa: SIM115  # closed below
    except OSError as error:
        raise OutputError(f"Cannot write to {folder}: {error.strerror}.") from error
    with ledger:
        try:
            fcntl.flock(ledger, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise OutputError(
                f"Another run is writing to {folder}. Wait for it to finish, or choose another folder."
            ) from None
        yield ledger


def entries_of(ledger: IO[bytes], read: Callable[[Any], Entry]) -> Iterator[Entry]:
    """Yield the entries, converted by `read` from each line's JSON.

    Incomplete lines, left by a crash, are skipped and terminated.
    """
    ledger.seek(0)
    line = b"\n"
    for line in ledger:
        with suppress(ValueError, KeyError, TypeError):
            yield read(json.loads(line))
    if not line.endswith(b"\n"):
        ledger.write(b"\n")

"""Output: one stream, or a folder with a file per article and a ledger; each file is written atomically."""

import fcntl
import hashlib
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any, BinaryIO, Final, Protocol, TypeVar

from service.errors import OutputError
from service.files.inputs import InputArticle
from service.files.processing import Format


def atomic_write(path: Path, part: Path, write: Callable[[BinaryIO], object]) -> None:
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


LEDGER: Final = ".pullquote.jsonl"  # one line per result with the hash of its input and settings; the last one counts
_PART: Final = ".part"


class Output(Protocol):
    """A destination of results."""

    def has(self, input_article: InputArticle) -> bool:
        """Return whether the result for `input_article` is up to date."""
        ...

    def write(self, input_article: InputArticle, text: str) -> None:
        """Write the result for `input_article`. Raises `OutputError`."""
        ...


class StreamOutput:
    """Writes results to a stream in UTF-8, flushing each one. Lets `BrokenPipeError` through: the reader closed the
    pipe."""

    def __init__(self, stream: BinaryIO, form: Format) -> None:
        self._stream = stream
        self._preamble = form.preamble

    def has(self, _: InputArticle) -> bool:
        """Return False: a stream's earlier content is unknown."""
        return False

    def write(self, _: InputArticle, text: str) -> None:
        """Write `text`; the first one follows the format's header."""
        try:
            self._stream.write((self._preamble + text).encode())
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"Cannot write to standard output: {error.strerror}.") from error
        self._preamble = ""


class FolderOutput:
    """Writes each result atomically to its own file, and records what it was computed from."""

    def __init__(self, folder: Path, form: Format, settings: str, ledger: IO[bytes]) -> None:
        self._folder = folder
        self._form = form
        self._settings = settings
        self._ledger = ledger
        self._made_of = dict(entries_of(ledger, lambda entry: (entry["answer"], entry["made_of"])))

    def has(self, input_article: InputArticle) -> bool:
        """Return whether there is a result of the same content under the same settings."""
        relative_path = self._relative_path(input_article)
        return (
            self._made_of.get(relative_path) == self._fingerprint(input_article)
            and (self._folder / relative_path).is_file()
        )

    def write(self, input_article: InputArticle, text: str) -> None:
        """Write `text`, then record what it was computed from. Unrecorded results are computed again."""
        relative_path = self._relative_path(input_article)
        try:
            path, content = self._folder / relative_path, (self._form.preamble + text).encode()
            atomic_write(path, path.with_name(f".{path.name}{_PART}"), lambda file: file.write(content))
            entry = {"answer": relative_path, "made_of": self._fingerprint(input_article)}
            self._ledger.write(json.dumps(entry).encode() + b"\n")
            self._ledger.flush()
        except OSError as error:
            raise OutputError(f"Cannot write {self._folder / relative_path}: {error.strerror}.") from error

    def _relative_path(self, input_article: InputArticle) -> str:
        return input_article.relative_path + self._form.suffix

    def _fingerprint(self, input_article: InputArticle) -> str:
        about = json.dumps([self._settings, input_article.form, input_article.name]).encode()
        return hashlib.sha256(about + b"\n" + input_article.content).hexdigest()


@contextmanager
def in_folder(folder: Path, form: Format, settings: str) -> Iterator[FolderOutput]:
    """Open a folder as an output, creating it if needed. `settings` is everything that results depend on except the
    article.

    Raises `OutputError` if it cannot be written, or if another run is writing into it.
    """
    with open_ledger(folder / LEDGER) as ledger:
        yield FolderOutput(folder, form, settings, ledger)

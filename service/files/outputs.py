"""Where results go: to standard output, or to a file per article in a folder."""

import hashlib
import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, BinaryIO, Final, Protocol

from service.errors import OutputError
from service.files.formats import Format
from service.files.ledger import entries_of, open_ledger
from service.files.outcomes import Sent
from service.files.whole import write_whole

LEDGER: Final = ".pullquote.jsonl"  # one line per result with the hash of its input and settings; the last one counts
_PART: Final = ".part"


class Output(Protocol):
    """A destination of results."""

    def has(self, sent: Sent) -> bool:
        """Return whether the result for `sent` is up to date."""
        ...

    def write(self, sent: Sent, text: str) -> None:
        """Write the result for `sent`. Raises `OutputError`."""
        ...


class OneAfterTheOther:
    """Writes results to a stream in UTF-8, flushing each one. Lets `BrokenPipeError` through: the reader closed the
    pipe."""

    def __init__(self, stream: BinaryIO, form: Format) -> None:
        self._stream = stream
        self._top = form.top

    def has(self, _: Sent) -> bool:
        """Return False: a stream's earlier content is unknown."""
        return False

    def write(self, _: Sent, text: str) -> None:
        """Write `text`; the first one follows the format's header."""
        try:
            self._stream.write((self._top + text).encode())
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"Cannot write to standard output: {error.strerror}.") from error
        self._top = ""


class InFolder:
    """Writes each result atomically to its own file, and records what it was made from."""

    def __init__(self, folder: Path, form: Format, settings: str, ledger: IO[bytes]) -> None:
        self._folder = folder
        self._form = form
        self._settings = settings
        self._ledger = ledger
        self._made_of = dict(entries_of(ledger, lambda entry: (entry["answer"], entry["made_of"])))

    def has(self, sent: Sent) -> bool:
        """Return whether there is a result of the same content, under the same settings."""
        place = self._place(sent)
        return self._made_of.get(place) == self._fingerprint(sent) and (self._folder / place).is_file()

    def write(self, sent: Sent, text: str) -> None:
        """Write `text`, then record what it was made from. Unrecorded results are made again."""
        place = self._place(sent)
        try:
            path, content = self._folder / place, (self._form.top + text).encode()
            write_whole(path, path.with_name(f".{path.name}{_PART}"), lambda file: file.write(content))
            entry = {"answer": place, "made_of": self._fingerprint(sent)}
            self._ledger.write(json.dumps(entry).encode() + b"\n")
            self._ledger.flush()
        except OSError as error:
            raise OutputError(f"Cannot write {self._folder / place}: {error.strerror}.") from error

    def _place(self, sent: Sent) -> str:
        return sent.place + self._form.suffix

    def _fingerprint(self, sent: Sent) -> str:
        about = json.dumps([self._settings, sent.form, sent.name]).encode()
        return hashlib.sha256(about + b"\n" + sent.content).hexdigest()


@contextmanager
def in_folder(folder: Path, form: Format, settings: str) -> Iterator[InFolder]:
    """Open a folder as an output, creating it if needed. `settings` is everything that results depend on except the
    article.

    Raises `OutputError` if it cannot be written, or if another run is writing into it.
    """
    with open_ledger(folder / LEDGER) as ledger:
        yield InFolder(folder, form, settings, ledger)

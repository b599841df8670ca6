"""Where answers go: to standard output one after the other, or into a folder, a file for each."""

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

LEDGER: Final = ".pullquote.jsonl"  # what each answer in the folder was made of: a line for each, the last one counts
_PART: Final = ".part"


class Output(Protocol):
    """What takes answers."""

    def has(self, sent: Sent) -> bool:
        """Whether the answer to `sent` is there already."""
        ...

    def write(self, sent: Sent, text: str) -> None:
        """Take the answer to `sent`. Raises `OutputError`."""
        ...


class OneAfterTheOther:
    """Writes answers to a stream, in UTF-8, each at once. Lets `BrokenPipeError` pass: nobody reads any more."""

    def __init__(self, stream: BinaryIO, form: Format) -> None:
        self._stream = stream
        self._top = form.top

    def has(self, _: Sent) -> bool:
        """Nothing is known of what a stream has taken."""
        return False

    def write(self, _: Sent, text: str) -> None:
        """Write `text`, the first one below the format's top."""
        try:
            self._stream.write((self._top + text).encode())
            self._stream.flush()
        except BrokenPipeError:
            raise
        except OSError as error:
            raise OutputError(f"Standard output cannot be written: {error.strerror}.") from error
        self._top = ""


class InFolder:
    """Writes each answer into a file of its own, whole or not at all, and knows what it was made of."""

    def __init__(self, folder: Path, form: Format, settings: str, ledger: IO[bytes]) -> None:
        self._folder = folder
        self._form = form
        self._settings = settings
        self._ledger = ledger
        self._made_of = dict(entries_of(ledger, lambda entry: (entry["answer"], entry["made_of"])))

    def has(self, sent: Sent) -> bool:
        """Whether there is an answer that was made of the same content, under the same settings."""
        place = self._place(sent)
        return self._made_of.get(place) == self._fingerprint(sent) and (self._folder / place).is_file()

    def write(self, sent: Sent, text: str) -> None:
        """Write `text`, then write down what it was made of: what is not written down is made again."""
        place = self._place(sent)
        try:
            path, content = self._folder / place, (self._form.top + text).encode()
            write_whole(path, path.with_name(f".{path.name}{_PART}"), lambda file: file.write(content))
            entry = {"answer": place, "made_of": self._fingerprint(sent)}
            self._ledger.write(json.dumps(entry).encode() + b"\n")
            self._ledger.flush()
        except OSError as error:
            raise OutputError(f"{self._folder / place} cannot be written: {error.strerror}.") from error

    def _place(self, sent: Sent) -> str:
        return sent.place + self._form.suffix

    def _fingerprint(self, sent: Sent) -> str:
        about = json.dumps([self._settings, sent.form, sent.name]).encode()
        return hashlib.sha256(about + b"\n" + sent.content).hexdigest()


@contextmanager
def in_folder(folder: Path, form: Format, settings: str) -> Iterator[InFolder]:
    """The folder as an output, made where it is not there; `settings` is all that an answer depends on but the article.

    Raises `OutputError` where it cannot be written, or where another run is writing into it.
    """
    with open_ledger(folder / LEDGER) as ledger:
        yield InFolder(folder, form, settings, ledger)

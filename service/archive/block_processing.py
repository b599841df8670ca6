"""Process one block of an archive on this machine, and find out whether a failure is this machine's."""

import json
import os
import socket
import traceback
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service import __version__
from service.archive.archive_blocks import Block
from service.archive.article_rows import ArticleOptions, ArticleRows
from service.archive.block_reading import block_articles
from service.archive.cells import fingerprint
from service.archive.folder import ABOUT, RUN, Done, write_block
from service.archive.publish import fingerprints
from service.archive.storage import delete, join, read_whole, size_of, without_secrets, write_whole
from service.archive.table_files import FileEntry
from service.errors import MachineError, PullquoteError
from service.files.inputs import Input, InputArticle, Refused


@dataclass(frozen=True, slots=True)
class Order:
    """The job of every block: what results depend on, the output folder, and what every machine must have.

    `about` is stored in every file. `samples` are files of the input with their sizes. `version` and `model` are those
    of the machine that gives the order.
    """

    articles: ArticleOptions
    folder: str
    about: str
    samples: tuple[tuple[str, int], ...]
    version: str
    model: str
    index: tuple[FileEntry, ...] = ()  # the files with the fingerprints of the earlier snapshot


@dataclass(frozen=True, slots=True)
class Outcome:
    """The outcome of a block: `done`, or the reason why it `failed`, or why this `machine` cannot process any."""

    done: Done | None = None
    failed: str | None = None
    machine: str | None = None


_SAMPLES: Final = 3


def order_of(
    articles: ArticleOptions,
    folder: str,
    about: str,
    files: Sequence[tuple[Input, int]],
    model: str,
    index: Sequence[FileEntry] = (),
) -> Order:
    """Return the order for an archive of `files`, given with their sizes.

    `index` are the files with the fingerprints of an archive that grows.
    """
    readable = [(file.path, size) for file, size in files if file.problem is None]
    samples = tuple(readable[at] for at in sorted({0, len(readable) // 2, len(readable) - 1}) if readable)[:_SAMPLES]
    return Order(articles, folder, about, samples, __version__, model, tuple(index))


def problem_here(order: Order) -> str | None:
    """Return why this machine cannot process blocks, or None: its installation and the paths are not the run's.

    The output must hold the file that the run's first machine wrote there, and must be writable.
    """
    from service.parsing.load import check_model, identity

    settings = order.articles.settings
    try:
        if __version__ != order.version:
            return f"has Pullquote {__version__}, but the run uses {order.version}"
        check_model(settings)
        if identity(settings) != order.model:
            return f"has the model {identity(settings)!r}, but the run uses {order.model!r}"
        for path, size in order.samples:
            if (found := size_of(path)) != size:
                what = "does not exist" if found is None else f"has {found} bytes, not {size}"
                return f"{without_secrets(path)}: {what}"
        if json.loads(read_whole(join(order.folder, ABOUT)) or b"{}") != json.loads(order.about):
            return f"{without_secrets(order.folder)}: is not the run's output folder on this machine"
        probe = join(order.folder, RUN, f"probe-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex}")
        write_whole(probe, b"x")
        delete(probe)
    except (PullquoteError, OSError, ValueError) as error:
        return f"{error.filename}: {error.strerror}" if isinstance(error, OSError) and error.strerror else str(error)
    return None


class BlockProcessor:
    """Processes blocks one by one. The model runs in a child process, which starts with the first article."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._rows = ArticleRows(order.articles)

    def outcome(self, block: Block) -> Outcome:
        """Process and write `block`. A failure is the machine's if the machine fails its check, too."""
        try:
            return Outcome(done=self.answer(block))
        except Exception as error:
            machine = problem_here(self._order)
            if machine is not None:
                return Outcome(machine=machine)
            ours = isinstance(error, PullquoteError)
            return Outcome(failed=str(error) if ours else "".join(traceback.format_exception(error)[-2:]).strip())

    def answer(self, block: Block) -> Done:
        """Process and write `block`. Raises `MachineError`, `ModelError`, `OutputError`, or what is a bug."""
        order, articles = self._order, self._order.articles
        found = block_articles(block, articles.settings.max_bytes, articles.fields)
        changed: list[str] = []
        if order.index:
            everything = list(found)
            known = fingerprints(order.folder, order.index, [name for name, _ in everything])
            new = [(name, one) for name, one in everything if name not in known or known[name] != _fingerprint(one)]
            changed = [name for name, _ in new if name in known]
            unchanged = len(everything) - len(new)
            found = iter(new)
        else:
            unchanged = 0
        rows = list(self._rows.rows(found))
        if len(rows) + unchanged != block.articles:
            raise MachineError(f"{len(rows)} of {block.articles} articles were found in {block.files[0].path}.")
        return write_block(order.folder, block, rows, order.about, unchanged, changed)

    def end(self) -> None:
        """End the child process."""
        self._rows.end()


def _fingerprint(found: InputArticle | Refused) -> str | None:
    return fingerprint(found) if isinstance(found, InputArticle) else None

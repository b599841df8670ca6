"""A run over an archive: plan its blocks, process them here, as one of several parts or on a cluster, publish them."""

import hashlib
import json
import os
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final, Protocol

from service import __version__
from service.archive.archive_blocks import Block, blocks_of, find_archive, listing
from service.archive.article_rows import ArticleOptions
from service.archive.block_processing import Order, order_of, problem_here
from service.archive.folder import (
    LOGS,
    MANIFEST,
    RUN,
    SUCCESS,
    Done,
    Failed,
    blocks_done,
    open_folder,
    read_failed,
    read_manifest,
    read_plan,
    write_failed,
    write_plan,
)
from service.archive.publish import INDEX, publish, tables_before, write_success
from service.archive.schedule import LocalEngine, scheduled
from service.archive.storage import absolute, delete, is_remote, join, without_secrets, write_whole
from service.archive.tables import TARGET
from service.errors import ClusterLost, OutputError, SettingsError
from service.files.inputs import Input
from service.parsing.load import arithmetic_of, check_model, identity, load_parser
from service.server.resources import cores
from service.settings import Settings

if TYPE_CHECKING:
    from service.archive.ray_engine import RayEngine

_NOT_PROCESSED: Final = "it was not processed; run its part"
_LIMITS: Final = ("max_bytes", "max_json_depth", "max_characters", "max_sentences", "page_seconds")
_WORKERS: Final = 64  # the largest number of processes that a setting can name


@dataclass(frozen=True, slots=True)
class ArchiveRequest:
    """What a run should do: input and output, options of the results, and how and where to process.

    `part` is the number of this part, from 0, and the number of parts.
    """

    source: str
    output: str
    options: dict[str, Any] = field(default_factory=dict)
    fields: dict[str, str] = field(default_factory=dict)
    block: int = 200
    jobs: int | None = None
    cluster: str | None = None
    part: tuple[int, int] | None = None
    finish: bool = False
    append: bool = False
    target: int = TARGET


class Watcher(Protocol):
    """Follows a run: each method is called with what has happened."""

    def planned(self, articles: int, before: Sequence[Done]) -> None:
        """`articles` are to be processed, and those of the blocks `before` were."""
        ...

    def done(self, one: Done) -> None:
        """A block is done."""
        ...

    def failed(self, one: Failed, articles: int) -> None:
        """A block failed, with this number of articles."""
        ...

    def note(self, text: str) -> None:
        """An event: a machine joined, left, or failed its check; a try failed."""
        ...

    def lost(self, error: ClusterLost) -> None:
        """The cluster was lost; called in a thread. Ends the process."""
        ...


def run_archive(request: ArchiveRequest, settings: Settings, watcher: Watcher) -> None:
    """Process an archive and publish its tables; a part publishes nothing.

    Raises `SettingsError`, `ModelError`, `OutputError` or `ClusterLost`.
    """
    check_model(settings)
    # Every machine uses this machine's arithmetic.
    settings = replace(settings, arithmetic=arithmetic_of(settings).name, workers=min(cores(), _WORKERS))
    source, output = absolute(request.source), absolute(request.output)
    files = find_archive(source, output)
    about = _about(request, settings)
    run = {"block": request.block, "input": hashlib.sha256(json.dumps(listing(files)).encode()).hexdigest()}
    with open_folder(output, about, together=request.part is not None):
        manifest = read_manifest(output)
        blocks = _plan(output, run, manifest, files, request, settings)
        if blocks is None:
            watcher.planned(0, [_of_counts(manifest["counts"])] if manifest else [])
            write_success(output, manifest)
            return
        delete(join(output, SUCCESS))
        index = tables_before(manifest).get(INDEX, ())
        articles = ArticleOptions(load_parser, settings, request.options, request.fields)
        order = order_of(articles, output, json.dumps(about), files, identity(settings), index)
        if problem := problem_here(order):
            raise SettingsError(f"This machine cannot process the archive: {problem}.")
        there = blocks_done(output)
        mine = blocks if request.part is None else blocks[request.part[0] :: request.part[1]]
        todo = [] if request.finish else [block for block in mine if block.number not in there]
        before = [there[block.number] for block in mine if block.number in there]
        watcher.planned(sum(block.articles for block in todo), before)
        if todo:
            there |= {item.block: item for item in _processed(todo, order, request, watcher) if isinstance(item, Done)}
        if request.part is None:
            named = {"source": without_secrets(source)}
            _publish(output, blocks, there, {**about, **run, **named}, request, watcher)


def _plan(
    output: str, run: dict[str, Any], manifest: dict[str, Any] | None, files: Sequence[tuple[Input, int]],
    request: ArchiveRequest, settings: Settings,
) -> list[Block] | None:  # fmt: skip
    """Return the blocks of the run, those of an unfinished run if there is one. None if all is done."""
    begun, place = read_plan(output), without_secrets(output)
    if begun is not None:
        return _blocks_of_same(run, begun, place)
    if manifest is not None and manifest["input"] == run["input"] and not request.append:
        return None
    if manifest is not None and not request.append:
        raise SettingsError(
            f"The names or sizes of the files in INPUT have changed since {place} was written. Use --append to add "
            "new and changed articles, or choose another folder."
        )
    source = without_secrets(absolute(request.source))
    if manifest is not None and manifest["source"] != source:
        raise SettingsError(
            f"{place} was written from {manifest['source']}, and articles are identified by their path there. Use "
            f"the same INPUT, with the new files in it; if it has moved, change source in {MANIFEST}."
        )
    if request.finish:
        raise SettingsError(f"{place} has no unfinished run. Run the parts first (--part I/N).")
    blocks = blocks_of([file for file, _ in files], request.block, settings.max_bytes, request.fields)
    return _blocks_of_same(run, write_plan(output, run, blocks), place)


def _blocks_of_same(run: dict[str, Any], begun: tuple[dict[str, Any], list[Block]], place: str) -> list[Block]:
    """Return the blocks of an unfinished run that depends on the same. Raises `SettingsError` if it does not."""
    others = sorted(name for name in run if begun[0].get(name) != run[name])
    if others:
        raise SettingsError(
            f"{place} has an unfinished run with a different {' and '.join(others)}. Finish it with the same "
            f"command as before, or delete {RUN} there to start over."
        )
    return begun[1]


def _processed(
    todo: Sequence[Block], order: Order, request: ArchiveRequest, watcher: Watcher
) -> Iterator[Done | Failed]:
    articles = {block.number: block.articles for block in todo}
    with _log(order.folder, watcher) as (path, note), _engine(order, request, path, note, watcher) as engine:
        for item in scheduled(todo, engine):
            if isinstance(item, Done):
                watcher.done(item)
            else:
                note(f"block {item.block} failed: {'; '.join(item.reasons)}")
                write_failed(order.folder, item)
                watcher.failed(item, articles[item.block])
            yield item


@contextmanager
def _engine(
    order: Order, request: ArchiveRequest, log: Path, note: Callable[[str], None], watcher: Watcher
) -> Iterator["LocalEngine | RayEngine"]:
    if request.cluster is None:
        engine = LocalEngine(order, request.jobs or cores(), note)
        try:
            yield engine
        finally:
            engine.end()
        return
    from service.archive.ray_engine import RayEngine, ray_cluster

    with ray_cluster(request.cluster, log, watcher.lost):
        cluster_engine = RayEngine(order, request.jobs, note)
        try:
            yield cluster_engine
        finally:
            cluster_engine.end()


def _publish(
    output: str, blocks: Sequence[Block], there: dict[int, Done], about: dict[str, Any], request: ArchiveRequest,
    watcher: Watcher,
) -> None:  # fmt: skip
    missing = {block.number: block for block in blocks if block.number not in there}
    recorded = read_failed(output) if missing else {}
    if request.finish:
        for number, block in missing.items():
            watcher.failed(recorded.get(number, Failed(number, (_NOT_PROCESSED,))), block.articles)
    if there and all(number in recorded for number in missing):
        publish(output, blocks, there, [recorded[number] for number in missing], about, request.target)


def _about(request: ArchiveRequest, settings: Settings) -> dict[str, Any]:
    """Return everything that results depend on, except the input."""
    return {
        "pullquote": __version__,
        "model": identity(settings),
        "options": request.options,
        "fields": request.fields,
        "limits": {name: getattr(settings, name) for name in _LIMITS},
    }


def _of_counts(counts: dict[str, int]) -> Done:
    return Done(-1, counts["articles"] - counts["refused"], counts["refused"], counts["quotes"], counts["speakers"])


@contextmanager
def _log(output: str, watcher: Watcher) -> Iterator[tuple[Path, Callable[[str], None]]]:
    """Open the log of this run. Yields its path, and a function that reports an event in it and to the user.

    In an object store, it is written when the run ends; until then it is a temporary file.
    """
    name = f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}-{socket.gethostname()}-{os.getpid()}.log"
    with TemporaryDirectory(prefix="pullquote-") as folder:
        path = Path(folder if is_remote(output) else join(output, LOGS), name)
        path.parent.mkdir(exist_ok=True)
        with open(path, "a", encoding="utf-8", buffering=1) as log:

            def note(text: str) -> None:
                log.write(f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} {text}\n")
                watcher.note(text)

            try:
                yield path, note
            finally:
                log.flush()
                if is_remote(output):
                    with suppress(OutputError):
                        write_whole(join(output, LOGS, name), path.read_bytes())

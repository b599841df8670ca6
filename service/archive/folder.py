"""The output of an archive: blocks while a run lasts, then the tables' files with a manifest that names them.

_archive.json                     what the results depend on
_run/plan.jsonl                   the blocks, a line each
_run/blocks/block-000000.parquet  the articles of a finished block, each with its quotes and speakers
_run/failed/block-000001.json     why a block failed, try by try
_log/                             a log of each run
articles/year=2024/…parquet       the tables' files (quotes and speakers likewise)
_views.sql                        views for DuckDB
_manifest.json                    the files of the current snapshot
_SUCCESS                          counts; only if no block failed
"""

import fcntl
import json
import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from tempfile import TemporaryFile
from typing import Any, Final

import pyarrow as pa
import pyarrow.parquet as pq

from service.archive.archive_blocks import Block
from service.archive.storage import (
    PART,
    delete_folder,
    files_below,
    is_remote,
    is_unfinished,
    join,
    open_input,
    read_whole,
    without_secrets,
    write_first,
    write_whole,
)
from service.archive.tables import ANSWERS
from service.errors import OutputError, SettingsError

ABOUT: Final = "_archive.json"
MANIFEST: Final = "_manifest.json"
SUCCESS: Final = "_SUCCESS"
VIEWS: Final = "_views.sql"
LOGS: Final = "_log"
RUN: Final = "_run"
_PLAN: Final = "plan.jsonl"
_BLOCKS: Final = "blocks"
_FAILED: Final = "failed"
_LOCK: Final = "_lock"
_KNOWN: Final = frozenset({ABOUT, MANIFEST, SUCCESS, VIEWS, _LOCK})
_AT_ONCE: Final = 32  # blocks whose counts are read at the same time


@dataclass(frozen=True, slots=True)
class Done:
    """The numbers of written and rejected articles of a block, and of their quotes and speakers.

    In an archive that grows, `unchanged` articles were left out, and `changed` are the names of those that an earlier
    snapshot has, too.
    """

    block: int
    written: int
    refused: int
    quotes: int
    speakers: int
    unchanged: int = 0
    changed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A block that could not be processed: why, try by try, each with its host."""

    block: int
    reasons: tuple[str, ...]


def write_block(
    folder: str,
    block: Block,
    rows: Sequence[dict[str, Any]],
    about: str,
    unchanged: int = 0,
    changed: Sequence[str] = (),
) -> Done:
    """Write the file of `block`, whole or not at all. Raises `OutputError`."""
    refused = sum(row.get("refused") is not None for row in rows)
    quotes, speakers = (sum(row[name] for row in rows) for name in ("quotes", "speakers"))
    done = Done(block.number, len(rows) - refused, refused, quotes, speakers, unchanged, tuple(changed))
    metadata = {"pullquote": about, "block": json.dumps(asdict(done))}
    table = pa.Table.from_pylist(list(rows), ANSWERS).replace_schema_metadata(metadata)
    with TemporaryFile() as file:
        pq.write_table(table, file, compression="zstd")
        write_whole(block_file(folder, block.number), file)
    return done


def block_file(folder: str, number: int) -> str:
    """Return the path of a block's file."""
    return join(folder, RUN, _BLOCKS, f"block-{number:06}.parquet")


def blocks_done(folder: str) -> dict[int, Done]:
    """Return the blocks whose file is there and whole. Raises OSError."""
    names = [name for name, _ in files_below(join(folder, RUN, _BLOCKS)) if name.endswith(".parquet")]
    with ThreadPoolExecutor(_AT_ONCE) as threads:
        result = threads.map(lambda name: _done(join(folder, RUN, _BLOCKS, name)), names)
        return {done.block: done for done in result if done is not None}


def _done(path: str) -> Done | None:
    with open_input(path) as file:
        try:
            metadata = pq.read_schema(file).metadata
            counts = json.loads(metadata[b"block"])
            return Done(**{**counts, "changed": tuple(counts["changed"])})
        except (pa.ArrowException, OSError, ValueError, KeyError, TypeError):
            return None  # truncated, or not ours: the block is processed again


def write_plan(folder: str, run: dict[str, Any], blocks: Sequence[Block]) -> tuple[dict[str, Any], list[Block]]:
    """Write the blocks of a run, and what they depend on, unless another part has. Return what is then planned.

    Raises `OutputError` or OSError.
    """
    lines = (block.line() for block in blocks)
    return _plan_in(write_first(join(folder, RUN, _PLAN), b"".join((json.dumps(run).encode() + b"\n", *lines))))


def read_plan(folder: str) -> tuple[dict[str, Any], list[Block]] | None:
    """Return what an unfinished run depends on, and its blocks, or None if there is none. Raises OSError."""
    content = read_whole(join(folder, RUN, _PLAN))
    return None if content is None else _plan_in(content)


def _plan_in(content: bytes) -> tuple[dict[str, Any], list[Block]]:
    first, *lines = content.splitlines()
    return json.loads(first), [Block.of_line(line) for line in lines]


def write_failed(folder: str, failed: Failed) -> None:
    """Record why a block failed, for `--finish`. Raises `OutputError`."""
    write_whole(join(folder, RUN, _FAILED, f"block-{failed.block:06}.json"), json.dumps(asdict(failed)).encode())


def read_failed(folder: str) -> dict[int, Failed]:
    """Return the recorded failures by block, also of blocks that were done later. Raises OSError."""
    result = {}
    for name, _ in files_below(join(folder, RUN, _FAILED)):
        content = read_whole(join(folder, RUN, _FAILED, name))
        if content and name.endswith(".json"):
            failed = json.loads(content)
            result[failed["block"]] = Failed(failed["block"], tuple(failed["reasons"]))
    return result


def read_manifest(folder: str) -> dict[str, Any] | None:
    """Return the manifest of the current snapshot, or None without one. Raises OSError."""
    content = read_whole(join(folder, MANIFEST))
    result: dict[str, Any] | None = None if content is None else json.loads(content)
    return result


def end_run(folder: str) -> None:
    """Delete the blocks of the run. Raises OSError."""
    delete_folder(join(folder, RUN))


@contextmanager
def open_folder(folder: str, about: dict[str, Any], *, together: bool = False) -> Iterator[None]:
    """Open the folder, creating it if needed. `about` is everything that the results depend on.

    On a local file system, only one run writes into it; runs that are parts of one are `together`. Raises `OutputError`
    if the folder cannot be written, is in use by another run, or contains other files, and `SettingsError` if it was
    started with another `about`.
    """
    try:
        if not is_remote(folder):
            os.makedirs(folder, exist_ok=True)
        # Another part that starts at the same time, or a killed run, may have begun to write ABOUT.
        names = {name for name, _ in files_below(folder, recursive=False) if not is_unfinished(name, ABOUT)}
        if names - _KNOWN and ABOUT not in names:
            raise OutputError(
                f"{without_secrets(folder)} contains other files, and no archive to resume. Choose an empty folder."
            )
        with _lock(folder, together=together):
            _check_about(folder, about)
            yield
    except (OSError, pa.ArrowException) as error:
        place = getattr(error, "filename", None) or without_secrets(folder)
        raise OutputError(f"Cannot use {place}: {getattr(error, 'strerror', None) or error}.") from error


@contextmanager
def _lock(folder: str, *, together: bool) -> Iterator[None]:
    if is_remote(folder):
        yield
        return
    with open(os.path.join(folder, _LOCK), "ab") as lock:
        try:
            fcntl.flock(lock, (fcntl.LOCK_SH if together else fcntl.LOCK_EX) | fcntl.LOCK_NB)
        except BlockingIOError:
            reason = (
                f"Another run is writing to {without_secrets(folder)}. Wait for it to finish, or choose another folder."
            )
            raise OutputError(reason) from None
        yield


def _check_about(folder: str, about: dict[str, Any]) -> None:
    """Check that the archive was started with `about`, or start it.

    Another part can start it between the two steps, so what is then in the file is checked.
    """
    path = join(folder, ABOUT)
    content = read_whole(path) or write_first(path, json.dumps(about, indent=2).encode() + b"\n")
    try:
        begun = json.loads(content)
    except ValueError:
        begun = {}
    others = sorted(name for name in {*begun, *about} if begun.get(name) != about.get(name))
    if others:
        raise SettingsError(
            f"{without_secrets(folder)} was started with different settings ({', '.join(others)}; see {ABOUT}), so it "
            "cannot be resumed or added to. Choose another folder, or delete this one."
        )


def delete_unfinished(folder: str) -> None:
    """Delete the unfinished files that killed runs left on a local file system."""
    if not is_remote(folder):
        for name, _ in files_below(folder):
            if name.endswith(PART):
                os.unlink(os.path.join(folder, name))

"""Files on any file system that pyarrow knows: local paths, and addresses such as s3://bucket/folder.

A path is an absolute local path or an address: `s3://`, `gs://`, `abfs://` or `hdfs://`, with the parameters of
`pyarrow.fs.FileSystem.from_uri` after a question mark. Credentials come from where
each store's own tools look for them.
"""

import errno
import io
import mmap
import os
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from typing import IO, Any, BinaryIO, Final

import pyarrow as pa
from pyarrow import fs

from service.errors import OutputError, SettingsError
from service.files.outputs import atomic_write

PART: Final = ".part"  # extension of unfinished files, on local file systems only
_SCHEME: Final = "://"
_WITH_KEYS: Final = ("s3", "gs")  # an address can hold a key and a secret before its bucket
_TRIES: Final = 3
_PAUSES: Final = (1.0, 5.0)  # seconds between the tries of a write


def absolute(path: str) -> str:
    """Return `path` as an absolute path, or unchanged if it is an address. `file://` becomes a path."""
    return path if is_remote(path) else os.path.abspath(path.removeprefix("file://"))


def is_remote(path: str) -> bool:
    """Return whether `path` is an address on a remote file system."""
    return _SCHEME in path and not path.startswith("file://")


def join(folder: str, *names: str) -> str:
    """Return the path of a file below `folder`. Parameters of an address stay at its end."""
    if not is_remote(folder):
        return os.path.join(folder, *names)
    address, sign, parameters = folder.partition("?")
    return "/".join((address.rstrip("/"), *names)) + sign + parameters


def without_secrets(path: str) -> str:
    """Return `path` for people: an address without its parameters and without a key before its bucket."""
    if not is_remote(path):
        return path
    scheme, _, rest = path.partition("?")[0].partition(_SCHEME)
    host, slash, below = rest.partition("/")
    return scheme + _SCHEME + (host.rpartition("@")[2] if scheme in _WITH_KEYS else host) + slash + below


def base_name(path: str) -> str:
    """Return the last part of a path."""
    return os.path.basename(path.partition("?")[0].rstrip("/") if is_remote(path) else path)


@lru_cache(maxsize=16)
def _file_system(root: str, parameters: str) -> Any:
    return fs.FileSystem.from_uri(f"{root}?{parameters}" if parameters else root)[0]


def located(path: str) -> tuple[Any, str]:
    """Return the pyarrow file system of `path`, and the path there. Raises `SettingsError` for an unusable address."""
    if not is_remote(path):
        return fs.LocalFileSystem(), path
    address, _, parameters = path.partition("?")
    scheme, _, rest = address.partition(_SCHEME)
    host, _, below = rest.partition("/")
    try:
        file_system = _file_system(f"{scheme}{_SCHEME}{host}/", parameters)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise SettingsError(f"Cannot use {without_secrets(path)}: {error}.") from None
    if scheme == "hdfs":
        return file_system, f"/{below}"
    container = host.partition("@")[0]  # abfs://container@account/folder
    return file_system, f"{container}/{below}".rstrip("/")


def open_input(path: str) -> BinaryIO:
    """Open a file for reading. Raises OSError."""
    if not is_remote(path):
        return open(path, "rb")
    file_system, inside = located(path)
    return io.BufferedReader(file_system.open_input_file(inside))


def read_whole(path: str) -> bytes | None:
    """Return the content of a file, or None if there is none. Raises OSError."""
    try:
        with open_input(path) as file:
            return file.read()
    except FileNotFoundError:
        return None


def size_of(path: str) -> int | None:
    """Return the size of a file in bytes; None if there is none. Raises OSError."""
    file_system, inside = located(path)
    result = file_system.get_file_info(inside)
    return result.size if result.type == fs.FileType.File else None


def is_folder(path: str) -> bool:
    """Return whether `path` is a folder, or the beginning of objects' names. Raises OSError."""
    file_system, inside = located(path)
    return bool(file_system.get_file_info(inside).type == fs.FileType.Directory)


def files_below(folder: str, *, recursive: bool = True) -> list[tuple[str, int]]:
    """List the files below a folder by name, each relative to it with its size in bytes; none without the folder.

    Raises OSError.
    """
    file_system, inside = located(folder)
    result = file_system.get_file_info(fs.FileSelector(inside, allow_not_found=True, recursive=recursive))
    prefix = len(inside.rstrip("/")) + 1
    return sorted((item.path[prefix:], item.size) for item in result if item.type == fs.FileType.File)


def write_whole(path: str, content: bytes | IO[bytes]) -> None:
    """Write a file whole or not at all, from bytes or from a file that is read from its beginning.

    Locally, it is written under another name, synced and renamed; an object store shows an object when its upload is
    complete. A failed write is tried three times. Raises `OutputError`.
    """
    for pause in (*_PAUSES, None):
        try:
            _write(path, content)
        except (OSError, pa.ArrowException) as error:
            if pause is None:
                reason = getattr(error, "strerror", None) or error
                raise OutputError(f"Cannot write {without_secrets(path)} after {_TRIES} tries: {reason}.") from error
            time.sleep(pause)
        else:
            return


def write_first(path: str, content: bytes) -> bytes:
    """Write a file whole unless it exists, and return what it then contains.

    Processes that write it at the same time get the same, except in an object store, which cannot refuse the second.
    Raises `OutputError` or OSError.
    """
    if is_remote(path):
        write_whole(path, content)
        return read_whole(path) or b""
    unfinished = _unfinished(Path(path))
    try:
        unfinished.parent.mkdir(parents=True, exist_ok=True)
        with open(unfinished, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        os.link(unfinished, path)
    except FileExistsError:
        pass
    except OSError:  # no hard links on this file system
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)
    return read_whole(path) or b""


def _unfinished(target: Path) -> Path:
    """Return a new temporary path next to `target`."""
    return target.with_name(f".{target.name}.{uuid.uuid4().hex}{PART}")


def _write(path: str, content: bytes | IO[bytes]) -> None:
    if not is_remote(path):
        target = Path(path)
        atomic_write(target, _unfinished(target), lambda file: _copy(content, file))
        return
    file_system, inside = located(path)
    if inside.startswith("/"):
        file_system.create_dir(os.path.dirname(inside), recursive=True)  # HDFS
    with _whole(content) as everything:
        # One call for everything, and no `with`, which would complete the upload of a part after an error.
        stream = file_system.open_output_stream(inside)
        stream.write(everything)
        stream.close()
        stored = file_system.get_file_info(inside).size
        if stored != len(everything):
            raise OSError(errno.EIO, f"{stored} of {len(everything)} bytes were stored")


def _copy(content: bytes | IO[bytes], file: BinaryIO) -> None:
    with _whole(content) as everything:
        file.write(everything)


@contextmanager
def _whole(content: bytes | IO[bytes]) -> Iterator[Any]:
    if isinstance(content, bytes):
        yield content
        return
    content.flush()
    size = os.fstat(content.fileno()).st_size
    if not size:
        yield b""
        return
    with mmap.mmap(content.fileno(), size, access=mmap.ACCESS_READ) as everything:
        yield everything


def is_unfinished(name: str, whole: str) -> bool:
    """Return whether `name` is that of an unfinished local file, later `whole`."""
    return name.startswith(f".{whole}.") and name.endswith(PART)


def scratch_file(folder: str) -> IO[bytes]:
    """Return a temporary file without a name for what will be written below `folder`. It is on local disk."""
    return TemporaryFile(dir=None if is_remote(folder) else folder)


def delete(path: str) -> None:
    """Delete a file, if there. Raises OSError."""
    file_system, inside = located(path)
    with suppress(FileNotFoundError):
        file_system.delete_file(inside)


def delete_folder(path: str) -> None:
    """Delete a folder with all that is in it, if there. Raises OSError."""
    file_system, inside = located(path)
    with suppress(FileNotFoundError):
        file_system.delete_dir(inside)

"""Files on local disk and on a real S3 server: whole or not there, and an archive from and to object storage."""

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

from pyarrow import fs

from service.archive import storage
from service.archive.storage import (
    absolute,
    delete,
    delete_folder,
    files_below,
    is_folder,
    join,
    located,
    open_input,
    read_whole,
    size_of,
    without_secrets,
    write_whole,
)
from service.errors import OutputError, SettingsError
from tests.archive.running import archived, comparable, rows, sixty, write_sixty
from tests.archive.s3_server import CREDENTIALS, s3_bucket
from tests.commands.running import counts

MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """The parameters of a server with the bucket `news`."""
    with pytest.MonkeyPatch.context() as patch:
        for name, value in CREDENTIALS.items():
            patch.setenv(name, value)
        with s3_bucket("news") as parameters:
            yield parameters


@pytest.fixture(params=["local", "s3"])
def folder(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """A folder that does not exist yet."""
    if request.param == "local":
        return str(tmp_path / "out")
    parameters: str = request.getfixturevalue("s3")
    return f"s3://news/{tmp_path.name}{parameters}"


def test_files_are_written_read_listed_and_deleted(folder: str) -> None:
    path, other = join(folder, "a", "b.bin"), join(folder, "c.bin")
    assert (read_whole(path), size_of(path), files_below(folder), is_folder(folder)) == (None, None, [], False)
    with TemporaryFile() as file:
        file.write(b"x" * 12 * MEGABYTE)  # more than one part of an upload
        write_whole(path, file)
    write_whole(other, b"")
    assert files_below(folder) == [("a/b.bin", 12 * MEGABYTE), ("c.bin", 0)]
    assert files_below(folder, recursive=False) == [("c.bin", 0)]
    assert is_folder(folder)
    with open_input(path) as content:
        content.seek(-1, os.SEEK_END)
        assert content.read() == b"x"
    delete(other)
    delete(other)
    assert read_whole(other) is None
    delete_folder(folder)
    delete_folder(folder)
    assert files_below(folder) == []


def test_write_that_fails_leaves_no_file(folder: str, monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def __enter__(self) -> Any:
            raise OSError(5, "Input/output error")

        def __exit__(self, *_: object) -> None:
            pass

    monkeypatch.setattr(storage, "_whole", lambda _: Broken())
    monkeypatch.setattr(storage, "_PAUSES", (0.0, 0.0))
    with pytest.raises(OutputError, match="after 3 tries: Input/output error"):
        write_whole(join(folder, "a.bin"), b"x" * MEGABYTE)
    assert files_below(folder) == []


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("s3://b/x?region=a", "s3://b/x?region=a"),
        ("file:///a/b", "/a/b"),
        ("/a/../b", "/b"),
        ("a", os.path.abspath("a")),
    ],
)
def test_paths_are_absolute_and_addresses_unchanged(given: str, expected: str) -> None:
    assert absolute(given) == expected


def test_secrets_in_an_address_are_not_shown() -> None:
    assert without_secrets("s3://KEY:SECRET@b/x?secret=1") == "s3://b/x"
    assert without_secrets("abfs://c@account/x?sas=1") == "abfs://c@account/x"
    assert without_secrets("/a?b") == "/a?b"


def test_parameters_stay_at_the_end_of_an_address() -> None:
    assert join("s3://b/x/?region=a", "y", "z.parquet") == "s3://b/x/y/z.parquet?region=a"
    assert join("gs://b", "y") == "gs://b/y"


@pytest.mark.parametrize(
    ("address", "kind", "inside"),
    [
        ("gs://bucket/a/b", "GcsFileSystem", "bucket/a/b"),
        ("abfs://container@account.dfs.core.windows.net/a", "AzureFileSystem", "container/a"),
        ("s3://bucket/a?region=eu-west-1", "S3FileSystem", "bucket/a"),
    ],
)
def test_each_store_has_its_file_system(address: str, kind: str, inside: str) -> None:
    if not hasattr(fs, kind):
        pytest.skip(f"this pyarrow has no {kind}")
    file_system, path = located(address)
    assert (type(file_system).__name__, path) == (kind, inside)


@pytest.mark.parametrize("address", ["nosuch://a/b", "hdfs://127.0.0.1:1/a", "s3://b/x?nosuch=1"])
def test_unusable_address_is_a_bad_setting(address: str) -> None:
    with pytest.raises(SettingsError, match="Cannot use"):
        located(address)


@pytest.mark.usefixtures("troubled")
def test_archive_in_object_storage_equals_a_local_one(s3: str, tmp_path: Path) -> None:
    source = write_sixty(tmp_path / "in")
    write_whole(f"s3://news/in/sixty.parquet{s3}", (source / "sixty.parquet").read_bytes())
    write_whole(f"s3://news/in/notes.csv{s3}", b"text,id\nNothing was quoted here.,n99\n")
    (source / "notes.csv").write_bytes(b"text,id\nNothing was quoted here.,n99\n")
    out = f"s3://news/out{s3}"
    result = archived(f"s3://news/in{s3}", out, "--jobs", "2", "--block", "16")
    assert counts(result.stderr) == (sixty().num_rows + 1, sixty().num_rows + 1, 0, 0)
    assert result.exit_code == 0
    assert archived(source, tmp_path / "out", "--jobs", "2", "--block", "16").exit_code == 0

    copy = tmp_path / "copy"
    for name, _ in files_below(out):
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        (copy / name).write_bytes(read_whole(join(out, name)) or b"")
    assert comparable(copy) == comparable(tmp_path / "out")
    assert {row["source"].rpartition(":")[0] for row in rows(copy, "articles")} == {
        "s3://news/in/sixty.parquet", "s3://news/in/notes.csv"
    }  # fmt: skip
    assert not list(copy.glob("_run/*"))
    assert next((copy / "_log").iterdir()).name.endswith(".log")

    again = archived(f"s3://news/in{s3}", out, "--jobs", "1", "--block", "16")
    assert counts(again.stderr) == (sixty().num_rows + 1, 0, sixty().num_rows + 1, 0)
    write_whole(f"s3://news/in/more.jsonl{s3}", b'{"text": "More."}\n')
    more = archived(f"s3://news/in{s3}", out, "--jobs", "1", "--append")
    assert counts(more.stderr) == (sixty().num_rows + 2, 1, sixty().num_rows + 1, 0)


@pytest.mark.usefixtures("troubled")
def test_missing_object_or_bucket_is_named(s3: str, tmp_path: Path) -> None:
    result = archived(f"s3://news/none{s3}", tmp_path / "out")
    assert (result.exit_code, "does not exist" in result.stderr) == (3, True)
    result = archived(write_sixty(tmp_path / "in"), f"s3://nobucket/out{s3}", "--jobs", "1")
    assert result.exit_code == 3
    assert "nobucket" in result.stderr

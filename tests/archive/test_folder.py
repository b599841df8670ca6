"""The output folder of a run: finished blocks are kept, damaged ones repeated, and other settings refused."""

import errno
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

from service.archive.archive_blocks import Block
from service.archive.folder import (
    ABOUT,
    Failed,
    block_file,
    blocks_done,
    open_folder,
    read_failed,
    read_plan,
    write_block,
    write_failed,
    write_plan,
)
from service.archive.publish import fingerprints
from service.archive.storage import is_unfinished
from service.errors import OutputError, SettingsError
from service.files.inputs import Input
from tests.archive.running import answered, quote, refused

FILE = Input("/in/a.txt", "text", "a.txt")
BLOCKS = [Block(0, (FILE,), 2), Block(1, (Input("/in/b.doc", "text", "b.doc", "is not supported."),), 1, 3, 4)]
ABOUT_IT: dict[str, Any] = {"pullquote": "1", "model": "m"}


def test_written_block_is_done_with_its_counts(tmp_path: Path) -> None:
    rows = [answered("a", quote(1), quote(2)), refused("b")]
    done = write_block(str(tmp_path), BLOCKS[0], rows, "{}", 3, ["a"])
    assert (done.written, done.refused, done.quotes, done.speakers) == (1, 1, 2, 1)
    assert blocks_done(str(tmp_path)) == {0: done}


@pytest.mark.parametrize("left", [0, 4, 0.5, 0.99])
def test_truncated_block_is_not_done(tmp_path: Path, left: float) -> None:
    for block in BLOCKS:
        write_block(str(tmp_path), block, [refused("a")], "{}")
    path = Path(block_file(str(tmp_path), 1))
    content = path.read_bytes()
    path.write_bytes(content[: int(left if left > 1 else left * len(content))])
    assert list(blocks_done(str(tmp_path))) == [0]


def test_deleted_block_is_processed_again(tmp_path: Path) -> None:
    for block in BLOCKS:
        write_block(str(tmp_path), block, [refused("a")], "{}")
    Path(block_file(str(tmp_path), 0)).unlink()
    assert list(blocks_done(str(tmp_path))) == [1]


def test_plan_and_failures_are_read_as_written(tmp_path: Path) -> None:
    assert read_plan(str(tmp_path)) is None
    assert read_failed(str(tmp_path)) == {}
    write_plan(str(tmp_path), {"block": 2}, BLOCKS)
    write_failed(str(tmp_path), Failed(1, ("host: no disk",)))
    assert read_plan(str(tmp_path)) == ({"block": 2}, BLOCKS)
    assert read_failed(str(tmp_path)) == {1: Failed(1, ("host: no disk",))}


@pytest.mark.parametrize(("name", "value"), [("pullquote", "2"), ("model", "n"), ("options", {})])
def test_archive_with_other_settings_is_not_resumed(tmp_path: Path, name: str, value: Any) -> None:
    with open_folder(str(tmp_path), ABOUT_IT):
        pass
    with (
        pytest.raises(SettingsError, match=rf"different settings \({name};"),
        open_folder(str(tmp_path), {**ABOUT_IT, name: value}),
    ):
        pass


def test_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    with pytest.raises(OutputError, match="contains other files"), open_folder(str(tmp_path), ABOUT_IT):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def at_first_link(monkeypatch: pytest.MonkeyPatch, run: Callable[[], object]) -> None:
    """Do `run` in the moment before a file that another process may write, too, gets its name."""

    def other_part_first(*paths: str) -> None:
        monkeypatch.undo()
        run()
        os.link(*paths)

    monkeypatch.setattr(os, "link", other_part_first)


def test_parts_can_open_a_new_folder_at_the_same_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_other() -> None:
        assert all(is_unfinished(name, ABOUT) for name in os.listdir(tmp_path) if name != "_lock")
        with open_folder(str(tmp_path), ABOUT_IT, together=True):
            opened.append(ABOUT)

    opened: list[str] = []
    at_first_link(monkeypatch, open_other)
    with open_folder(str(tmp_path), ABOUT_IT, together=True):
        opened.append(ABOUT)
    assert opened == [ABOUT, ABOUT]


def test_second_of_two_parts_with_different_options_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def open_other() -> None:
        with open_folder(str(tmp_path), {**ABOUT_IT, "options": {"kinds": ["direct"]}}, together=True):
            opened.append("other")

    opened: list[str] = []
    at_first_link(monkeypatch, open_other)
    with (
        pytest.raises(SettingsError, match=r"different settings \(options;"),
        open_folder(str(tmp_path), {**ABOUT_IT, "options": {}}, together=True),
    ):
        opened.append("this")
    assert opened == ["other"]
    assert json.loads((tmp_path / ABOUT).read_bytes())["options"] == {"kinds": ["direct"]}
    assert not list(tmp_path.glob(".*"))


def test_second_of_two_plans_is_the_first_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(tmp_path)
    at_first_link(monkeypatch, lambda: write_plan(folder, {"block": 1}, BLOCKS))
    assert write_plan(folder, {"block": 2}, BLOCKS[:1]) == ({"block": 1}, BLOCKS)
    assert read_plan(folder) == ({"block": 1}, BLOCKS)


def test_folder_without_hard_links_can_be_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(*paths: str) -> None:
        raise PermissionError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    with open_folder(str(tmp_path), ABOUT_IT):
        pass
    assert json.loads((tmp_path / ABOUT).read_bytes()) == ABOUT_IT
    assert not list(tmp_path.glob(".*"))


def test_only_one_run_at_a_time_but_parts_run_together(tmp_path: Path) -> None:
    folder = str(tmp_path)
    with (
        open_folder(folder, ABOUT_IT),
        pytest.raises(OutputError, match="Another run"),
        open_folder(folder, ABOUT_IT, together=True),
    ):
        pass
    with (
        open_folder(folder, ABOUT_IT, together=True),
        open_folder(folder, ABOUT_IT, together=True),
        pytest.raises(OutputError, match="Another run"),
        open_folder(folder, ABOUT_IT),
    ):
        pass


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OutputError, match="file/out"), open_folder(str(tmp_path / "file" / "out"), ABOUT_IT):
        pass


def test_settings_are_in_the_folder_for_people(tmp_path: Path) -> None:
    with open_folder(str(tmp_path / "new"), ABOUT_IT):
        assert json.loads((tmp_path / "new" / ABOUT).read_bytes()) == ABOUT_IT


def test_no_articles_need_no_index() -> None:
    assert fingerprints("/nowhere", [{"path": "gone"}], []) == {}

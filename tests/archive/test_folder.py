"""An archive's output folder: finished blocks are kept, unfinished ones repeated, and wrong counts reported."""

import json
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

import pyarrow.parquet as pq

from service.archive.archive_blocks import Block
from service.archive.folder import ABOUT, LEDGER, SUCCESS, file_of, finish, open_folder, write_block
from service.archive.tables import SCHEMAS, Tables, add_refusal
from service.errors import OutputError
from service.files.inputs import Input, Refused

FILE = Input("a.txt", "text", "a.txt")
BLOCKS = [Block(0, (FILE,), 1), Block(1, (FILE,), 1)]
ABOUT_IT: dict[str, Any] = {"pullquote": "1", "model": "m"}


def tables() -> Tables:
    made: Tables = {"articles": [], "quotes": [], "speakers": []}
    add_refusal(made, "a.txt", Refused("a.txt", "is empty."))
    return made


def done(folder: Path, *blocks: Block) -> None:
    with open_folder(folder, ABOUT_IT) as ledger:
        for block in blocks:
            ledger.add(write_block(folder, block, tables(), "{}"))


def test_recorded_blocks_survive_a_truncated_line(tmp_path: Path) -> None:
    done(tmp_path, BLOCKS[0])
    with open(tmp_path / LEDGER, "a") as ledger:
        ledger.write('{"block": 1, "wri')
    done(tmp_path)
    with open_folder(tmp_path, ABOUT_IT) as again:
        assert [one.block for one in again.done(BLOCKS)] == [0]
        again.add(write_block(tmp_path, BLOCKS[1], tables(), "{}"))
    with open_folder(tmp_path, ABOUT_IT) as again:
        assert [one.block for one in again.done(BLOCKS)] == [0, 1]


def test_block_with_missing_files_is_not_done(tmp_path: Path) -> None:
    done(tmp_path, *BLOCKS)
    file_of(tmp_path, "quotes", BLOCKS[1]).unlink()
    with open_folder(tmp_path, ABOUT_IT) as ledger:
        assert [one.block for one in ledger.done(BLOCKS)] == [0]


def test_temporary_files_of_a_killed_run_are_deleted(tmp_path: Path) -> None:
    done(tmp_path)
    (tmp_path / "_unfinished" / "block-000000-x").write_bytes(b"half")
    (tmp_path / SUCCESS).touch()
    done(tmp_path)
    assert not list((tmp_path / "_unfinished").iterdir())
    assert not (tmp_path / SUCCESS).exists()


@pytest.mark.parametrize(("name", "value"), [("pullquote", "2"), ("model", "n"), ("options", {})])
def test_archive_with_other_settings_is_not_resumed(tmp_path: Path, name: str, value: Any) -> None:
    done(tmp_path)
    with (
        pytest.raises(OutputError, match=rf"different settings \({name};"),
        open_folder(tmp_path, {**ABOUT_IT, name: value}),
    ):
        pass


def test_folder_with_other_files_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "letters.txt").touch()
    with pytest.raises(OutputError, match="contains other files"), open_folder(tmp_path, ABOUT_IT):
        pass
    assert [path.name for path in tmp_path.iterdir()] == ["letters.txt"]


def test_only_one_run_at_a_time(tmp_path: Path) -> None:
    with open_folder(tmp_path, ABOUT_IT), pytest.raises(OutputError, match="Another run"), open_folder(tmp_path, {}):
        pass


def test_complete_archive_has_a_success_file_with_counts(tmp_path: Path) -> None:
    done(tmp_path, *BLOCKS)
    with open_folder(tmp_path, ABOUT_IT) as ledger:
        finish(tmp_path, BLOCKS, ledger)
    assert json.loads((tmp_path / SUCCESS).read_text()) == {"articles": 2, "quotes": 0, "speakers": 0, "refused": 2}


@pytest.mark.parametrize("loss", ["a block", "a file", "a row"])
def test_archive_with_wrong_counts_has_no_success_file(tmp_path: Path, loss: str) -> None:
    done(tmp_path, *BLOCKS[: 1 if loss == "a block" else 2])
    file = file_of(tmp_path, "articles", BLOCKS[1])
    if loss == "a file":
        file.rename(file.with_name("elsewhere"))
    if loss == "a row":
        pq.write_table(SCHEMAS["articles"].empty_table(), file)
    with open_folder(tmp_path, ABOUT_IT) as ledger, pytest.raises(OutputError, match="do not agree: 2 articles"):
        finish(tmp_path, BLOCKS, ledger)
    assert not (tmp_path / SUCCESS).exists()
    assert (tmp_path / ABOUT).exists()

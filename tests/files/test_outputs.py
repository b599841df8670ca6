import io
from pathlib import Path

import pytest

from service.errors import OutputError
from service.files.inputs import InputArticle
from service.files.outputs import LEDGER, StreamOutput, in_folder
from service.files.processing import FORMATS

A = InputArticle("news/a.txt", "text", "a.txt", b"one")
B = InputArticle("news/b.txt", "text", "b.txt", b"two")
JSONL, CSV = FORMATS["jsonl"], FORMATS["csv"]


def write(folder: Path, *input_article: InputArticle) -> None:
    with in_folder(folder, JSONL, "settings") as output:
        for one in input_article:
            output.write(one, "an answer\n")


def has(folder: Path, input_article: InputArticle, settings: str = "settings") -> bool:
    with in_folder(folder, JSONL, settings) as output:
        return output.has(input_article)


@pytest.mark.parametrize(
    ("input_article", "settings", "expected"),
    [
        (A, "settings", True),
        (B, "settings", False),
        (A, "others", False),
        (InputArticle("news/a.txt", "text", "a.txt", b"changed"), "settings", False),
        (InputArticle("news/a.txt", "html", "a.txt", b"one"), "settings", False),
        (InputArticle("a.txt", "text", "a.txt", b"one"), "settings", False),
    ],
    ids=["the same", "another article", "other settings", "another content", "another form", "another id"],
)
def test_result_is_current_if_its_inputs_are_unchanged(
    input_article: InputArticle, settings: str, expected: bool, tmp_path: Path
) -> None:
    write(tmp_path, A)
    assert has(tmp_path, input_article, settings) is expected


def test_truncated_ledger_line_affects_no_other(tmp_path: Path) -> None:
    write(tmp_path, A)
    whole = (tmp_path / LEDGER).read_bytes()
    (tmp_path / LEDGER).write_bytes(whole + whole[:30])
    write(tmp_path, B)
    assert has(tmp_path, A)
    assert has(tmp_path, B)


@pytest.mark.parametrize("line", [b"[]", b"1", b"{}", b"\xff", b'{"answer": "a.txt.jsonl"}'])
def test_foreign_ledger_line_is_skipped(line: bytes, tmp_path: Path) -> None:
    (tmp_path / LEDGER).write_bytes(line + b"\n")
    assert not has(tmp_path, A)


def test_results_are_written_atomically(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, A)

    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("os.fsync", full)
    with pytest.raises(OutputError, match=r"a\.txt\.jsonl: No space left on device"):
        write(tmp_path, A)
    assert sorted(path.name for path in tmp_path.iterdir()) == [LEDGER, "a.txt.jsonl"]
    assert (tmp_path / "a.txt.jsonl").read_text() == "an answer\n"


def test_header_is_written_once_per_file_or_stream(tmp_path: Path) -> None:
    with in_folder(tmp_path, CSV, "") as output:
        output.write(A, "a\r\n")
        output.write(B, "b\r\n")
    assert (tmp_path / "b.txt.csv").read_bytes() == CSV.preamble.encode() + b"b\r\n"
    stream = io.BytesIO()
    one_after_the_other = StreamOutput(stream, CSV)
    one_after_the_other.write(A, "a\r\n")
    one_after_the_other.write(B, "b\r\n")
    assert stream.getvalue() == CSV.preamble.encode() + b"a\r\nb\r\n"

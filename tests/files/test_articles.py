import os
from pathlib import Path

import pytest

from service.files.articles import articles_of
from service.files.inputs import Form, Input, InputArticle, Refused, find_inputs, shown

LIMIT = 10


def read(path: Path, content: bytes, form: Form) -> list[InputArticle | Refused]:
    path.write_bytes(content)
    return list(articles_of(Input(str(path), form, path.name), LIMIT))


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"", []),
        (b"\n \n\r\n", []),
        (b"one\ntwo", [(1, b"one"), (2, b"two")]),
        (b"one\r\n\ntwo\n", [(1, b"one"), (3, b"two")]),
        (b"0123456789\nb\n", [(1, b"0123456789"), (2, b"b")]),
        (b"0123456789\r\nb\n", [(1, b"0123456789"), (2, b"b")]),
        (b"0123456789a\nb\n", [(1, 12), (2, b"b")]),
        (b"x" * 100 + b"\nb", [(1, 101), (2, b"b")]),
        (b"x" * 100, [(1, 100)]),
    ],
    ids=["empty", "blank", "no last line end", "numbered as in the file", "at the limit", "at the limit, CR LF",
         "over the limit", "far over the limit", "far over the limit, no line end"],
)  # fmt: skip
def test_lines_are_articles_and_oversized_ones_rejected(
    content: bytes, expected: list[tuple[int, bytes | int]], tmp_path: Path
) -> None:
    path = tmp_path / "wire.jsonl"
    found = read(path, content, "jsonl")
    assert found == [
        Refused(f"{path}:{number}", "has more bytes than the limit of 10. Split it.", what)
        if isinstance(what, int)
        else InputArticle(f"{path}:{number}", "jsonl", f"wire.jsonl/{number:06}", what)
        for number, what in expected
    ]


def test_file_is_an_article_and_oversized_ones_rejected(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    assert read(path, b"0123456789", "text") == [InputArticle(str(path), "text", "a.txt", b"0123456789")]
    assert read(path, b"0123456789a", "text") == [
        Refused(str(path), "has more bytes than the limit of 10. Split it.", 11)
    ]


def test_undecodable_or_long_names_are_shortened() -> None:
    assert shown("caf\udce9.txt") == "caf\ufffd.txt"
    assert shown("a" * 200) == "a" * 200
    assert shown("b" + "a" * 200) == "…" + "a" * 199


def test_form_is_given_or_taken_from_the_extension(tmp_path: Path) -> None:
    names = ["a.txt", "b.HTML", "c.htm", "d.jsonl", "e.ndjson", "g.csv", "h.tsv", "i.xlsx", "j.docx", "k.pdf"]
    for name in [*names, "f.md"]:
        (tmp_path / name).touch()
    assert [one.form for one in find_inputs([str(tmp_path)], None)] == [
        "text", "html", "html", "jsonl", "jsonl", "csv", "csv", "xlsx", "docx", "pdf",
    ]  # fmt: skip
    assert {one.form for one in find_inputs([str(tmp_path)], "html")} == {"html"}
    named = [str(tmp_path / "f.md"), "-", "wire.json"]
    assert [one.form for one in find_inputs(named, None)] == ["text", "text", "json"]


def test_unsupported_document_is_rejected_by_name(tmp_path: Path) -> None:
    (tmp_path / "a.doc").touch()
    for path in (tmp_path, tmp_path / "a.doc"):
        (found,) = find_inputs([str(path)], None)
        reason = "is in a format that is not supported (.doc). Save it as DOCX."
        assert list(articles_of(found, LIMIT)) == [Refused(str(tmp_path / "a.doc"), reason)]


def test_linked_folder_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "loop").symlink_to(tmp_path)
    assert [one.relative_path for one in find_inputs([str(tmp_path)], None)] == ["a.txt"]


def test_pipes_are_skipped_and_broken_links_reported(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "gone.txt").symlink_to(tmp_path / "nothing")
    (found,) = find_inputs([str(tmp_path)], None)
    assert list(articles_of(found, LIMIT)) == [
        Refused(str(tmp_path / "gone.txt"), "No such file or directory.", machine=True)
    ]


def test_unreadable_folder_is_reported_and_the_rest_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "a.txt").touch()
    (tmp_path / "closed").mkdir()
    really = os.scandir

    def scandir(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return really(path)

    monkeypatch.setattr("os.scandir", scandir)
    opened, closed = find_inputs([str(tmp_path)], None)
    assert opened.relative_path == "a.txt"
    assert list(articles_of(closed, LIMIT)) == [Refused(str(tmp_path / "closed"), "Permission denied.")]

import csv
import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from schemas.request import OptionsSchema
from service.commands.extract_command import extract
from service.errors import ModelMissing
from service.files.outputs import LEDGER
from service.output.csv_table import COLUMNS
from service.settings import Settings
from tests.commands.running import BREAK, counts, reported, run, served, written
from tests.conftest import numbers
from tests.doubles import ARTICLE, LOST, TOLD
from tests.files.test_documents import docx

pytestmark = pytest.mark.usefixtures("fake_parser")
PAGE = f"<html lang=en><title>The bridge</title><article><p>{TOLD}</p><p>{LOST}</p></article></html>"


@pytest.fixture
def article(tmp_path: Path) -> Path:
    return written(tmp_path, "article.txt", text=ARTICLE)[0]


def lines(*requests: dict[str, Any] | str) -> str:
    return "".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in requests)


def answers(output: str) -> list[Any]:
    return [json.loads(line) for line in output.splitlines()]


# --- inputs


def test_text_returns_the_response_of_the_service(article: Path) -> None:
    assert run("extract", str(article)).stdout == served(ARTICLE, id=str(article))


def test_page_returns_the_response_of_the_service(tmp_path: Path) -> None:
    (page,) = written(tmp_path, "page.html", text=PAGE)
    (answer,) = answers(run("extract", str(page)).stdout)
    assert answer["article"]["title"] == "The bridge"
    assert answer["article"]["text"] == ARTICLE
    assert [speaker["name"] for speaker in answer["speakers"]] == ["Ruth Alder"]


def test_each_line_of_json_lines_is_a_request(tmp_path: Path) -> None:
    fields = {"id": "a1", "title": "A title"}
    asked = {"text": ARTICLE, **fields, "options": {"explain": True}}
    (wire,) = written(tmp_path, "wire.jsonl", text=lines(asked, "", {"text": LOST}))
    result = run("extract", str(wire), "--kind", "direct")
    assert result.stdout == served(ARTICLE, **fields, options={"explain": True, "kinds": ["direct"]}) + served(
        LOST, id=f"{wire}:3", options={"kinds": ["direct"]}
    )


def test_options_of_a_line_override_the_command_s(tmp_path: Path) -> None:
    (wire,) = written(tmp_path, "wire.jsonl", text=lines({"text": ARTICLE, "options": {"kinds": ["indirect"]}}))
    (answer,) = answers(run("extract", str(wire), "--kind", "direct").stdout)
    assert {quote["kind"] for quote in answer["quotes"]} == {"indirect"}


def test_a_folder_is_searched_for_articles(tmp_path: Path) -> None:
    written(tmp_path, "b.txt", "a/z.txt", "a/note.md", ".hidden.txt", ".git/c.txt", text=ARTICLE)
    ids = [answer["article"]["id"] for answer in answers(run("extract", str(tmp_path)).stdout)]
    assert ids == [str(tmp_path / "b.txt"), str(tmp_path / "a" / "z.txt")]


@pytest.mark.parametrize(
    ("arguments", "stdin"),
    [((), ARTICLE), (("--from", "text"), ARTICLE), (("--from", "jsonl"), lines({"text": ARTICLE, "id": "-"}))],
    ids=["as text", "said to be text", "as JSON lines"],
)
def test_dash_reads_standard_input(arguments: tuple[str, ...], stdin: str) -> None:
    assert run("extract", "-", *arguments, stdin=stdin.encode()).stdout == served(ARTICLE, id="-")


def test_from_overrides_the_file_extension(tmp_path: Path) -> None:
    (page,) = written(tmp_path, "page.txt", text=PAGE)
    assert answers(run("extract", str(page), "--from", "html").stdout)[0]["article"]["text"] == ARTICLE


def test_line_ends_are_kept_and_byte_order_marks_dropped() -> None:
    text = f"{LOST}\r\n"
    assert run("extract", "-", stdin=text.encode("utf-8-sig")).stdout == served(text, id="-")


# --- options


@pytest.mark.parametrize(
    ("arguments", "options"),
    [
        (("--kind", "direct", "--kind", "mixed"), {"kinds": ["direct", "mixed"]}),
        (("--statements", "all"), {"statements": "all"}),
        (("--cue-class", "say", "--cue-class", "tell"), {"cue_classes": ["say", "tell"]}),
        (("--min-confidence", "0.7"), {"min_confidence": 0.7}),
        (("--min-confidence", "0"), {"min_confidence": 0}),
        (("--unattributed",), {"unattributed": True}),
        (("--furniture",), {"furniture": True}),
        (("--explain",), {"explain": True}),
        (("--offsets", "utf16"), {"offsets": "utf16"}),
    ],
    ids=lambda value: value[0] if isinstance(value, tuple) else "",
)
def test_options_are_passed_to_the_request(arguments: tuple[str, ...], options: dict[str, Any], tmp_path: Path) -> None:
    text = f"😀 A “scare” quote.\n\n{ARTICLE}\n\nRead more: Bob said “no” to it"
    (file,) = written(tmp_path, "a.txt", text=text)
    assert run("extract", str(file), *arguments).stdout == served(text, id=str(file), options=options)


def test_every_request_option_is_a_command_option() -> None:
    assert OptionsSchema().fields.keys() <= {parameter.name for parameter in extract.params}


@pytest.mark.parametrize(
    "arguments", [(), ("--field", "text=body", "--field", "title=headline")], ids=["ours", "theirs"]
)
def test_lines_and_rows_are_read_by_the_names_that_they_have(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    text, title = ("body", "headline") if arguments else ("text", "title")
    (wire,) = written(tmp_path, "wire.jsonl", text=lines({text: LOST, title: "Bridge", "outlet": "Crier"}))
    (table,) = written(tmp_path, "wire.csv", text=f'{text};{title};outlet\n"{LOST}";Bridge;Crier\n')
    for file, name in ((wire, f"{wire}:1"), (table, f"{table}:2")):
        (answer,) = answers(run("extract", str(file), *arguments).stdout)
        assert answer.pop("extra") == {"outlet": "Crier"}
        assert answer == json.loads(served(LOST, title="Bridge", id=name))


def test_a_field_that_no_article_has_is_a_usage_error(article: Path) -> None:
    for wrong in ("headline=title", "text", "text="):
        result = run("extract", str(article), "--field", wrong)
        assert (result.exit_code, "FIELD=NAME" in result.stderr) == (2, True)


def test_table_on_standard_input_is_named_by_a_dash() -> None:
    (answer,) = answers(run("extract", "-", "--from", "csv", stdin=f'text\n"{LOST}"\n'.encode()).stdout)
    assert answer["article"]["id"] == "-:2"


def test_document_response_includes_its_text(tmp_path: Path) -> None:
    (tmp_path / "a.docx").write_bytes(docx(TOLD, LOST))
    (answer,) = answers(run("extract", str(tmp_path / "a.docx")).stdout)
    assert answer["article"]["text"] == f"{ARTICLE}\n\nin a table"
    assert answer["speakers"] == json.loads(served(answer["article"]["text"]))["speakers"]


def test_unreadable_documents_are_reported_and_counted(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", text=ARTICLE)
    written(tmp_path, "b.pdf", "c.doc", "d.xlsx", text="none")
    result = run("extract", str(tmp_path))
    assert result.exit_code == 1
    assert len(answers(result.stdout)) == 1
    assert reported(result.stderr) == ([f"{tmp_path}/{name}" for name in ("b.pdf", "c.doc", "d.xlsx")], (4, 1, 0, 3))


# --- formats


def test_csv_for_excel_begins_with_one_byte_order_mark(tmp_path: Path) -> None:
    files = written(tmp_path, "a.txt", "b.txt", text=ARTICLE)
    plain = run("extract", *map(str, files), "--format", "csv").stdout
    assert run("extract", *map(str, files), "--format", "csv", "--bom").stdout == "\ufeff" + plain
    assert run("extract", *map(str, files), "--bom").exit_code == 2


def test_json_is_indented(article: Path) -> None:
    result = run("extract", str(article), "--format", "json")
    assert json.loads(result.stdout) == json.loads(served(ARTICLE, id=str(article)))
    assert result.stdout.startswith('{\n  "article"')


def test_csv_of_several_articles_is_one_table(tmp_path: Path) -> None:
    files = written(tmp_path, "a.txt", "b.txt", text=ARTICLE)
    table = list(csv.reader(io.StringIO(run("extract", *map(str, files), "--format", "csv").stdout)))
    assert table[0] == list(COLUMNS)
    assert [row[0] for row in table[1:]] == [str(file) for file in files for _ in range(2)]


def test_html_is_the_marked_article(article: Path) -> None:
    assert '<mark id="q1"' in run("extract", str(article), "--format", "html").stdout


def test_text_has_no_escape_sequences_without_a_terminal(article: Path) -> None:
    shown = run("extract", str(article), "--format", "text").stdout
    assert "\nRuth Alder, Mayor\n  that the bridge will reopen in May\n" in shown
    assert "\x1b" not in shown


@pytest.mark.parametrize(
    ("environ", "escapes"),
    [
        ({"FORCE_COLOR": "1"}, {"\x1b[1;36m", "\x1b[2m"}),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, {"\x1b[1m", "\x1b[2m"}),
    ],
    ids=["colours", "NO_COLOR"],
)
def test_text_is_coloured_on_a_colour_terminal(article: Path, environ: dict[str, str], escapes: set[str]) -> None:
    shown = run(
        "extract", str(article), "--format", "text", environ={"TERM": "xterm", "NO_COLOR": "", **environ}
    ).stdout
    assert all(escape in shown for escape in escapes)
    assert ("\x1b[36m" in shown) == ("NO_COLOR" not in environ)


# --- what is refused


def test_unreadable_inputs_are_reported_and_the_rest_processed(tmp_path: Path) -> None:
    written(tmp_path, "good.txt", text=ARTICLE)
    (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
    written(tmp_path, "empty.txt", text="")
    written(tmp_path, "page.html", text="<p></p>")
    written(tmp_path, "wire.jsonl", text=lines("{", {"title": "no text"}, {"text": ARTICLE}))
    written(tmp_path, "broken.txt", text=BREAK)
    (tmp_path / "nothing").mkdir()
    names = ["none.txt", "latin.txt", "empty.txt", "page.html", "wire.jsonl", "broken.txt", "nothing", "good.txt"]
    result = run("extract", *(str(tmp_path / name) for name in names))
    assert result.exit_code == 1
    assert [one["article"]["id"] for one in answers(result.stdout)] == [
        f"{tmp_path}/wire.jsonl:3", f"{tmp_path}/good.txt",
    ]  # fmt: skip
    places = [
        "none.txt",
        "latin.txt",
        "empty.txt",
        "page.html",
        "wire.jsonl:1",
        "wire.jsonl:2",
        "broken.txt",
        "nothing",
    ]
    assert reported(result.stderr) == ([f"{tmp_path}/{place}" for place in places], (10, 2, 0, 8))
    assert "RuntimeError: broken" in result.stderr  # an error of ours, not of the input


@pytest.mark.parametrize(
    ("variable", "named"),
    [("PULLQUOTE_MAX_CHARACTERS", [5, 4]), ("PULLQUOTE_MAX_BYTES", [4])],
)
def test_limits_of_the_service_apply(variable: str, named: list[int]) -> None:
    result = run("extract", "-", stdin=b"12345", environ={variable: "4"})
    assert (result.exit_code, result.stderr[:3], numbers(result.stderr)) == (1, "-: ", named)


def test_file_name_cannot_inject_escape_sequences(tmp_path: Path) -> None:
    result = run("extract", str(tmp_path / "a\x1b[31m\nb.txt"))
    assert result.stderr.startswith(f"{tmp_path}/a\ufffd[31m b.txt: ")


def test_missing_model_is_a_one_line_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_settings: Settings) -> None:
        raise ModelMissing("There is no model pack.")

    monkeypatch.setattr("service.parsing.load.load_parser", missing)
    result = run("extract", "-", stdin=b"a")
    assert (result.exit_code, result.stderr) == (3, "Error: There is no model pack.\n")


# --- into a folder


def test_each_article_gets_its_own_file(tmp_path: Path) -> None:
    written(tmp_path, "in/a.txt", "in/sub/a.txt", text=ARTICLE)
    written(tmp_path, "in/wire.jsonl", text=lines({"text": ARTICLE}, {"text": LOST}))
    result = run("extract", str(tmp_path / "in"), "--output", str(tmp_path / "out"), "--format", "html")
    assert (result.exit_code, result.stdout) == (0, "")
    assert counts(result.stderr) == (4, 4, 0, 0)
    files = {path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()}
    answers = {"a.txt.html", "sub/a.txt.html", "wire.jsonl/000001.html", "wire.jsonl/000002.html"}
    assert files == {*answers, LEDGER}


def test_output_file_equals_standard_output(article: Path, tmp_path: Path) -> None:
    for name, suffix in [("csv", "csv"), ("json", "json"), ("jsonl", "jsonl"), ("text", "txt"), ("html", "html")]:
        run("extract", str(article), "--output", str(tmp_path / "out"), "--format", name)
        made = (tmp_path / "out" / f"article.txt.{suffix}").read_bytes()
        assert made == run("extract", str(article), "--format", name).stdout_bytes


class TestResuming:
    @pytest.fixture
    def again(self, tmp_path: Path) -> Any:
        written(tmp_path, "in/a.txt", "in/b.txt", text=ARTICLE)

        def extract(*arguments: str) -> str:
            return run("extract", str(tmp_path / "in"), "--output", str(tmp_path / "out"), *arguments).stderr

        assert counts(extract()) == (2, 2, 0, 0)
        return extract

    def test_existing_results_are_skipped(self, again: Any, tmp_path: Path) -> None:
        made = (tmp_path / "out" / "a.txt.jsonl").stat().st_mtime_ns
        assert counts(again()) == (2, 0, 2, 0)
        assert (tmp_path / "out" / "a.txt.jsonl").stat().st_mtime_ns == made

    def test_missing_results_are_computed_again(self, again: Any, tmp_path: Path) -> None:
        (tmp_path / "out" / "a.txt.jsonl").unlink()
        assert counts(again()) == (2, 1, 1, 0)

    def test_changed_input_is_processed_even_if_older(self, again: Any, tmp_path: Path) -> None:
        (changed,) = written(tmp_path, "in/a.txt", text=LOST)
        os.utime(changed, (0, 0))
        assert counts(again()) == (2, 1, 1, 0)
        assert json.loads((tmp_path / "out" / "a.txt.jsonl").read_text("utf-8"))["article"]["length"] == len(LOST)

    def test_touched_but_unchanged_input_is_skipped(self, again: Any, tmp_path: Path) -> None:
        (tmp_path / "in" / "a.txt").touch()
        assert counts(again()) == (2, 0, 2, 0)

    @pytest.mark.parametrize("arguments", [("--explain",), ("--format", "csv"), ("--min-confidence", "0.1")])
    def test_other_settings_process_everything_again(self, again: Any, arguments: tuple[str, ...]) -> None:
        assert counts(again(*arguments)) == (2, 2, 0, 0)
        assert counts(again(*arguments)) == (2, 0, 2, 0)

    def test_another_model_processes_everything_again(self, again: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.parsing.load.identity", lambda _settings: "another")
        assert counts(again()) == (2, 2, 0, 0)

    def test_no_model_is_loaded_if_nothing_is_left(self, again: Any, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr("service.parsing.load.load_parser", lambda _settings: pytest.fail("loaded"))
        assert counts(again()) == (2, 0, 2, 0)


def test_rejected_inputs_are_retried(tmp_path: Path) -> None:
    written(tmp_path, "in/a.txt", text="")
    for _ in range(2):
        result = run("extract", str(tmp_path / "in"), "--output", str(tmp_path / "out"))
        assert reported(result.stderr)[1] == (1, 0, 0, 1)


def test_output_inside_the_input_folder_is_not_read(tmp_path: Path) -> None:
    written(tmp_path, "a.txt", text=ARTICLE)
    for expected in ((1, 1, 0, 0), (1, 0, 1, 0)):
        result = run("extract", str(tmp_path), "--output", str(tmp_path / "out"), "--format", "html")
        assert counts(result.stderr) == expected


def test_unwritable_output_ends_the_run(article: Path, tmp_path: Path) -> None:
    (tmp_path / "out" / "article.txt.jsonl").mkdir(parents=True)
    result = run("extract", str(article), "--output", str(tmp_path / "out"))
    assert (result.exit_code, f"{tmp_path}/out/article.txt.jsonl" in result.stderr) == (3, True)
    result = run("extract", str(article), "--output", str(article / "out"))
    assert (result.exit_code, f"{article}/out" in result.stderr) == (3, True)


# --- usage errors


@pytest.mark.parametrize(
    ("arguments", "named"),
    [
        ([], "PATH"),
        (["a.txt", "--format", "xml"], "'xml'"),
        (["a.txt", "--jobs", "0"], "--jobs"),
        (["a.txt", "b.txt", "--format", "html"], "--output"),
        (["a.jsonl", "--format", "html"], "--output"),
        (["one/a.txt", "two/a.txt", "--output", "out"], "out/a.txt"),
        (["out", "--output", "out"], "out"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_impossible_command_is_a_usage_error(
    arguments: list[str], named: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    written(tmp_path, "one/a.txt", "two/a.txt", "out/c.txt", text=ARTICLE)
    result = run("extract", *arguments)
    assert (result.exit_code, result.stdout) == (2, "")
    assert named in result.stderr

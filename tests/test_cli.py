import json
import socket
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from service import __version__
from service.app import create_app, make_ready
from service.cli import main
from service.errors import ModelMissing
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE, LOST, FakeParser


@pytest.fixture
def fake_parser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.parsing.load.load_parser", lambda _settings: FakeParser())


def run(*arguments: str, stdin: bytes | None = None, **environ: str) -> Result:
    return CliRunner().invoke(main, list(arguments), input=stdin, env=environ)


def served(text: str, **request: Any) -> str:
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return app.test_client().post("/quotes", json={"text": text, **request}).text


@pytest.mark.usefixtures("fake_parser")
class TestExtract:
    def test_a_file_is_answered_as_the_service_answers_its_text(self, tmp_path: Path) -> None:
        file = tmp_path / "article.txt"
        file.write_text(ARTICLE, encoding="utf-8")
        assert run("extract", str(file)).stdout == served(ARTICLE, id=str(file))

    def test_options_are_the_request_s_options(self, tmp_path: Path) -> None:
        file = tmp_path / "article.txt"
        file.write_text(ARTICLE, encoding="utf-8")
        found = run("extract", str(file), "--kind", "direct", "--kind", "mixed", "--min-confidence", "0.1", "--explain")
        options = {"kinds": ["direct", "mixed"], "min_confidence": 0.1, "explain": True}
        assert found.stdout == served(ARTICLE, id=str(file), options=options)

    def test_several_files_are_a_line_each(self, tmp_path: Path) -> None:
        files = [tmp_path / "a.txt", tmp_path / "b.txt"]
        for file in files:
            file.write_text(ARTICLE, encoding="utf-8")
        lines = run("extract", *map(str, files)).stdout.splitlines()
        assert [json.loads(line)["article"]["id"] for line in lines] == [str(file) for file in files]

    def test_a_dash_is_standard_input(self) -> None:
        assert run("extract", "-", stdin=LOST.encode()).stdout == served(LOST, id="-")

    def test_line_ends_and_byte_order_marks_stay_since_offsets_count_them(self) -> None:
        text = f"\ufeff{LOST}\r\n"
        assert run("extract", "-", stdin=text.encode()).stdout == served(text, id="-")

    def test_a_file_that_cannot_be_read_is_named_and_the_others_are_answered(self, tmp_path: Path) -> None:
        (tmp_path / "good.txt").write_text(ARTICLE, encoding="utf-8")
        (tmp_path / "latin.txt").write_bytes("café".encode("latin-1"))
        (tmp_path / "empty.txt").touch()
        names = ["none.txt", "latin.txt", "empty.txt", "good.txt"]
        result = run("extract", *(str(tmp_path / name) for name in names))
        assert result.exit_code == 1
        assert len(result.stdout.splitlines()) == 1
        none, latin, empty = result.stderr.splitlines()
        assert "none.txt" in none
        assert "latin.txt: is not UTF-8: byte 3" in latin
        assert "empty.txt: /text: is empty" in empty

    def test_the_limit_of_the_service_holds(self) -> None:
        result = run("extract", "-", stdin=b"12345", PULLQUOTE_MAX_CHARACTERS="4")
        assert result.exit_code == 1
        assert "has 5 characters; the limit is 4" in result.stderr


def test_a_model_that_is_missing_is_told_in_a_line(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_settings: Settings) -> None:
        raise ModelMissing("There is no model pack.")

    monkeypatch.setattr("service.parsing.load.load_parser", missing)
    result = run("extract", "-", stdin=b"a")
    assert (result.exit_code, result.stderr) == (1, "Error: There is no model pack.\n")


def test_a_setting_that_cannot_be_used_is_told_in_a_line() -> None:
    result = run("models", "list", PULLQUOTE_PORT="http")
    assert result.exit_code == 1
    assert result.stderr == "Error: PULLQUOTE_PORT is 'http'; it must be a whole number.\n"


def test_the_version_is_told() -> None:
    assert run("--version").stdout == f"pullquote, version {__version__}\n"


def test_models_lists_the_chosen_one_with_a_star(tmp_path: Path) -> None:
    result = run("models", "list", PULLQUOTE_MODELS_DIR=str(tmp_path))
    assert result.stdout == "* embedded\n"
    result = run("models", "list", PULLQUOTE_MODELS_DIR=str(tmp_path), PULLQUOTE_MODEL="/srv/model")
    assert result.stdout == "  embedded\n* /srv/model\n"


def test_models_lists_what_has_been_downloaded_whole(tmp_path: Path) -> None:
    needed = dict.fromkeys(["tokenize", "mwt", "pos", "lemma", "depparse"], "gum")
    index = {"en": {"packages": {"gum": needed, "ewt": dict.fromkeys(needed, "ewt")}}}
    (tmp_path / "resources.json").write_text(json.dumps(index))
    for name in needed:
        (tmp_path / "en" / name).mkdir(parents=True)
        (tmp_path / "en" / name / "gum.pt").touch()
    result = run("models", "list", PULLQUOTE_MODELS_DIR=str(tmp_path))
    assert result.stdout == "* embedded\n  stanza:gum\n"


def test_models_check_says_what_is_wrong(tmp_path: Path) -> None:
    result = run("models", "check", PULLQUOTE_MODEL=str(tmp_path / "none"))
    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: There is no model '{tmp_path / 'none'}'")


def test_models_download_fetches_into_the_models_folder_and_says_how_to_use_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fetched: list[tuple[str, Path]] = []
    monkeypatch.setattr("service.parsing.load.download", lambda *call: fetched.append(call))
    result = run("models", "download", "gum", PULLQUOTE_MODELS_DIR=str(tmp_path))
    assert fetched == [("gum", tmp_path)]
    assert result.stdout == "Set PULLQUOTE_MODEL=stanza:gum to use it.\n"


def test_models_download_says_when_there_is_no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    def unreachable(*_call: object) -> None:
        raise ConnectionError("no route")

    monkeypatch.setattr("service.parsing.load.download", unreachable)
    result = run("models", "download")
    assert (result.exit_code, result.stderr) == (
        1,
        "Error: Stanza's package 'default' could not be downloaded: no route\n",
    )


def test_serve_takes_options_before_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Settings] = []
    monkeypatch.setattr("service.server.serve", given.append)
    run("serve", "--port", "9001", PULLQUOTE_PORT="9000", PULLQUOTE_HOST="0.0.0.0")
    assert [(settings.host, settings.port) for settings in given] == [("0.0.0.0", 9001)]


def test_serve_refuses_an_option_as_it_refuses_a_variable() -> None:
    assert "PULLQUOTE_WORKERS is 0 processes; it must be at least 1." in run("serve", "--workers", "0").stderr


def test_serve_says_when_the_port_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.server.check_model", lambda _settings: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert result.exit_code == 1
    assert f"Nothing can listen on 127.0.0.1 port {port}: Address already in use." in result.stderr


def test_serve_says_when_the_host_is_not_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.server.check_model", lambda _settings: None)
    result = run("serve", "--host", "192.0.2.1")
    assert (result.exit_code, "192.0.2.1 port 8000" in result.stderr) == (1, True)


def test_nothing_that_runs_on_a_fake_parser_imports_a_model_s_libraries() -> None:
    program = """
import sys
from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import ARTICLE, FakeParser
import service.cli, service.server
app = create_app(Settings(), FakeParser())
make_ready(app)
assert app.test_client().post("/quotes", json={"text": ARTICLE}).status_code == 200
found = {"torch", "stanza", "transformers"} & sys.modules.keys()
assert not found, found
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT)

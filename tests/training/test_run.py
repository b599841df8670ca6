"""The Makefile passes valid arguments to the recipe, the scorer gets valid input, a pack lists its files."""

import json
import shlex
import subprocess
from hashlib import sha256
from pathlib import Path

from service.input.article import Span
from service.parsing.embedded.words import Form
from service.parsing.tree import Parse, Sentence, Word
from tests.conftest import ROOT
from training.evaluate import to_conllu
from training.pack import write_manifest
from training.run import arguments

TEXT = "_____\n\nYes.\n\n* *"


def test_make_model_passes_valid_arguments() -> None:
    command = ["make", "-n", "model", "SHARED=given", "WORK=here"]
    output = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (line,) = (line for line in output.splitlines() if "training.run" in line)
    args = arguments().parse_args(shlex.split(line.partition("training.run")[2]))
    assert (args.shared, args.work) == (Path("given"), Path("here"))


def test_unparsed_punctuation_is_written_too() -> None:
    spans = [Span(7, 10), Span(10, 11)]
    words = (Word(spans[0], "Yes", "yes", "INTJ", "root", -1), Word(spans[1], ".", ".", "PUNCT", "punct", 0))
    forms = [[Form(TEXT[span.start : span.end], span, span) for span in spans]]
    rows = [line.split("\t")[:2] for line in to_conllu(Parse((Sentence(words),)), forms, TEXT).split("\n") if line]
    assert rows == [["1", "_____"], ["1", "Yes"], ["2", "."], ["1", "*"], ["1", "*"]]


def test_files_of_an_earlier_pack_are_deleted(tmp_path: Path) -> None:
    for name in ("encoder", "reader", "notes"):
        (tmp_path / name).write_text(name)
    write_manifest(tmp_path, {"files": {}}, ["encoder", "reader"])
    write_manifest(tmp_path, {"files": {}}, ["encoder"])
    assert {file.name for file in tmp_path.iterdir()} == {"encoder", "manifest.json", "notes"}
    (entry,) = json.loads((tmp_path / "manifest.json").read_text())["files"].values()
    assert entry == {"sha256": sha256(b"encoder").hexdigest(), "bytes": 7}

"""The Makefile passes valid arguments to the recipe, and the scorer gets valid input."""

import shlex
import subprocess
from pathlib import Path

from service.input.article import Span
from service.parsing.embedded.words import Form
from service.parsing.tree import Parse, Sentence, Word
from tests.conftest import ROOT
from training.evaluate import to_conllu
from training.run import arguments

TEXT = "_____\n\nYes.\n\n* *"


def test_make_model_passes_valid_arguments() -> None:
    command = ["make", "-n", "model", "SHARED=given", "WORK=here"]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    (line,) = (line for line in told.splitlines() if "training.run" in line)
    args = arguments().parse_args(shlex.split(line.partition("training.run")[2]))
    assert (args.shared, args.work) == (Path("given"), Path("here"))


def test_unparsed_punctuation_is_written_too() -> None:
    spans = [Span(7, 10), Span(10, 11)]
    words = (Word(spans[0], "Yes", "yes", "INTJ", "root", -1), Word(spans[1], ".", ".", "PUNCT", "punct", 0))
    forms = [[Form(TEXT[span.start : span.end], span, span) for span in spans]]
    rows = [line.split("\t")[:2] for line in to_conllu(Parse((Sentence(words),)), forms, TEXT).split("\n") if line]
    assert rows == [["1", "_____"], ["1", "Yes"], ["2", "."], ["1", "*"], ["1", "*"]]

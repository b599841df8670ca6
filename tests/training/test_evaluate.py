"""The scorer's input."""

from service.input.article import Span
from service.parsing.embedded.words import Form
from service.parsing.tree import Parse, Sentence, Word
from training.evaluate import to_conllu

TEXT = "_____\n\nYes.\n\n* *"


def test_unparsed_punctuation_is_written_too() -> None:
    spans = [Span(7, 10), Span(10, 11)]
    words = (Word(spans[0], "Yes", "yes", "INTJ", "root", -1), Word(spans[1], ".", ".", "PUNCT", "punct", 0))
    forms = [[Form(TEXT[span.start : span.end], span, span) for span in spans]]
    rows = [line.split("\t")[:2] for line in to_conllu(Parse((Sentence(words),)), forms, TEXT).split("\n") if line]
    assert rows == [["1", "_____"], ["1", "Yes"], ["2", "."], ["1", "*"], ["1", "*"]]

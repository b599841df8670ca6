"""Readers of corpora: CoNLL-U round-trips, named mentions of GUM, cached parses."""

from pathlib import Path

import pytest

from service.input.paragraphs import read_article
from service.parsing.parser import ModelInfo
from service.parsing.tree import Parse
from service.settings import Settings
from training.corpora import caching_parser, conllu
from training.corpora.caching_parser import CachingParser
from training.corpora.conllu import Sentence
from training.corpora.named_mentions import names

FIRST = """# newdoc id = one
# sent_id = one-1
# text = Don't go.
1-2\tDon't\t_\t_\t_\t_\t_\t_\t_\t_
1\tDo\tdo\tAUX\tVB\t_\t3\taux\t_\t_
2\tn't\tnot\tPART\tRB\t_\t3\tadvmod\t_\t_
3\tgo\tgo\tVERB\tVB\t_\t0\troot\t_\tSpaceAfter=No
4\t.\t.\tPUNCT\t.\t_\t3\tpunct\t_\t_

"""
SECOND = """# newpar
# sent_id = one-2
# text = Stay here
1\tStay\tstay\tVERB\tVB\t_\t0\troot\t_\t_
2\there\there\tADV\tRB\t_\t1\tadvmod\t_\t_

"""
ARTICLE = read_article("He said so.")


def read(tmp_path: Path, content: str) -> list[conllu.Sentence]:
    (tmp_path / "some.conllu").write_text(content, encoding="utf-8")
    return list(conllu.read(tmp_path / "some.conllu"))


def test_conllu_round_trips(tmp_path: Path) -> None:
    sentences = read(tmp_path, FIRST + SECOND)
    conllu.write(tmp_path / "again.conllu", sentences)
    assert (tmp_path / "again.conllu").read_text(encoding="utf-8") == FIRST + SECOND


def test_multi_word_token_is_one_token_and_two_words(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, FIRST)
    assert [row[1] for row in sentence.surface()] == ["Don't", "go", "."]
    assert [row[1] for row in sentence.words()] == ["Do", "n't", "go", "."]
    assert sentence.text() == "Don't go."


def test_paragraphs_are_separated_by_blank_lines(tmp_path: Path) -> None:
    assert conllu.raw_text(read(tmp_path, FIRST + SECOND)) == "Don't go.\n\nStay here\n"


def test_the_text_comment_follows_the_forms(tmp_path: Path) -> None:
    (sentence,) = read(tmp_path, SECOND)
    sentence.rows[1][1] = "there"
    assert "# text = Stay there\n" in sentence.write()


class Counting:
    """A parser that finds nothing and counts its calls."""

    model = ModelInfo("none", "1")
    asked = 0

    def parse(self, articles: list[object]) -> list[Parse]:
        self.asked += len(articles)
        return [Parse((), ()) for _ in articles]


@pytest.fixture
def sources(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for file in (
        "parsing/parser.py",
        "parsing/tokenization/weights.json",
        "input/characters.py",
    ):
        (tmp_path / "code" / file).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "code" / file).write_text("one", encoding="utf-8")
    monkeypatch.setattr(caching_parser, "SOURCES", tmp_path / "code")
    return tmp_path / "code"


def asked(monkeypatch: pytest.MonkeyPatch, folder: Path) -> int:
    """Return how often a new parser calls the model for the article."""
    counting = Counting()
    monkeypatch.setattr(caching_parser, "_loaded", lambda _settings: counting)
    CachingParser(Settings(), folder).parse([ARTICLE])
    return counting.asked


def test_parse_is_cached_until_parsing_code_changes(
    sources: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert [asked(monkeypatch, tmp_path / "kept") for _ in range(2)] == [1, 0]
    (sources / "parsing/tokenization/weights.json").write_text("another", encoding="utf-8")
    assert asked(monkeypatch, tmp_path / "kept") == 1


def sentence(*words: str) -> Sentence:
    """Build a sentence from words as `form xpos head entity`, the last only where brackets open or close."""
    rows = []
    for number, word in enumerate(words, start=1):
        form, xpos, head, *entity = word.split()
        rows.append(
            [str(number), form, form, "X", xpos, "_", head, "dep", "_", f"Entity={entity[0]}" if entity else "_"]
        )
    return Sentence([], rows)


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["Ada NNP 2 (1-person-new)", "left VBD 0"], [("Ada", "person")]),
        (["She PRP 2 (1-person-new-Ada_Example)", "left VBD 0"], []),
        (["the DT 2 (1-person-new", "mayor NN 0", "of IN 4", "Utopia NNP 2 (2-place-new)1)"], [("Utopia", "place")]),
        (
            ["University NNP 0 (1-organization-new", "of IN 3", "Utopia NNP 1 (2-place-new)1)"],
            [("University of Utopia", "organization")],
        ),
        (
            ["Bank NNP 0 (1-organization-new", "of IN 4", "the DT 4", "Isles NNPS 1 1)"],
            [("Bank of the Isles", "organization")],
        ),
        (["the DT 2 (1-organization-new", "Post NNP 0 1)"], [("Post", "organization")]),
        (["Ada NNP 0 (1-person-new", ", , 4", "a DT 4", "plumber NN 1 1)"], [("Ada", "person")]),
        (["Ada NNP 3 (1-person-new(2-person-new", "'s POS 1 2)", "sister NN 0 1)"], [("Ada", "person")]),
        (
            ["Ada NNP 0 (1-person-new)", "and CC 3", "Bob NNP 1 (2-person-new)"],
            [("Ada", "person"), ("Bob", "person")],
        ),
        (["Tuesday NNP 0 (1-time-new)"], []),
    ],
)
def test_names(words: list[str], expected: list[tuple[str, str]]) -> None:
    tree = sentence(*words)
    forms = [row[1] for row in tree.words()]
    assert [(" ".join(forms[name.start : name.end]), name.kind) for name in names(tree)] == expected

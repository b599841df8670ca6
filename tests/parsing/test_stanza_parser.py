"""The parser with the embedded model: offsets refer to the original text, whatever it contains."""

import copy
import dataclasses
import itertools
import re
import unicodedata
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from service.errors import Invalid, OutOfTime
from service.input import article as deadline
from service.input.article import Article, Deadline, Paragraph, Span
from service.parsing.chunks import CHUNK, MAX_WORDS
from service.parsing.parser import Parser
from service.parsing.tree import ROOT, Parse, Sentence

pytestmark = pytest.mark.model

STORY = (
    "Mayor Closes Harbour After Storm\n\n"
    "UTOPIA CITY — “We can’t keep the harbour open,” Mayor Ada Example said on Monday. “It isn’t\n"
    "safe.”\n\n"
    "Bob Sample, a spokesman for the Utopia Port Authority, told reporters that ships would wait.\n"
)


def article(text: str) -> Article:
    """Return an article with a paragraph for each part between blank lines."""
    return Article(text, tuple(Paragraph(Span(*match.span())) for match in re.finditer(r"\S(?:.|\n(?!\n))*", text)))


def parse(parser: Parser, text: str) -> Parse:
    (found,) = parser.parse([article(text)])
    return found


def check_promises(found: Parse, text: str) -> None:
    """Check that every span is verbatim and in order, and every sentence is one tree."""
    end = 0
    for sentence in found.sentences:
        for word in sentence.words:
            assert word.text == text[word.span.start : word.span.end]
            assert word.span.start < word.span.end
            assert word.upos
            assert word.lemma
            assert word.deprel
        assert sentence.span.start >= end
        end = sentence.span.end
        assert [word.head for word in sentence.words].count(ROOT) == 1
        assert sentence.subtree(sentence.root()) == list(range(len(sentence.words)))
    for entity in found.entities:
        assert any(s.span.start <= entity.span.start < entity.span.end <= s.span.end for s in found.sentences)


def words(sentence: Sentence) -> list[str]:
    return [word.text for word in sentence.words]


def test_a_news_story(embedded_parser: Parser) -> None:
    found = parse(embedded_parser, STORY)
    check_promises(found, STORY)
    assert [STORY[s.span.start :][:5] for s in found.sentences] == ["Mayor", "UTOPI", "“It i", "Bob S"]
    names = {(STORY[e.span.start : e.span.end], e.kind) for e in found.entities}
    assert ("Bob Sample", "person") in names
    assert ("Utopia Port Authority", "organization") in names


def test_the_tree_of_a_quote(embedded_parser: Parser) -> None:
    sentence = parse(embedded_parser, "Bob Sample told reporters that ships would wait.").sentences[0]
    verb = words(sentence).index("told")
    assert sentence.root() == verb
    assert sentence.words[verb].lemma == "tell"
    assert sentence.words[verb].upos == "VERB"
    subject, clause = sentence.child(verb, "nsubj"), sentence.child(verb, "ccomp")
    assert subject is not None
    assert clause is not None
    assert [sentence.words[n].text for n in sentence.subtree(subject)] == ["Bob", "Sample"]
    assert sentence.words[clause].text == "wait"


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("They don't know.", ["do", "n't"]),
        ("They don’t know.", ["do", "n’t"]),
        ("It’s Ada’s boat.", ["It", "’s"]),
        ("We cannot stay.", ["can", "not"]),
    ],
)
def test_the_words_of_a_multi_word_token_have_their_own_offsets(
    embedded_parser: Parser, text: str, pieces: list[str]
) -> None:
    found = words(parse(embedded_parser, text).sentences[0])
    assert any(found[n : n + 2] == pieces for n in range(len(found)))


def test_a_possessive_is_not_part_of_a_name(embedded_parser: Parser) -> None:
    text = "Ada Example’s lawyer spoke to the judge in Berlin’s court."
    assert "Ada Example" in {text[e.span.start : e.span.end] for e in parse(embedded_parser, text).entities}


def test_line_breaks_within_a_paragraph_do_not_matter(embedded_parser: Parser) -> None:
    wrapped = "The council said on\nTuesday that it\n\twould not appeal."
    flat = " ".join(wrapped.split("\n"))
    trees = [
        [(w.text, w.head, w.deprel) for w in parse(embedded_parser, t).sentences[0].words] for t in (wrapped, flat)
    ]
    assert trees[0] == trees[1]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " \n \n\n ",
        ".",
        "😀",
        "👩‍🚀 said: “Höhe 3\u202fm.” 🇪🇺",
        unicodedata.normalize("NFD", "Élodie Müller a dit « oui » à Ångström."),
        "a\u0301" * 50,
        "\ufffd\u200b\ufeff x",
        "\ud800 lone",
        "שלום עולם. 你好，世界。",
        "word" * 3_000,
        "https://example.org/" + "a" * 1_500 + " is a link.",
        "one " * 5_000,
        "1 2 3 | 4 5 6 | " * 2_000,
        "No.\n\n" * 200,
        "tab\tseparated\tvalues\r\nin\x00the\x0bmiddle\x1c of\u2028it.",
    ],
    ids=lambda text: ascii(text[:20]),
)
def test_promises_hold_for_unusual_text(embedded_parser: Parser, text: str) -> None:
    check_promises(parse(embedded_parser, text), text)


def test_endless_sentence_is_split(embedded_parser: Parser) -> None:
    text = "bread, milk, eggs, " * 300
    found = parse(embedded_parser, text)
    assert max(len(sentence.words) for sentence in found.sentences) <= MAX_WORDS
    assert "".join(word for sentence in found.sentences for word in words(sentence)) == text.replace(" ", "")


def test_boilerplate_is_not_parsed(embedded_parser: Parser) -> None:
    plain = article("She left.\n\nShare this story.")
    furniture = dataclasses.replace(plain.paragraphs[1], section="furniture")
    marked = dataclasses.replace(plain, paragraphs=(plain.paragraphs[0], furniture))
    (found,) = embedded_parser.parse([marked])
    assert [words(sentence) for sentence in found.sentences] == [["She", "left", "."]]


def test_no_paragraphs_no_parse(embedded_parser: Parser) -> None:
    assert embedded_parser.parse([Article("Words."), Article("")]) == [Parse(), Parse()]
    assert embedded_parser.parse([]) == []


def test_parse_does_not_depend_on_other_articles(embedded_parser: Parser) -> None:
    others = [article("Short one."), article("A much longer one, with words. " * 40), article(STORY * 3)]
    alone = embedded_parser.parse([article(STORY)])[0]
    assert embedded_parser.parse([others[0], article(STORY), others[1]])[1] == alone
    assert embedded_parser.parse([*others, article(STORY)])[3] == alone


def test_long_article_has_verbatim_spans(embedded_parser: Parser) -> None:
    text = STORY * (3 * CHUNK // len(STORY))
    found = parse(embedded_parser, text)
    check_promises(found, text)
    once = parse(embedded_parser, STORY)
    times = text.count(STORY)
    assert [words(sentence) for sentence in found.sentences] == [words(sentence) for sentence in once.sentences] * times
    assert len(found.entities) == len(once.entities) * times


def test_parse_stops_at_its_deadline_with_progress(embedded_parser: Parser, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(OutOfTime, match=rf"0 of {len(STORY)} characters divided into sentences"):
        embedded_parser.parse([article(STORY)], Deadline(0, 30))
    long = article(STORY * (2 * CHUNK // len(STORY)))
    sentences = len(embedded_parser.parse([long])[0].sentences)
    ticks = itertools.count()
    monkeypatch.setattr(deadline, "time", SimpleNamespace(monotonic=lambda: next(ticks)))  # a second for each question
    with pytest.raises(OutOfTime, match=rf"after [1-9]\d* of {sentences} sentences parsed"):
        embedded_parser.parse([long], Deadline(asked := 2 * sentences // 3, asked))  # it is asked before each tree


def test_article_with_too_many_sentences_is_rejected(embedded_parser: Parser) -> None:
    strict = copy.copy(embedded_parser)
    strict._max_sentences = 2  # type: ignore[attr-defined]
    strict.parse([article("She left. He stayed.")])
    for from_page, field in ((False, "/text"), (True, "/html")):
        with pytest.raises(Invalid, match=rf"{field}: has 3 sentences; the limit is 2\."):
            strict.parse([dataclasses.replace(article("She left. He stayed. They sat."), from_page=from_page)])


_TEXT = st.text(st.sampled_from("abcdefgh AEO.,!?;:'\"“”‘’—-–…\n\t0123456789()é😀\u0301\u200d$%&/@#"), max_size=120)


@given(_TEXT)
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_promises_hold_for_any_text(embedded_parser: Parser, text: str) -> None:
    check_promises(parse(embedded_parser, text), text)

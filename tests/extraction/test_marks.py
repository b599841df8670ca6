"""Quoted spans: text → the spans between quotation marks."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.extraction.quotations.marks import Marks, QuotedSpan, find_marks
from service.input.article import Article, Paragraph, Section, Span
from service.input.paragraphs import read_article


def article_of(text: str, furniture: str | None = None) -> Article:
    """Build an article with a paragraph per line; the line equal to `furniture` is boilerplate."""
    paragraphs, start = [], 0
    for line in text.split("\n"):
        if line:
            section: Section = "furniture" if line == furniture else "body"
            paragraphs.append(Paragraph(Span(start, start + len(line)), section))
        start += len(line) + 1
    return Article(text, tuple(paragraphs))


def shown(article: Article) -> list[str]:
    """Return the text of each quoted span, with a > for every span around it."""
    found = find_marks(article)

    def depth(quoted_span: QuotedSpan) -> int:
        return 0 if quoted_span.nested_in is None else 1 + depth(found[quoted_span.nested_in])

    return [">" * depth(quoted_span) + article.slice(quoted_span.span) for quoted_span in found]


MATCHED = [
    ('"I shall go," he said.', ['"I shall go,"']),
    ('He said, "I shall go."', ['"I shall go."']),
    ('"I shall go," he said, "but not now."', ['"I shall go,"', '"but not now."']),
    ('"I shall go", he said.', ['"I shall go"']),
    ("“I shall go,” he said. “Not now.”", ["“I shall go,”", "“Not now.”"]),
    ("„Ja“, sagte er.", ["„Ja“"]),
    ("„Tak”, powiedział.", ["„Tak”"]),
    ("”Ja”, sa han.", ["”Ja”"]),
    ("»Ja«, sagte er.", ["»Ja«"]),
    ("« Oui », dit-il.", ["« Oui »"]),
    ("«Oui», dit-il, «peut-être».", ["«Oui»", "«peut-être»"]),
    ("‹Ja›, sagte er.", ["‹Ja›"]),
    ("‟Yes,” she said.", ["‟Yes,”"]),
    ("``Yes,'' she said, ``I will.''", ["``Yes,''", "``I will.''"]),
    ("''Yes,'' she said, ''it's mine.''", ["''Yes,''", "''it's mine.''"]),
    ("‘‘Yes,’’ she said.", ["‘‘Yes,’’"]),
    ("`Yes,' she said.", ["`Yes,'"]),
    ("＂Yes,＂ she said.", ["＂Yes,＂"]),
    ('“Yes," she said.', ['“Yes,"']),
    ('"Yes,” she said.', ['"Yes,”']),
    ("”Yes,“ she said.", ["”Yes,“"]),
    ("“Yes,“ she said. “No,“ he said.", ["“Yes,“", "“No,“"]),
    ("He called it a “so-called” plan.", ["“so-called”"]),
    ('("Yes," she said.)', ['"Yes,"']),
    ('The plan ("a disaster") failed.', ['"a disaster"']),
    ('He said--"No"--and left.', ['"No"']),
    ("He said—“No”—and left.", ["“No”"]),
    ('"I was--" he began.', ['"I was--"']),
    ('"...and then it fell," she said.', ['"...and then it fell,"']),
    ('"$5 is enough," she said.', ['"$5 is enough,"']),
    ('"[We] won," she said.', ['"[We] won,"']),
    ('He said "no"; she said "yes".', ['"no"', '"yes"']),
    ('Anti-"waste" rules and "pro"-war talk.', ['"waste"', '"pro"']),
    ('"Yes"/"no" questions', ['"Yes"', '"no"']),
    ('He said:"No."', ['"No."']),
    ('"Yes,"he said. "No,"she said.', ['"Yes,"', '"No,"']),
    ('He said " hello " twice.', ['" hello "']),
    ('"What?!" she cried.', ['"What?!"']),
    ('"A" "B"', ['"A"', '"B"']),
    ('"A""B"', ['"A"', '"B"']),
    ("“Línea uno” dijo", ["“Línea uno”"]),
]
SINGLE = [
    ("'I shall go,' he said.", ["'I shall go,'"]),
    ("‘I shall go,’ he said, ‘but not now.’", ["‘I shall go,’", "‘but not now.’"]),
    ("‘I don’t know,’ she said. ‘It’s late.’", ["‘I don’t know,’", "‘It’s late.’"]),
    ("'I don't like the players' bus,' he said.", ["'I don't like the players' bus,'"]),
    ("It was 'cool', she said.", ["'cool'"]),
    ("He said 'no to players' and left.", ["'no to players'"]),
    ("Mayor: 'We will rebuild'", ["'We will rebuild'"]),
    ("Her 'big' day and his 'small' one", ["'big'", "'small'"]),
    ("’It is mine,’ he said.", ["’It is mine,’"]),
    ("‚Ja‘, sagte er.", ["‚Ja‘"]),
    ("'O'Brien won,' he said.", ["'O'Brien won,'"]),
    ("'24 hours to live'", ["'24 hours to live'"]),
]
APOSTROPHES = [
    "I don't, can't and won't.",
    "The players' union met the Joneses' lawyer.",
    "The players’ union met James’ lawyer.",
    "The '90s were kind; the ’80s were not.",
    "The class of '68 met.",
    "We like rock 'n' roll and fish ’n’ chips.",
    "'Tis the season, and ’twas the night.",
    "‘Tis the season of 'em all.",
    "Goin' home, thinkin' of you.",
    'He is 5\'10" and wants a 6" pipe.',
    "A 5' 10\" man, a 12' boat.",
    "He ran 3′ 20″ yesterday.",
    "L’homme d’État d'hier",
    "O'Brien's and D'Angelo's",
    "The boss's car and the bosses' cars",
    "The Smiths' house and the workers' pay",
]
NESTED = [
    ("\"He told me 'no' twice,\" she said.", ["\"He told me 'no' twice,\"", ">'no'"]),
    ("“He told me ‘no’ twice,” she said.", ["“He told me ‘no’ twice,”", ">‘no’"]),
    ("'He told me \"no\" twice,' she said.", ["'He told me \"no\" twice,'", '>"no"']),
    ("‘He told me “no” twice,’ she said.", ["‘He told me “no” twice,’", ">“no”"]),
    ("\"'No,' he told me,\" she said.", ["\"'No,' he told me,\"", ">'No,'"]),
    ("“She said, ‘No.’” He left.", ["“She said, ‘No.’”", ">‘No.’"]),
    ("''He told me 'no''' was the story.", ["''He told me 'no'''", ">'no'"]),
    ('"He said "no" twice," she said.', ['"He said "no" twice,"', '>"no"']),
    ("“He said “no” twice,” she said.", ["“He said “no” twice,”", ">“no”"]),
    ("« Il a dit “non” », dit-elle.", ["« Il a dit “non” »", ">“non”"]),
    ("“It’s ‘our’ players’ time,” he said.", ["“It’s ‘our’ players’ time,”", ">‘our’"]),
    ("“A ‘b “c” d’ e,” he said.", ["“A ‘b “c” d’ e,”", ">‘b “c” d’", ">>“c”"]),
    ('"A 6" pipe and the \'90s," he said.', ['"A 6" pipe and the \'90s,"']),
]


@pytest.mark.parametrize(("text", "expected"), MATCHED)
def test_marks_are_paired(text: str, expected: list[str]) -> None:
    assert shown(article_of(text)) == expected


@pytest.mark.parametrize(("text", "expected"), SINGLE)
def test_single_marks_are_paired_among_apostrophes(text: str, expected: list[str]) -> None:
    article = article_of(text)
    assert shown(article) == expected
    assert {quoted_span.style for quoted_span in find_marks(article)} == {"single"}


@pytest.mark.parametrize("text", APOSTROPHES)
def test_apostrophes_and_primes_are_not_quotation_marks(text: str) -> None:
    assert shown(article_of(text)) == []


@pytest.mark.parametrize(("text", "expected"), NESTED)
def test_quotes_within_quotes_are_nested(text: str, expected: list[str]) -> None:
    assert shown(article_of(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # never closed: up to the end of the sentence, or of the paragraph that it opens
        ('He called it "great. Then he left. He never came back.', ['"great.']),
        ("He called it “great news for all of us here", ["“great news for all of us here"]),
        ("“We will rebuild. We always do.", ["“We will rebuild. We always do."]),
        ("He asked Mr. Orr, “Did Dr. Lamb call? I forget. He left.", ["“Did Dr. Lamb call?"]),
        ("“Yes, he said. “No,” she said.", ["“Yes, he said.", "“No,”"]),
        ("A “be. Do “e” f.", ["“be.", "“e”"]),
        ("A “be ‘do. Eh’ fa. So. La", ["“be ‘do. Eh’ fa.", ">‘do. Eh’"]),
        ("A “be fa. So ‘do. Eh’ la", ["“be fa.", "‘do. Eh’"]),
        # never closed: up to the mark that reopens it after a sentence, as in paragraphs joined into one
        ("He said: “One. Two. “Three. Four. “Five.”", ["“One. Two.", "“Three. Four.", "“Five.”"]),
        ('He said: "One. Two. "Three." She left.', ['"One. Two.', '"Three."']),
        ("“One, he said. Two. “Three.”", ["“One, he said.", "“Three.”"]),
        ("He said: “One. Two called “Three” a liar.", ["“One.", "“Three”"]),
        # never opened: from the start of its sentence, or from the last mark
        ("We will rebuild,” he said.", ["We will rebuild,”"]),
        ('He smiled. We will rebuild," he said.', ['We will rebuild,"']),
        ("“Yes,” he said. No doubt,” he said.", ["“Yes,”", "No doubt,”"]),
        # nothing between the marks
        ('He said "" and “ ” and "!".', []),
        ('"', []),
        ("“", []),
        ('Lonely " mark.', ["mark."]),
    ],
)
def test_unpaired_marks_end_with_their_sentence_or_paragraph(text: str, expected: list[str]) -> None:
    if text.startswith("Lonely"):
        assert all(len(quoted_span) < len(text) for quoted_span in shown(article_of(text)))
    else:
        assert shown(article_of(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected", "continues"),
    [
        ("“One. Two.\n“Three,” he said.", ["“One. Two.", "“Three,”"], [None, 0]),
        ('He said: "One. Two.\n"Three.\n"Four."', ['"One. Two.', '"Three.', '"Four."'], [None, 0, 1]),
        ("'One. Two.\n'Three,' he said.", ["'One. Two.", "'Three,'"], [None, 0]),
        ("‘One, don’t.\n‘Two,’ he said.", ["‘One, don’t.", "‘Two,’"], [None, 0]),
        ("''One.\n''Two,'' he said.", ["''One.", "''Two,''"], [None, 0]),
        ("« Un.\n« Deux », dit-il.", ["« Un.", "« Deux »"], [None, 0]),
        ("“One,” he said. “Two.\n“Three.”", ["“One,”", "“Two.", "“Three.”"], [None, None, 1]),
        ("“One ‘a’ b.\n“Two.”", ["“One ‘a’ b.", ">‘a’", "“Two.”"], [None, None, 0]),
        ("“One.\nTwo,” he said.", ["“One.", "Two,”"], [None, 0]),  # continues without a mark
        ("“One.”\n“Two.”", ["“One.”", "“Two.”"], [None, None]),  # closed, so a new quote
        ("“One.\nHe left.\n“Two.”", ["“One.", "“Two.”"], [None, None]),  # other text between them
    ],
)
def test_quote_over_several_paragraphs_has_a_span_in_each(
    text: str, expected: list[str], continues: list[int | None]
) -> None:
    article = article_of(text)
    assert shown(article) == expected
    assert [quoted_span.continues for quoted_span in find_marks(article)] == continues


def test_quote_continues_across_boilerplate() -> None:
    article = article_of("“One. Two.\nRead more: “Cat found\n“Three,” he said.", furniture="Read more: “Cat found")
    assert [(quoted_span.paragraph, quoted_span.continues) for quoted_span in find_marks(article)] == [
        (0, None),
        (1, None),
        (2, 0),
    ]


def test_span_records_its_text_and_how_its_ends_were_found() -> None:
    text = "“One.\n“Two,” he said. No,” she said. A “b"
    found = find_marks(article_of(text))
    assert [(quoted_span.opened, quoted_span.closed, quoted_span.rule) for quoted_span in found] == [
        (True, False, "unclosed, the next paragraph reopens"),
        (True, True, "matched"),
        (False, True, "unopened, from its sentence's start"),
        (True, False, "unclosed, to its sentence's end"),
    ]
    assert [text[quoted_span.inner.start : quoted_span.inner.end] for quoted_span in found] == [
        "One.",
        "Two,",
        "No,",
        "b",
    ]


def test_quote_is_found_in_wrapped_text() -> None:
    text = (
        'The mayor told the meeting that the wall was "safe\nfor another year at least" and that nobody had to\n'
        'leave. "We shall see," said Ada Quill, who lives\nbelow it.'
    )
    article = read_article(text)
    assert len(article.paragraphs) == 1
    assert shown(article) == ['"safe\nfor another year at least"', '"We shall see,"']


def test_at_returns_the_outermost_span() -> None:
    text = "A “b ‘c’ d” e “f” g"
    marks = Marks(find_marks(article_of(text)))
    expected = [None] * 2 + [0] * 9 + [None] * 3 + [2] * 3 + [None] * 2
    assert [marks.at(offset) for offset in range(len(text))] == expected
    assert marks.at(-1) is None
    assert marks.at(len(text)) is None


def test_overlapping_returns_the_outermost_spans() -> None:
    marks = Marks(find_marks(article_of("A “b ‘c’ d” e “f” g")))
    assert marks.overlapping(Span(0, 19)) == (0, 2)
    assert marks.overlapping(Span(5, 6)) == (0,)
    assert marks.overlapping(Span(11, 14)) == ()
    assert Marks(()).overlapping(Span(0, 5)) == ()


def test_chain_returns_a_quote_over_several_paragraphs() -> None:
    marks = Marks(find_marks(article_of("“One.\n“Two.\n“Three.”\n“Four.”")))
    assert [marks.chain(index) for index in range(4)] == [(0,), (0, 1), (0, 1, 2), (3,)]


PIECES = st.sampled_from([*"“”„‟\"«»‹›‘’‚'`′″", "''", "``", " ", "\n", "a", "s", "No. ", "5", ", ", "—", "(", ")"])


@given(st.one_of(st.text(), st.lists(PIECES, max_size=60).map("".join)))
def test_spans_are_verbatim_ordered_nested_and_within_paragraphs(text: str) -> None:
    article = read_article(text)
    found = find_marks(article)
    assert list(found) == sorted(found, key=lambda quoted_span: quoted_span.span.start)
    outermost_end = 0
    for index, quoted_span in enumerate(found):
        assert article.paragraphs[quoted_span.paragraph].span.contains(quoted_span.span)
        assert quoted_span.span.contains(quoted_span.inner)
        inside = text[quoted_span.inner.start : quoted_span.inner.end]
        assert inside == inside.strip()
        assert any(map(str.isalnum, inside))
        assert (quoted_span.span.start < quoted_span.inner.start) >= quoted_span.opened
        assert (quoted_span.inner.end < quoted_span.span.end) >= quoted_span.closed
        if quoted_span.nested_in is None:
            assert outermost_end <= quoted_span.span.start
            outermost_end = quoted_span.span.end
        else:
            assert quoted_span.nested_in < index
            assert found[quoted_span.nested_in].span.contains(quoted_span.span)
        if quoted_span.continues is not None:
            assert quoted_span.continues < index
            assert found[quoted_span.continues].paragraph < quoted_span.paragraph
            assert not found[quoted_span.continues].closed


@given(st.lists(PIECES, max_size=60).map("".join))
def test_find_marks_is_deterministic(text: str) -> None:
    assert find_marks(read_article(text)) == find_marks(read_article(text))


@pytest.mark.growth
@pytest.mark.parametrize(
    "unit", ['"', "'", '" ', "' a", "“", "”a ", "``''", '"a. ', "‘“", "a” ", "“a\n", "'s ", '"a" ', '5" ']
)
def test_find_marks_takes_linear_time(unit: str) -> None:
    short, long = article_of(unit * 1000), article_of(unit * 4000)

    def seconds(article: Article) -> float:
        start = time.process_time()
        find_marks(article)
        return time.process_time() - start

    # Four times the marks: quadratic would take sixteen times as long. Load only adds time, so one fast run is enough.
    assert any(seconds(long) <= 12 * seconds(short) + 0.1 for _ in range(5))


@pytest.mark.slow
def test_hundred_thousand_marks_are_handled() -> None:
    assert find_marks(article_of('"' * 100_000)) == ()

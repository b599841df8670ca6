"""An editor's corrections, applied to small hand-made reports."""

import time
from dataclasses import replace

import pytest

from service.extraction.corrections import before_corrections, corrected, marks_of, mismatches, text_hash
from service.extraction.report import (
    Change,
    Correction,
    Corrections,
    Options,
    Quote,
    QuoteIndex,
    QuoteKind,
    Report,
    Speaker,
    SpeakerIndex,
)
from service.input.article import Article, Span
from service.input.paragraphs import read_article

TEXT = (
    "“We lost a winter,” Ann Cole said. “Never again,” she said.\n\n“It is over,” the clerk said. Nothing more.\n\n"
    "The bridge will open, Bo Dahl wrote."
)
ARTICLE = read_article(TEXT)
ANN, CLERK, BO = 0, 1, 2


def span(words: str, text: str = TEXT) -> Span:
    start = text.index(words)
    return Span(start, start + len(words))


def quote(words: str, speaker: int | None, mention: str = "", kind: QuoteKind = "direct", **fields: object) -> Quote:
    base = Quote(
        kind=kind,
        contents=(span(words),),
        sentence=span(words),
        paragraph=0,
        section="body",
        mention=span(mention) if mention else None,
        speaker=None if speaker is None else SpeakerIndex(speaker),
        resolution="none" if speaker is None else "name",
        confidence=0.9,
        speaker_confidence=None if speaker is None else 0.9,
    )
    return replace(base, **fields)  # type: ignore[arg-type]


REPORT = Report(
    (
        quote("“We lost a winter,”", ANN, "Ann Cole"),
        quote("“Never again,”", ANN, "she"),
        quote("“It is over,”", CLERK, "the clerk"),
        quote("The bridge will open", BO, "Bo Dahl", "indirect", confidence=0.3),
    ),
    (
        Speaker("Ann Cole", "person", mentions=(span("Ann Cole"), span("she")), quotes=(QuoteIndex(0), QuoteIndex(1))),
        Speaker("the clerk", "person", "clerk", mentions=(span("the clerk"),), quotes=(QuoteIndex(2),)),
        Speaker("Bo Dahl", "person", mentions=(span("Bo Dahl"),), quotes=(QuoteIndex(3),)),
    ),
)


def correction(change: Change, words: str = "", **fields: object) -> Correction:
    contents = (span(words),) if words else ()
    return replace(Correction(change, contents, (words,) if words else ()), **fields)  # type: ignore[arg-type]


def applied(*changes: Correction, report: Report = REPORT, options: Options | None = None) -> Report:
    return corrected(ARTICLE, report, Corrections(text_hash(ARTICLE), changes), options or Options(min_confidence=0.2))


def shown(report: Report) -> list[tuple[str, str | None]]:
    """Each quote's words and its speaker's name."""
    return [
        (ARTICLE.slice(one.contents[0]), None if one.speaker is None else report.speakers[one.speaker].name)
        for one in report.quotes
    ]


def test_a_quote_gets_another_speaker() -> None:
    report = applied(correction("speaker", "“Never again,”", speaker="the clerk"))
    assert shown(report)[1] == ("“Never again,”", "the clerk")
    changed = report.quotes[1]
    assert (changed.resolution, changed.confidence, changed.speaker_confidence) == ("correction", 1.0, 1.0)
    assert [speaker.quotes for speaker in report.speakers] == [(0,), (1, 2), (3,)]
    assert report.speakers[0].mentions == (span("Ann Cole"),)
    assert report.speakers[1].mentions == (span("she"), span("the clerk"))


def test_a_quote_gets_a_new_speaker_or_none() -> None:
    report = applied(
        correction("speaker", "“Never again,”", speaker="Cy Ek"), correction("speaker", "“It is over,”", speaker=None)
    )
    assert shown(report)[1:3] == [("“Never again,”", "Cy Ek"), ("“It is over,”", None)]
    unknown = report.quotes[2]
    assert (unknown.resolution, unknown.unresolved_code, unknown.speaker_confidence) == ("none", "correction", None)
    assert [speaker.name for speaker in report.speakers] == ["Ann Cole", "Cy Ek", "Bo Dahl"]


def test_a_speaker_is_renamed_everywhere() -> None:
    report = applied(correction("rename", speaker="the clerk", to="Cy Ek"))
    speaker = report.speakers[1]
    assert (speaker.name, speaker.aliases, speaker.description, speaker.quotes) == (
        "Cy Ek",
        ("the clerk",),
        "clerk",
        (2,),
    )
    assert report.quotes[2].resolution == "name"


def test_renaming_to_another_speaker_s_name_merges_them() -> None:
    report = applied(correction("rename", speaker="the clerk", to="Ann Cole"))
    assert [speaker.name for speaker in report.speakers] == ["Ann Cole", "Bo Dahl"]
    merged = report.speakers[0]
    assert (merged.quotes, merged.aliases, merged.description) == ((0, 1, 2), ("the clerk",), "clerk")
    assert merged.mentions == (span("Ann Cole"), span("she"), span("the clerk"))


def test_dropping_a_quote_removes_references_to_it() -> None:
    first, second, *rest = REPORT.quotes
    linked = Report(
        (first, replace(second, continues=QuoteIndex(0)), replace(rest[0], continues=QuoteIndex(1)), rest[1]),
        REPORT.speakers,
    )
    report = applied(correction("drop", "“We lost a winter,”"), report=linked)
    assert [quote.continues for quote in report.quotes] == [None, 0, None]
    assert report.speakers[0].quotes == (0,)


def test_added_quote_is_inserted_in_text_order() -> None:
    report = applied(correction("add", "Nothing more", kind="indirect", speaker="Ann Cole"))
    assert [words for words, _ in shown(report)][3] == "Nothing more"
    added = report.quotes[3]
    assert (added.kind, added.paragraph, added.section, added.marks) == ("indirect", 1, "body", ())
    assert ARTICLE.slice(added.sentence) == "Nothing more."
    assert report.speakers[0].quotes == (0, 1, 3)


def test_corrections_follow_each_other() -> None:
    report = applied(
        correction("add", "Nothing more", kind="indirect", speaker="Cy Ek"),
        correction("rename", speaker="Cy Ek", to="the clerk"),
        correction("drop", "“It is over,”"),
        correction("speaker", "Nothing more", kind="indirect", speaker="Bo Dahl"),
    )
    assert shown(report)[2:] == [("Nothing more", "Bo Dahl"), ("The bridge will open", "Bo Dahl")]
    assert [speaker.name for speaker in report.speakers] == ["Ann Cole", "Bo Dahl"]


def test_quote_with_other_boundaries_is_the_same_quote() -> None:
    report = applied(correction("speaker", "“Never again,” she", speaker="the clerk"))
    assert shown(report)[1] == ("“Never again,” she", "the clerk")
    assert report.quotes[1].marks == (span("“Never again,”"),)
    assert len(report.quotes) == 4


def test_a_corrected_quote_that_is_not_found_is_added() -> None:
    without = Report(REPORT.quotes[:2], (replace(REPORT.speakers[0]),))
    report = applied(correction("speaker", "“It is over,”", speaker="Ann Cole"), report=without)
    assert shown(report)[2] == ("“It is over,”", "Ann Cole")
    assert applied(correction("drop", "“It is over,”"), report=without).quotes == without.quotes


def test_continuations_and_pull_quotes_follow_their_quote() -> None:
    first, second, third, fourth = REPORT.quotes
    linked = Report(
        (first, replace(second, continues=QuoteIndex(0)), replace(third, continues=QuoteIndex(1)), fourth),
        REPORT.speakers,
    )
    report = applied(correction("speaker", "“We lost a winter,”", speaker="Bo Dahl"), report=linked)
    assert [name for _, name in shown(report)] == ["Bo Dahl", "Bo Dahl", "the clerk", "Bo Dahl"]
    repeated = Report((first, replace(second, repeats=QuoteIndex(0)), third, fourth), REPORT.speakers)
    report = applied(correction("speaker", "“Never again,”", speaker="Bo Dahl"), report=repeated)
    assert (report.quotes[1].repeats, report.speakers[1].quotes) == (None, (1, 3))


def test_minimum_confidence_keeps_corrected_quotes() -> None:
    options = Options(min_confidence=0.95)
    assert before_corrections(options).min_confidence == 0
    report = applied(correction("speaker", "The bridge will open", speaker=None), options=options)
    assert shown(report) == [("The bridge will open", None)]


def test_only_the_kinds_asked_for_are_returned() -> None:
    added = correction("add", "Nothing more", kind="indirect", speaker=None)
    report = applied(added, options=Options(kinds=("direct",), min_confidence=0.2))
    assert {quote.kind for quote in report.quotes} == {"direct"}


def test_explanations_name_the_correction() -> None:
    report = applied(correction("speaker", "“Never again,”", speaker="Bo Dahl"), options=Options(explain=True))
    assert [(rule.name, rule.detail) for rule in report.quotes[1].explain] == [("correction", "Bo Dahl")]


def test_corrections_of_another_text_do_not_match() -> None:
    other = Corrections(text_hash(Article("Other.")), (correction("drop", "“It is over,”"),))
    assert [pointer for pointer, _ in mismatches(ARTICLE, other)] == ["/article/sha256"]
    moved = replace(correction("drop", "“It is over,”"), texts=("“It was over,”",))
    edited = Corrections(text_hash(ARTICLE), (correction("drop", "“Never again,”"), moved))
    assert [pointer for pointer, _ in mismatches(ARTICLE, edited)] == ["/corrections/1/quote/0"]


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("“All of it,”", ["“All of it,”"]),
        ('had "a thin plan" for it', ['"a thin plan"']),
        ("it’s the town’s plan", []),
        ("‘One’ and ‘two’", ["‘One’", "‘two’"]),
    ],
)
def test_marks_are_found_in_added_quotes(text: str, marked: list[str]) -> None:
    assert [text[start:end] for start, end in marks_of(Article(text), [Span(0, len(text))])] == marked


@pytest.mark.growth
def test_thousands_of_corrections_take_seconds() -> None:
    article = read_article("".join(f"“Word {number} is here,” said Ann. " for number in range(600)))
    spans = [Span(at, article.text.index("”", at) + 1) for at, mark in enumerate(article.text) if mark == "“"]
    quotes = [
        Quote(
            "direct",
            (one,),
            one,
            0,
            "body",
            mention=one,
            speaker=SpeakerIndex(number % 9),
            continues=QuoteIndex(number - 1) if number else None,
        )
        for number, one in enumerate(spans)
    ]
    report = Report(tuple(quotes), tuple(Speaker(f"N{number}", "person") for number in range(9)))
    changes = []
    for number in range(2500):
        changes.append(Correction("rename", speaker=f"N{number % 9}", to=f"N{(number + 1) % 9}"))
        cut = Span(spans[number % 600].start, spans[number % 600].end - 1)
        changes.append(Correction("speaker", (cut,), ("",), "direct", f"N{number % 11}"))
    began = time.process_time()
    corrected(article, report, Corrections(text_hash(article), tuple(changes)), Options())
    assert time.process_time() - began < 10

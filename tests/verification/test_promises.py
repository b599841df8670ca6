"""Invariants of verification for any article and printed quote."""

import re
from itertools import accumulate

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from service.extraction.report import Quote, QuoteIndex, Report, Speaker, SpeakerIndex
from service.input.article import Article, Span
from service.verification.verify import Check, Claim, verify

_WORDS = ["we", "We", "lost", "a", "winter", "the", "bridge", "not", "don’t", "may", "3,000", "30", "U.S.", "well-kept",
          "50%", "it", "is", "[the", "city]", "…", "so", "‘so’", "café", "cafe\u0301", "why", "no-one"]  # fmt: skip
_ENDS = [",", ".", "?", " —", ""]
_WORD = re.compile(r"[^\W_]+")
_NAMES = ("Ruth Alder", "Tom Brandt", "Ines Okafor")


@st.composite
def articles(draw: st.DrawFn) -> tuple[Article, Report]:
    """Generate an article of alternating narration and quotes, with its report."""
    text = ""
    quotes: list[Quote] = []
    for _ in range(draw(st.integers(1, 5))):
        text += " ".join(draw(st.lists(st.sampled_from(_WORDS), max_size=6))) + draw(st.sampled_from([" ", "\n\n"]))
        inner = " ".join(draw(st.lists(st.sampled_from(_WORDS), min_size=2, max_size=12)))
        start = len(text)
        text += f"“{inner}{draw(st.sampled_from(_ENDS))}” "
        content = Span(start, len(text) - 1)
        speaker = draw(st.none() | st.integers(0, len(_NAMES) - 1))
        marks = (content,) if draw(st.booleans()) else ()
        quotes.append(
            Quote(
                "direct" if marks else "indirect",
                (content,),
                content,
                0,
                "body",
                marks=marks,
                speaker=None if speaker is None else SpeakerIndex(speaker),
            )
        )
    speakers = tuple(
        Speaker(
            name, "person", quotes=tuple(QuoteIndex(n) for n, quote in enumerate(quotes) if quote.speaker == number)
        )
        for number, name in enumerate(_NAMES)
    )
    return Article(text), Report(tuple(quotes), speakers)


@st.composite
def slices(draw: st.DrawFn) -> tuple[Article, Report, int, list[str]]:
    """Generate an article, one of its quoted quotes, and consecutive words of it."""
    article, report = draw(articles().filter(lambda pair: any(quote.marks for quote in pair[1].quotes)))
    number = draw(st.sampled_from([n for n, quote in enumerate(report.quotes) if quote.marks]))
    words = article.slice(report.quotes[number].contents[0]).strip("“”").split(" ")
    worded = [at for at, word in enumerate(words) if _WORD.search(word)]
    assume(worded)
    first, last = sorted(draw(st.tuples(st.sampled_from(worded), st.sampled_from(worded))))
    return article, report, number, words[first : last + 1]


def check(article: Article, report: Report, text: str, speaker: str) -> Check:
    (found,) = verify(article, report, [Claim(text, speaker)])
    return found


@given(slices())
def test_slice_of_a_quote_is_verbatim_with_its_speaker(one: tuple[Article, Report, int, list[str]]) -> None:
    article, report, number, words = one
    speaker = report.quotes[number].speaker
    found = check(article, report, " ".join(words), "" if speaker is None else _NAMES[speaker])
    assert found.wording == "verbatim"
    assert found.verdict == "verbatim"
    assert found.occurrence
    assert speaker is None or found.occurrence.said_by == (speaker,)


@given(slices(), st.data())
def test_changed_word_is_never_verbatim_or_edited(
    one: tuple[Article, Report, int, list[str]], data: st.DataObject
) -> None:
    article, report, _, words = one
    bracketed = " ".join(words).partition("[")[2].partition("]")[0].split()
    worded = [at for at, word in enumerate(words) if _WORD.search(word) and word.strip("[]“”.,") not in bracketed]
    assume(worded)
    at = data.draw(st.sampled_from(worded))
    other = data.draw(st.sampled_from(["summer", "31", "-30", "51%", "winters", "loſt", "naïve"]))
    changed = _WORD.sub(other, words[at], count=1)
    found = check(article, report, " ".join([*words[:at], changed, *words[at + 1 :]]), "")
    assert found.wording in {None, "altered"}
    assert found.verdict not in {"verbatim", "edited"}


@given(slices(), st.data())
def test_dropped_word_is_reported_unless_it_occurs_so(
    one: tuple[Article, Report, int, list[str]], data: st.DataObject
) -> None:
    article, report, _, words = one
    if len(words) < 3:
        return
    at = data.draw(st.integers(1, len(words) - 2))
    shorter = [*words[:at], *words[at + 1 :]]
    found = check(article, report, " ".join(shorter), "")
    if found.wording == "verbatim" and found.occurrence:
        original = "".join(article.slice(span) for span in found.occurrence.originals)
        assert _letters(original) == _letters(" ".join(shorter))


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text.replace("e\u0301", "é"))


_PIECES = st.sampled_from([*_WORDS, "“", "”", '"', "'", "[", "]", "…", "...", ". . .", "[…]", "[W]e", "walk[ed]", "\n",
                           "\x00", "🙂", "\u200b", "\u0301", "-", "—", "“we lost”", "[not]", "(", "ß"])  # fmt: skip
_PRINTED = st.one_of(
    st.lists(_PIECES, max_size=15).map(" ".join), st.lists(_PIECES, max_size=9).map("".join), st.text(max_size=40)
)


@settings(max_examples=300)
@given(
    articles(), _PRINTED, st.sampled_from(["", "Alder", "Mr. Brandt", "the mayor", "UN", "🙂", ",", "[", "she", " "])
)
def test_spans_are_slices_of_article_or_printed_quote(pair: tuple[Article, Report], text: str, speaker: str) -> None:
    article, report = pair
    found = check(article, report, text, speaker)
    assert found == check(article, report, text, speaker)
    places = [place for place in (found.occurrence, *found.elsewhere) if place]
    originals = [span for place in places for span in place.originals]
    originals += [change.original for change in found.changes if change.original]
    assert all(0 <= span.start < span.end <= len(article.text) for span in originals)
    printed = [change.printed for change in found.changes if change.printed]
    assert all(0 <= span.start < span.end <= len(text) for span in printed)
    assert all(change.original or change.printed for change in found.changes)
    assert (found.verdict == "not-found") == (found.occurrence is None) == (found.wording is None)
    used = [frozenset(span) for place in places for span in map(range, *zip(*place.originals, strict=True))]
    assert sum(map(len, used)) == len(frozenset().union(*used)), list(accumulate(map(len, used)))

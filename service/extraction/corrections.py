"""Apply an editor's corrections to a report: speakers changed, renamed or merged, quotes dropped or added."""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Final

from service.extraction.report import (
    UNNAMED_CONFIDENCE,
    Correction,
    Corrections,
    Options,
    Quote,
    QuoteIndex,
    Report,
    Rule,
    Speaker,
    SpeakerIndex,
)
from service.input.article import NO_DEADLINE, Article, Deadline, Span

UNKNOWN: Final = "an editor's correction says that the speaker is unknown"
_MARKED: Final = re.compile('“[^”]*”|"[^"]*"|«[^»]*»|„[^“]*“|‘[^’]*’(?!\\w)')
_SENTENCE_END: Final = re.compile(r"[.!?…][”\"’')\]]*(?=\s)")
_AROUND: Final = 2_000  # characters around an added quote in which its sentence is looked for
_SAME: Final = 0.5  # share of two quotes' characters that they have in common, above which they are the same quote


def text_hash(article: Article) -> str:
    """Return the SHA-256 of the article's text in UTF-8, by which corrections name it."""
    return hashlib.sha256(article.text.encode()).hexdigest()


def mismatches(article: Article, corrections: Corrections) -> list[tuple[str, str]]:
    """Return what keeps `corrections` from being applied to `article`, each with its JSON pointer in the corrections.

    They are for the text whose hash they hold, and each of their spans is verbatim.
    """
    result = text_hash(article)
    if result != corrections.sha256:
        detail = (
            f"does not match the text: the corrections are for {corrections.sha256[:12]}…, the text is {result[:12]}…."
        )
        return [("/article/sha256", detail)]
    return [
        (f"/corrections/{number}/quote/{index}", "differs from the text at these offsets.")
        for number, correction in enumerate(corrections.changes)
        for index, (span, text) in enumerate(zip(correction.quote, correction.texts, strict=True))
        if not span.start < span.end or article.slice(span) != text
    ]


def before_corrections(options: Options) -> Options:
    """Return the options of the report that corrections are applied to: a corrected quote can have any confidence."""
    return replace(options, min_confidence=0.0)


def corrected(
    article: Article, report: Report, corrections: Corrections, options: Options, deadline: Deadline = NO_DEADLINE
) -> Report:
    """Return `report`, made with `before_corrections`, with `corrections` applied in their order.

    Quotes below `options.min_confidence` are left out then, unless they were corrected. A quote that a correction
    changes and that is not in the report (another model did not find it) is added. Raises `OutOfTime` soon after the
    deadline.
    """
    state = _State(article, list(report.quotes), list(report.speakers), options.explain)
    for number, correction in enumerate(corrections.changes):
        deadline.check(number, len(corrections.changes), "corrections applied")
        state.apply(correction)
    kept = [
        number
        for number in state.order
        if state.quotes[number].kind in options.kinds
        and (is_corrected(state.quotes[number]) or state.quotes[number].confidence >= options.min_confidence)
    ]
    merged = [replace(quote, speaker=state.speaker_of(QuoteIndex(at))) for at, quote in enumerate(state.quotes)]
    return _numbered(kept, merged, state.speakers)


class _State:
    """Quotes and speakers, with stable indices: added ones come last, and `order` lists those that are left, in text
    order."""

    def __init__(self, article: Article, quotes: list[Quote], speakers: list[Speaker], explain: bool) -> None:
        self.article = article
        self.quotes = quotes
        self.speakers = speakers
        self.explain = explain
        self.order = [QuoteIndex(number) for number in range(len(quotes))]
        self._dropped: set[QuoteIndex] = set()
        self._led: dict[
            QuoteIndex, list[QuoteIndex]
        ] = {}  # a quote → those that continue or repeat it; links only ever go
        for number, quote in enumerate(quotes):
            for leader in {quote.continues, quote.repeats}:
                if leader is not None:
                    self._led.setdefault(leader, []).append(QuoteIndex(number))
        self._merged: dict[SpeakerIndex, SpeakerIndex] = {}  # a speaker who was merged → the one who was kept
        self._by_name: dict[str, list[SpeakerIndex]] = {}  # in order; names need not differ
        for index, speaker in enumerate(speakers):
            self._by_name.setdefault(speaker.name, []).append(SpeakerIndex(index))
        self._by_contents = {quotes[number].contents: number for number in reversed(self.order)}  # the first of equals

    def apply(self, correction: Correction) -> None:
        """Apply one correction."""
        if correction.change == "rename":
            self._rename(str(correction.speaker), str(correction.to))
            return
        at = self._find(correction.quote)
        if correction.change == "drop":
            if at is not None:
                self._drop(at)
            return
        if at is None:
            at = self._add(correction)
        elif self.quotes[at].contents != correction.quote:
            marks = marks_of(self.article, correction.quote)
            self._by_contents.pop(self.quotes[at].contents, None)
            self._by_contents[correction.quote] = at
            self.quotes[at] = replace(self.quotes[at], contents=correction.quote, marks=marks)
        self._set_speaker(at, correction.speaker)

    def _find(self, contents: tuple[Span, ...]) -> QuoteIndex | None:
        """Return the quote with these contents, or else the one that shares most of its characters with them."""
        if contents in self._by_contents:
            return self._by_contents[contents]
        start, end = contents[0].start, contents[-1].end
        best, most = None, _SAME
        for number in self.order:
            quote = self.quotes[number]
            if quote.contents[0].start < end and quote.contents[-1].end > start:
                share = _shared(quote.contents, contents)
                if share >= most and (best is None or share > most):
                    best, most = number, share
        return best

    def _add(self, correction: Correction) -> QuoteIndex:
        first = correction.quote[0]
        paragraphs = self.article.paragraphs
        last = max(len(paragraphs) - 1, 0)
        paragraph = next((number for number, one in enumerate(paragraphs) if one.span.end > first.start), last)
        quote = Quote(
            kind=correction.kind,
            contents=correction.quote,
            sentence=self._sentence(first),
            paragraph=paragraph,
            section=paragraphs[paragraph].section,
            marks=marks_of(self.article, correction.quote),
        )
        self.quotes.append(quote)
        number = QuoteIndex(len(self.quotes) - 1)
        before = (at for at, one in enumerate(self.order) if self.quotes[one].contents[0].start > first.start)
        self.order.insert(next(before, len(self.order)), number)
        self._by_contents[quote.contents] = number
        return number

    def _sentence(self, first: Span) -> Span:
        """Return the sentence of a quote that is not in the report: another quote's, or else up to full stops."""
        for quote in self.quotes:
            if quote.sentence.start <= first.start < quote.sentence.end:
                return quote.sentence
        whole = next(
            (paragraph.span for paragraph in self.article.paragraphs if paragraph.span.end > first.start), first
        )
        begin, end = max(whole.start, first.start - _AROUND), min(max(whole.end, first.end), first.end + _AROUND)
        text = self.article.text
        starts = [result.end() for result in _SENTENCE_END.finditer(text, begin, first.start)]
        start = starts[-1] if starts else begin
        start += len(text[start : first.start]) - len(text[start : first.start].lstrip())
        following = _SENTENCE_END.search(text, max(first.end - 1, begin), end)
        return Span(start, max(first.end, following.end()) if following else end)

    def _drop(self, at: QuoteIndex) -> None:
        self.order.remove(at)
        self._dropped.add(at)
        self._by_contents.pop(self.quotes[at].contents, None)

    def _set_speaker(self, at: QuoteIndex, name: str | None) -> None:
        """Give the quote at `at`, and those that continue or repeat it, the speaker of that name, or none."""
        speaker = None if name is None else self._speaker(name)
        before = self.speaker_of(at)
        group = self._following(at)
        if speaker is not None and before is not None and before != speaker:
            mentions = {self.quotes[number].mention for number in group}
            self._move_mentions({mention for mention in mentions if mention is not None}, before, speaker)
        for number in group:
            self.quotes[number] = self._said_by(self.quotes[number], speaker)
        for number in group:  # no quote continues or repeats another speaker's
            quote = self.quotes[number]
            if quote.continues is not None and self.speaker_of(quote.continues) != speaker:
                quote = replace(quote, continues=None)
            if quote.repeats is not None and self.speaker_of(quote.repeats) != speaker:
                quote = replace(quote, repeats=None)
            self.quotes[number] = quote
        rules = (*self.quotes[at].explain, Rule("correction", name or "")) if self.explain else ()
        self.quotes[at] = replace(self.quotes[at], explain=rules)

    def _following(self, at: QuoteIndex) -> list[QuoteIndex]:
        """Return `at` and the quotes that got their speaker from it, as continuations or pull quotes."""
        group, before = {at: None}, self.speaker_of(at)
        waiting = [at]
        for leader in waiting:  # grows meanwhile
            for number in self._led.get(leader, ()):
                one = self.quotes[number]
                follows = leader in (one.continues, one.repeats) and self.speaker_of(number) == before
                if follows and number not in group and number not in self._dropped:
                    group[number] = None
                    waiting.append(number)
        return list(group)

    def _said_by(self, quote: Quote, speaker: SpeakerIndex | None) -> Quote:
        named = speaker is not None
        return replace(
            quote,
            speaker=speaker,
            resolution="correction" if named else "none",
            unresolved=None if named else UNKNOWN,
            unresolved_code=None if named else "correction",
            speaker_confidence=1.0 if named else None,
            confidence=1.0 if named else UNNAMED_CONFIDENCE,
            candidates=(),
        )

    def speaker_of(self, number: QuoteIndex) -> SpeakerIndex | None:
        """Return the speaker of a quote, after merges."""
        speaker = self.quotes[number].speaker
        while speaker in self._merged:
            speaker = self._merged[speaker]
        return speaker

    def _named(self, name: str) -> SpeakerIndex | None:
        """Return the first speaker of that name, or None."""
        return min(self._by_name.get(name, ()), default=None)

    def _speaker(self, name: str) -> SpeakerIndex:
        """Return the speaker of that name, who is added if there is none."""
        result = self._named(name)
        if result is not None:
            return result
        self.speakers.append(Speaker(name, "unknown"))
        new = SpeakerIndex(len(self.speakers) - 1)
        self._by_name[name] = [new]
        return new

    def _move_mentions(self, mentions: set[Span], old: SpeakerIndex, new: SpeakerIndex) -> None:
        before, after = self.speakers[old], self.speakers[new]
        self.speakers[old] = replace(
            before, mentions=tuple(mention for mention in before.mentions if mention not in mentions)
        )
        self.speakers[new] = replace(after, mentions=tuple(sorted({*after.mentions, *mentions})))

    def _rename(self, name: str, to: str) -> None:
        """Rename a speaker; where there is a speaker of the new name, both become one."""
        old, new = self._named(name), self._named(to)
        if old is None or old == new:
            return
        renamed = self.speakers[old]
        self._by_name[name].remove(old)
        if new is None:
            self._by_name.setdefault(to, []).append(old)
            self.speakers[old] = replace(renamed, name=to, aliases=_names((*renamed.aliases, name), to))
            return
        kept = self.speakers[new]
        self._merged[old] = new
        self.speakers[new] = replace(
            kept,
            kind=renamed.kind if kept.kind == "unknown" else kept.kind,
            description=kept.description or renamed.description,
            aliases=_names((*kept.aliases, name, *renamed.aliases), to),
            mentions=tuple(sorted({*kept.mentions, *renamed.mentions})),
        )


def marks_of(article: Article, contents: Iterable[Span]) -> tuple[Span, ...]:
    """Return the spans in quotation marks within `contents`, the marks included."""
    return tuple(
        Span(*result.span()) for span in contents for result in _MARKED.finditer(article.text, span.start, span.end)
    )


def is_corrected(quote: Quote) -> bool:
    """Return whether an editor has decided who says the quote."""
    return quote.resolution == "correction" or quote.unresolved_code == "correction"


def _names(names: Iterable[str], without: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name != without))


def _shared(first: tuple[Span, ...], second: tuple[Span, ...]) -> float:
    """Return the share of the characters of both that are in both."""
    if first == second:
        return 1.0
    common = sum(max(0, min(item.end, other.end) - max(item.start, other.start)) for item in first for other in second)
    both = sum(item.end - item.start for item in (*first, *second)) - common
    return common / both


def _numbered(kept: list[QuoteIndex], quotes: list[Quote], speakers: list[Speaker]) -> Report:
    """Return the report of the quotes that are kept, with their speakers in order of first quote."""
    new_quote: dict[QuoteIndex | None, QuoteIndex] = {old: QuoteIndex(index) for index, old in enumerate(kept)}
    order = list(dict.fromkeys(speaker for number in kept if (speaker := quotes[number].speaker) is not None))
    new_speaker: dict[SpeakerIndex | None, SpeakerIndex] = {old: SpeakerIndex(index) for index, old in enumerate(order)}
    linked = [
        replace(
            quotes[number],
            speaker=new_speaker.get(quotes[number].speaker),
            continues=new_quote.get(quotes[number].continues),
            repeats=new_quote.get(quotes[number].repeats),
            within=new_quote.get(quotes[number].within),
        )
        for number in kept
    ]
    spoken: dict[SpeakerIndex | None, list[QuoteIndex]] = {}
    for number, one in enumerate(linked):
        if one.repeats is None:
            spoken.setdefault(one.speaker, []).append(QuoteIndex(number))
    return Report(tuple(linked), tuple(replace(speakers[old], quotes=tuple(spoken[new_speaker[old]])) for old in order))

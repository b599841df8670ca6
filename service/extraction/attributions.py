"""Each cue with its source and its content: the attributions that the sentences themselves make."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from service.article.article import Span
from service.extraction.asides import authority_aside, reporting_aside
from service.extraction.attribution import Attribution
from service.extraction.contents import FoundContent, find_content
from service.extraction.cue_lexicon import SPEECH, CueLexicon, cue_lexicon
from service.extraction.cues import FoundCue, find_cues
from service.extraction.page import Page
from service.extraction.report import Cue, Rule
from service.extraction.sources import FoundSource, as_source, find_source, phrase, phrase_span
from service.extraction.spans import joined, kind_of, marks_in, runs, trimmed
from service.extraction.via import find_via, is_citing
from service.parsing.tree import ROOT, Sentence


@dataclass(frozen=True, slots=True)
class Reading:
    """One sentence's reading of one cue, before it is written down as an attribution."""

    cue: FoundCue
    source: FoundSource | None
    content: FoundContent | None
    stretches: tuple[int, ...] = ()  # quoted stretches that the cue reports


def attributions_of(page: Page) -> list[Attribution]:
    """The attributions of every sentence, in text order; what is said inside quotation marks is not the text's own."""
    lexicon = cue_lexicon()
    found: dict[tuple[str, ...], Attribution] = {}
    for index, sentence in enumerate(page.parse.sentences):
        for reading in read(page, sentence, lexicon):
            attribution = write(page, index, sentence, reading)
            if attribution is not None:
                found.setdefault(_identity(page, attribution), attribution)
    return list(found.values())


def _identity(page: Page, attribution: Attribution) -> tuple[str, ...]:
    """What makes two attributions one: a headline or a caption that says again what another line said, or the place."""
    place = attribution.contents[0].start
    if page.article.paragraphs[page.paragraph_at(place)].section == "body":
        return (str(place), str(attribution.cue and attribution.cue.span.start))
    cue = page.article.slice(attribution.cue.span) if attribution.cue is not None else ""
    return (*(page.article.slice(span) for span in attribution.contents), cue)


def read(page: Page, sentence: Sentence, lexicon: CueLexicon) -> list[Reading]:
    """The cues of `sentence` that report something, with what they report."""
    readings = []
    for cue in find_cues(sentence, lexicon):
        if page.quoted(sentence, cue.head):
            continue
        source = find_source(sentence, cue)
        if source is not None and page.quoted(sentence, source.head):
            source = None  # what stands in quotation marks does not speak outside them
        content = find_content(sentence, cue, lexicon)
        if content is not None and not _believable(sentence, cue, source, content):
            content = None
        readings.append(Reading(cue, source, content))
    return with_stretches(page, sentence, _without_vias(sentence, readings))


def _believable(sentence: Sentence, cue: FoundCue, source: FoundSource | None, content: FoundContent) -> bool:
    """Whether a content found by the tree alone is a report: somebody must be named, or the voice be passive, and
    neither the cue nor its source may stand inside."""
    if cue.head in content.words or (source is not None and source.head in content.words):
        return False
    if not any(sentence.words[position].upos not in {"PUNCT", "PART", "SCONJ"} for position in content.words):
        return False
    mark = sentence.child(cue.head, "mark")
    if cue.cue_class not in SPEECH and mark is not None and sentence.words[cue.head].relation == "advcl":
        return sentence.words[mark].text.lower() != "to"  # a purpose: "to hear what he knew"
    if source is not None:
        return True
    return cue.cue_class in SPEECH and cue.form == "verb" and sentence.child(cue.head, "aux:pass") is not None


def _without_vias(sentence: Sentence, readings: list[Reading]) -> list[Reading]:
    """`readings` less those that only say through whom another report came: "according to X" round a clause that is
    itself a report, "citing X" beside one. The words of an "according to" belong to no other content either."""
    reports = [reading for reading in readings if reading.content is not None and reading.cue.form != "according"]
    kept = []
    for reading in readings:
        cue = reading.cue
        if cue.form == "according" and reading.content is not None:
            around = [other for other in reports if other.cue.head in reading.content.words]
            if any(_is_main(sentence, other.cue.head) for other in around):
                continue
        if is_citing(sentence, cue.head) and any(other.cue.head != cue.head for other in reports):
            continue
        if _is_idle(sentence, reading, reports) or _is_refusal(reading, reports):
            continue
        kept.append(reading)
    asides: set[int] = set()
    for reading in readings:
        authority = authority_aside(sentence, reading.cue) if reading.cue.form == "according" else None
        if authority is not None:
            asides.update(range(authority.first, authority.last + 1))
    return [
        replace(reading, content=replace(reading.content, words=reading.content.words - asides))
        if reading.content is not None and asides and reading.cue.head not in asides
        else reading
        for reading in kept
    ]


def _is_idle(sentence: Sentence, reading: Reading, reports: list[Reading]) -> bool:
    """Whether a thing or an intention is only mentioned: inside another report's content, or of a "which"."""
    if reading.content is None or reading.content.rule not in {"object", "infinitive", "topic", "person-infinitive"}:
        return False
    if reading.source is not None and sentence.words[reading.source.head].text.lower() in {"that", "which", "this"}:
        return True
    return any(
        reading.cue.head in other.content.words
        for other in reports
        if other.content is not None and other is not reading
    )


def _is_refusal(reading: Reading, reports: list[Reading]) -> bool:
    """Whether the cue is the "declined" of a "declined to say" that reports by itself."""
    return any(reading.cue.head in other.cue.words and reading.cue.head != other.cue.head for other in reports)


def _is_main(sentence: Sentence, position: int) -> bool:
    """Whether the word is the sentence's root, or coordinated or set beside it."""
    word = sentence.words[position]
    while word.head != ROOT and word.relation in {"conj", "parataxis"}:
        word = sentence.words[word.head]
    return word.head == ROOT


def with_stretches(page: Page, sentence: Sentence, readings: list[Reading]) -> list[Reading]:
    """Give each quoted stretch of the sentence to the cue that reports it; drop the cues that report nothing."""
    given: dict[int, list[int]] = {}
    for stretch in page.stretches_in(sentence.span):
        holder = _holder(page, sentence, readings, stretch)
        if holder is None:
            holder = _neighbour(page, sentence, readings, stretch)
        if holder is not None:
            given.setdefault(holder, []).append(stretch)
    kept = []
    for number, reading in enumerate(readings):
        stretches = tuple(given.get(number, ()))
        if reading.content is not None or stretches:
            kept.append(Reading(reading.cue, reading.source, reading.content, stretches))
    return kept


def _holder(page: Page, sentence: Sentence, readings: list[Reading], stretch: int) -> int | None:
    """The reading with the smallest content that shares a word with the stretch."""
    best: tuple[int, int] | None = None
    for number, reading in enumerate(readings):
        if reading.content is None:
            continue
        shared = any(
            page.stretch_at(sentence.words[position].span.start) == stretch
            for position in reading.content.words
            if sentence.words[position].upos != "PUNCT"
        )
        if shared and (best is None or len(reading.content.words) < best[0]):
            best = (len(reading.content.words), number)
    return best[1] if best else None


def _neighbour(page: Page, sentence: Sentence, readings: list[Reading], stretch: int) -> int | None:
    """The speech cue without a content in the words right beside the stretch: behind it first, then before it."""
    span = page.stretches[stretch].span
    for number, reading in _beside(page, sentence, readings, span, behind=True):
        if _waits(reading) or _is_split_by(page, sentence, reading, span):
            return number
    before = page.before(span.start)
    if not before or before[-1] not in ":,—–-":
        verb_last = [
            n for n, r in _beside(page, sentence, readings, span, behind=False) if _ends_at(page, sentence, r, span)
        ]
        return verb_last[-1] if verb_last else None
    for number, reading in reversed(_beside(page, sentence, readings, span, behind=False)):
        if _waits(reading):
            return number
    return None


def _is_split_by(page: Page, sentence: Sentence, reading: Reading, span: Span) -> bool:
    """Whether the cue is an aside right behind the stretch, in the middle of what it reports: "…," he said, "…"."""
    aside = reporting_aside(sentence, reading.cue)
    return aside is not None and not page.has_letters(span.end, sentence.words[aside.first].span.start)


def _waits(reading: Reading) -> bool:
    """Whether the cue is of speech, has somebody who speaks, and nothing yet that is said."""
    return reading.cue.cue_class in SPEECH and reading.content is None and reading.source is not None


def _ends_at(page: Page, sentence: Sentence, reading: Reading, span: Span) -> bool:
    """Whether a speech cue without content stands right before the stretch: he said "no"."""
    end = sentence.words[reading.cue.words[-1]].span.end
    return _waits(reading) and not page.has_letters(end, span.start)


def _beside(
    page: Page, sentence: Sentence, readings: list[Reading], span: Span, *, behind: bool
) -> list[tuple[int, Reading]]:
    """The readings whose cues stand in the unquoted words next to `span`, in text order."""
    edges = [page.stretches[other].span for other in page.stretches_in(sentence.span)]
    if behind:
        limit = min((edge.start for edge in edges if edge.start >= span.end), default=sentence.span.end)
        region = Span(span.end, limit)
    else:
        limit = max((edge.end for edge in edges if edge.end <= span.start), default=sentence.span.start)
        region = Span(limit, span.start)
    return [
        (number, reading)
        for number, reading in enumerate(readings)
        if region.start <= sentence.words[reading.cue.head].span.start < region.end
    ]


def write(page: Page, index: int, sentence: Sentence, reading: Reading) -> Attribution | None:
    """`reading` as an attribution: its words become spans, its stretches whole ones."""
    contents = joined(page, _content_spans(page, sentence, reading))
    contents = tuple(span for span in (trimmed(page, span) for span in contents) if page.has_letters(*span))
    if not contents:
        return None
    cue = reading.cue
    rules = [Rule(cue.rule, cue.lemma)]
    if reading.source is not None:
        rules.append(Rule(reading.source.rule, sentence.words[reading.source.head].text))
    if reading.content is not None:
        rules.append(Rule(reading.content.rule))
    if reading.stretches:
        rules.append(Rule("quoted-stretch", str(len(reading.stretches))))
    first, last = cue.words[0], cue.words[-1]
    return Attribution(
        kind=kind_of(page, contents),
        contents=contents,
        sentence=index,
        marks=marks_in(page, contents),
        cue=Cue(Span(sentence.words[first].span.start, sentence.words[last].span.end), cue.lemma, cue.cue_class),
        source=as_source(sentence, index, reading.source.head) if reading.source else None,
        addressee=_addressee(sentence, reading),
        via=find_via(sentence, cue),
        negated=cue.negated,
        rules=tuple(rules),
    )


def _content_spans(page: Page, sentence: Sentence, reading: Reading) -> Iterator[Span]:
    for stretch in reading.stretches:
        yield page.stretches[stretch].span
    if reading.content is None:
        return
    own = reading.content.words
    if reading.source is not None:
        own -= frozenset(phrase(sentence, reading.source.head))
    for span in runs(sentence, own):
        yield from _outside_others(page, span, reading.stretches)


def _outside_others(page: Page, span: Span, own: tuple[int, ...]) -> Iterator[Span]:
    """`span` less the quoted stretches that belong to another cue."""
    start = span.start
    for stretch in page.stretches_in(span):
        if stretch not in own:
            other = page.stretches[stretch].span
            if start < other.start:
                yield Span(start, other.start)
            start = max(start, other.end)
    if start < span.end:
        yield Span(start, span.end)


def _addressee(sentence: Sentence, reading: Reading) -> Span | None:
    head = reading.content.addressee if reading.content is not None else None
    if head is None and reading.content is None and reading.cue.cue_class in {"tell", "ask"}:
        head = sentence.child(reading.cue.head, "iobj", "obj")
    if head is None or (reading.source is not None and head == reading.source.head):
        return None
    return phrase_span(sentence, head)

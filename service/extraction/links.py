"""Quoted stretches that no cue of their own sentence reports, and lines that name their speaker before a colon.

A stretch goes on with the speaker before it, is introduced by the sentence that ends in a colon before it, or stays
without a speaker.
"""

import re
from collections.abc import Collection
from dataclasses import replace
from typing import Final

from service.article.article import Span
from service.extraction.attribution import Attribution, Source
from service.extraction.cue_lexicon import SPEECH, cue_lexicon
from service.extraction.cues import find_cues
from service.extraction.page import Page
from service.extraction.report import Cue, Options, Rule
from service.extraction.sources import as_source, find_source
from service.extraction.spans import joined, kind_of, marks_in, trimmed
from service.parsing.tree import Sentence

_CONTINUED_WORDS: Final = 4  # a shorter stretch with no cue is a title or a scare quote sooner than a quote
_LABEL: Final = re.compile(r"(?P<label>[^\s:][^:\n]{0,60}?)\s?(?P<colon>:)\s+(?=\S)")
_LABEL_WORDS: Final = 7


def link(page: Page, attributions: list[Attribution], options: Options) -> list[Attribution]:
    """Return `attributions` with the free quoted stretches linked to them, and what labels introduce, in text order.

    Stretches that stay without a speaker are added only for `options.unattributed`.
    """
    found = sorted([*attributions, *labelled(page, attributions)], key=_place)
    owners = _owners(page, found)
    waiting = sorted(range(len(found)), key=lambda number: _end(found[number]), reverse=True)
    taken = {(one.sentence, one.cue.span) for one in found if one.cue is not None}
    before: int | None = None  # the attribution that ends last before the stretch
    for index, stretch in enumerate(page.stretches):
        while waiting and _end(found[waiting[-1]]) <= stretch.span.start:
            number = waiting.pop()
            if before is None or _end(found[number]) >= _end(found[before]):
                before = number
        if index in owners:
            continue
        if stretch.continues is not None and stretch.continues in owners:
            number = owners[stretch.continues]
            found[number] = _with(page, found[number], stretch.span, "reopened-paragraph")
            owners[index] = before = number
        elif before is not None and _follows_at_once(page, found[before], stretch.span):
            if found[before].kind == "direct":
                found[before] = _with(page, found[before], stretch.span, "same-turn")
                owners[index] = before
            else:
                found.append(_free(page, stretch.span, "goes-on", continues=before))
                owners[index] = before = len(found) - 1
        elif (reported := _introduced(page, stretch.span) or _followed(page, stretch.span, taken)) is not None:
            found.append(reported)
            owners[index] = before = len(found) - 1
        elif before is not None and _goes_on(page, found[before], stretch.span):
            found.append(_free(page, stretch.span, "goes-on", continues=before))
            owners[index] = before = len(found) - 1
        elif options.unattributed:
            found.append(_free(page, stretch.span, "unattributed"))
    return _in_order(found)


def labelled(page: Page, attributions: list[Attribution]) -> list[Attribution]:
    """What headlines of the form "X: …" and turns of the form "X: …" say, where no cue has taken it."""
    found = []
    told: dict[int, list[Span]] = {}  # what cues have taken, by paragraph
    for attribution in attributions:
        for span in attribution.contents:
            told.setdefault(page.paragraph_at(span.start), []).append(span)
    for number, paragraph in enumerate(page.article.paragraphs):
        line = page.article.slice(paragraph.span)
        match = _LABEL.match(line)
        if match is None:
            continue
        label = Span(paragraph.span.start, paragraph.span.start + match.end("label"))
        content = trimmed(page, Span(paragraph.span.start + match.end(), paragraph.span.end))
        index = page.sentence_at(label.start)
        if index is None or any(content.overlaps(span) for span in told.get(number, ())):
            continue
        sentence = page.parse.sentences[index]
        if page.paragraph_at(sentence.span.start) != number or page.stretch_at(label.start) is not None:
            continue
        head = _label_head(sentence, label, headline=paragraph.section == "headline")
        if head is None or len(page.article.slice(content).split()) < 2:
            continue
        colon = Span(paragraph.span.start + match.start("colon"), paragraph.span.start + match.end("colon"))
        found.append(
            Attribution(
                kind=kind_of(page, (content,)),
                contents=(content,),
                sentence=index,
                marks=marks_in(page, (content,)),
                cue=Cue(colon, ":", "say"),
                source=Source(label, index, head),
                rules=(Rule("label", page.article.slice(label)),),
            )
        )
    return found


def _label_head(sentence: Sentence, label: Span, *, headline: bool) -> int | None:
    """The head of the words before the colon, where they are a name or a noun for those who speak."""
    inside = [p for p, word in enumerate(sentence.words) if label.contains(word.span)]
    if not inside or len(inside) > _LABEL_WORDS or any(sentence.words[p].upos in {"VERB", "AUX"} for p in inside):
        return None
    head = next((p for p in inside if sentence.words[p].head not in inside), inside[-1])
    words = [sentence.words[p] for p in inside]
    named = any(word.upos == "PROPN" for word in words)
    capitals = all(word.text.isupper() for word in words if word.text.isalpha())
    labels = cue_lexicon().labels
    role = any(word.lemma.lower() in labels or word.text.lower() in labels for word in words)
    if headline:
        return head if role or (named and len(inside) <= 3) else None
    return head if named and capitals and len(label) and len(words[0].text) > 1 else None


def _owners(page: Page, attributions: list[Attribution]) -> dict[int, int]:
    """For each stretch that an attribution's content takes in, the index of that attribution."""
    owners: dict[int, int] = {}
    for number, attribution in enumerate(attributions):
        for span in attribution.contents:
            for stretch in page.stretches_in(span):
                owners.setdefault(stretch, number)
    return owners


def _place(attribution: Attribution) -> tuple[int, int]:
    return attribution.contents[0].start, attribution.contents[-1].end


def _end(attribution: Attribution) -> int:
    cue_end = attribution.cue.span.end if attribution.cue is not None else 0
    return max(cue_end, attribution.contents[-1].end)


def _follows_at_once(page: Page, attribution: Attribution, span: Span) -> bool:
    """Whether nothing but the rest of the attribution's own sentence stands between it and `span`, in one paragraph."""
    sentence_end = page.parse.sentences[attribution.sentence].span.end
    last = max(_end(attribution), min(sentence_end, span.start))
    same = page.paragraph_at(attribution.contents[-1].start) == page.paragraph_at(span.start)
    return (
        same
        and attribution.source is not None
        and not page.has_letters(last, span.start)
        and _starts_sentence(page, span)
    )


def _goes_on(page: Page, attribution: Attribution, span: Span) -> bool:
    """Whether a whole quoted sentence, or paragraph, goes on with the quoted speaker before it."""
    if (
        len(page.article.slice(span).split()) < _CONTINUED_WORDS
        or not attribution.marks
        or not _starts_sentence(page, span)
    ):
        return False
    here = page.paragraph_at(span.start)
    there = page.paragraph_at(_end(attribution) - 1)
    if here == there:
        return True
    paragraph = page.article.paragraphs[here].span
    return here == there + 1 and not page.has_letters(paragraph.start, span.start)


def _starts_sentence(page: Page, span: Span) -> bool:
    """Whether a sentence may begin at `span`: a capital inside, a sentence's end before."""
    inside = page.article.slice(span).lstrip("“\"'‘«` ")
    before = page.before(span.start)
    return inside[:1].isupper() and (not before or before[-1] in ".!?:…”\"’')" or page.opens_line(span.start))


def _introduced(page: Page, span: Span) -> Attribution | None:
    """The attribution of a stretch behind a sentence that ends in a colon and has a reporting word and a source."""
    before = page.before(span.start)
    if not before.endswith(":"):
        return None
    return _reported(page, span, page.sentence_at(span.start - 1), "colon-introduction", frozenset())


def _followed(page: Page, span: Span, taken: Collection[tuple[int, Span]]) -> Attribution | None:
    """The attribution of a stretch right behind which a sentence begins that reports, and has nothing else to report:
    “What a day!” Reed said on Monday."""
    index = page.sentence_at(span.end)
    if index is None or index + 1 >= len(page.parse.sentences):
        return None
    index += page.parse.sentences[index].span.start < span.end
    follows = page.parse.sentences[index].span.start
    first = page.sentence_at(span.start)
    if first is None or page.has_letters(page.parse.sentences[first].span.start, span.start):
        return None
    if page.has_letters(span.end, follows) or page.paragraph_at(follows) != page.paragraph_at(span.start):
        return None
    return _reported(page, span, index, "cue-behind", taken)


def _reported(
    page: Page, span: Span, index: int | None, rule: str, taken: Collection[tuple[int, Span]]
) -> Attribution | None:
    """The attribution of the stretch `span` to a cue of speech, with a source, in the sentence number `index`."""
    if index is None:
        return None
    sentence = page.parse.sentences[index]
    for cue in reversed(list(find_cues(sentence, cue_lexicon()))):
        source = find_source(sentence, cue)
        place = Span(sentence.words[cue.words[0]].span.start, sentence.words[cue.words[-1]].span.end)
        if cue.form != "verb" or cue.cue_class not in SPEECH or source is None or (index, place) in taken:
            continue
        if not page.quoted(sentence, cue.head):
            return Attribution(
                kind="direct",
                contents=(span,),
                sentence=index,
                marks=(span,),
                cue=Cue(place, cue.lemma, cue.cue_class),
                source=as_source(sentence, index, source.head),
                negated=cue.negated,
                rules=(Rule(rule, cue.lemma), Rule(source.rule, sentence.words[source.head].text)),
            )
    return None


def _with(page: Page, attribution: Attribution, span: Span, rule: str) -> Attribution:
    """`attribution` with `span` added to what it reports."""
    contents = joined(page, (*attribution.contents, span))
    return replace(
        attribution,
        kind=kind_of(page, contents),
        contents=contents,
        marks=marks_in(page, contents),
        rules=(*attribution.rules, Rule(rule)),
    )


def _free(page: Page, span: Span, rule: str, continues: int | None = None) -> Attribution:
    return Attribution(
        kind="direct",
        contents=(span,),
        sentence=page.sentence_at(span.start) or 0,
        marks=(span,),
        continues=continues,
        rules=(Rule(rule),),
    )


def _in_order(attributions: list[Attribution]) -> list[Attribution]:
    """`attributions` in text order, `continues` renumbered with them."""
    order = sorted(range(len(attributions)), key=lambda number: _place(attributions[number]))
    place = {number: index for index, number in enumerate(order)}
    return [
        replace(attribution, continues=place[attribution.continues] if attribution.continues is not None else None)
        for attribution in (attributions[number] for number in order)
    ]

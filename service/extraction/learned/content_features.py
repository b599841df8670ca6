"""What speaks for a word set being the content of a cue: how it was made, its path to the cue, its first and last words
and what stands next to them, its size, its quotation marks, and what of the sentence it leaves out."""

from collections.abc import Iterator
from typing import get_args

from service.extraction.learned.view import SentenceView, bucket
from service.extraction.learned.wordsets import WordSet, between, first, last, positions
from service.extraction.report import CueClass

_FRAME = frozenset({"obj", "xcomp", "ccomp", "iobj", "obl", "advcl", "parataxis"})
_FUNCTION = frozenset({"PUNCT", "ADP", "SCONJ", "PART", "CCONJ"})
_OF_VERBS = frozenset(get_args(CueClass))
_DANGLING = frozenset({"ADP", "CCONJ", "SCONJ", "DET", "PART"})


def content_features(view: SentenceView, cue: int, content: WordSet, way: str) -> Iterator[str]:
    """The features of `content`, made in the `way` that `content_candidates` names, as content of the cue at `cue`."""
    if not content:
        yield from _outside(view, cue)
        return
    sentence, words = view.sentence, view.words
    lexeme, kind = view.lexemes[cue], view.classes[cue]
    head = words[cue]
    made = way.partition(":")[0]
    start, end = first(content), last(content)
    side = ">" if start > cue else "<" if end < cue else "<>"
    tops = [place for place in positions(content) if words[place].head < 0 or not content >> words[place].head & 1]
    top = max(tops, key=lambda place: (view.subtrees[place] & content).bit_count())
    path = view.path(cue, top, 5)
    yield f"way={way}"
    yield f"made={made}"
    yield f"class={kind} way={way}"
    yield f"{lexeme} way={way}"
    yield f"tag={head.xpos} way={way}"
    yield f"rel={head.deprel} way={way}"
    yield f"path={path}"
    yield f"class={kind} path={path}"
    yield f"{lexeme} path={path}"
    yield f"rel={head.deprel} path={path}"
    yield f"top {words[top].upos} path={path}"
    yield f"top tag={words[top].xpos} path={path}"
    yield from _top(view, cue, content, top, made)
    frame = "+".join(sorted({words[child].relation for child in sentence.children(cue) if child > cue} & _FRAME))
    yield f"frame={frame} way={way}"
    yield f"{lexeme} frame={frame} way={way}"
    yield f"class={kind} frame={frame} way={way}"
    yield from _shape(view, cue, content, tops, made, side)
    yield from _edges(view, cue, start, end, made, side)
    yield from _quotes(view, content, kind, made)
    yield from _left_out(view, cue, content, top, made)
    aside = view.aside(cue)
    if aside is not None:
        inside = between(aside.first, aside.last + 1)
        place = "overlapping" if content & inside else "all" if not view.solid & ~inside & ~content else "some"
        yield f"aside {place}"
        yield f"aside {place} {made}"
        yield f"aside {'closes' if not view.solid >> (aside.last + 1) else 'amid'} {place} {side}"
    subjects = view.subjects(cue)
    yield f"with subject {content >> subjects[0] & 1} rel={head.deprel}" if subjects else "no subject"


def _top(view: SentenceView, cue: int, content: WordSet, top: int, made: str) -> Iterator[str]:
    """The content's head, and the word that introduces it: inside the content, or left out (~)."""
    word, lexeme, kind = view.words[top], view.lexemes[cue], view.classes[cue]
    child = view.sentence.child(top, "mark", "case")
    introducer = "no" if child is None else ("" if content >> child & 1 else "~") + view.lemmas[child]
    yield f"introduced {introducer} {word.relation}"
    yield f"{lexeme} introduced {introducer} {word.relation}"
    yield f"class={kind} introduced {introducer} {word.relation} {word.xpos}"
    if top in view.entities or word.upos in {"PROPN", "PRON"}:
        yield f"top {view.naming(top)} {made}"
        yield f"{lexeme} top {'pronoun' if word.upos == 'PRON' else 'name'}"
    else:
        yield f"top {view.lemmas[top]}"
        yield f"class={kind} top {view.lemmas[top]}"


def _shape(view: SentenceView, cue: int, content: WordSet, tops: list[int], made: str, side: str) -> Iterator[str]:
    words, lexeme, kind = view.words, view.lexemes[cue], view.classes[cue]
    start, end = first(content), last(content)
    size = bucket(content.bit_count())
    finite = any(
        words[child].relation in {"nsubj", "csubj", "expl"} and content >> child & 1
        for top in tops
        for child in view.sentence.children(top)
    )
    verb = any(words[place].upos in {"VERB", "AUX"} for place in positions(content))
    clause = "finite" if finite else "verb" if verb else "nominal"
    yield f"size={size}"
    yield f"size={size} {made}"
    yield f"side={side} {made} rel={words[cue].deprel}"
    yield f"{'unbroken' if not ~content & view.solid & between(start, end + 1) else 'broken'} {made}"
    yield f"tops={min(3, len(tops))}"
    yield f"{clause} {side}"
    yield f"class={kind} {clause} {side}"
    yield f"{lexeme} {clause} {side}"
    for place in positions(content):
        if words[place].text.lower() == "according":
            yield "holds according"
        elif view.classes[place] in _OF_VERBS and words[place].relation in {"root", "parataxis", "conj"}:
            yield f"holds class={view.classes[place]} {words[place].relation} {made}"
            break


def _edges(view: SentenceView, cue: int, start: int, end: int, made: str, side: str) -> Iterator[str]:
    words, kind = view.words, view.classes[cue]
    before, behind = _function(view, start - 1), _function(view, end + 1)
    opening, closing = words[start], words[end]
    yield f"after {before}"
    yield f"before {behind}"
    yield f"after {before} {side}"
    yield f"before {behind} {side}"
    yield f"first {opening.upos}"
    yield f"first {opening.text.lower()} {side}"
    yield f"class={kind} first {opening.text.lower()} {side}"
    yield f"last {closing.upos}"
    if closing.upos in _DANGLING:
        yield "dangling"
    yield f"{'to the end' if not view.solid >> (end + 1) else 'inside'} {side}"
    yield f"{'from the start' if not view.solid & between(0, start) else 'inside'} {side}"
    marks, gap = view.marks_between(cue, start if start > cue else end if end < cue else cue)
    yield f"marks {marks} {side}"
    yield f"gap={bucket(gap)} {side}"
    yield f"marks {marks} gap={min(gap, 2)} {made}"


def _function(view: SentenceView, position: int) -> str:
    """The word at `position` where it is a function word or mark, else its part of speech."""
    text = view.text_at(position)
    return text if text == "#" or view.words[position].upos in _FUNCTION else view.words[position].upos


def _quotes(view: SentenceView, content: WordSet, kind: str, made: str) -> Iterator[str]:
    if not view.quoted:
        yield "no quotes"
        return
    inside = content & view.quoted
    share = "no" if not inside else "all" if inside == content else "part"
    cut = any(content & words and words & view.solid & ~content for words in view.stretches.values())
    left = any(not content & words for words in view.stretches.values())
    quotes = f"quoted {share}{' cut' if cut else ''}{' others left' if left else ''}"
    yield quotes
    yield f"{quotes} {made}"
    yield f"{quotes} class={kind}"


def _left_out(view: SentenceView, cue: int, content: WordSet, top: int, made: str) -> Iterator[str]:
    words = view.words
    rest = view.solid & ~content & ~(1 << cue)
    behind = rest & ~between(0, max(last(content), cue) + 1)
    before = rest & between(0, min(first(content), cue))
    yield f"left behind={bucket(behind.bit_count())}"
    yield f"left before={bucket(before.bit_count())}"
    if behind:
        place = first(behind)
        yield f"left {words[place].text.lower()}"
        yield f"left {view.text_at(last(content) + 1)} {words[place].text.lower()} {made}"
        while words[place].head >= 0 and behind >> words[place].head & 1:
            place = words[place].head
        yield f"left {words[place].deprel} {made}"
        yield f"left {view.path(place, top, 3)}"


def _outside(view: SentenceView, cue: int) -> Iterator[str]:
    """What speaks for the cue reporting what stands in the sentence before or behind its own."""
    page, span, words = view.page, view.sentence.span, view.words
    lexeme, kind = view.lexemes[cue], view.classes[cue]
    beside = f"{'behind ' if view.follows_quote else ''}{'before ' if view.precedes_quote else ''}quote"
    frame = "+".join(sorted({words[child].relation for child in view.sentence.children(cue)} & _FRAME - {"iobj"}))
    yield "outside"
    yield f"outside {lexeme}"
    yield f"outside class={kind}"
    yield f"outside tag={words[cue].xpos} rel={words[cue].deprel}"
    yield f"outside {beside}{' and has one' if view.quoted else ''}"
    yield f"outside {beside} class={kind}"
    yield f"outside ends {words[-1].text} {beside}"
    yield f"outside length={bucket(len(words))} {beside}"
    yield f"outside frame={frame}"
    yield f"outside frame={frame} class={kind}"
    yield f"outside frame={frame} {beside}"
    yield f"outside {lexeme} frame={frame}"
    yield f"outside {'opens a line ' if page.opens_line(span.start) else ''}{beside}"
    yield f"outside {'early ' if cue < 3 else ''}{beside}"

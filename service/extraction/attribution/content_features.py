"""Features of a candidate for the content of a cue.

They describe how the candidate was built, its path to the cue, its first and last words and their neighbours, its size,
its quotation marks, and the words of the sentence outside it. Feature names are keys of `weights/contents.json`.
"""

from service.extraction.attribution.sentence_view import FRAME, SentenceView, bucket
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions

_FRAME = FRAME - {"iobj"}
_FUNCTION = frozenset({"PUNCT", "ADP", "SCONJ", "PART", "CCONJ"})
_DANGLING = frozenset({"ADP", "CCONJ", "SCONJ", "DET", "PART"})


def content_features(view: SentenceView, cue: int, content: WordSet, way: str) -> list[str]:
    """Return the features of `content` as the content of the cue at `cue`, without duplicates.

    `way` is the name of its strategy, from `content_candidates`.
    """
    if not content:
        return list(dict.fromkeys(_outside(view, cue)))
    words = view.words
    lexeme, kind = view.lexemes[cue], view.classes[cue]
    head = words[cue]
    made = way.partition(":")[0]
    start, end = first(content), last(content)
    side = ">" if start > cue else "<" if end < cue else "<>"
    tops = list(positions(view.tops(content)))
    top = tops[0] if len(tops) == 1 else max(tops, key=lambda place: (view.subtrees[place] & content).bit_count())
    path = view.path(cue, top, 5)
    frame = view.frame(cue)
    found = [
        f"strategy={way}",
        f"strategy kind={made}",
        f"class={kind} strategy={way}",
        f"{lexeme} strategy={way}",
        f"tag={head.xpos} strategy={way}",
        f"rel={head.deprel} strategy={way}",
        f"path={path}",
        f"class={kind} path={path}",
        f"{lexeme} path={path}",
        f"rel={head.deprel} path={path}",
        f"head {words[top].upos} path={path}",
        f"head tag={words[top].xpos} path={path}",
        f"frame={frame} strategy={way}",
        f"{lexeme} frame={frame} strategy={way}",
        f"class={kind} frame={frame} strategy={way}",
    ]
    found += _top(view, cue, content, top, made)
    found += _shape(view, cue, content, tops, made, side)
    found += _edges(view, cue, start, end, made, side)
    found += _quotes(view, content, kind, made)
    found += _left_out(view, cue, content, top, made)
    aside = view.aside(cue)
    if aside is not None:
        inside = between(aside.first, aside.last + 1)
        place = "overlapping" if content & inside else "all" if not view.solid & ~inside & ~content else "some"
        found += [
            f"aside {place}",
            f"aside {place} {made}",
            f"aside {'final' if not view.solid >> (aside.last + 1) else 'medial'} {place} {side}",
        ]
    subjects = view.subjects(cue)
    found.append(f"with subject {content >> first(subjects) & 1} rel={head.deprel}" if subjects else "no subject")
    return found


def _top(view: SentenceView, cue: int, content: WordSet, top: int, made: str) -> list[str]:
    """Return features of the head of the content, and of the word that introduces it (`~` if outside the content)."""
    word, lexeme, kind = view.words[top], view.lexemes[cue], view.classes[cue]
    child = view.sentence.child(top, "mark", "case")
    introducer = "no" if child is None else ("" if content >> child & 1 else "~") + view.masked[child]
    found = [
        f"introduced {introducer} {word.relation}",
        f"{lexeme} introduced {introducer} {word.relation}",
        f"class={kind} introduced {introducer} {word.relation} {word.xpos}",
    ]
    if top in view.entities or word.upos in {"PROPN", "PRON"}:
        named = "pronoun" if word.upos == "PRON" else "name"
        return [*found, f"head {view.naming(top)} {made}", f"{lexeme} head {named}"]
    return [*found, f"head {view.masked[top]}", f"class={kind} head {view.masked[top]}"]


def _shape(view: SentenceView, cue: int, content: WordSet, tops: list[int], made: str, side: str) -> list[str]:
    words, lexeme, kind = view.words, view.lexemes[cue], view.classes[cue]
    start, end = first(content), last(content)
    size = bucket(content.bit_count())
    subjects = content & view.finite
    finite = subjects and any(view.children[place] & subjects for place in tops)
    clause = "finite" if finite else "verb" if content & view.verbs else "nominal"
    found = [
        f"size={size}",
        f"size={size} {made}",
        f"side={side} {made} rel={words[cue].deprel}",
        f"{'continuous' if not ~content & view.solid & between(start, end + 1) else 'discontinuous'} {made}",
        f"heads={min(3, len(tops))}",
        f"{clause} {side}",
        f"class={kind} {clause} {side}",
        f"{lexeme} {clause} {side}",
    ]
    reporting = content & view.reporting
    if reporting:
        place = first(reporting)
        found.append(f"contains class={view.classes[place]} {words[place].relation} {made}")
    if content & view.according & (between(0, first(reporting)) if reporting else content):
        found.append("contains according")
    return found


def _edges(view: SentenceView, cue: int, start: int, end: int, made: str, side: str) -> list[str]:
    words, kind = view.words, view.classes[cue]
    before, after = _function(view, start - 1), _function(view, end + 1)
    opening, closing = view.masked_at(start), words[end].upos
    marks, gap = view.marks_between(cue, start if start > cue else end if end < cue else cue)
    found = [
        f"after {before}",
        f"before {after}",
        f"after {before} {side}",
        f"before {after} {side}",
        f"first {words[start].upos}",
        f"first {opening} {side}",
        f"class={kind} first {opening} {side}",
        f"last {closing}",
        f"punct {marks} {side}",
        f"gap={bucket(gap)} {side}",
        f"punct {marks} gap={min(gap, 2)} {made}",
    ]
    at_start, at_end = not view.solid & between(0, start), not view.solid >> (end + 1)
    if at_end:
        found.append(f"to the end {side}")
    if at_start:
        found.append(f"from the start {side}")
    if not (at_start and at_end):
        found.append(f"medial {side}")
    if closing in _DANGLING:
        found.append("dangling")
    return found


def _function(view: SentenceView, position: int) -> str:
    """Return the word at `position` if it is a function word or punctuation, else its part of speech."""
    text = view.masked_at(position)
    return text if text == "#" or view.words[position].upos in _FUNCTION else view.words[position].upos


def _quotes(view: SentenceView, content: WordSet, kind: str, made: str) -> list[str]:
    if not view.quoted:
        return ["no quotes"]
    inside = content & view.quoted
    share = "no" if not inside else "all" if inside == content else "part"
    cut = any(content & words and words & view.solid & ~content for words in view.quoted_spans.values())
    left = any(not content & words for words in view.quoted_spans.values())
    quotes = f"quoted {share}{' cut' if cut else ''}{' others left' if left else ''}"
    return [quotes, f"{quotes} {made}", f"{quotes} class={kind}"]


def _left_out(view: SentenceView, cue: int, content: WordSet, top: int, made: str) -> list[str]:
    words = view.words
    rest = view.solid & ~content & ~(1 << cue)
    after = rest & ~between(0, max(last(content), cue) + 1)
    before = rest & between(0, min(first(content), cue))
    found = [f"left out after={bucket(after.bit_count())}", f"left out before={bucket(before.bit_count())}"]
    if after:
        place = first(after)
        text = view.masked_at(place)
        found += [f"left out {text}", f"left out {view.masked_at(last(content) + 1)} {text} {made}"]
        while words[place].head >= 0 and after >> words[place].head & 1:
            place = words[place].head
        found.append(f"left out {words[place].deprel} {made}")
        path = view.path(place, top, 3)
        if path != text:  # both can be "far"
            found.append(f"left out {path}")
    return found


def _outside(view: SentenceView, cue: int) -> list[str]:
    """Return the features of an empty content: the cue reports the sentence before or after its own."""
    document, span, words = view.document, view.sentence.span, view.words
    lexeme, kind = view.lexemes[cue], view.classes[cue]
    adjacent = f"{'after ' if view.follows_quote else ''}{'before ' if view.precedes_quote else ''}quote"
    frame = "+".join(sorted({words[child].relation for child in view.sentence.children(cue)} & _FRAME))
    return [
        "outside",
        f"outside {lexeme}",
        f"outside class={kind}",
        f"outside tag={words[cue].xpos} rel={words[cue].deprel}",
        f"outside {adjacent}{' and has one' if view.quoted else ''}",
        f"outside {adjacent} class={kind}",
        f"outside ends {view.masked_at(len(words) - 1)} {adjacent}",
        f"outside length={bucket(len(words))} {adjacent}",
        f"outside frame={frame}",
        f"outside frame={frame} class={kind}",
        f"outside frame={frame} {adjacent}",
        f"outside {lexeme} frame={frame}",
        f"outside {'opens a line ' if document.opens_line(span.start) else ''}{adjacent}",
        f"outside {'early ' if cue < 3 else ''}{adjacent}",
    ]

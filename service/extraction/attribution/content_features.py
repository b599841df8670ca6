"""Features of a candidate for the content of a cue.

They describe how the candidate was built, its path to the cue, its first and last words and their neighbours, its size,
its quotation marks, and the words of the sentence outside it. Feature names are keys of `weights/contents.json`.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

import numpy as np

from service.extraction.attribution.asides import Aside
from service.extraction.attribution.linear import Columns, Templates
from service.extraction.attribution.sentence_batch import Indices, SentenceBatch, only
from service.extraction.attribution.sentence_view import FRAME, SentenceView, bucket
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions

_FRAME = FRAME - {"iobj"}
_DANGLING = frozenset({"ADP", "CCONJ", "SCONJ", "DET", "PART"})
CONTENTS: Final = Templates(
    [
        "strategy={way}",
        "strategy kind={made}",
        "class={kind} strategy={way}",
        "{lexeme} strategy={way}",
        "tag={tag} strategy={way}",
        "rel={rel} strategy={way}",
        "path={path}",
        "class={kind} path={path}",
        "{lexeme} path={path}",
        "rel={rel} path={path}",
        "head {top_pos} path={path}",
        "head tag={top_tag} path={path}",
        "frame={frame} strategy={way}",
        "{lexeme} frame={frame} strategy={way}",
        "class={kind} frame={frame} strategy={way}",
        # its head, and the word that introduces it
        "introduced {apart}{introducer} {top_rel}",
        "{lexeme} introduced {apart}{introducer} {top_rel}",
        "class={kind} introduced {apart}{introducer} {top_rel} {top_tag}",
        "head {naming} {made}",
        "{lexeme} head {named}",
        "head {top}",
        "class={kind} head {top}",
        # its shape
        "size={size}",
        "size={size} {made}",
        "side={side} {made} rel={rel}",
        "{unbroken} {made}",
        "heads={parts}",
        "{clause} {side}",
        "class={kind} {clause} {side}",
        "{lexeme} {clause} {side}",
        "contains class={reporting} {reporting_rel} {made}",
        "contains {according}",
        # its edges
        "after {before}",
        "before {after}",
        "after {before} {side}",
        "before {after} {side}",
        "first {first}",
        "first {opening} {side}",
        "class={kind} first {opening} {side}",
        "last {last}",
        "punct {marks} {side}",
        "gap={gap} {side}",
        "punct {marks} gap={few} {made}",
        "{to_end} {side}",
        "{from_start} {side}",
        "{inside} {side}",
        "{dangling}",
        # quotation marks
        "no {no_quotes}",
        "quoted {share}{cut}{others}",
        "quoted {share}{cut}{others} {made}",
        "quoted {share}{cut}{others} class={kind}",
        # the words outside it
        "left out after={left_after}",
        "left out before={left_before}",
        "left out {left}",
        "left out {next_left} {left} {made}",
        "left out {left_rel} {made}",
        "left out {left_path}",
        # the cue's aside and subject
        "aside {aside}",
        "aside {aside} {made}",
        "aside {aside_end} {aside} {side}",
        "with subject {subject} rel={rel}",
        "no {no_subject}",
    ]
)


def content_features(view: SentenceView, cue: int, candidates: Mapping[WordSet, str]) -> list[list[str]]:
    """Return the features of each candidate as the content of the cue at `cue`, without duplicates.

    `candidates` come from `content_candidates`: word sets without punctuation, each with the name of its strategy.
    """
    batch = SentenceBatch([view])
    result = iter(CONTENTS.features(batch.strings, content_columns(batch, [(view, cue)], [candidates])))
    return [next(result) if content else outside_features(view, cue) for content in candidates]


def content_columns(
    batch: SentenceBatch, cues: Sequence[tuple[SentenceView, int]], candidates: Sequence[Mapping[WordSet, str]]
) -> Columns:
    """Return the columns of `CONTENTS` for the candidates of each cue, without the empty content."""
    pairs = [(batch.start(view), view, cue) for view, cue in cues]
    rows = [
        (start, cue, *shape)
        for (start, view, cue), own in zip(pairs, candidates, strict=True)
        for shape in _shapes(view, cue, own)
    ]
    texts = [
        (way, way.partition(":")[0], frame)
        for (view, cue), own in zip(cues, candidates, strict=True)
        for frame in (view.frame(cue),)
        for content, way in own.items()
        if content
    ]
    (
        offset, cue, top, start, end, parts, size, form, broken, reporting, according, share, cut, others, subject,
        apart, aside, aside_end,
    ) = np.array(rows, np.int64).reshape(-1, 18).T  # fmt: skip
    cue, top, start, end = cue + offset, top + offset, start + offset, end + offset
    reporting = np.where(reporting < 0, 0, reporting + offset)
    way, made, frames = batch.strings.columns(texts, 3)
    firsts, ends = batch.bounds
    marks, gap = batch.between(cue, np.where(start > cue, start, np.where(end < cue, end, cue)))
    named, solid = batch.named[top], batch.solid_before
    at_start, at_end = solid[start] == solid[firsts[cue]], solid[end + 1] == solid[ends[cue]]
    return {
        "lexeme": batch.lexemes[cue],
        "kind": batch.classes[cue],
        "tag": batch.tags[cue],
        "rel": batch.deprels[cue],
        "frame": frames,
        "way": way,
        "made": made,
        "path": batch.paths(cue, top, 5),
        "side": batch.one_of(["<", ">", "<>"], np.where(start > cue, 1, np.where(end < cue, 0, 2))),
        "top_rel": batch.relations[top],
        "top_pos": batch.pos[top],
        "top_tag": batch.tags[top],
        "apart": batch.one_of(["", "~"], apart),
        "introducer": np.where(batch.introducers[top], batch.masked[batch.introducers[top]], batch.strings.id_of("no")),
        "naming": only(batch.namings[top], named),
        "named": only(batch.one_of(["name", "pronoun"], batch.tagged("PRON")[top]), named),
        "top": only(batch.masked[top], ~named),
        "size": batch.counts(size),
        "parts": batch.counts(parts),
        "clause": batch.one_of(["nominal", "verb", "finite"], form),
        "unbroken": batch.one_of(["continuous", "discontinuous"], broken),
        "reporting": batch.classes[reporting],
        "reporting_rel": batch.relations[reporting],
        "according": batch.one_of([None, "according"], according),
        "before": batch.function_words[start - 1],
        "after": batch.function_words[end + 1],
        "first": batch.pos[start],
        "opening": batch.neighbours[start],
        "last": batch.pos[end],
        "marks": marks,
        "gap": batch.counts(gap),
        "few": batch.counts(np.minimum(gap, 2)),
        "to_end": batch.one_of([None, "to the end"], at_end),
        "from_start": batch.one_of([None, "from the start"], at_start),
        "inside": batch.one_of(["medial", None], at_start & at_end),
        "dangling": only(batch.strings.id_of("dangling"), batch.tagged(*_DANGLING)[end]),
        "no_quotes": batch.one_of(["quotes", None, None, None], share),
        "share": batch.one_of([None, "no", "all", "part"], share),
        "cut": batch.one_of(["", " cut"], cut),
        "others": batch.one_of(["", " others left"], others),
        "aside": batch.one_of([None, "overlapping", "some", "all"], aside),
        "aside_end": batch.one_of([None, "medial", "final"], aside_end),
        "subject": batch.one_of([None, "0", "1"], subject),
        "no_subject": batch.one_of(["subject", None, None], subject),
    } | _left_out(batch, cue, start, end, top)


def _shapes(view: SentenceView, cue: int, contents: Iterable[WordSet]) -> Iterator[tuple[int, ...]]:
    """Yield the head of each content but the empty one, its first and last word, and properties of its word set."""
    subject, aside = view.subjects(cue), view.aside(cue)
    subject_at = first(subject) if subject else None
    for content in contents:
        if not content:
            continue
        start, end, tops = first(content), last(content), view.tops(content)
        single = not tops & (tops - 1)
        top = first(tops) if single else _longest(view, content, tops)
        subjects = content & view.finite
        heads = (top,) if single else positions(tops)
        finite = subjects and any(view.children[place] & subjects for place in heads)
        reporting, until = -1, content
        if content & view.reporting:
            reporting = first(content & view.reporting)
            until = between(0, reporting)
        introducer = view.introducers[top]
        yield (
            top,
            start,
            end,
            min(3, tops.bit_count()),
            content.bit_count(),
            2 if finite else 1 if content & view.verbs else 0,
            1 if ~content & view.solid & between(start, end + 1) else 0,
            reporting,
            1 if content & view.according & until else 0,
            *(_quotes(view, content) if view.quoted else (0, 0, 0)),
            0 if subject_at is None else 1 + (content >> subject_at & 1),
            0 if introducer is None or content >> introducer & 1 else 1,
            *((0, 0) if aside is None else _aside(view, aside, content)),
        )


def _longest(view: SentenceView, content: WordSet, tops: WordSet) -> int:
    """Return the head of the longest part of `content`."""
    return max(positions(tops), key=lambda place: (view.subtrees[place] & content).bit_count())


def _quotes(view: SentenceView, content: WordSet) -> tuple[int, int, int]:
    """Return how much of a content is quoted, and whether it cuts through quoted spans, or leaves some out."""
    inside, spans = content & view.quoted, view.quoted_spans.values()
    share = 1 if not inside else 2 if inside == content else 3
    cut = any(content & words and words & view.solid & ~content for words in spans)
    return share, int(cut), int(any(not content & words for words in spans))


def _aside(view: SentenceView, aside: Aside, content: WordSet) -> tuple[int, int]:
    """Return how much of the sentence around the cue's aside is in the content, and whether the aside ends it."""
    within = between(aside.first, aside.last + 1)
    place = 1 if content & within else 2 if view.solid & ~within & ~content else 3
    return place, 1 if view.solid >> (aside.last + 1) else 2


def _left_out(batch: SentenceBatch, cue: Indices, start: Indices, end: Indices, top: Indices) -> Columns:
    """Return the columns on the words before and after the content and the cue, of which the first one after them."""
    firsts, ends = batch.bounds
    solid, limit = batch.solid_before, np.maximum(end, cue)
    after, before = solid[ends[cue]] - solid[limit + 1], solid[np.minimum(start, cue)] - solid[firsts[cue]]
    left = np.where(after > 0, batch.next_solid[limit + 1], 0)
    high, above = left, batch.heads[left]
    while (climbs := (above > limit) & batch.solid[above]).any():
        high = np.where(climbs, above, high)
        above = batch.heads[high]
    paths = batch.paths(high, top, 3)
    text = batch.neighbours[left]
    return {
        "left_after": batch.counts(after),
        "left_before": batch.counts(before),
        "left": only(text, left > 0),
        "next_left": batch.neighbours[end + 1],
        "left_rel": batch.deprels[high],
        "left_path": only(paths, paths != text),  # both can be "far"
    }


def outside_features(view: SentenceView, cue: int) -> list[str]:
    """Return the features of an empty content, without duplicates: the cue reports the sentence before or after its
    own."""
    document, span, words = view.document, view.sentence.span, view.words
    lexeme, kind = view.lexemes[cue], view.classes[cue]
    adjacent = f"{'after ' if view.follows_quote else ''}{'before ' if view.precedes_quote else ''}quote"
    frame = "+".join(sorted({words[child].relation for child in view.sentence.children(cue)} & _FRAME))
    result = [
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
    return list(dict.fromkeys(result))

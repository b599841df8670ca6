"""Candidates for the source of a cue, and their features, of which the path to the cue matters most.

Feature names are keys of `weights/sources.json`.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

import numpy as np

from service.extraction.attribution.linear import Columns, Templates
from service.extraction.attribution.sentence_batch import SentenceBatch, only
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last

_PARTS: Final = frozenset({
    "flat", "fixed", "compound", "punct", "case", "mark", "cc", "aux", "cop", "det", "goeswith", "discourse",
})  # fmt: skip
_SOURCE_TAGS: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
_NOMINAL_BY_RELATION: Final = frozenset({"ADJ", "DET", "VERB", "ADV"})
_NOMINAL_RELATIONS: Final = frozenset({"nsubj", "obl", "nmod", "csubj"})


SOURCES: Final = Templates(
    [
        "path={voice}{path}",
        "class={kind} path={voice}{path}",
        "{lexeme} path={voice}{path}",
        "tag={tag} path={voice}{path}",
        "{pos} path={voice}{path}",
        "rel={rel} path={voice}{path}",
        "class={kind} {naming}",
        "{naming}",
        "{unlike_pos} path={voice}{path}",
        "noun {noun}",
        "noun {noun} {word_rel}",
        "{place}",
        "{place} path={voice}{path}",
        "{place} {word_rel}",
        "gap={side}{gap}",
        "punct={side}{marks}",
        "punct={marks} path={voice}{path}",
        "rel={word_deprel} gap={side}{gap}",
        "case={case}",
        "case={case} path={voice}{path}",
        "{lexeme} case={case} {word_rel}",
        "class={kind} case={case} {word_rel}",
        "quoted={quoted} cue quoted={cue_quoted}",
        "one of {subjects} subjects",
        "{has_subject} path={voice}{path}",
        "subject passive={passive} {side}",
        "aside {aside}",
        "aside {aside} path={voice}{path}",
        "aside {aside} {word_rel}",
        "{segment} segment {word_rel} {side}",
        "subjects nearer={nearer_subjects} {side} {word_rel}",
        "nominals nearer={nearer_nominals} {side}",
        "under {governor} {word_deprel}",
        "under class={governor_class} {word_deprel}",
        "{around} content {side}",
        "starts sentence {opening}",
    ]
)


def source_candidates(view: SentenceView, cue: int) -> list[int | None]:
    """Return None (no source) and the heads of the phrases that can be the source of `cue`, in text order."""
    result: list[int | None] = [None]
    for position, word in enumerate(view.words):
        if position == cue or word.relation in _PARTS:
            continue
        if word.upos in _SOURCE_TAGS or (word.upos in _NOMINAL_BY_RELATION and word.relation in _NOMINAL_RELATIONS):
            result.append(position)
    return result


def source_features(view: SentenceView, cue: int, sources: Sequence[int | None], content: WordSet) -> list[list[str]]:
    """Return the features of each source as that of the cue at `cue` with `content`, without duplicates.

    `sources` are the positions of head words, or None for no source.
    """
    batch = SentenceBatch([view])
    heads = [source for source in sources if source is not None]
    result = iter(SOURCES.features(batch.strings, source_columns(batch, [(view, cue)], [heads], [content])))
    return [no_source_features(view, cue, content) if source is None else next(result) for source in sources]


def source_columns(
    batch: SentenceBatch,
    cues: Sequence[tuple[SentenceView, int]],
    sources: Sequence[Sequence[int]],
    contents: Sequence[WordSet],
) -> Columns:
    """Return the columns of `SOURCES` for the head words that can be the source of each cue with its content."""
    rows = [
        (batch.start(view), *row)
        for (view, cue), own, content in zip(cues, sources, contents, strict=True)
        for row in _rows(view, cue, own, content)
    ]
    (
        offset, cue, subjects, passive, aside, source, inside, nearer_subjects, nearer_nominals, around
    ) = np.array(rows, np.int64).reshape(-1, 10).T  # fmt: skip
    cue, source = cue + offset, source + offset
    strings, is_subject = batch.strings, batch.are(batch.relations, ["nsubj"])[source]
    marks, gap = batch.between(cue, source)
    naming, inside_text = batch.namings[source], batch.one_of(["outside content", "in content"], inside)
    head = batch.heads[source]
    own_subject = is_subject & (head == cue) & (inside == 0)
    return {
        "lexeme": batch.lexemes[cue],
        "kind": batch.classes[cue],
        "tag": batch.tags[cue],
        "rel": batch.deprels[cue],
        "voice": batch.one_of(["", "passive "], passive),
        "path": batch.paths(cue, source, 6),
        "pos": batch.pos[source],
        "naming": naming,
        "unlike_pos": only(naming, naming != batch.pos[source]),
        "noun": only(batch.masked[source], batch.tagged("NOUN")[source]),
        "place": inside_text,
        "word_rel": batch.relations[source],
        "word_deprel": batch.deprels[source],
        "side": batch.one_of(["<", ">"], source > cue),
        "gap": batch.counts(gap),
        "marks": marks,
        "segment": batch.one_of(["same", "other"], marks != strings.id_of("")),
        "case": np.where(batch.cases[source], batch.lemmas[batch.cases[source]], strings.id_of("no")),
        "quoted": batch.one_of(["0", "1"], batch.quoted[source]),
        "cue_quoted": batch.one_of(["0", "1"], batch.quoted[cue]),
        "subjects": only(batch.numerals(subjects), own_subject),
        "has_subject": batch.one_of(["no subject", "cue has subject"], subjects > 0),
        "passive": only(batch.one_of(["False", "True"], passive), is_subject),
        "aside": batch.one_of([None, "named", "in", "outside"], aside),
        "nearer_subjects": batch.counts(np.minimum(nearer_subjects, 3)),
        "nearer_nominals": batch.counts(np.minimum(nearer_nominals, 3)),
        "governor": batch.masked[head],
        "governor_class": batch.classes[head],
        "around": batch.one_of([None, "before", "after", "within"], around),
        "opening": only(batch.relations[source], batch.opening[source]),
    }


def _rows(view: SentenceView, cue: int, sources: Iterable[int], content: WordSet) -> Iterator[tuple[int, ...]]:
    """Yield rows: the cue, its properties, a source, and properties of both and the content."""
    subjects, aside = (view.subjects(cue) & ~content).bit_count(), view.aside(cue)
    of_cue = cue, subjects, int(view.passive(cue))
    start, end = (first(content), last(content)) if content else (0, 0)
    for source in sources:
        place = 0
        if aside is not None:
            place = 1 if source == aside.source else 2 if aside.first <= source <= aside.last else 3
        near = (between(source + 1, cue) or between(cue + 1, source)) & ~content  # other sources can be nearer
        nearer = (near & view.subject_words).bit_count(), (near & view.nominals).bit_count()
        around = 0 if not content else 1 if source < start else 2 if source > end else 3
        yield (*of_cue, place, source, content >> source & 1, *nearer, around)


def no_source_features(view: SentenceView, cue: int, content: WordSet) -> list[str]:
    """Return the features of no source."""
    word, kind = view.words[cue], view.classes[cue]
    subjects = view.subjects(cue) & ~content
    voice = f"{'passive' if view.passive(cue) else 'active'} {'with' if subjects else 'without'}"
    result = [
        "no source",
        f"no source {view.lexemes[cue]}",
        f"no source class={kind}",
        f"no source {voice}",
        f"no source class={kind} {voice}",
        f"no source tag={word.xpos} rel={word.deprel}",
        f"no source tag={word.xpos} rel={word.deprel} {voice}",
        f"no source {word.upos} {voice}",
        f"no source section={view.section}",
    ]
    if view.aside(cue) is not None:
        result.append("no source aside")
    return result

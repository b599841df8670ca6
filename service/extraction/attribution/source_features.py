"""Candidates for the source of a cue, and their features, of which the path to the cue matters most.

Feature names are keys of `weights/sources.json`.
"""

from typing import Final

from service.extraction.attribution.sentence_view import SentenceView, bucket
from service.extraction.attribution.word_sets import WordSet, between, first, last
from service.parsing.tree import ROOT

_PARTS: Final = frozenset({
    "flat", "fixed", "compound", "punct", "case", "mark", "cc", "aux", "cop", "det", "goeswith", "discourse",
})  # fmt: skip
_NOMINAL: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
_NOMINAL_BY_RELATION: Final = frozenset({"ADJ", "DET", "VERB", "ADV"})
_NOMINAL_RELATIONS: Final = frozenset({"nsubj", "obl", "nmod", "csubj"})


def source_candidates(view: SentenceView, cue: int) -> list[int | None]:
    """Return None (no source) and the heads of the phrases that can be the source of `cue`, in text order."""
    found: list[int | None] = [None]
    for position, word in enumerate(view.words):
        if position == cue or word.relation in _PARTS:
            continue
        if word.upos in _NOMINAL or (word.upos in _NOMINAL_BY_RELATION and word.relation in _NOMINAL_RELATIONS):
            found.append(position)
    return found


def source_features(view: SentenceView, cue: int, source: int | None, content: WordSet) -> list[str]:
    """Return the features of `source` as the source of the cue at `cue` with `content`, without duplicates.

    `source` is the position of a head word, or None for no source.
    """
    if source is None:
        return _no_source(view, cue, content)
    words = view.words
    lexeme, kind, head = view.lexemes[cue], view.classes[cue], words[cue]
    word, naming = words[source], view.naming(source)
    subjects = view.subjects(cue) & ~content
    passive = view.passive(cue)
    side = ">" if source > cue else "<"
    inside = "in content" if content >> source & 1 else "outside content"
    path = ("passive " if passive else "") + view.path(cue, source, 6)
    found = [
        f"path={path}",
        f"class={kind} path={path}",
        f"{lexeme} path={path}",
        f"tag={head.xpos} path={path}",
        f"{word.upos} path={path}",
        f"rel={head.deprel} path={path}",
        f"class={kind} {naming}",
    ]
    found.append(naming)
    if naming != word.upos:
        found.append(f"{naming} path={path}")
    if word.upos == "NOUN":
        found += [f"noun {view.masked[source]}", f"noun {view.masked[source]} {word.relation}"]
    found += [inside, f"{inside} path={path}", f"{inside} {word.relation}"]
    marks, gap = view.marks_between(cue, source)
    distance = f"gap={side}{bucket(gap)}"
    found += [distance, f"punct={side}{marks}", f"punct={marks} path={path}", f"rel={word.deprel} {distance}"]
    case = view.role(source, "case") or "no"
    found += [
        f"case={case}",
        f"case={case} path={path}",
        f"{lexeme} case={case} {word.relation}",
        f"class={kind} case={case} {word.relation}",
        f"quoted={view.quoted >> source & 1} cue quoted={view.quoted >> cue & 1}",
    ]
    if subjects >> source & 1:
        found.append(f"one of {subjects.bit_count()} subjects")
    found.append(f"{'cue has subject' if subjects else 'no subject'} path={path}")
    if word.relation == "nsubj":
        found.append(f"subject passive={passive} {side}")
    aside = view.aside(cue)
    if aside is not None:
        named = "named" if source == aside.source else "in" if aside.first <= source <= aside.last else "outside"
        found += [f"aside {named}", f"aside {named} path={path}", f"aside {named} {word.relation}"]
    segment = "other" if marks else "same"
    found.append(f"{segment} segment {word.relation} {side}")
    found += _nearer(view, cue, source, content, side)
    if word.head != ROOT:
        found += [
            f"under {view.masked[word.head]} {word.deprel}",
            f"under class={view.classes[word.head]} {word.deprel}",
        ]
    if content:
        place = "before" if source < first(content) else "after" if source > last(content) else "within"
        found.append(f"{place} content {side}")
    if not view.past_opening & between(0, source):
        found.append(f"starts sentence {word.relation}")
    return found


def _nearer(view: SentenceView, cue: int, source: int, content: WordSet, side: str) -> list[str]:
    """Return features of the number of other possible sources between the word and the cue."""
    near = between(min(source, cue) + 1, max(source, cue)) & ~content
    subjects, nominals = (near & view.subject_words).bit_count(), (near & view.nominals).bit_count()
    return [
        f"subjects nearer={min(subjects, 3)} {side} {view.words[source].relation}",
        f"nominals nearer={min(nominals, 3)} {side}",
    ]


def _no_source(view: SentenceView, cue: int, content: WordSet) -> list[str]:
    word, kind = view.words[cue], view.classes[cue]
    subjects = view.subjects(cue) & ~content
    voice = f"{'passive' if view.passive(cue) else 'active'} {'with' if subjects else 'without'}"
    found = [
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
        found.append("no source aside")
    return found

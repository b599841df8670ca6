"""Which words may name the source of a cue, and what speaks for each: above all its path to the cue."""

from collections.abc import Iterator
from typing import Final

from service.extraction.learned.view import SentenceView, bucket
from service.extraction.learned.wordsets import WordSet, first, last
from service.parsing.tree import ROOT

_PARTS: Final = frozenset({
    "flat", "fixed", "compound", "punct", "case", "mark", "cc", "aux", "cop", "det", "goeswith", "discourse",
})  # fmt: skip
_NOMINAL: Final = frozenset({"NOUN", "PROPN", "PRON", "NUM", "SYM", "X"})
_AT_TIMES: Final = frozenset({"ADJ", "DET", "VERB", "ADV"})
_AS_NOMINAL: Final = frozenset({"nsubj", "obl", "nmod", "csubj"})


def source_candidates(view: SentenceView, cue: int) -> list[int | None]:
    """The heads of the phrases that may name the source of the cue at `cue`, in text order, and first None: nobody."""
    found: list[int | None] = [None]
    for position, word in enumerate(view.words):
        if position == cue or word.relation in _PARTS:
            continue
        if word.upos in _NOMINAL or (word.upos in _AT_TIMES and word.relation in _AS_NOMINAL):
            found.append(position)
    return found


def source_features(view: SentenceView, cue: int, source: int | None, content: WordSet) -> Iterator[str]:
    """The features of the word at `source`, or of nobody, as source of the cue at `cue` that reports `content`."""
    if source is None:
        yield from _nobody(view, cue, content)
        return
    words = view.words
    lexeme, kind, head = view.lexemes[cue], view.classes[cue], words[cue]
    word, naming = words[source], view.naming(source)
    subjects = _free_subjects(view, cue, content)
    passive = view.passive(cue)
    side = ">" if source > cue else "<"
    inside = "in content" if content >> source & 1 else "free"
    path = ("passive " if passive else "") + view.path(cue, source, 6)
    yield f"path={path}"
    yield f"class={kind} path={path}"
    yield f"{lexeme} path={path}"
    yield f"tag={head.xpos} path={path}"
    yield f"{word.upos} path={path}"
    yield f"rel={head.deprel} path={path}"
    yield f"{naming}"
    yield f"{naming} path={path}"
    yield f"class={kind} {naming}"
    if word.upos == "NOUN":
        yield f"noun {view.lemmas[source]}"
        yield f"noun {view.lemmas[source]} {word.relation}"
    yield inside
    yield f"{inside} path={path}"
    yield f"{inside} {word.relation}"
    marks, gap = view.marks_between(cue, source)
    yield f"gap={side}{bucket(gap)}"
    yield f"marks={side}{marks}"
    yield f"marks={marks} path={path}"
    yield f"rel={word.deprel} gap={side}{bucket(gap)}"
    case = view.role(source, "case") or "no"
    yield f"case={case}"
    yield f"case={case} path={path}"
    yield f"{lexeme} case={case} {word.relation}"
    yield f"class={kind} case={case} {word.relation}"
    yield f"quoted={view.quoted >> source & 1} cue quoted={view.quoted >> cue & 1}"
    if source in subjects:
        yield f"one of {len(subjects)} subjects"
    yield f"{'cue has subject' if subjects else 'no subject'} path={path}"
    if word.relation == "nsubj":
        yield f"subject passive={passive} {side}"
    aside = view.aside(cue)
    if aside is not None:
        named = "named" if source == aside.source else "in" if aside.first <= source <= aside.last else "outside"
        yield f"aside {named}"
        yield f"aside {named} path={path}"
        yield f"aside {named} {word.relation}"
    segment = "same" if not any(min(cue, source) < mark < max(cue, source) for mark in view.breaks) else "other"
    yield f"{segment} segment {word.relation} {side}"
    yield from _nearer(view, cue, source, content, side)
    if word.head != ROOT:
        yield f"under {view.lemmas[word.head]} {word.deprel}"
        yield f"under class={view.classes[word.head]} {word.deprel}"
    if content:
        place = "before" if source < first(content) else "behind" if source > last(content) else "amid"
        yield f"{place} content {side}"
    if not any(words[earlier].relation not in {"det", "amod", "compound"} for earlier in range(source)):
        yield f"opens {word.relation}"


def _nearer(view: SentenceView, cue: int, source: int, content: WordSet, side: str) -> Iterator[str]:
    """How many others stand between the word and the cue that could be it."""
    words = view.words
    subjects = nominals = 0
    for place in range(min(source, cue) + 1, max(source, cue)):
        if content >> place & 1:
            continue
        word = words[place]
        subjects += word.relation == "nsubj"
        nominals += word.upos in {"PROPN", "NOUN", "PRON"} and word.relation not in {"compound", "flat"}
    yield f"subjects nearer={min(subjects, 3)} {side} {words[source].relation}"
    yield f"nominals nearer={min(nominals, 3)} {side}"


def _free_subjects(view: SentenceView, cue: int, content: WordSet) -> list[int]:
    return [subject for subject in view.subjects(cue) if not content >> subject & 1]


def _nobody(view: SentenceView, cue: int, content: WordSet) -> Iterator[str]:
    word, kind = view.words[cue], view.classes[cue]
    voice = (
        f"{'passive' if view.passive(cue) else 'active'} {'with' if _free_subjects(view, cue, content) else 'without'}"
    )
    yield "nobody"
    yield f"nobody {view.lexemes[cue]}"
    yield f"nobody class={kind}"
    yield f"nobody {voice}"
    yield f"nobody class={kind} {voice}"
    yield f"nobody tag={word.xpos} rel={word.deprel}"
    yield f"nobody tag={word.xpos} rel={word.deprel} {voice}"
    yield f"nobody {word.upos} {voice}"
    yield f"nobody section={view.section}"
    if view.aside(cue) is not None:
        yield "nobody aside"

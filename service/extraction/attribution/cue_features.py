"""Features of a word as a cue: lemma and form, dependents, governors, neighbours and position.

They are those of earlier attribution systems (Pareti 2015, ch. 6; Newell et al. 2018), on Universal Dependencies.
Feature names are keys of `weights/cues.json`.
"""

from collections.abc import Iterator
from typing import Final

import numpy as np

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.attribution.linear import Columns, Templates
from service.extraction.attribution.sentence_batch import Flags, Indices, SentenceBatch, only
from service.extraction.attribution.sentence_view import NO_CLASS, SentenceView

_ARGUMENTS: Final = frozenset({"nsubj", "nsubj:pass", "obj", "xcomp", "ccomp", "iobj", "obl", "csubj", "parataxis"})
_WITH_LEMMA: Final = frozenset({
    "nsubj", "nsubj:pass", "obj", "obl", "xcomp", "ccomp", "advcl", "acl", "nmod", "iobj", "nmod:poss", "obl:agent",
    "advmod", "aux", "mark", "compound:prt", "csubj", "amod", "aux:pass", "cop", "case",
})  # fmt: skip
_INTRODUCED: Final = frozenset({"obl", "xcomp", "ccomp", "advcl", "acl", "nmod", "obj"})
_NEAR: Final = 6  # words to search for the nearest punctuation
WORDS: Final = Templates(
    [
        "lexeme={lexeme}",
        "upos={upos}",
        "tag={tag}",
        "rel={rel}",
        "tag={tag} rel={rel}",
        "class={kind}",
        "class={kind} rel={rel}",
        "{lexeme} tag={tag}",
        "{lexeme} rel={rel}",
        "suffix={suffix}/{upos}",
        "frame={frame}",
        "{lexeme} frame={frame}",
        "class={kind} frame={frame}",
        # its governors
        "{root}",
        "under {head} {rel}",
        "under {head_upos} {rel}",
        "{lexeme} under {head}",
        "under class={head_kind} {rel}",
        "under {head_rel} {rel}",
        "under {no_reporter}",
        "under reporting word class={reporter_kind}",
        "under reporting word {reporter_path}",
        "under reporting word {reporter}",
        # its neighbours
        "-2={second_before}",
        "-2 tag={second_before_tag}",
        "-1={before}",
        "-1 tag={before_tag}",
        "{lexeme} -1={before}",
        "+1={after}",
        "+1 tag={after_tag}",
        "{lexeme} +1={after}",
        "+2={second_after}",
        "+2 tag={second_after_tag}",
        "punct+1={mark_after} {mark_after_at}",
        "class={kind} punct+1={mark_after}",
        "punct-1={mark_before} {mark_before_at}",
        "class={kind} punct-1={mark_before}",
        "{quoted}",
        "{lexeme} {quoted}",
        "{adjacent}",
        "class={kind} {adjacent}",
        "class={kind} {without} quote",
        # its position
        "position={fifth}",
        "{opens}",
        "{around} ends {last}",
        "class={kind} {around}",
        "class={kind} {around} {quotes} quote, root={is_root}",
        "class={kind} {set_off}",
        "{lexeme} {set_off}",
        "class={kind} other speech verbs={speech_verbs}",
        "section={section}",
        "length={length}",
    ]
)
DEPENDENTS: Final = Templates(
    [
        "has {mark}",
        "has {deprel}{side}",
        "{lexeme} has {deprel}{side}",
        "class={kind} has {deprel}{side}",
        "has {relation}={lemma}",
        "has {relation} {upos}",
        "has {relation} {introducer}",
        "{lexeme} has {relation} {introducer}",
        "class={kind} has {relation} {introducer}",
        "has xcomp {complement}",
        "{lexeme} has xcomp {complement}",
        "{lexeme} obj={object}",
        "by {naming}",
        "class={kind} by {naming}",
        "{lexeme} by {naming}",
        "{lexeme} with {particle}",
        "{lexeme} aux={auxiliary}",
    ]
)


def cue_candidates(batch: SentenceBatch, words: frozenset[str]) -> Indices:
    """Return the indices of the words that can be cues: verbs except those of evidence, colons, and the lexemes
    `words`."""
    verbs = batch.tagged("VERB")
    colons, known = batch.are(batch.spellings, [":"]), batch.are(batch.lexemes, words)
    result: Indices = np.flatnonzero(np.where(verbs, ~evidence(batch) & batch.lettered, colons | known))
    return result


def evidence(batch: SentenceBatch) -> Flags:
    """Return the verbs of evidence after a comma, which are no cues: what an event shows, no one says.

    For example: he left, *signaling* a change
    """
    return batch.are(batch.masked, cue_lexicon().evidence) & _set_off(batch)


def _set_off(batch: SentenceBatch) -> Flags:
    """Return the participles after a comma, as in "he left, signaling a change"."""
    commas = batch.are(batch.neighbours, [","])
    return batch.are(batch.tags, ["VBG"]) & batch.are(batch.relations, ["advcl"]) & np.roll(commas, 1)


def cue_features(batch: SentenceBatch, indices: Indices) -> list[list[str]]:
    """Return the features of the words at `indices`."""
    result = WORDS.features(batch.strings, word_columns(batch, indices))
    columns, words = dependent_columns(batch, indices)
    for word, features in zip(words.tolist(), DEPENDENTS.features(batch.strings, columns), strict=True):
        result[word] += features
    return result


def word_columns(batch: SentenceBatch, indices: Indices) -> Columns:
    """Return the columns of `WORDS` for the words at `indices`."""
    firsts, ends = (bounds[indices] for bounds in batch.bounds)
    head, is_root = batch.heads[indices], batch.heads[indices] == 0
    speech = batch.in_sentence(batch.flags(lambda view: view.speech))[indices]
    quotes = batch.of_sentences(lambda view: "with" if view.quoted else "without")[indices]
    return (
        {
            "lexeme": batch.lexemes[indices],
            "upos": batch.pos[indices],
            "tag": batch.tags[indices],
            "rel": batch.deprels[indices],
            "kind": batch.classes[indices],
            "suffix": batch.texts(lambda view: [lemma[-3:] for lemma in view.masked])[indices],
            "frame": batch.texts(_frames)[indices],
            "root": batch.one_of([None, "root"], is_root),
            "head": batch.masked[head],
            "head_upos": batch.pos[head],
            "head_rel": batch.deprels[head],
            "head_kind": batch.classes[head],
            "second_before": batch.neighbours[indices - 2],
            "second_before_tag": batch.tags[indices - 2],
            "before": batch.neighbours[indices - 1],
            "before_tag": batch.tags[indices - 1],
            "after": batch.neighbours[indices + 1],
            "after_tag": batch.tags[indices + 1],
            "second_after": batch.neighbours[indices + 2],
            "second_after_tag": batch.tags[indices + 2],
            "quotes": quotes,
            "without": only(quotes, ~batch.quoted[indices]),
            "fifth": batch.one_of(list("01234"), 5 * (indices - firsts) // (ends - firsts)),
            "opens": batch.one_of([None, "near start"], indices - firsts < 2),
            "around": batch.of_sentences(_around)[indices],
            "last": batch.neighbours[ends - 1],
            "is_root": batch.one_of(["False", "True"], is_root),
            "set_off": batch.one_of([None, "set off"], _set_off(batch)[indices]),
            "speech_verbs": batch.counts(np.minimum(speech, 2)),
            "section": batch.of_sentences(lambda view: view.section)[indices],
            "length": batch.counts(ends - firsts),
        }
        | _reporters(batch, indices)
        | _marks(batch, indices)
    )


def _frames(view: SentenceView) -> Iterator[str]:
    """Yield the relations in `_ARGUMENTS` of each word's dependents."""
    for position in range(len(view.words)):
        children = view.sentence.children(position)
        relations = {view.words[child].deprel for child in children} & _ARGUMENTS if children else ()
        yield "+".join(sorted(relations)) if relations else ""


def _around(view: SentenceView) -> str | None:
    """Return whether a quotation mark comes before or after a sentence."""
    if not (view.follows_quote or view.precedes_quote):
        return None
    return f"{'follows ' if view.follows_quote else ''}{'precedes ' if view.precedes_quote else ''}quote"


def _reporters(batch: SentenceBatch, indices: Indices) -> Columns:
    """Return the columns on the nearest governor that is a reporting word."""
    reporting = batch.tagged("VERB", "NOUN") & ~batch.are(batch.classes, NO_CLASS)
    result = batch.heads[indices]
    while (others := (result > 0) & ~reporting[result]).any():
        result = np.where(others, batch.heads[result], result)
    return {
        "reporter": batch.masked[result],
        "reporter_kind": batch.classes[result],
        "reporter_path": batch.paths(indices, result, 3),
        "no_reporter": batch.one_of([None, "no reporting word"], result == 0),
    }


def _marks(batch: SentenceBatch, indices: Indices) -> Columns:
    """Return the columns on the nearest punctuation before and after, of which at most `_NEAR` words are searched."""
    before, after = batch.mark_before[indices - 1], batch.mark_after[indices + 1]
    before, after = np.maximum(before, indices - _NEAR), np.minimum(after, indices + _NEAR)
    texts = np.where(batch.punctuation, batch.spellings, batch.strings.id_of("no"))
    distances = list(map(str, range(_NEAR + 1)))
    adjacent = batch.one_of(
        ["quote", "before quote", "after quote", "before after quote"],
        batch.quoted[after] + 2 * batch.quoted[before],
    )
    return {
        "mark_before": texts[before],
        "mark_before_at": batch.one_of(distances, indices - before),
        "mark_after": texts[after],
        "mark_after_at": batch.one_of(distances, after - indices),
        "quoted": batch.one_of([None, "quoted"], batch.quoted[indices]),
        "adjacent": only(adjacent, ~batch.quoted[indices]),
    }


def dependent_columns(batch: SentenceBatch, indices: Indices) -> tuple[Columns, Indices]:
    """Return the columns of `DEPENDENTS` for the dependents of the words at `indices`, and for each dependent the index
    of its word in `indices`."""
    index = np.full(batch.size, -1)
    index[indices] = np.arange(len(indices))
    child = np.flatnonzero((index[batch.heads] >= 0) & (batch.heads > 0))
    word, deprel = batch.heads[child], batch.deprels[child]
    marks = batch.are(deprel, ["punct"])
    known = batch.are(deprel, _WITH_LEMMA)
    introduced = known & batch.are(deprel, _INTRODUCED)
    introducer = only(batch.lemmas[batch.introducers[child]], introduced)
    introducer = only(introducer, introducer != batch.strings.id_of(""))
    lemma = batch.masked[child]
    return {
        "lexeme": batch.lexemes[word],
        "kind": batch.classes[word],
        "mark": only(batch.spellings[child], marks & batch.are(batch.spellings[child], ':"“”')),
        "deprel": only(deprel, ~marks),
        "side": batch.one_of(["<", ">"], child > word),
        "relation": only(deprel, known),
        "lemma": lemma,
        "upos": batch.pos[child],
        "introducer": introducer,
        "complement": only(batch.tags[child], batch.are(deprel, ["xcomp"]) & (introducer == 0)),
        "object": only(lemma, batch.are(deprel, ["obj"])),
        "naming": only(batch.namings[child], batch.are(deprel, ["nsubj", "nmod:poss"])),
        "particle": only(lemma, batch.are(deprel, ["compound:prt", "advmod", "case"])),
        "auxiliary": only(lemma, batch.are(deprel, ["aux", "aux:pass"])),
    }, index[word]

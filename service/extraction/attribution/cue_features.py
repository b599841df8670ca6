"""Features of a word as a cue: lemma and form, dependents, governors, neighbours and position.

They are those of earlier attribution systems (Pareti 2015, ch. 6; Newell et al. 2018), on Universal Dependencies.
Feature names are keys of `weights/cues.json`.
"""

from typing import Final

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.attribution.linear import LinearModel
from service.extraction.attribution.sentence_view import NO_CLASS, SentenceView, bucket
from service.parsing.tree import ROOT

_ARGUMENTS: Final = frozenset({"nsubj", "nsubj:pass", "obj", "xcomp", "ccomp", "iobj", "obl", "csubj", "parataxis"})
_WITH_LEMMA: Final = frozenset({
    "nsubj", "nsubj:pass", "obj", "obl", "xcomp", "ccomp", "advcl", "acl", "nmod", "iobj", "nmod:poss", "obl:agent",
    "advmod", "aux", "mark", "compound:prt", "csubj", "amod", "aux:pass", "cop", "case",
})  # fmt: skip
_INTRODUCED: Final = frozenset({"obl", "xcomp", "ccomp", "advcl", "acl", "nmod", "obj"})
_NEAR: Final = 6  # words to search for the nearest punctuation


def _set_off(view: SentenceView, position: int) -> bool:
    """Whether the word is a participle after a comma, as in "he left, signaling a change"."""
    word = view.words[position]
    return word.xpos == "VBG" and word.relation == "advcl" and view.masked_at(position - 1) == ","


def may_be_cue(view: SentenceView, position: int, model: LinearModel) -> bool:
    """Whether the word is a candidate: a verb, a colon, or a lexeme that the model was trained on.

    Verbs of evidence after a comma are none ("he left, signaling a change"): what an event shows, no one says.
    """
    word = view.words[position]
    if word.upos == "VERB":
        shows = view.masked[position] in cue_lexicon().evidence and _set_off(view, position)
        return not shows and any(map(str.isalpha, word.text))
    return word.text == ":" or view.lexemes[position] in model.words


def cue_features(view: SentenceView, position: int) -> list[str]:
    """Return the features of the word at `position`."""
    word, lexeme, kind = view.words[position], view.lexemes[position], view.classes[position]
    lemma, relation, tag = view.masked[position], word.deprel, word.xpos
    found = [
        f"lexeme={lexeme}",
        f"upos={word.upos}",
        f"tag={tag}",
        f"rel={relation}",
        f"tag={tag} rel={relation}",
        f"class={kind}",
        f"class={kind} rel={relation}",
        f"{lexeme} tag={tag}",
        f"{lexeme} rel={relation}",
        f"suffix={lemma[-3:]}/{word.upos}",
    ]
    found += _dependents(view, position)
    found += _governors(view, position)
    found += _neighbours(view, position)
    found += _position(view, position)
    return found


def _dependents(view: SentenceView, position: int) -> list[str]:
    sentence, words, lemmas = view.sentence, view.words, view.masked
    lexeme, kind = view.lexemes[position], view.classes[position]
    found: list[str] = []
    arguments = set()
    for child in sentence.children(position):
        word, lemma = words[child], lemmas[child]
        relation = word.deprel
        if relation == "punct":
            if word.text in ':"“”':
                found.append(f"has {word.text}")
            continue
        placed = f"{relation}{'>' if child > position else '<'}"
        found += [f"has {placed}", f"{lexeme} has {placed}", f"class={kind} has {placed}"]
        if relation in _ARGUMENTS:
            arguments.add(relation)
        if relation not in _WITH_LEMMA:
            continue
        found += [f"has {relation}={lemma}", f"has {relation} {word.upos}"]
        if relation in _INTRODUCED:
            introducer = view.role(child, "case", "mark")
            if introducer:
                found += [
                    f"has {relation} {introducer}",
                    f"{lexeme} has {relation} {introducer}",
                    f"class={kind} has {relation} {introducer}",
                ]
            elif relation == "xcomp":
                found += [f"has xcomp {word.xpos}", f"{lexeme} has xcomp {word.xpos}"]
        if relation == "obj":
            found.append(f"{lexeme} obj={lemma}")
        elif relation in {"nsubj", "nmod:poss"}:
            naming = view.naming(child)
            found += [f"by {naming}", f"class={kind} by {naming}", f"{lexeme} by {naming}"]
        elif relation in {"compound:prt", "advmod", "case"}:
            found.append(f"{lexeme} with {lemma}")
        elif relation in {"aux", "aux:pass"}:
            found.append(f"{lexeme} aux={lemma}")
    frame = "+".join(sorted(arguments))
    found += [f"frame={frame}", f"{lexeme} frame={frame}", f"class={kind} frame={frame}"]
    return found


def _governors(view: SentenceView, position: int) -> list[str]:
    word, lexeme = view.words[position], view.lexemes[position]
    if word.head == ROOT:
        found = ["root"]
    else:
        head = view.words[word.head]
        found = [
            f"under {view.masked[word.head]} {word.deprel}",
            f"under {head.upos} {word.deprel}",
            f"{lexeme} under {view.masked[word.head]}",
            f"under class={view.classes[word.head]} {word.deprel}",
            f"under {head.deprel} {word.deprel}",
        ]
    reporter = next(
        (
            governor
            for governor in view.sentence.ancestors(position)
            if view.words[governor].upos in {"VERB", "NOUN"} and view.classes[governor] not in NO_CLASS
        ),
        None,
    )
    if reporter is None:
        found.append("under no reporting word")
    else:
        found += [
            f"under reporting word class={view.classes[reporter]}",
            f"under reporting word {view.path(position, reporter, 3)}",
            f"under reporting word {view.masked[reporter]}",
        ]
    return found


def _neighbours(view: SentenceView, position: int) -> list[str]:
    words, lexeme, kind = view.words, view.lexemes[position], view.classes[position]
    found: list[str] = []
    for step in (-2, -1, 1, 2):
        text = view.masked_at(position + step)
        tag = words[position + step].xpos if 0 <= position + step < len(words) else "#"
        found += [f"{step:+d}={text}", f"{step:+d} tag={tag}"]
        if abs(step) == 1:
            found.append(f"{lexeme} {step:+d}={text}")
    edges = []
    for step in (1, -1):
        place = position + step
        while 0 <= place < len(words) and words[place].upos != "PUNCT" and abs(place - position) < _NEAR:
            place += step
        inside = 0 <= place < len(words)
        mark = words[place].text if inside and words[place].upos == "PUNCT" else "no"
        found += [f"punct{step:+d}={mark} {abs(place - position)}", f"class={kind} punct{step:+d}={mark}"]
        edges.append(inside and bool(view.quoted >> place & 1))
    if view.quoted >> position & 1:
        found += ["quoted", f"{lexeme} quoted"]
    else:
        adjacent = f"{'before ' if edges[0] else ''}{'after ' if edges[1] else ''}quote"
        found += [adjacent, f"class={kind} {adjacent}", f"class={kind} {'with' if view.quoted else 'without'} quote"]
    return found


def _position(view: SentenceView, position: int) -> list[str]:
    words, kind = view.words, view.classes[position]
    found = [f"position={5 * position // len(words)}"]
    if position < 2:
        found.append("near start")
    if view.follows_quote or view.precedes_quote:
        quoted = "with" if view.quoted else "without"
        adjacent = f"{'follows ' if view.follows_quote else ''}{'precedes ' if view.precedes_quote else ''}quote"
        found += [
            f"{adjacent} ends {view.masked_at(len(words) - 1)}",
            f"class={kind} {adjacent}",
            f"class={kind} {adjacent} {quoted} quote, root={words[position].head == ROOT}",
        ]
    if _set_off(view, position):
        found += [f"class={kind} set off", f"{view.lexemes[position]} set off"]
    speech = (view.speech & ~(1 << position)).bit_count()
    found += [
        f"class={kind} other speech verbs={min(2, speech)}",
        f"section={view.section}",
        f"length={bucket(len(words))}",
    ]
    return found

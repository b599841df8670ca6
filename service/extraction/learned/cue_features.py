"""What speaks for a word being a cue: its lemma and form, what it governs, what governs it, its neighbours, its place.

The features are those that attribution systems have found to matter (Pareti 2015, ch. 6; Newell et al. 2018), read off
Universal Dependencies.
"""

from collections.abc import Iterator
from typing import Final

from service.extraction.cue_lexicon import cue_lexicon
from service.extraction.learned.linear import LinearModel
from service.extraction.learned.view import NO_CLASS, SentenceView, bucket
from service.parsing.tree import ROOT

_ARGUMENTS: Final = frozenset({"nsubj", "nsubj:pass", "obj", "xcomp", "ccomp", "iobj", "obl", "csubj", "parataxis"})
_TOLD: Final = frozenset({
    "nsubj", "nsubj:pass", "obj", "obl", "xcomp", "ccomp", "advcl", "acl", "nmod", "iobj", "nmod:poss", "obl:agent",
    "advmod", "aux", "mark", "compound:prt", "csubj", "amod", "aux:pass", "cop", "case",
})  # fmt: skip
_INTRODUCED: Final = frozenset({"obl", "xcomp", "ccomp", "advcl", "acl", "nmod", "obj"})
_NEAR: Final = 6  # words: how far the nearest punctuation is looked for


def _set_off(view: SentenceView, position: int) -> bool:
    """Whether the word is a participle behind a comma, as in "he left, signaling a change"."""
    word = view.words[position]
    return word.xpos == "VBG" and word.relation == "advcl" and view.text_at(position - 1) == ","


def may_be_cue(view: SentenceView, position: int, model: LinearModel) -> bool:
    """Whether the word is worth a look: a verb, a colon, or another word that the model was taught to look at. What an
    event is evidence of ("he left, signaling a change") is said by nobody."""
    word = view.words[position]
    if word.upos == "VERB":
        shows = view.lemmas[position] in cue_lexicon().evidence and _set_off(view, position)
        return not shows and any(map(str.isalpha, word.text))
    return word.text == ":" or view.lexemes[position] in model.words


def cue_features(view: SentenceView, position: int) -> Iterator[str]:
    """The features of the word at `position`."""
    word, lexeme, kind = view.words[position], view.lexemes[position], view.classes[position]
    lemma, relation, tag = view.lemmas[position], word.deprel, word.xpos
    yield f"lexeme={lexeme}"
    yield f"upos={word.upos}"
    yield f"tag={tag}"
    yield f"rel={relation}"
    yield f"tag={tag} rel={relation}"
    yield f"class={kind}"
    yield f"class={kind} rel={relation}"
    yield f"{lexeme} tag={tag}"
    yield f"{lexeme} rel={relation}"
    yield f"ending={lemma[-3:]}/{word.upos}"
    yield from _governed(view, position)
    yield from _governors(view, position)
    yield from _neighbours(view, position)
    yield from _place(view, position)


def _governed(view: SentenceView, position: int) -> Iterator[str]:
    sentence, words, lemmas = view.sentence, view.words, view.lemmas
    lexeme, kind = view.lexemes[position], view.classes[position]
    arguments = set()
    for child in sentence.children(position):
        word, lemma = words[child], lemmas[child]
        relation = word.deprel
        if relation == "punct":
            if word.text in ':"“”':
                yield f"has {word.text}"
            continue
        placed = f"{relation}{'>' if child > position else '<'}"
        yield f"has {placed}"
        yield f"{lexeme} has {placed}"
        yield f"class={kind} has {placed}"
        if relation in _ARGUMENTS:
            arguments.add(relation)
        if relation not in _TOLD:
            continue
        yield f"has {relation}={lemma}"
        yield f"has {relation} {word.upos}"
        if relation in _INTRODUCED:
            introducer = view.role(child, "case", "mark")
            if introducer:
                yield f"has {relation} {introducer}"
                yield f"{lexeme} has {relation} {introducer}"
                yield f"class={kind} has {relation} {introducer}"
            elif relation == "xcomp":
                yield f"has xcomp {word.xpos}"
                yield f"{lexeme} has xcomp {word.xpos}"
        if relation == "obj":
            yield f"{lexeme} obj={lemma}"
        elif relation in {"nsubj", "nmod:poss"}:
            naming = view.naming(child)
            yield f"by {naming}"
            yield f"class={kind} by {naming}"
            yield f"{lexeme} by {naming}"
        elif relation in {"compound:prt", "advmod", "case"}:
            yield f"{lexeme} with {lemma}"
        elif relation in {"aux", "aux:pass"}:
            yield f"{lexeme} aux={lemma}"
    frame = "+".join(sorted(arguments))
    yield f"frame={frame}"
    yield f"{lexeme} frame={frame}"
    yield f"class={kind} frame={frame}"


def _governors(view: SentenceView, position: int) -> Iterator[str]:
    word, lexeme = view.words[position], view.lexemes[position]
    if word.head == ROOT:
        yield "root"
    else:
        head = view.words[word.head]
        yield f"under {view.lemmas[word.head]} {word.deprel}"
        yield f"under {head.upos} {word.deprel}"
        yield f"{lexeme} under {view.lemmas[word.head]}"
        yield f"under class={view.classes[word.head]} {word.deprel}"
        yield f"under {head.deprel} {word.deprel}"
    reporter = next(
        (
            governor
            for governor in view.sentence.ancestors(position)
            if view.words[governor].upos in {"VERB", "NOUN"} and view.classes[governor] not in NO_CLASS
        ),
        None,
    )
    if reporter is None:
        yield "under no reporter"
    else:
        yield f"under reporter class={view.classes[reporter]}"
        yield f"under reporter {view.path(position, reporter, 3)}"
        yield f"under reporter {view.lemmas[reporter]}"


def _neighbours(view: SentenceView, position: int) -> Iterator[str]:
    words, lexeme, kind = view.words, view.lexemes[position], view.classes[position]
    for step in (-2, -1, 1, 2):
        text = view.text_at(position + step)
        tag = words[position + step].xpos if 0 <= position + step < len(words) else "#"
        yield f"{step:+d}={text}"
        yield f"{step:+d} tag={tag}"
        if abs(step) == 1:
            yield f"{lexeme} {step:+d}={text}"
    edges = []
    for step in (1, -1):
        place = position + step
        while 0 <= place < len(words) and words[place].upos != "PUNCT" and abs(place - position) < _NEAR:
            place += step
        found = 0 <= place < len(words) and words[place].upos == "PUNCT"
        mark = words[place].text if found else "no"
        yield f"mark{step:+d}={mark} {abs(place - position)}"
        yield f"class={kind} mark{step:+d}={mark}"
        edges.append(0 <= place < len(words) and bool(view.quoted >> place & 1))
    if view.quoted >> position & 1:
        yield "quoted"
        yield f"{lexeme} quoted"
    else:
        beside = f"{'before ' if edges[0] else ''}{'behind ' if edges[1] else ''}quote"
        yield beside
        yield f"class={kind} {beside}"
        yield f"class={kind} {'with' if view.quoted else 'without'} quote"


def _place(view: SentenceView, position: int) -> Iterator[str]:
    words, kind = view.words, view.classes[position]
    yield f"fifth={5 * position // len(words)}"
    if position < 2:
        yield "opens"
    if view.follows_quote or view.precedes_quote:
        beside = f"{'follows ' if view.follows_quote else ''}{'precedes ' if view.precedes_quote else ''}quote"
        yield f"{beside} ends {words[-1].text}"
        yield f"class={kind} {beside}"
        yield f"class={kind} {beside} {'with' if view.quoted else 'without'} quote, root={words[position].head == ROOT}"
    if _set_off(view, position):
        yield f"class={kind} set off"
        yield f"{view.lexemes[position]} set off"
    speech = sum(
        one in {"say", "tell", "announce"} for place, one in enumerate(view.classes) if place != position
    )  # only verbs have these classes
    yield f"class={kind} beside {min(2, speech)}"
    yield f"section={view.section}"
    yield f"length={bucket(len(words))}"

"""Candidates for the content of a cue, as word sets.

Verbs coordinated with the cue are excluded: in "she said they would meet but did not say when", the subject of "did not
say" is "she", but parsers attach the second verb to the nearer one. Where the nearer verb has a modal (`MD`) and the
second is past tense (`VBD`) without a subject of its own, it is coordinated with the cue: true in ten of the twelve
instances in PolNeAR's training articles, as `en_news` 1.0 parses them.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Final

from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last
from service.extraction.tags import JOINING

NOTHING: Final = "outside sentence"  # the content is outside the sentence, in the quotation before or after it
_NO_CONTENT: Final = frozenset({"aux", "cop", "punct", "cc", "det", "expl"})
_SPLITTING: Final = frozenset({"acl", "ccomp", "advcl", "nmod", "xcomp", "parataxis", "conj", "obl", "obj", "appos"})
_CUT_AT_START: Final = frozenset({"governor", "rest"})
_HIGHEST: Final = 4  # governors above the cue
MAX_CANDIDATES: Final = 100  # candidates per cue; a typical sentence has a dozen, a very long list would have thousands


def coordinated_with_cue(view: SentenceView, cue: int) -> WordSet:
    """Return the words of verbs that the tree attaches to the reported clause, but that are coordinated with `cue`."""
    result = 0
    for clause in view.sentence.children(cue):
        if view.words[clause].relation == "ccomp" and _form(view, clause) == "MD":
            for verb in view.sentence.children(clause):
                result |= view.subtrees[verb] if _is_past_alone(view, verb) else 0
    return result


def _is_past_alone(view: SentenceView, verb: int) -> bool:
    """Return whether `verb` is a coordinated past-tense verb without a subject of its own, outside quotation marks."""
    coordinator = view.sentence.child(verb, "cc")
    return (
        view.words[verb].relation == "conj"
        and coordinator is not None
        and view.lemmas[coordinator] in JOINING
        and view.sentence.child(verb, "nsubj", "expl") is None
        and _form(view, verb) == "VBD"
        and not view.quoted >> verb & 1
    )


def _form(view: SentenceView, verb: int) -> str:
    """Return the tag of the word that carries tense or mood: the first auxiliary of the verb, else the verb."""
    auxiliary = view.sentence.child(verb, "aux", "cop")
    return view.words[verb if auxiliary is None else auxiliary].xpos


def content_candidates(view: SentenceView, cue: int) -> dict[WordSet, str]:
    """Return the candidates for the content of the cue at `cue`, each with the name of the strategy that built it.

    No candidate contains punctuation, the cue or verbs coordinated with it. The empty set is always one of them
    (`NOTHING`).
    """
    result: dict[WordSet, str] = {}
    whole: list[tuple[WordSet, str]] = []  # candidates to cut at punctuation, or extend by quoted spans, below
    usable = view.solid & ~(1 << cue) & ~coordinated_with_cue(view, cue)
    for words, way, is_whole in _from_tree(view, cue):
        if is_whole:
            whole.append((words, way))
        if words & usable:
            result.setdefault(words & usable, way)
    for words, way in whole:
        words &= ~(1 << cue)
        if not words or len(result) >= MAX_CANDIDATES:
            continue
        kind = way.partition(":")[0]
        start, end = first(words), last(words)
        for mark in view.breaks:
            if start < mark < end:
                result.setdefault(words & between(0, mark) & usable, f"{kind}, cut")
                if kind.rstrip("1234LR") in _CUT_AT_START:
                    result.setdefault(words & ~between(0, mark + 1) & usable, f"{kind}, cut at its start")
    for words, way in whole:
        if words & view.quoted and view.quoted & ~words:
            result.setdefault((words | view.quoted) & usable, f"{way.partition(':')[0]} and all quoted")
    result.pop(0, None)
    result = dict(islice(result.items(), MAX_CANDIDATES))
    result[0] = NOTHING
    return result


def _from_tree(view: SentenceView, cue: int) -> Iterator[tuple[WordSet, str, bool]]:
    sentence, words, subtrees = view.sentence, view.words, view.subtrees
    children = [
        child
        for child in sentence.children(cue)
        if words[child].relation not in _NO_CONTENT and words[child].deprel != "compound:prt"
    ]
    after = [child for child in children if child > cue]
    before = [child for child in children if child < cue]
    for side, group in ((">", after), ("<", before)):
        for child in group:
            yield subtrees[child], f"child:{side}{words[child].relation}", True
    for side, group in ((">", after), ("<", before)):
        for place, child in enumerate(group):
            union = subtrees[child]
            for other in group[place + 1 :]:
                union |= subtrees[other]
                yield union, f"children:{side}{words[child].relation}+{words[other].relation}", side == ">"
    yield from _from_governors(view, cue)
    for child in children:
        for inner in sentence.children(child):
            if words[inner].relation in _SPLITTING:
                way = f"{words[child].relation}/{words[inner].relation}"
                yield subtrees[inner], f"grandchild:{way}", False
                if inner > child:
                    yield subtrees[child] & ~subtrees[inner], f"child without:{way}", False
    yield from _by_word_order(view, cue)
    for quoted_span in view.quoted_spans.values():
        yield quoted_span, "quoted span", False
    if len(view.quoted_spans) > 1:
        yield view.quoted, "quoted spans", False


def _from_governors(view: SentenceView, cue: int) -> Iterator[tuple[WordSet, str, bool]]:
    """Yield the words that the governors of the cue have outside the branch of the cue."""
    sentence, words, subtrees = view.sentence, view.words, view.subtrees
    branch = cue
    for height, governor in enumerate(sentence.ancestors(cue), start=1):
        if height > _HIGHEST:
            return
        relation, own = words[branch].relation, subtrees[branch]
        rest = subtrees[governor] & ~own
        yield rest, f"governor{height}:{relation}", True
        yield rest & between(0, first(own)), f"governor{height}L:{relation}", True
        yield rest & ~between(0, last(own) + 1), f"governor{height}R:{relation}", True
        for sibling in sentence.children(governor):
            if sibling != branch and words[sibling].relation not in _NO_CONTENT:
                yield subtrees[sibling], f"sibling{height}:{relation}/{words[sibling].relation}", True
        branch = governor


def _by_word_order(view: SentenceView, cue: int) -> Iterator[tuple[WordSet, str, bool]]:
    """Yield candidates by word order alone: the words after the cue, and those outside its punctuated segment."""
    words = view.words
    everything = between(0, len(words))
    yield everything & ~between(0, cue + 1), "after cue", True
    start = end = cue
    while start and words[start - 1].upos != "PUNCT":
        start -= 1
    while end + 1 < len(words) and words[end + 1].upos != "PUNCT":
        end += 1
    aside = view.aside(cue)
    if aside is not None:
        yield everything & ~between(aside.first, aside.last + 1), "around aside", True
    yield everything & ~between(start, end + 1), "outside segment", False
    yield between(0, start), "before segment", True
    yield everything & ~between(0, end + 1), "after segment", True
    yield everything & ~view.subtrees[cue], "rest", True

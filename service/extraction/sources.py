"""The noun phrase that names a source: its words and its characters."""

from service.article.article import Span
from service.extraction.attribution import Source
from service.extraction.nicknames import through_nicknames
from service.parsing.tree import Sentence

_CLAUSES = frozenset({"acl", "advcl", "ccomp", "parataxis"})
_LEFT_OUT = frozenset(
    {"acl", "parataxis", "punct", "advcl", "ccomp", "cc", "cop", "aux", "advmod", "mark", "case", "dep"}
)


def phrase(sentence: Sentence, head: int) -> list[int]:
    """The positions of the noun phrase of `head`: its modifiers and apposition, without clauses, the preposition
    before it and the punctuation around it."""
    kept = [head]
    waiting = [c for c in sentence.children(head) if sentence.words[c].relation not in _LEFT_OUT - {"punct"}]
    while waiting:
        position = waiting.pop()
        kept.append(position)
        waiting += [c for c in sentence.children(position) if not _is_clause(sentence, c)]
    kept.sort()
    runs = _contiguous(kept, head)
    while runs and sentence.words[runs[-1]].upos == "PUNCT" and sentence.words[runs[-1]].text not in {")", "]"}:
        runs.pop()
    while runs and sentence.words[runs[0]].upos == "PUNCT" and sentence.words[runs[0]].text not in {"(", "["}:
        runs.pop(0)
    return through_nicknames(sentence, runs or [head])


def _is_clause(sentence: Sentence, position: int) -> bool:
    """Whether a clause begins at `position`, by its relation or by the "who" that is its subject."""
    subject = sentence.child(position, "nsubj")
    relative = subject is not None and sentence.words[subject].text.lower() in {"who", "which"}
    return sentence.words[position].relation in _CLAUSES or relative


def _contiguous(positions: list[int], through: int) -> list[int]:
    """The unbroken run of `positions` that holds `through`."""
    index = positions.index(through)
    first = last = index
    while first and positions[first - 1] == positions[first] - 1:
        first -= 1
    while last + 1 < len(positions) and positions[last + 1] == positions[last] + 1:
        last += 1
    return positions[first : last + 1]


def phrase_span(sentence: Sentence, head: int) -> Span:
    """The characters of the noun phrase of `head`."""
    words = phrase(sentence, head)
    return Span(sentence.words[words[0]].span.start, sentence.words[words[-1]].span.end)


def as_source(sentence: Sentence, index: int, head: int) -> Source:
    """The source whose phrase `head` governs, in the sentence that is number `index` of the parse."""
    return Source(phrase_span(sentence, head), index, head)

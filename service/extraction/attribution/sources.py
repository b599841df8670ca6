"""The noun phrases of a report: source, addressee ("told *the Herald*") and via ("according to *TASS*")."""

from service.extraction.attribution.asides import Aside, authority_aside
from service.extraction.attribution.cues import CuePhrase
from service.extraction.attribution.word_sets import WordSet
from service.extraction.quotations.mark_parsing import through_nicknames
from service.extraction.report import Source
from service.input.article import Span
from service.parsing.tree import ROOT, Sentence, SentenceIndex

_CLAUSES = frozenset({"acl", "advcl", "ccomp", "parataxis"})
_LEFT_OUT = frozenset(
    {"acl", "parataxis", "punct", "advcl", "ccomp", "cc", "cop", "aux", "advmod", "mark", "case", "dep"}
)


def phrase(sentence: Sentence, head: int) -> list[int]:
    """Return the positions of the noun phrase of `head`, with modifiers and apposition.

    Clauses, the preposition before it and the punctuation around it are not part of it.
    """
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
    """Return whether the word heads a clause, by its relation or because its subject is "who" or "which"."""
    subject = sentence.child(position, "nsubj")
    relative = subject is not None and sentence.words[subject].text.lower() in {"who", "which"}
    return sentence.words[position].relation in _CLAUSES or relative


def _contiguous(positions: list[int], through: int) -> list[int]:
    """Return the contiguous run of `positions` that contains `through`."""
    index = positions.index(through)
    first = last = index
    while first and positions[first - 1] == positions[first] - 1:
        first -= 1
    while last + 1 < len(positions) and positions[last + 1] == positions[last] + 1:
        last += 1
    return positions[first : last + 1]


def phrase_span(sentence: Sentence, head: int) -> Span:
    """Return the span of the noun phrase of `head`."""
    words = phrase(sentence, head)
    return Span(sentence.words[words[0]].span.start, sentence.words[words[-1]].span.end)


def as_source(sentence: Sentence, index: SentenceIndex, head: int) -> Source:
    """Build the source whose head is the word at `head` in sentence number `index`."""
    return Source(phrase_span(sentence, head), index, head)


def find_addressee(sentence: Sentence, cue: CuePhrase, source: int | None, content: WordSet) -> Span | None:
    """Return the addressee: the object of a verb like tell or ask, or the "to …" phrase of another cue.

    None if there is none, or if it is the source or part of `content`.
    """
    if cue.cue_class in {"tell", "ask"}:
        head = sentence.child(cue.head, "iobj", "obj")
    else:
        head = next(
            (
                child
                for child in sentence.children(cue.head)
                if sentence.words[child].relation == "obl" and _introduced_by_to(sentence, child)
            ),
            None,
        )
    return None if head is None or head == source or content >> head & 1 else phrase_span(sentence, head)


def _introduced_by_to(sentence: Sentence, position: int) -> bool:
    case = sentence.child(position, "case", "mark")
    return case is not None and sentence.words[case].text.lower() == "to"


def authorities(sentence: Sentence) -> list[Aside]:
    """Return the asides with "according to", in text order."""
    result = (authority_aside(sentence, position) for position in range(len(sentence.words)))
    return [aside for aside in result if aside is not None]


def find_via(sentence: Sentence, cue: int) -> Span | None:
    """Return the span of the outlet or person that passed the report on, or None."""
    for position in range(len(sentence.words)):
        if position != cue and is_citing(sentence, position):
            cited = sentence.child(position, "obj")
            if cited is not None:
                return phrase_span(sentence, cited)
    sources = [child for child in sentence.children(cue) if sentence.words[child].relation in {"nsubj", "obj"}]
    modifiers = [child for source in sources for child in sentence.children(source)]
    for position in (cue, sentence.words[cue].head, *sentence.children(cue), *modifiers):
        outlet = _outlet(sentence, position, cue)
        if outlet is not None:
            return phrase_span(sentence, outlet)
    for authority in authorities(sentence):
        if authority.first != cue and cue in sentence.ancestors(authority.first):
            return phrase_span(sentence, authority.source)
    return None


def _outlet(sentence: Sentence, position: int, cue: int) -> int | None:
    """Return the head of the outlet that passes the report on, or None.

    For example: "…, the *agency* reported" after the cue; "the *Herald* quoted her as saying"; "was quoted as saying by
    the *Herald*".
    """
    if position == ROOT:
        return None
    word = sentence.words[position]
    report = position > cue and word.lemma.lower() == "report"
    after = report and (word.relation in {"parataxis", "ccomp"} or _closes(sentence, position))
    if word.upos != "VERB":
        return None
    if position <= cue and sentence.words[cue].relation != "conj":
        if sentence.child(position, "nsubj:pass") is not None:
            quoted = word.lemma.lower() in {"quote", "cite", "report"}
            return (_agent(sentence, position) or _agent(sentence, cue)) if quoted else None
        speaks = position < cue or sentence.child(position, "advcl", "xcomp") is not None  # "quotes her as saying"
        quoted = (
            word.lemma.lower() in {"quote", "cite"} and speaks and sentence.child(position, "obj", "iobj") is not None
        )
        return sentence.child(position, "nsubj") if quoted else None
    return sentence.child(position, "nsubj") if after else None


def _agent(sentence: Sentence, verb: int) -> int | None:
    """Return the noun after "by" that the verb governs, or None."""
    for child in sentence.children(verb):
        case = sentence.child(child, "case")
        if child < verb or sentence.words[child].relation != "obl" or case is None:
            continue
        if sentence.words[case].text.lower() == "by":
            return child
    return None


def _closes(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb ends the sentence, in what the tree takes for a relative clause after a comma.

    For example: said Pell, *the Echo reported*.
    """
    words, subject = sentence.words, sentence.child(verb, "nsubj")
    if words[verb].relation != "acl" or subject is None or any(word.upos != "PUNCT" for word in words[verb + 1 :]):
        return False
    start = subject
    while start and words[start - 1].upos not in {"PUNCT", "VERB"}:
        start -= 1
    return start > 0 and words[start - 1].text == ","


def is_citing(sentence: Sentence, position: int) -> bool:
    """Return whether the word is a participle like "citing" in "citing officials, the paper said"."""
    word = sentence.words[position]
    return word.lemma.lower() in {"cite", "quote"} and word.relation in {"advcl", "acl"} and word.xpos in {"VBG", ""}


def is_main(sentence: Sentence, position: int) -> bool:
    """Return whether the word is the root of the sentence, or attached to it by coordination or parataxis."""
    word = sentence.words[position]
    while word.head != ROOT and word.relation in {"conj", "parataxis"}:
        word = sentence.words[word.head]
    return word.head == ROOT

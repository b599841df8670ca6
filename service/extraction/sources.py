"""Who a cue names as the one that said it: the source's noun phrase, in the same sentence."""

from dataclasses import dataclass

from service.article.article import Span
from service.extraction.asides import authority_aside, reporting_aside
from service.extraction.attribution import Source
from service.extraction.cue_lexicon import cue_lexicon
from service.extraction.cues import UNWILLING, FoundCue, is_negation
from service.parsing.tree import ROOT, Sentence

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON", "NUM", "DET", "ADJ", "SYM", "X"})
_PREDICATE = frozenset({"VERB", "AUX", "ADJ", "NOUN"})
_SHARING = frozenset({"conj", "xcomp", "advcl", "parataxis"})  # relations of a verb that takes its governor's subject
_MISTAKEN = frozenset({"obj", "dep", "obl", "appos"})  # what parsers take an inverted subject for
_CLAUSES = frozenset({"acl", "advcl", "ccomp", "parataxis"})
_LEFT_OUT = frozenset(
    {"acl", "parataxis", "punct", "advcl", "ccomp", "cc", "cop", "aux", "advmod", "mark", "case", "dep"}
)


@dataclass(frozen=True, slots=True)
class FoundSource:
    """The head of a source's noun phrase, and the rule that found it."""

    head: int
    rule: str


def find_source(sentence: Sentence, cue: FoundCue) -> FoundSource | None:
    """The head of the phrase that names who is reported by `cue`, or None where the sentence names nobody."""
    if cue.form == "according":
        authority = authority_aside(sentence, cue)
        head = authority.source if authority is not None else sentence.words[cue.head].head
        return FoundSource(head, "according-to-source") if head != ROOT else None
    if cue.form == "noun":
        return _possessor(sentence, cue.head)
    found = _subject(sentence, cue.head, depth=4)
    aside = reporting_aside(sentence, cue)
    if aside is not None and (found is None or not aside.first <= found.head <= aside.last):
        return FoundSource(aside.source, "aside-source")
    return found


def _subject(sentence: Sentence, verb: int, depth: int) -> FoundSource | None:
    """The subject of `verb`, or of the verb that controls it; for a passive, its agent."""
    if is_passive(sentence, verb):
        agent = sentence.child(verb, "obl:agent")
        if agent is None:
            agent = next((c for c in sentence.children(verb) if _cased(sentence, c, "by")), None)
        return FoundSource(agent, "passive-agent") if agent is not None else None
    subjects = [child for child in sentence.children(verb) if sentence.words[child].relation == "nsubj"]
    if subjects:
        return FoundSource(min(subjects, key=lambda child: abs(child - verb)), "subject")
    inverted = _inverted_subject(sentence, verb)
    if inverted is not None:
        return FoundSource(inverted, "inverted-subject")
    word = sentence.words[verb]
    if word.head == ROOT or not depth:
        return None
    if resumes_reporter(sentence, verb):
        reporter = sentence.words[sentence.words[verb].head].head
        return _subject(sentence, reporter, depth - 1) if reporter != ROOT else None
    participle = word.relation == "ccomp" and word.xpos == "VBG"  # ", he said, adding that …"
    if (word.relation in _SHARING or participle) and sentence.words[word.head].upos in _PREDICATE:
        controller = sentence.child(word.head, "obj", "iobj") if word.relation == "xcomp" else None
        if controller is not None:
            return FoundSource(controller, "controlled-object")
        found = _subject(sentence, word.head, depth - 1)
        return FoundSource(found.head, f"shared-{found.rule.removeprefix('shared-')}") if found else None
    if word.relation == "acl" and sentence.words[word.head].upos in _NOMINAL:
        return FoundSource(word.head, "participle-of")
    return None


def resumes_reporter(sentence: Sentence, verb: int) -> bool:
    """Whether `verb` is the "say" of "it announced that … but did not say …": of the one who announced, wherever the
    parser hung it."""
    word = sentence.words[verb]
    if word.relation != "conj" or sentence.words[word.head].relation != "ccomp":
        return False
    if sentence.child(verb, "nsubj") is not None:
        return False
    but = sentence.child(verb, "cc")
    denied = any(is_negation(sentence, child) for child in sentence.children(verb)) or word.lemma in UNWILLING
    return (
        but is not None and sentence.words[but].text.lower() == "but" and denied and word.lemma in cue_lexicon().verbs
    )


def is_passive(sentence: Sentence, verb: int) -> bool:
    """Whether `verb` is a passive, with its auxiliary ("was told") or without ("when asked")."""
    if sentence.child(verb, "aux:pass", "nsubj:pass") is not None:
        return True
    word = sentence.words[verb]
    return word.xpos == "VBN" and word.relation in {"advcl", "acl"} and sentence.child(verb, "aux", "nsubj") is None


def _inverted_subject(sentence: Sentence, verb: int) -> int | None:
    """The phrase right behind the verb ("said Smith"), where the parser took it for something else than a subject."""
    following = verb + 1
    words = sentence.words
    if following >= len(words) or words[verb].xpos not in {"VBD", "VBZ", "VBP", ""}:
        return None
    quoted_before = not verb or words[verb - 1].upos == "PUNCT"
    for child in sentence.children(verb):
        behind = child > verb and min(sentence.subtree(child)) == following and not _has_case(sentence, child)
        if behind and words[child].relation in _MISTAKEN and words[child].upos in {"PROPN", "PRON"} and quoted_before:
            return child
    return None


def _possessor(sentence: Sentence, noun: int) -> FoundSource | None:
    owner = sentence.child(noun, "nmod:poss")
    if owner is not None:
        return FoundSource(owner, "possessor")
    by = next((c for c in sentence.children(noun) if _cased(sentence, c, "by", "from")), None)
    if by is not None:
        return FoundSource(by, "by-phrase")
    word = sentence.words[noun]
    if word.relation in {"obj", "obl"} and word.head != ROOT and sentence.words[word.head].upos == "VERB":
        subject = sentence.child(word.head, "nsubj")
        if subject is not None and sentence.child(word.head, "aux:pass") is None:
            return FoundSource(subject, "light-verb-subject")
    return None


def _cased(sentence: Sentence, position: int, *prepositions: str) -> bool:
    case = sentence.child(position, "case")
    return case is not None and sentence.words[case].text.lower() in prepositions


def _has_case(sentence: Sentence, position: int) -> bool:
    return sentence.child(position, "case") is not None


def phrase(sentence: Sentence, head: int) -> list[int]:
    """The positions of the noun phrase of `head`: its modifiers and apposition, without clauses, the preposition
    before it and the punctuation around it."""
    kept = [head]
    waiting = [c for c in sentence.children(head) if sentence.words[c].relation not in _LEFT_OUT - {"punct"}]
    while waiting:
        position = waiting.pop()
        kept.append(position)
        waiting += [c for c in sentence.children(position) if sentence.words[c].relation not in _CLAUSES]
    kept.sort()
    runs = _contiguous(kept, head)
    while runs and sentence.words[runs[-1]].upos == "PUNCT" and sentence.words[runs[-1]].text not in {")", "]"}:
        runs.pop()
    while runs and sentence.words[runs[0]].upos == "PUNCT" and sentence.words[runs[0]].text not in {"(", "["}:
        runs.pop(0)
    return runs or [head]


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

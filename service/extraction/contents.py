"""What a cue reports: the clause, infinitive or noun phrase of the dependency tree that is its content.

The relations are Universal Dependencies'. A reporting clause is either the governor of what it reports ("he said that
…": ccomp), or hangs on it ("…, he said": parataxis; "as he said": advcl; "according to him": obl).
"""

from dataclasses import dataclass

from service.extraction.asides import authority_aside, reporting_aside
from service.extraction.cue_lexicon import SPEECH, CueLexicon, cue_lexicon
from service.extraction.cues import FoundCue
from service.extraction.sources import find_source, phrase, resumes_reporter
from service.parsing.tree import ROOT, Sentence

_NOT_FINITE = frozenset({"VB", "VBG", "VBN"})
_CLAUSAL = frozenset({"VERB", "AUX", "ADJ", "NOUN", "PROPN", "PRON", "NUM", "ADV", "X", "SYM", "INTJ", "DET"})


@dataclass(frozen=True, slots=True)
class FoundContent:
    """The words that a cue reports, and the rule that found them. `words` are positions in the cue's sentence."""

    words: frozenset[int]
    rule: str
    addressee: int | None = None


def find_content(sentence: Sentence, cue: FoundCue, lexicon: CueLexicon) -> FoundContent | None:
    """The content of `cue` in its own sentence, or None where the sentence holds none outside quotation marks."""
    if cue.form == "according":
        authority = authority_aside(sentence, cue)
        named = range(authority.first, authority.last + 1) if authority is not None else ()
        return _vouched_for(sentence, sentence.words[cue.head].head, "according-to", frozenset(named))
    if cue.form == "as":
        return _vouched_for(sentence, cue.head, "as-clause", frozenset())
    if cue.form == "noun":
        return _noun_content(sentence, cue.head)
    return (
        _around_aside(sentence, cue, closing=True)
        or _complement(sentence, cue)
        or _host_clause(sentence, cue)
        or _loose_clause(sentence, cue)
        or _of_frame(sentence, cue, lexicon)
        or _around_aside(sentence, cue, closing=False)
        or _after_second_subject(sentence, cue)
    )


def _complement(sentence: Sentence, cue: FoundCue) -> FoundContent | None:
    """ "he said (that) …": the clausal complements of the cue."""
    clauses = [
        child
        for child in sentence.children(cue.head)
        if sentence.words[child].relation == "ccomp" and not _is_participle(sentence, cue.head, child)
    ]
    clauses = clauses or _that_clause_of_hearer(sentence, cue)
    if not clauses:
        return None
    words: set[int] = set()
    for clause in clauses:
        words.update(sentence.subtree(clause))
        words.difference_update(*(sentence.subtree(aside) for aside in _narrators(sentence, clause)))
    return FoundContent(frozenset(words), "clausal-complement", _addressee(sentence, cue))


def _is_participle(sentence: Sentence, cue: int, child: int) -> bool:
    """Whether the "clause" is the "adding" of ", he said, adding that …", which reports by itself."""
    word = sentence.words[child]
    return (
        word.xpos == "VBG"
        and child > cue
        and sentence.child(child, "nsubj", "aux") is None
        and word.lemma in cue_lexicon().verbs
    )


def _that_clause_of_hearer(sentence: Sentence, cue: FoundCue) -> list[int]:
    """The that-clause in "told the Herald that …" where the parser hung it on the one who is told."""
    hearer = sentence.child(cue.head, "iobj", "obj") if cue.cue_class in {"tell", "ask"} else None
    if hearer is None:
        return []
    return [
        c for c in sentence.children(hearer) if sentence.words[c].relation == "acl" and _case(sentence, c) == "that"
    ]


def _narrators(sentence: Sentence, clause: int) -> list[int]:
    """The clauses at the end of a reported one that are the writer's words, not the speaker's: concessive ones behind a
    comma, and "but did not say …"."""
    found = []
    for child in sentence.children(clause):
        if resumes_reporter(sentence, child):
            found.append(child)
            continue
        first = min(sentence.subtree(child))
        behind_comma = "," in {sentence.words[first].text, sentence.words[max(0, first - 1)].text}
        if child > clause and behind_comma and _case(sentence, child) in {"although", "though"}:
            found.append(child)
    return found


def _host_clause(sentence: Sentence, cue: FoundCue) -> FoundContent | None:
    """ "…, he said": the clause that the cue is thrown into, less the cue's own clause."""
    word = sentence.words[cue.head]
    if word.relation not in {"parataxis", "discourse"} or word.head == ROOT or not _set_off(sentence, cue.head):
        return None
    if word.xpos in _NOT_FINITE or any(_has_own_content(sentence, child, cue) for child in sentence.children(cue.head)):
        return None
    return FoundContent(
        frozenset(sentence.subtree(word.head)) - frozenset(sentence.subtree(cue.head)),
        "host-clause",
        _addressee(sentence, cue),
    )


def _has_own_content(sentence: Sentence, child: int, cue: FoundCue) -> bool:
    """Whether a thrown-in clause says itself what it is about: "he accused them", "it warns against delay"."""
    relation = sentence.words[child].relation
    if relation == "obl":
        return _case(sentence, child) in {"against", "about", "of", "on", "over", "for"}
    return relation == "xcomp" or (relation == "obj" and child > cue.head and cue.cue_class not in {"tell", "ask"})


def _loose_clause(sentence: Sentence, cue: FoundCue) -> FoundContent | None:
    """ "… , he said" and "he said: …" where the parser made the cue the governor: a loose clause set off from it."""
    for child in sentence.children(cue.head):
        word = sentence.words[child]
        if word.relation == "parataxis" and word.upos in _CLAUSAL:
            subtree = sentence.subtree(child)
            finite = sentence.child(child, "nsubj", "csubj", "expl", "cop", "aux") is not None
            if finite and (subtree[-1] < cue.head or _introduced(sentence, cue.head, subtree[0])):
                return FoundContent(frozenset(subtree), "loose-clause", _addressee(sentence, cue))
    return None


def _of_frame(sentence: Sentence, cue: FoundCue, lexicon: CueLexicon) -> FoundContent | None:
    """What the lexicon says the cue takes beside a clause: an infinitive, a person and an infinitive, a thing."""
    children = sentence.children(cue.head)
    words = sentence.words
    infinitive = next((c for c in children if words[c].relation == "xcomp" and _case(sentence, c) == "to"), None)
    if infinitive is None and cue.words[-1] != cue.head:  # "called on Pyongyang not to provide": an adverbial clause
        infinitive = next((c for c in children if words[c].relation == "advcl" and _case(sentence, c) == "to"), None)
    person = sentence.child(cue.head, "obj", "iobj")
    if person is None and cue.words[-1] != cue.head:
        person = next((c for c in children if words[c].relation == "obl" and c > cue.head), None)
    if infinitive is not None and lexicon.takes(cue.lemma, "person_infinitive") and person is not None:
        found = frozenset(sentence.subtree(infinitive)) | frozenset(phrase(sentence, person)) - frozenset(cue.words)
        return FoundContent(found, "person-infinitive")
    if infinitive is not None and cue.lemma == "tell":
        return FoundContent(frozenset(sentence.subtree(infinitive)), "infinitive", person)
    if infinitive is not None and lexicon.takes(cue.lemma, "infinitive"):
        return FoundContent(frozenset(sentence.subtree(infinitive)), "infinitive")
    predicate = next((c for c in children if words[c].relation in {"xcomp", "obl"} and c > cue.head), None)
    said_to_be = predicate is not None and (words[predicate].relation == "xcomp" or _case(sentence, predicate) == "as")
    if predicate is not None and said_to_be and person is not None and lexicon.takes(cue.lemma, "predicate"):
        found = frozenset(sentence.subtree(person)) | frozenset(sentence.subtree(predicate))
        return FoundContent(found, "object-predicate")
    if person is not None and lexicon.takes(cue.lemma, "object") and words[person].relation == "obj":
        return FoundContent(frozenset(sentence.subtree(person)), "object")
    topic = next((c for c in children if (cue.lemma, _case(sentence, c)) in lexicon.topics and c > cue.head), None)
    if topic is not None and words[topic].relation in {"obl", "advcl"}:
        found = frozenset(sentence.subtree(topic)) - {sentence.child(topic, "case", "mark")}
        return FoundContent(found, "topic", person)
    return None


def _noun_content(sentence: Sentence, noun: int) -> FoundContent | None:
    """ "his claim that …", "the promise to …"."""
    for child in sentence.children(noun):
        word = sentence.words[child]
        if word.relation not in {"acl", "ccomp"} or word.deprel == "acl:relcl":
            continue
        mark = sentence.child(child, "mark")
        if mark is not None and sentence.words[mark].text.lower() in {"that", "to", "whether", "if"}:
            return FoundContent(frozenset(sentence.subtree(child)), "noun-complement")
    return None


def _vouched_for(sentence: Sentence, adjunct: int, rule: str, named: frozenset[int]) -> FoundContent | None:
    """What "according to X" or "as X said" vouches for: the whole sentence where the phrase opens or closes it behind a
    comma, else the clause that it hangs on. `named` are words of the phrase whatever the parser hung them on."""
    if adjunct == ROOT:
        return None
    aside = sorted(named) or sentence.subtree(adjunct)
    solid = [position for position, word in enumerate(sentence.words) if word.upos != "PUNCT"]
    opens = aside[0] <= solid[0]
    closes = aside[-1] >= solid[-1] and "," in {sentence.words[p].text for p in (aside[0], aside[0] - 1) if p >= 0}
    if not (opens or closes):
        return _governing_clause(sentence, adjunct, f"{rule}-clause", named)
    words = frozenset(range(len(sentence.words))) - frozenset(aside)
    return FoundContent(words, f"{rule}-sentence") if words else None


def _around_aside(sentence: Sentence, cue: FoundCue, *, closing: bool) -> FoundContent | None:
    """The rest of the sentence around ", officials said,", or before it where it closes the sentence (`closing`),
    whatever the parser made of it."""
    aside = reporting_aside(sentence, cue)
    if aside is None or sentence.words[aside.first - 1].text not in {",", "—", "–", "--"}:
        return None
    closes = all(word.upos == "PUNCT" for word in sentence.words[aside.last + 1 :])
    verbs = any(word.upos in {"VERB", "AUX"} for word in sentence.words[: aside.first])
    if closes != closing or (closes and not verbs):
        return None
    words = frozenset(range(len(sentence.words))) - frozenset(range(aside.first, aside.last + 1))
    return FoundContent(words, "around-aside", _addressee(sentence, cue))


def _after_second_subject(sentence: Sentence, cue: FoundCue) -> FoundContent | None:
    """What follows in "officials said the train …" where the parser gave the cue two subjects: the second begins it."""
    source = find_source(sentence, cue)
    if cue.cue_class not in SPEECH or source is None or source.head > cue.head:
        return None
    stray = next(
        (c for c in sentence.children(cue.head) if sentence.words[c].relation == "nsubj" and c > cue.head), None
    )
    if stray is None or all(word.upos not in {"VERB", "AUX"} for word in sentence.words[stray:]):
        return None
    return FoundContent(frozenset(range(min(sentence.subtree(stray)), len(sentence.words))), "second-subject")


def _governing_clause(sentence: Sentence, adjunct: int, rule: str, named: frozenset[int]) -> FoundContent | None:
    """The clause that `adjunct` is an adjunct of, less the adjunct."""
    if adjunct == ROOT or sentence.words[adjunct].head == ROOT:
        return None
    governor = sentence.words[adjunct].head
    words = frozenset(sentence.subtree(governor)) - frozenset(sentence.subtree(adjunct)) - named
    return FoundContent(words, rule) if words else None


def _addressee(sentence: Sentence, cue: FoundCue) -> int | None:
    """The one who is told: the object of tell and its like, or "to …" beside a verb of saying."""
    if cue.cue_class in {"tell", "ask"}:
        return sentence.child(cue.head, "iobj", "obj")
    return next(
        (c for c in sentence.children(cue.head) if sentence.words[c].relation == "obl" and _case(sentence, c) == "to"),
        None,
    )


def _case(sentence: Sentence, position: int) -> str | None:
    case = sentence.child(position, "case", "mark")
    return sentence.words[case].text.lower() if case is not None else None


def _set_off(sentence: Sentence, head: int) -> bool:
    """Whether the clause of `head` has punctuation, or the sentence's edge, on both sides."""
    subtree = sentence.subtree(head)
    first, last = subtree[0], subtree[-1]
    before = not first or sentence.words[first].upos == "PUNCT" or sentence.words[first - 1].upos == "PUNCT"
    after = (
        last + 1 >= len(sentence.words)
        or sentence.words[last].upos == "PUNCT"
        or sentence.words[last + 1].upos == "PUNCT"
    )
    return before and after


def _introduced(sentence: Sentence, cue: int, start: int) -> bool:
    """Whether a colon, comma or mark stands between the cue and a clause that begins at `start`, close behind it."""
    return any(
        sentence.words[index].text in {":", ",", '"', "'", "“", "‘", "''"}
        for index in range(cue + 1, min(start + 1, len(sentence.words)))
    )

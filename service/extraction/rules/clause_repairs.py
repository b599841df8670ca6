"""Repairs of trees in which a verb of saying lost its subject, or the subject its verb.

…, a *poll* by Harrow Health found.
The *archaeologist* whose team found the boat said …
Dr *Ilse* Seers said …
*May* said she had resigned …
*Footage* from the square *reveals* …, said Harbour Watch.
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from service.extraction.noun_phrases import is_honorific, is_title, role_of
from service.extraction.rules.constructions import grammar_lexicon
from service.extraction.rules.tree_edits import reattach
from service.extraction.tags import (
    BEFORE_AUTHORS,
    FINITE,
    FINITE_OR_MODAL,
    NOMINALS,
    NOUNS,
    OBJECTS,
    RELATIVE_PRONOUNS,
    VERBS,
)
from service.extraction.wordlists import organization_words, person_words, speaking_nouns, word_list
from service.parsing.tree import ROOT, Entity, Sentence, Word

_LOOSE: Final = frozenset({"appos", "parataxis", "conj", "list", "dep", "obl", "nmod", "obj"})
_IN_SUBJECT: Final = frozenset({"DET", "ADJ", "NOUN", "PROPN", "ADP", "NUM", "PART", "PRON"})
_NO_SUBJECT: Final = frozenset({"VERB", "AUX", "SCONJ", "PUNCT"})
_PRONOUNS_AFTER_TELL: Final = frozenset({"he", "she", "it", "they", "we"})
_NAMES: Final = frozenset({"May", "Will"})
_PAST: Final = frozenset({"VBD", "VBN", "VBZ"})
_SAID: Final = frozenset({"said", "says"})
_COMPLEMENTS: Final = frozenset({"obj", "ccomp", "xcomp", "obl"})
_REPORTED: Final = frozenset({"ccomp", "parataxis"})
_ONE_OF_SEVERAL: Final = frozenset({"another", "one"})
_LONE: Final = frozenset({"ccomp", "parataxis", "root"})  # relations of a copula without a predicate
_PARTS_OF_DAY: Final = frozenset({"early", "late", "earlier", "later"})


def noun_before_last_verb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the noun phrase after the last comma the subject of the verb that ends the sentence: "…, a *poll* by Harrow
    Health found", "…, Gleam *magazine* reported"."""
    words = sentence.words
    verb = len(words) - 2
    if verb < 4 or words[verb + 1].text != "." or not _says(words[verb]) or words[verb].head == ROOT:
        return None
    start = next((at + 1 for at in range(verb - 1, 0, -1) if words[at].text == ","), 0)
    inside = range(start, verb)
    if not start or not inside or any(words[at].upos in {"VERB", "AUX", "PRON", "PUNCT"} for at in inside):
        return None
    subject = sentence.child(verb, "nsubj")
    top = next((at for at in inside if words[at].upos in NOUNS and words[at].head not in inside), None)
    if top is None or words[top].head == verb != words[subject or top].head:
        return None
    result = list(words)
    if subject is None:
        if words[top].relation not in _LOOSE or sentence.child(top, "case") is not None or not speaks(words[top]):
            return None
    else:
        case = sentence.child(subject, "case")
        maker = case is not None and top < case < subject and words[case].text.lower() in BEFORE_AUTHORS
        if not maker or words[top].relation not in _LOOSE or sentence.child(top, "case") is not None:
            return None
        result[subject] = replace(words[subject], deprel="nmod", head=top)
    result[top] = replace(words[top], deprel="nsubj", head=verb)
    if words[verb].head in {top, subject}:
        result[verb] = replace(words[verb], deprel="parataxis", head=words[top].head)
    return result


def _says(word: Word) -> bool:
    return word.upos == "VERB" and word.xpos in FINITE and word.lemma.lower() in word_list("trees", "saying")


def speaks(word: Word) -> bool:
    """Return whether the noun denotes a person, a body or a document that can be a source."""
    return word.upos == "PROPN" or role_of(word) in speaking_nouns()


def verb_after_relative_clause(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the second of two relative clauses of the root the main clause, if it has no relative pronoun or subject:
    "The *archaeologist* whose team found the boat said it had carried salt"."""
    words, root = sentence.words, sentence.root()
    if words[root].upos not in NOUNS or sentence.child(root, "cop", "nsubj") is not None:
        return None
    clauses = [child for child in sentence.children(root) if words[child].relation == "acl" and child > root]
    if len(clauses) != 2 or not _says(words[clauses[1]]):
        return None
    relative, verb = clauses
    own = any(words[at].text.lower() in RELATIVE_PRONOUNS for at in sentence.subtree(relative))
    bare = sentence.subtree(verb)[0] == verb and sentence.child(verb, "nsubj") is None
    if not own or not bare or words[verb - 1].text == "," or sentence.child(verb, "ccomp", "obj") is None:
        return None
    result = list(words)
    result[verb] = replace(words[verb], deprel="root", head=ROOT)
    result[root] = replace(words[root], deprel="nsubj", head=verb)
    reattach(result, [child for child in sentence.children(root) if child > verb], verb)
    return result


def verb_in_parenthesis(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Give a verb of saying between the subject and its verb the noun phrase after it as subject: "The bill, *say*
    critics, would ruin small farms"."""
    words = sentence.words
    for verb in range(2, len(words) - 3):
        said = words[verb]
        if words[verb - 1].text != "," or not said.text.islower() or said.lemma not in grammar_lexicon().parenthetical:
            continue
        close = next((at for at in range(verb + 1, len(words) - 1) if words[at].upos not in _IN_SUBJECT), 0)
        if close < verb + 2 or words[close].text != "," or words[close + 1].upos not in VERBS:
            continue
        if words[close + 1].xpos not in FINITE_OR_MODAL or any(w.upos in _NO_SUBJECT for w in words[: verb - 1]):
            continue
        subject, speaker = _top(words, range(verb - 1)), _top(words, range(verb + 1, close))
        root = sentence.root()
        main = root if root > close else next((at for at in sentence.children(verb) if at > close and root == verb), 0)
        if subject is None or speaker is None or words[main].upos == "PUNCT" or main <= close:
            continue
        result = list(words)
        for at, word in enumerate(words):
            if word.head in range(verb - 1, close + 1) and not verb < at < close:
                result[at] = replace(word, head=main)
        result[main] = replace(words[main], deprel="root", head=ROOT)
        kept = words[subject].deprel if words[subject].relation == "nsubj" else "nsubj"
        result[subject] = replace(words[subject], deprel=kept, head=main)
        result[speaker] = replace(words[speaker], deprel="nsubj", head=verb)
        xpos = {"s": "VBZ", "d": "VBD"}.get(said.text[-1], "VBP")
        result[verb] = replace(said, upos="VERB", xpos=xpos, feats="", deprel="parataxis", head=main)
        return result if result != list(words) else None
    return None


def _top(words: Sequence[Word], inside: range) -> int | None:
    """Return the noun in the range whose head is outside it; None unless there is exactly one."""
    tops = [at for at in inside if words[at].head not in inside and words[at].upos in NOMINALS]
    return tops[0] if len(tops) == 1 else None


def clause_after_addressee(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the clause after the one who was told the content: "told the *Post* he *had* been warned".

    Applies where the tree has a relative clause without a relative pronoun.
    """
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        verb = word.head
        if word.relation not in OBJECTS or verb < 0 or words[verb].lemma.lower() != "tell":
            continue
        clause = sentence.child(at, "acl")
        if clause is None:
            continue
        subject = sentence.child(clause, "nsubj")
        bare = subject == at + 1 and words[at + 1].text.lower() in _PRONOUNS_AFTER_TELL and at < clause
        named = word.upos == "PROPN" or role_of(word) not in organization_words().documents
        listens = (named and speaks(word)) or role_of(word) in word_list("trees", "audiences")
        if bare and listens and verb < at and sentence.child(verb, "ccomp", "xcomp") is None:
            result[at] = replace(word, deprel="iobj")
            result[clause] = replace(words[clause], deprel="ccomp", head=verb)
    return result if result != list(words) else None


def clause_after_document(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the clause with "that" after a phrase with "in" what was said: "said in her statement that it *was* over".

    Applies where the tree attaches it to the noun or to the noun's participle ("in a statement issued on Monday that
    it *was* over").
    """
    words, found = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        verb = word.head
        if word.relation != "obl" or not 0 <= verb < at:
            continue
        clause = next((c for c in sentence.subtree(at) if c > at and words[c].relation in {"acl", "ccomp"}), None)
        if clause is not None and words[clause].xpos == "VBN":  # "in evidence given to the inquiry that he *had* …"
            inside = [c for c in sentence.subtree(clause) if words[c].relation in {"acl", "ccomp"} and c > clause]
            clause = next(
                (c for c in inside if words[c].head != ROOT and sentence.child(c, "mark") is not None), clause
            )
        if clause is None:
            continue
        mark = sentence.child(clause, "mark")
        that = mark is not None and words[mark].text.lower() == "that" and words[mark].upos == "SCONJ" and mark > at
        case = sentence.child(at, "case")
        within = case is not None and words[case].text.lower() in {"in", "during", "at", "on"}
        own = sentence.child(verb, "ccomp", "xcomp", "obj")
        if that and within and own is None and words[verb].lemma.lower() in word_list("trees", "saying"):
            found[clause] = replace(words[clause], deprel="ccomp", head=verb)
    return found if found != list(words) else None


def determiner_as_subject(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a determiner without a noun the subject of the verb after it: "*Another* fumed"."""
    words, found = sentence.words, list(sentence.words)
    for at, word in enumerate(words[:-1]):
        verb = words[at + 1]
        finite = verb.upos == "VERB" and verb.xpos in FINITE and word.head == at + 1
        if word.upos != "DET" or not finite or word.text.lower() not in word_list("trees", "subjects"):
            continue
        if sentence.child(at + 1, "nsubj") is None:
            found[at] = replace(word, upos="PRON", deprel="nsubj")
    return found if found != list(words) else None


def given_name_as_description(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a given name that was taken for a description the head of the name: "Dr *Ilse* Seers".

    Applies to the two last words of a person.
    """
    words, result = sentence.words, list(sentence.words)
    spans = {(entity.span.start, entity.span.end) for entity in people}
    ends = {end for _, end in spans}
    for given in range(len(words) - 1):
        name = given + 1
        adjacent = words[given].deprel == "nmod:desc" and words[given].head == name and words[name].span.end in ends
        if not adjacent or not any(
            start <= words[given].span.start < words[name].span.end <= end for start, end in spans
        ):
            continue
        if not _is_given(words[given]) or words[name].upos != "PROPN" or words[name].head in {given, ROOT}:
            continue
        reattach(result, sentence.children(name), given)
        result[given] = replace(words[given], deprel=words[name].deprel, head=words[name].head)
        result[name] = replace(words[name], deprel="flat", head=given)
    return result if result != list(words) else None


def _is_given(word: Word) -> bool:
    known = person_words()
    described = (
        is_title(word) or is_honorific(word) or role_of(word) in known.roles or word.text.lower() in known.fields
    )
    return word.upos == "PROPN" and word.text.istitle() and not described


def surname_as_adverb(sentence: Sentence, surnames: frozenset[str]) -> list[Word] | None:
    """Make a known surname at the beginning of the sentence the subject of "said": "*Long* said he would rest".

    `surnames` are those of people named in full before.
    """
    words = sentence.words
    if len(words) < 3 or words[0].upos not in {"ADV", "ADJ"} or words[0].text not in surnames or words[0].head != 1:
        return None
    if not _says(words[1]) or any(words[child].relation == "nsubj" for child in sentence.children(1)):
        return None
    name = replace(
        words[0], upos="PROPN", xpos="NNP" if words[0].xpos else "", feats="", lemma=words[0].text, deprel="nsubj"
    )
    return [name, *words[1:]]


def caused_to_speak(sentence: Sentence, cue: int) -> int | None:
    """Return who was caused to say what the infinitive at `cue` says: "prompting the *judge* to ask", "led the *city*
    to urge". None if there is nobody."""
    words, verb = sentence.words, sentence.words[cue].head
    if verb == ROOT or verb > cue or words[cue].xpos != "VB" or words[cue].relation not in {"xcomp", "advcl", "ccomp"}:
        return None
    mark = sentence.child(cue, "mark")
    if mark is None or words[mark].text.lower() != "to" or words[verb].lemma.lower() not in grammar_lexicon().causing:
        return None
    whom = sentence.child(verb, "obj", "iobj")
    return whom if whom is not None and verb < whom < mark else None


def name_before_verb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "May" or "Will" at the beginning of the sentence the subject of the finite verb after it: "*May* said"."""
    words = sentence.words
    if len(words) < 3 or words[0].upos != "AUX" or words[0].text not in _NAMES:
        return None
    verb = words[1]
    finite = verb.upos == "VERB" and verb.xpos in _PAST and verb.text.lower() != verb.lemma.lower()
    if not finite or words[0].head != 1 or sentence.child(1, "nsubj") is not None:
        return None
    name = replace(words[0], upos="PROPN", xpos="NNP" if words[0].xpos else "", feats="", deprel="nsubj")
    return [name, *words[1:]]


def subject_after_topic(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the name that ends a headline the subject of "says", not its topic: "Ebonpox: Cases falling, says *WHO*"."""
    words = sentence.words
    root, result = sentence.root(), list(words)
    topic, source = sentence.child(root, "nsubj"), sentence.child(root, "obj")
    if words[root].text not in _SAID or topic is None or source is None or not topic < root < source:
        return None
    colon = next((at for at in range(topic + 1, root - 1) if words[at].text == ":"), None)
    if colon is None or words[root - 1].text != "," or sentence.subtree(source) != list(range(root + 1, source + 1)):
        return None
    verb = next((at for at in sentence.children(topic) if at > colon and words[at].relation in _REPORTED), None)
    if words[source].upos != "PROPN" or source + 2 < len(words) or verb is None:
        return None
    result[source] = replace(words[source], deprel="nsubj")
    result[verb] = replace(words[verb], deprel="ccomp", head=root)
    result[topic] = replace(words[topic], deprel="dep", head=verb)
    for at in sentence.children(topic):
        if at > colon and at != verb:
            result[at] = replace(words[at], head=root)
    return result


def subject_of_reported_clause(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Give the reported clause its subject, and "said" the name after it: "*Footage* reveals …, said Harbour Watch"."""
    words = sentence.words
    for at, word in enumerate(words):
        said = word.head
        inverted = word.upos == "PROPN" and word.relation in _COMPLEMENTS and 1 < said < at
        if not inverted or words[said].text not in _SAID or words[said - 1].text != ",":
            continue
        subject = sentence.child(said, "nsubj")
        if subject is None or subject >= said or sentence.subtree(at)[0] != said + 1:
            continue
        clauses = [child for child in sentence.children(said) if words[child].relation in _REPORTED]
        verb = next((c for c in clauses if subject < c < said and sentence.child(c, "nsubj") is None), None)
        if verb is None:
            continue
        result = list(words)
        result[subject] = replace(words[subject], head=verb)
        result[at] = replace(word, deprel="nsubj")
        return result
    return None


def time_after_subject(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a day between a name and its verb to the verb: "Corlund Paper *late on Wednesday* reported a loss"."""
    words, result = sentence.words, list(sentence.words)
    for day, word in enumerate(words):
        name = word.head
        if word.text.lower() not in organization_words().calendar or not 0 <= name < day:
            continue
        verb, case = words[name].head, sentence.child(day, "case")
        if case is not None and words[case].text.lower() not in {"on", "in"}:
            continue
        if word.relation in {"nmod", "obl"} and words[name].relation == "nsubj" and day < verb:
            result[day] = replace(word, deprel="obl", head=verb)
    for at, (adverb, after) in enumerate(pairwise(words)):
        name = adverb.head
        if adverb.upos != "ADV" or adverb.text.lower() not in _PARTS_OF_DAY or not 0 <= name < at:
            continue
        day = after.head if after.relation == "case" else at + 1
        if words[name].relation == "nsubj" and words[day].text.lower() in organization_words().calendar:
            result[at] = replace(adverb, head=words[name].head)
    return result if result != list(words) else None


def predicate_after_aside(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach the predicate after an aside to its copula, not to the speaker: "It was, said Ann Cole, the worst *pitch*
    of all"."""
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        if word.relation != "appos":
            continue
        comma = next((place for place in range(word.head, 0, -1) if words[place].text == ","), 0)
        copula = words[comma - 1]
        closed = words[sentence.subtree(at)[0]].text == ","
        if comma and closed and copula.upos == "AUX" and copula.relation in _LONE:
            result[at] = replace(word, deprel="xcomp", head=comma - 1)
    return result if result != list(words) else None


def name_after_determiner(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the person in apposition to a determiner the subject: "Another, *Moe*, said", "One, a *nurse*, said"."""
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words[:-2]):
        if word.relation != "nsubj" or word.text.lower() not in _ONE_OF_SEVERAL or words[at + 1].text != ",":
            continue
        person = sentence.child(at, "appos")
        if person is None or words[person].upos not in NOUNS or not at < person < word.head:
            continue
        reattach(result, sentence.children(at), person)
        result[person] = replace(words[person], deprel="nsubj", head=word.head)
        result[at] = replace(word, deprel="dep", head=person)
    return result if result != list(words) else None

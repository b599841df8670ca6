"""Repairs of trees around names that the parser attached to the wrong word.

DENVER, March 4 — *Compass* today announced …
… a setback for a company, *Jim Kell*, its founder, said.
My neighbor *Gus* put it best …
*He Jianxiong* said …
Co-author *Beat* Wyss said …
*Save the Children* said …
"""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations
from typing import Final

from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.rules.tree_edits import as_name, reattach
from service.extraction.tags import FINITE_OR_MODAL, NOUNS, VERBS
from service.extraction.wordlists import organization_words, person_words, word_list
from service.parsing.tree import ROOT, Entity, Sentence, Word

_DASHES: Final = frozenset({"--", "-", "–", "—", "---"})
_LEAST_STATEMENT: Final = 4  # words before the speaker
_LONGEST_DATELINE: Final = 18  # words
_PLACE: Final = 3  # words of the place in a dateline
_CONVERSATIONAL: Final = frozenset({"i", "we", "you"})
_AFTER_DATELINE: Final = frozenset({"appos", "flat", "nmod", "list", "dep", "conj"})
_LONGEST_PHRASE: Final = 5  # words of a body's name
_POSSESSIVES: Final = frozenset({"my", "our", "your", "his", "her", "their"})


def dateline_as_root(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the verb the root of a sentence whose dateline the parser took for its root: "SYDNEY: Ann Hale has won"."""
    root = sentence.root()
    words, place = sentence.words, sentence.words[root]
    colon = next((at for at in sentence.children(root) if words[at].text == ":"), None)
    if (
        root > _PLACE
        or colon is None
        or not all(word.text.isupper() or not word.text.isalpha() for word in words[:colon])
    ):
        return None
    verbs = [at for at in sentence.children(root) if at > colon and words[at].relation in {"parataxis", "ccomp"}]
    subject = sentence.child(verbs[0], "nsubj") if len(verbs) == 1 else None
    speaks = subject is not None and words[subject].text.lower() in _CONVERSATIONAL  # "TRUMP: I never said so."
    if subject is None or speaks or any(entity.span.overlaps(place.span) for entity in people):
        return None
    result = list(words)
    result[verbs[0]] = replace(words[verbs[0]], head=ROOT, deprel="root")
    result[root] = replace(place, head=verbs[0], deprel="dep")
    return [
        replace(word, head=verbs[0]) if word.head == root and at > colon else word for at, word in enumerate(result)
    ]


def wire_dateline(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the name after a dateline the subject that the parser took the place for: "DENVER, March 4 — *Compass* today
    announced"."""
    words = sentence.words
    dash = next((at for at, word in enumerate(words[:_LONGEST_DATELINE]) if word.text in _DASHES), 0)
    place = words[0]
    if not dash or place.relation not in {"nsubj", "obl", "obj"} or place.head <= dash:
        return None
    before = [word.text for word in words[:dash]]
    marked = place.text.isupper() or bool({"(", "/"} & set(before))
    if not marked or any(text[:1].islower() for text in before):
        return None
    name = next((at for at in sentence.children(0) if at > dash and sentence.subtree(at)[0] in {dash, dash + 1}), None)
    if name is None or words[name].relation not in _AFTER_DATELINE or words[name].upos not in NOUNS:
        return None
    if any(entity.span.overlaps(place.span) for entity in people):
        return None
    result = list(words)
    result[name] = replace(words[name], deprel="nsubj", head=place.head)
    result[0] = replace(place, deprel="dep", head=name)
    reattach(result, [child for child in sentence.children(0) if child > name], name)
    return result


def subject_of_saying(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Give "said" the subject that the parser attached elsewhere, at the end of a sentence or in a headline."""
    return speaker_at_end(sentence, people) or headline_verb(sentence, people)


def speaker_at_end(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the person with an apposition before a verb of saying its subject, whom the parser took for an apposition of
    the noun before: "… a setback for a company, *Jim Kell*, its founder, said"."""
    words, verb = sentence.words, sentence.root()
    said = verb > _LEAST_STATEMENT and words[verb].lemma.lower() in word_list("speakers", "saying")
    if not said or words[verb - 1].text != "," or sentence.child(verb, "nsubj", "nsubj:pass") is not None:
        return None
    statement = sentence.child(verb, "ccomp", "parataxis")
    starts = {entity.span.start for entity in people}
    named = [at for at in range(_LEAST_STATEMENT, verb - 2) if words[at].span.start in starts]
    name = next((at for at in reversed(named) if words[at - 1].text == ","), None)
    if statement is None or name is None or not statement < name or words[name].head in range(name, verb):
        return None
    last = max(at for at in range(name, verb) if all(words[part].upos == "PROPN" for part in range(name, at + 1)))
    if words[last + 1].text != "," or last + 1 == verb - 1 or _has_verb(words[last + 2 : verb - 1]):
        return None
    result = list(words)
    result[name] = as_name(words[name], "nsubj", verb)
    for at, word in enumerate(words):
        if at < name and word.head in range(name, verb):
            result[at] = replace(word, head=statement)
        elif name < at <= last:
            result[at] = as_name(word, "flat", name)
        elif last < at < verb and (
            word.head not in range(name, verb) or (word.relation == "conj" and word.head == name)
        ):
            result[at] = replace(word, head=name, deprel="punct" if word.upos == "PUNCT" else "appos")
    return result


def _has_verb(words: Sequence[Word]) -> bool:
    return any(word.xpos in FINITE_OR_MODAL for word in words)


def headline_verb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the first word of a headline the subject, where the parser took its verb for a noun before a name: "*Court*
    jails Ana Ruiz, says law is clear"."""
    words, root = sentence.words, sentence.root()
    if (
        root < _LEAST_STATEMENT
        or words[root].lemma.lower() not in word_list("speakers", "saying")
        or words[root - 1].text != ","
    ):
        return None
    subject, verb, name = words[:3]
    noun = verb.upos == "NOUN" and verb.text.islower() and verb.text.endswith("s") and verb.head == root
    named = name.upos == "PROPN" and name.head == 1 and name.relation in {"flat", "appos"}
    if not noun or not named or subject.head != 1 or subject.relation != "compound" or verb.relation != "nsubj":
        return None
    result = list(words)
    result[0] = replace(subject, deprel="nsubj", head=root)
    result[1] = replace(verb, upos="VERB", xpos="VBZ", deprel="dep", head=root)
    result[2] = replace(name, deprel="obj", head=1)
    return result


def pronoun_as_name(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "He" directly before a name in capitals a part of the name: "*He Jianxiong* said"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(len(words) - 2):
        name = words[at + 1]
        if words[at].text != "He" or words[at].upos != "PRON" or words[at].relation != "nsubj":
            continue
        if (
            name.upos != "PROPN"
            or not name.text.istitle()
            or name.text.lower() in organization_words().calendar
            or name.head not in {at, words[at].head}
        ):
            continue
        result[at] = as_name(words[at], "nsubj", words[at].head)
        result[at + 1] = as_name(name, "flat", at)
    return result if result != list(words) else None


def surname_as_root(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a surname that the parser took for the verb a part of the subject: "Grace *Tell* moved to Cork"."""
    words = sentence.words
    if len(words) < 4 or words[0].upos != "PROPN" or words[0].head != 1 or words[0].relation != "nsubj":
        return None
    verb = 2
    surname = words[1].upos == "PROPN" and words[1].head == ROOT and words[1].text.istitle()
    finite = words[verb].xpos in {"VBD", "VBZ"} and words[verb].head == 1 and sentence.child(verb, "nsubj") is None
    if not surname or not finite or words[verb].relation not in {"ccomp", "parataxis", "acl"}:
        return None
    result = [replace(word, head=verb) if word.head == 1 else word for word in words]
    result[0] = as_name(words[0], "nsubj", verb)
    result[1] = as_name(words[1], "flat", 0)
    result[verb] = replace(words[verb], deprel="root", head=ROOT)
    return result


def surname_as_auxiliary(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Repair a surname tagged as an auxiliary, before a verb it cannot govern: "Ana *May* sent a letter"."""
    words, result = sentence.words, list(sentence.words)
    for at in range(1, len(words) - 1):
        name, verb = words[at - 1], words[at].head
        if words[at].relation != "aux" or words[at].text.lower() not in word_list("trees", "names_like_auxiliaries"):
            continue
        finite = verb > at and words[verb].text.islower() and words[verb].xpos in {"VBD", "VBZ"}
        named = name.upos == "PROPN" and name.relation in {"nsubj", "flat"} and name.text.istitle()
        if words[at].text.istitle() and finite and named:
            result[at] = as_name(words[at], "flat", name.head if name.relation == "flat" else at - 1)
    return result if result != list(words) else None


def surname_as_verb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a surname that the parser took for a verb the subject of "says": "*Tell* says the house is empty"."""
    words = sentence.words
    if len(words) < 4 or words[0].upos != "VERB" or words[0].xpos not in {"VB", "VBP"} or words[0].head != ROOT:
        return None
    says = words[1].xpos in {"VBD", "VBZ"} and words[1].lemma.lower() in word_list("speakers", "saying")
    if not says or words[1].head != 0 or sentence.child(1, "nsubj") is not None:
        return None
    result = [replace(word, head=1) if word.head == 0 else word for word in words]
    result[0] = as_name(words[0], "nsubj", 1)
    result[1] = replace(words[1], deprel="root", head=ROOT)
    return result


def given_name_as_verb(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a given name that the parser took for a verb the subject: "Co-author *Beat* Wyss said".

    Applies to a capitalized word between a role and its surname.
    """
    words, result = sentence.words, list(sentence.words)
    for at in range(1, len(words) - 2):
        role, name = words[at - 1], words[at]
        between = name.upos == "VERB" and name.text.istitle() and role.relation == "nsubj" and role.head > at
        surname = words[at + 1].upos == "PROPN" and words[at + 1].relation == "flat" and words[at + 1].head == at
        if not between or not surname or role.upos != "NOUN" or is_plural(role):
            continue
        result[at] = as_name(name, "nsubj", role.head)
        result[at - 1] = replace(role, deprel="nmod:desc", head=at)
        around = [child for child in sentence.children(at - 1) if words[child].relation in {"det", "punct"}]
        reattach(result, around, at)
    return result if result != list(words) else None


def body_as_phrase(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a body's name that is a phrase or a clause one name: "*Save the Children* said"."""
    words, result = sentence.words, list(sentence.words)
    for first, last in _known_phrases(words):
        inside = range(first, last + 1)
        outer = [at for at in inside if words[at].head not in inside]
        if len(outer) != 1 and words[last].head not in inside:
            outer = [last]
        if len(outer) != 1 or words[outer[0]].head == ROOT:
            continue
        head = words[outer[0]].head
        result[first] = as_name(words[first], "nsubj" if first == 0 and head > last else words[outer[0]].deprel, head)
        for at in inside[1:]:
            result[at] = as_name(words[at], "flat", first)
        for at, word in enumerate(words):
            if at not in inside and word.head in inside:
                result[at] = replace(word, head=first)
    return result if result != list(words) else None


def body_as_command(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a command in capitals before "said" a body's name: "*Save Our Pools* said 30 sites were at risk".

    Applies at the beginning of the sentence, to a verb in its base form, which cannot have "said" as its predicate.
    """
    words = sentence.words
    if len(words) < 4 or words[0].upos not in VERBS or words[0].xpos not in {"VB", "VBP"}:
        return None
    near = range(2, min(_LONGEST_PHRASE + 1, len(words)))
    verb = next((at for at in near if words[at].xpos in {"VBD", "VBZ"} and words[at].text.islower()), 0)
    inside = range(verb)
    capitals = all(words[at].text[:1].isupper() or words[at].upos in {"DET", "ADP", "PART"} for at in inside)
    if not verb or not capitals or not words[verb - 1].text[:1].isupper():
        return None
    if words[verb].lemma.lower() not in word_list("trees", "saying"):
        return None
    result = list(words)
    for at, word in enumerate(words):
        if at in inside:
            result[at] = as_name(word, "nsubj" if at == 0 else "flat", verb if at == 0 else 0)
        elif at != verb and word.head in inside:
            result[at] = replace(word, head=verb)
    if words[verb].head in inside:
        result[verb] = replace(words[verb], deprel="root", head=ROOT)
    return result


def _known_phrases(words: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the first and last positions of the names in `words` that are a phrase or a clause."""
    known = word_list("trees", "bodies_as_phrases")
    capitalized = [at for at, word in enumerate(words) if word.text.istitle()]
    return [
        (first, last)
        for first, last in combinations(capitalized, 2)
        if 2 <= last - first < _LONGEST_PHRASE
        and "-".join(word.text.lower() for word in words[first : last + 1]) in known
    ]


def name_after_own_role(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a given name to the relation before it: "My neighbor *Gus* put it best".

    Applies where the parser made the name a dependent of the verb.
    """
    words, result = sentence.words, list(sentence.words)
    named = {entity.span.start for entity in people}
    for at in range(1, len(words) - 1):
        role, name = words[at - 1], words[at]
        owner = sentence.child(at - 1, "nmod:poss")
        if name.upos != "PROPN" or name.span.start not in named or owner is None or role.relation != "nsubj":
            continue
        if (
            words[owner].text.lower() not in _POSSESSIVES
            or is_plural(role)
            or role_of(role) not in person_words().roles
        ):
            continue
        if name.head == role.head and name.relation in {"advmod", "obl", "obj", "dep", "nsubj"}:
            result[at] = replace(name, deprel="appos", head=at - 1)
    return result if result != list(words) else None


def unattached_name(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a name the subject of a verb that has none: "as has union secretary Graham Sorrel"."""
    result = list(sentence.words)
    for at, word in enumerate(sentence.words):
        if word.upos != "PROPN" or word.relation != "flat" or word.head >= at:
            continue
        governor = sentence.words[word.head]
        if governor.upos in VERBS and governor.text.islower() and not sentence.child(word.head, "nsubj"):
            result[at] = replace(word, deprel="nsubj")
    return result if result != list(sentence.words) else None

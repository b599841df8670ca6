"""Repairs of trees around roles, offices and companies: what the parser took apart, and what it merged.

with *fielding coach* Jo Silva …
*Bowling coach* Ned Parr arrived …
*Holt & Marsh* said …
the mayor of New York *Erik Adams* said …
Bank of Oria's *Governor*, Lisa Holm, said …
told by former Security Adviser *Dale Bolt* …
"""

from bisect import bisect_left
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.quotations.mark_parsing import nicknames
from service.extraction.wordlists import nations, organization_words, person_words
from service.parsing.tree import ROOT, Entity, Sentence, Word

_CLAUSES: Final = frozenset({"advcl", "csubj", "acl", "ccomp", "parataxis"})
_OBJECTS: Final = frozenset({"obj", "obl", "nsubj", "iobj", "dislocated", "vocative", "dep"})
_OF: Final = frozenset({"of", "to", "for", "at"})
_POSSESSIVE: Final = frozenset({"'s", "’s", "'", "’"})
_BEFORE_NAME: Final = frozenset({"amod", "compound", "nmod", "nummod", "flat"})
_ROLES_OF_CLAUSES: Final = frozenset({"nsubj", "obj", "iobj", "obl"})


def gerund_before_role(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a gerund the modifier of the role after it: "with *fielding* coach Jo Silva".

    Applies to the gerunds of `people.toml` before a role and a name. Returns the repaired words, or None if there is
    nothing to repair.
    """
    original = sentence.words
    for at in range(len(original) - 2):
        words = sentence.words
        if _is_gerund(words[at]) and _is_role(words[at + 1]) and _is_name(words[at + 2]):
            sentence = Sentence(tuple(_with_role(sentence, at)))
    return list(sentence.words) if sentence.words != original else None


def _with_role(sentence: Sentence, gerund: int) -> list[Word]:
    """Return the words with the gerund and the role after it as descriptions of the name after both."""
    words, result = sentence.words, list(sentence.words)
    role, name = gerund + 1, gerund + 2
    inside = {gerund, role, name}  # a tree: at least one of them is governed from outside
    top = next(place for place in (name, role, gerund) if words[place].head not in inside)
    for place, word in enumerate(words):
        if place not in inside and word.head in {gerund, role}:
            marks = place < gerund and word.relation == "mark"
            result[place] = replace(word, upos="ADP", deprel="case", head=name) if marks else replace(word, head=name)
    result[gerund] = replace(words[gerund], upos="NOUN", xpos="NN", feats="", deprel="compound", head=role)
    result[role] = replace(words[role], deprel="nmod:desc", head=name)
    result[name] = replace(words[name], deprel=_function(sentence, gerund, top), head=words[top].head)
    return result


def _function(sentence: Sentence, gerund: int, top: int) -> str:
    """Return the relation of the name to what governs the phrase, which the parser took for a clause or not."""
    word = sentence.words[top]
    if word.relation not in _CLAUSES or word.head == ROOT:
        return word.deprel
    marked = any(sentence.words[child].relation in {"mark", "case"} for child in sentence.children(gerund))
    if marked or word.head < gerund:
        return "obl" if marked else "obj"
    passive = sentence.child(word.head, "aux:pass") is not None
    return "nsubj:pass" if passive else "nsubj"


def possessor_in_apposition(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a name with “’s” the possessor of the noun after it, where the parser took both for appositions of the
    title: "reporter Ana Ruiz's *source* said".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words = sentence.words
    for mark, word in enumerate(words):
        name, noun = word.head, mark + 1
        if word.xpos != "POS" or word.text not in _POSSESSIVE or words[name].upos != "PROPN":
            continue
        while noun < len(words) and words[noun].upos in {"ADJ", "NUM"}:
            noun += 1
        title = words[name].head
        if noun < len(words) and title == noun and words[noun].relation == "appos":
            title = words[noun].head
        elif words[name].relation not in {"appos", "flat"} or noun == len(words) or words[noun].head != title:
            continue
        if title != name - 1 or words[title].upos != "NOUN":
            continue
        result = list(words)
        for child in sentence.children(title):
            if child > noun:
                result[child] = replace(words[child], head=noun)
        result[noun] = replace(words[noun], head=words[title].head, deprel=words[title].deprel)
        result[name] = replace(words[name], head=noun, deprel="nmod:poss")
        result[title] = replace(words[title], head=name, deprel="nmod:desc")
        return result
    return None


def role_next_to_subject(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a role to the full name after it, where the parser gave both to one verb: "*Bowling coach* Ned Parr
    arrived".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    for at in range(len(words) - 2):
        role, name = words[at], words[at + 1]
        full = words[at + 2].relation == "flat" and words[at + 2].head == at + 1
        if role.upos != "NOUN" or not _is_role(role) or not _is_name(name) or not full or name.head != role.head:
            continue
        if role.relation not in _OBJECTS or name.relation != "nsubj" or role.head < at:
            continue
        if sentence.child(at, "case", "det", "nmod:poss", "conj") is None and not sentence.child(at + 1, "case"):
            result[at] = replace(role, deprel="nmod:desc", head=at + 1)
    return result if result != list(words) else None


def company_with_ampersand(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join two names round an ampersand into one: "*Holt & Marsh* said".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    for at in range(1, len(words) - 1):
        first, last = at - 1, at + 1
        joined = words[last].relation == "conj" and words[at].head == last and words[at].relation == "cc"
        if words[at].text != "&" or not joined or not _is_name(words[first]) or not _is_name(words[last]):
            continue
        head = words[last].head
        if head != first and words[first].head != head:
            continue
        result[at] = replace(words[at], upos="PROPN", deprel="flat", head=head)
        result[last] = replace(words[last], deprel="flat", head=head)
        for child in sentence.children(last):
            if child != at:
                result[child] = replace(words[child], head=head)
    return result if result != list(words) else None


def body_as_noun(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make a capitalized noun for a body part of the name before it: "Northmoor *Police*", "Kent Health *Board*".

    Applies where the words around are not capitalized too, as in a headline. Returns the repaired words, or None if
    there is nothing to repair.
    """
    words, result, known = sentence.words, list(sentence.words), organization_words()
    for at in range(1, len(words) - 1):
        word, name, after = words[at], words[at - 1], words[at + 1]
        if word.upos != "NOUN" or not word.text.istitle() or after.text[:1].isupper():
            continue
        role = role_of(word)
        if role not in known.heads and role not in known.collectives:
            continue
        inside = name.head == at and name.relation in {"compound", "nmod", "amod", "flat"}
        if _is_name(name) and inside:
            result[at] = replace(word, upos="PROPN", xpos="NNP" if word.xpos else "", feats="")
    return result if result != list(words) else None


def name_with_nickname(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Join a given name and a surname around a nickname: "actor *Joe* “The Hammer” *Hart* told fans".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    for opening, close in nicknames(sentence):
        given, surname = opening - 1, close + 1
        if given < 0 or surname >= len(words) or not _is_name(words[given]) or not _is_name(words[surname]):
            continue
        role, last = given - 1, words[surname]
        if last.head in range(given, surname) or words[given].head == surname or last.relation not in {"nsubj", "obj"}:
            continue
        result[given] = replace(words[given], deprel=last.deprel, head=last.head)
        result[surname] = replace(last, deprel="flat", head=given)
        for child in sentence.children(surname):
            if child != given:
                result[child] = replace(result[child], head=given)
        if role >= 0 and _is_role(words[role]) and words[given].head == role:
            result[role] = replace(words[role], deprel="nmod:desc", head=given)
            for child in sentence.children(role):
                if child > surname or words[child].relation == "punct":
                    result[child] = replace(result[child], head=given)
    return result if result != list(words) else None


def noun_as_pronoun(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make "mine" after an article a noun: "The *mine* has yet to reveal how the men died".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        if word.upos == "PRON" and word.text.lower() == "mine" and sentence.child(at, "det") is not None:
            result[at] = replace(word, upos="NOUN", xpos="NN" if word.xpos else "", feats="")
    return result if result != list(words) else None


def _is_gerund(word: Word) -> bool:
    return word.text.lower() in person_words().gerunds


def _is_role(word: Word) -> bool:
    return role_of(word) in person_words().roles and not is_plural(word) and word.text.islower()


def _is_name(word: Word) -> bool:
    return word.upos == "PROPN" and word.text[:1].isupper()


def office_of_place(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Separate a full name from the place before it: "the mayor of New York Erik Adams".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    starts = {entity.span.start for entity in people}
    for at, word in enumerate(words[:-1]):
        full = word.upos == "PROPN" and words[at + 1].head == at and words[at + 1].relation == "flat"
        beside = word.relation in {"nmod", "appos"}
        if not full or not beside or not 0 <= word.head < at - 1 or not is_office(words[word.head]):
            continue
        case = sentence.child(at, "case")
        if case is None:
            adjacent = words[at - 1].relation == "nmod" and words[at - 1].head == word.head
            if adjacent and sentence.child(at - 1, "case") is not None:
                result[at] = replace(word, deprel="appos")
        elif word.head < case < at - 1 and words[case].text.lower() in _OF and _is_place(sentence, at, case, starts):
            result[at - 1] = replace(words[at - 1], deprel="nmod", head=word.head)
            for child in sentence.children(at):
                if child < at - 1:
                    result[child] = replace(words[child], head=at - 1)
            result[at] = replace(word, deprel="appos")
    return result if result != list(words) else None


def _is_place(sentence: Sentence, at: int, case: int, people: Collection[int]) -> bool:
    """Return whether the words between the preposition at `case` and the name starting at `at` are a separate name."""
    words, given = sentence.words, person_words().given
    before = [words[c].text for c in sentence.children(at) if case < c < at and words[c].relation in _BEFORE_NAME]
    if not before or not words[at - 1].text[:1].isupper() or any(text.lower() in given for text in before):
        return False
    begins = words[at].text.lower() in given or words[at].span.start in people
    return begins or words[at - 1].text.isupper() or words[at - 1].text.lower() in nations()


def office_next_to_name(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a capitalized office to the name after it: "told by former Security Adviser Dale Bolt".

    Applies if the parser attached both to the same verb. Returns the repaired words, or None if there is nothing to
    repair.
    """
    words, result = sentence.words, list(sentence.words)
    for at in range(1, len(words) - 1):
        office, name = words[at], words[at + 1]
        adjacent = name.upos == "PROPN" and name.head == office.head and name.deprel == office.deprel
        if not adjacent or office.relation not in _ROLES_OF_CLAUSES or office.upos != "PROPN" or not is_office(office):
            continue
        if is_plural(office) or sentence.child(at + 1, "case", "det") is not None:
            continue
        result[at] = replace(office, deprel="nmod:desc", head=at + 1)
        for child in sentence.children(at):
            if words[child].relation in {"case", "det"}:
                result[child] = replace(words[child], head=at + 1)
    return result if result != list(words) else None


def holder_of_office(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make an office the head of a phrase whose owner the parser took for the head: "Bank of Oria's *Governor*, Lisa
    Holm, said".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        body, owner = word.head, sentence.child(at, "nmod:poss")
        if word.relation != "nmod" or not is_office(word) or owner is None or not 0 <= body < owner - 1 < at:
            continue
        if words[body + 1].text.lower() not in _OF or words[owner + 1].text not in _POSSESSIVE:
            continue
        if words[body].upos != "PROPN" or words[owner].upos != "PROPN":
            continue
        adjacent = at + 1 < len(words) and words[at + 1].upos == "PROPN" and words[at + 1].head in {at, body}
        head = at + 1 if adjacent else at
        if adjacent:
            result[at] = replace(word, deprel="nmod:desc", head=head)
        result[head] = replace(words[head], deprel=words[body].deprel, head=words[body].head)
        result[body] = replace(words[body], deprel="nmod:poss", head=head)
        result[owner] = replace(words[owner], deprel="nmod", head=body)
        result[body + 1] = replace(words[body + 1], deprel="case", head=owner)
        result[owner + 1] = replace(words[owner + 1], deprel="case", head=body)
        for child in sentence.children(body):
            if child > at and child != head:
                result[child] = replace(words[child], head=head)
    return result if result != list(words) else None


def listed_portfolio(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Coordinate the parts of an office that the parser took for its holder: "Minister of Trade, *Investment* and
    Culture, Ada Venn, told".

    Returns the repaired words, or None if there is nothing to repair.
    """
    words, result = sentence.words, list(sentence.words)
    for at in range(2, len(words) - 2):
        word = words[at]
        if word.relation != "appos" or words[at - 1].text != "," or words[at + 1].upos != "CCONJ":
            continue
        office = word.head if is_office(words[word.head]) else words[word.head].head
        portfolio = None if office < 0 else sentence.child(office, "nmod")
        if portfolio is None or not (office < portfolio < at and is_office(words[office])):
            continue
        following = [child for child in sentence.children(portfolio) if words[child].relation == "conj" and child > at]
        if sentence.child(portfolio, "case") is not None and following:
            result[at] = replace(word, deprel="conj", head=portfolio)
    return result if result != list(words) else None


def is_office(word: Word) -> bool:
    """Return whether the word is a singular role or title."""
    lower = word.text.lower().rstrip(".")
    return not is_plural(word) and (role_of(word) in person_words().roles or lower in person_words().titles)


def divided(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether a person entity from `first` to `last` merges a place or organization with a name.

    Example: "Karelia Daniel Roth" in "envoy to Karelia Daniel Roth".
    """
    words = sentence.words
    for at in range(first, last):
        case = sentence.child(at, "case")
        of = case is not None and case < first and words[case].text.lower() in _OF
        if of and words[at].relation == "nmod" and words[at].head < first and is_office(words[words[at].head]):
            return words[at + 1].head != at
    return False


def positions(sentence: Sentence, entity: Entity) -> range:
    """Return the positions of the words in `entity`."""
    starts = [word.span.start for word in sentence.words]
    return range(bisect_left(starts, entity.span.start), bisect_left(starts, entity.span.end))

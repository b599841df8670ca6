"""Repairs of trees around offices: what belongs to the office, and who holds it.

the mayor of New York *Erik Adams* said …
Bank of Oria's *Governor*, Lisa Holm, said …
told by former Security Adviser *Dale Bolt* …
Leader of Opposition *Kiran Rao* said …
Minister of Trade, *Investment* and Culture, *Ada Venn*, told …
"""

from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Final

from service.extraction.noun_phrases import is_honorific, is_plural, is_title, role_of
from service.extraction.rules.tree_edits import begins_full_name, reattach
from service.extraction.tags import POSSESSIVE_ENDINGS
from service.extraction.wordlists import nations, person_words, word_list
from service.parsing.tree import Entity, Sentence, Word

_OF: Final = frozenset({"of", "to", "for", "at"})
_BEFORE_NAME: Final = frozenset({"amod", "compound", "nmod", "nummod", "flat"})
_ROLES_OF_CLAUSES: Final = frozenset({"nsubj", "obj", "iobj", "obl"})


def office_of_place(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Separate a full name from the place before it: "the mayor of New York Erik Adams"."""
    words, result = sentence.words, list(sentence.words)
    starts = {entity.span.start for entity in people}
    ends = {entity.span.end for entity in people}
    for at, word in enumerate(words[:-1]):
        full = begins_full_name(words, at)
        attached = word.relation in {"nmod", "appos"}
        if not full or not attached or not 0 <= word.head < at - 1 or not is_office(words[word.head]):
            continue
        case, before = sentence.child(at, "case"), words[at - 1]
        if case is None:
            inside = before.relation in {"nmod", "compound"} and before.head in {word.head, at}
            if inside and sentence.child(at - 1, "case") is not None:
                result[at - 1] = replace(before, deprel="nmod", head=word.head)
                _apposed(result, at, word.head)
        elif (
            word.head < case < at - 1
            and words[case].text.lower() in _OF
            and _is_place(sentence, at, case, starts, ends)
        ):
            result[at - 1] = replace(before, deprel="nmod", head=word.head)
            reattach(result, [child for child in sentence.children(at) if child < at - 1], at - 1)
            _apposed(result, at, word.head)
    return result if result != list(words) else None


def _belongs_to_office(words: Sequence[Word], office: int) -> bool:
    """Return whether the office is coordinated with another, or only its field: "Attorney for the *District*"."""
    word = words[office]
    field = word.relation == "nmod" and role_of(word) not in person_words().roles
    return (word.relation == "conj" or field) and is_office(words[word.head])


def name_after_place(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Separate a full name from the place to which the parser added it: "Mayor of Thessaly *Yannis Kouris*"."""
    words, result = sentence.words, list(sentence.words)
    for at, place in enumerate(words):
        if place.relation != "nmod" or not 0 <= place.head < at or not is_office(words[place.head]):
            continue
        case, name = sentence.child(at, "case"), sentence.child(at, "flat")
        if case is None or words[case].text.lower() not in _OF or name != at + 1 or name + 1 >= len(words):
            continue
        full = words[name + 1].relation == "flat" and words[name + 1].head == at and words[name + 1].upos == "PROPN"
        if full and words[name].text.lower() in person_words().given:
            rest = [child for child in sentence.children(at) if child > name and words[child].relation == "flat"]
            reattach(result, rest, name)
            _apposed(result, name, place.head)
    return result if result != list(words) else None


def _apposed(words: list[Word], name: int, office: int) -> None:
    """Put the name in apposition to the first of coordinated offices: "*President* and Chief Executive of Keel Foods
    Ana Ruiz"."""
    first = office
    while _belongs_to_office(words, first):
        first = words[first].head
    words[name] = replace(words[name], deprel="appos", head=first)
    determined = {word.head for word in words if word.relation == "det"}  # "the mayor and the director …" are two
    for at in range(first + 1, name):
        if words[at].relation == "conj" and words[at].head == first and is_office(words[at]) and at not in determined:
            words[at] = replace(words[at], deprel="nmod")


def _is_place(sentence: Sentence, at: int, case: int, starts: Collection[int], ends: Collection[int]) -> bool:
    """Return whether the words between the preposition at `case` and the name starting at `at` are a separate name.

    `starts` and `ends` are those of the entities for people.
    """
    words, given = sentence.words, person_words().given
    before = [words[c].text for c in sentence.children(at) if case < c < at and words[c].relation in _BEFORE_NAME]
    if not before or not words[at - 1].text[:1].isupper() or any(text.lower() in given for text in before):
        return False
    described = words[at - 1].deprel == "nmod:desc" and words[max(sentence.subtree(at))].span.end in ends
    begins = words[at].text.lower() in given or words[at].span.start in starts or described
    return begins or words[at - 1].text.isupper() or words[at - 1].text.lower() in nations()


def holder_after_body(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the holder of an office the head of a phrase whose body the parser took for it: "Reserve Bank of Kansas City
    President *Thomas Hale* said"."""
    words, result = sentence.words, list(sentence.words)
    for name in range(4, len(words) - 1):
        body, title = words[name].head, name - 1
        full = begins_full_name(words, name)
        if not full or words[name].relation not in {"nmod", "appos"} or not 0 <= body < title - 2:
            continue
        inside = range(body + 2, title)
        if (
            words[body].upos != "PROPN"
            or words[body + 1].text.lower() not in {"of", "for"}
            or not is_title(words[title])
        ):
            continue
        if words[title].head != name or not all(is_name(words[at]) or words[at].text.istitle() for at in inside):
            continue
        place = inside[-1]
        result[name] = replace(words[name], deprel=words[body].deprel, head=words[body].head)
        result[title] = replace(words[title], deprel="nmod:desc", head=name)
        result[body] = replace(words[body], deprel="compound", head=title)
        result[place] = replace(words[place], deprel="nmod", head=body)
        for at in range(body + 1, place):
            result[at] = replace(words[at], deprel="case" if at == body + 1 else "compound", head=place)
        reattach(result, [child for child in sentence.children(body) if child > name], name)
    return result if result != list(words) else None


def office_next_to_name(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a capitalized office to the name after it: "told by former Security Adviser Dale Bolt".

    Applies if the parser attached both to the same verb.
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
        reattach(result, [child for child in sentence.children(at) if words[child].relation in {"case", "det"}], at + 1)
    return result if result != list(words) else None


def holder_of_office(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make an office the head of a phrase whose owner the parser took for the head: "Bank of Oria's *Governor*, Lisa
    Holm, said"."""
    words, result = sentence.words, list(sentence.words)
    for at, word in enumerate(words):
        if word.relation != "nmod" or not is_office(word):
            continue
        body, owner = word.head, sentence.child(at, "nmod:poss")
        if owner is None or not 0 <= body < owner - 1 < at:
            continue
        if words[body + 1].text.lower() not in _OF or words[owner + 1].text not in POSSESSIVE_ENDINGS:
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
        reattach(result, [child for child in sentence.children(body) if child > at and child != head], head)
    return result if result != list(words) else None


def office_over_body(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Separate the holder's name from the body in an office: "Leader of Opposition *Kiran Rao* said".

    The bodies are those of `word_lists.toml`.
    """
    words, result = sentence.words, list(sentence.words)
    for office in range(len(words) - 3):
        body = office + 2 + (words[office + 2].text.lower() == "the")
        first = body + 1
        if words[office + 1].text.lower() != "of" or not is_office(words[office]) or first >= len(words):
            continue
        if words[body].text.lower() not in word_list("trees", "bodies_of_offices") or not is_name(words[first]):
            continue
        last = first
        while last + 1 < len(words) and is_name(words[last + 1]):
            last += 1
        inside = range(office, last + 1)
        if last == first or any(words[at].head not in inside for at in range(office + 1, last + 1)):
            continue
        result[office] = replace(words[office], upos="PROPN")
        result[body] = replace(words[body], deprel="nmod", head=office)
        result[first] = replace(words[first], deprel="appos", head=office)
        for at in range(office + 1, last + 1):
            if at < body:
                result[at] = replace(words[at], head=body)
            elif at > first:
                result[at] = replace(words[at], deprel="flat", head=first)
        for at, word in enumerate(words):
            if at not in inside and word.head in range(office + 1, last + 1):
                result[at] = replace(word, head=office)
    return result if result != list(words) else None


def listed_portfolio(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Separate the portfolio of an office from its holder: "Minister of Trade, *Investment* and Culture, *Ada Venn*,
    told", "Secretary of Health, Education and *Welfare Rosa Blunt* said"."""
    words, result = sentence.words, list(sentence.words)
    starts = {entity.span.start for entity in people}
    for office in range(len(words) - 6):
        if not is_office(words[office]) or words[office + 1].text.lower() not in {"of", "for"}:
            continue
        items, holder = _portfolio(words, office + 2, starts)
        if not items:
            continue
        first = items[0].stop - 1
        for item in items:
            head = item.stop - 1
            governor, relation = (office, "nmod") if head == first else (first, "conj")
            result[head] = replace(words[head], upos="PROPN", deprel=relation, head=governor)
            for at in range(item.start, head):
                if words[at].head not in item:
                    result[at] = replace(words[at], deprel="compound", head=head)
        for at in range(office + 1, items[-1].stop):
            if words[at].relation in {"case", "cc", "punct"}:
                last = next((item.stop - 1 for item in items if item.start > at), first)
                result[at] = replace(words[at], head=last)
        name = holder.start
        result[name] = replace(words[name], upos="PROPN", deprel="appos", head=office)
        for at in holder[1:]:
            result[at] = replace(words[at], deprel="flat", head=name)
        for at in range(items[-1].stop, name):
            relation = "punct" if words[at].upos == "PUNCT" else "det" if words[at].upos == "DET" else "nmod:desc"
            result[at] = replace(words[at], deprel=relation, head=name)
    return result if result != list(words) else None


def _portfolio(words: Sequence[Word], at: int, people: Collection[int]) -> tuple[list[range], range]:
    """Return the items of the list of capitalized phrases at `at`, and the full name after it; no items if they are
    people themselves, or without both."""
    items: list[range] = []
    nothing: tuple[list[range], range] = ([], range(0))
    joined = False  # whether the last item was after "and"
    while True:
        item = _capitals(words, at)
        given = [place for place in item if words[place].text.lower() in person_words().given]
        entities = [place for place in item[1:] if words[place].span.start in people]
        name = next((place for place in given or entities if item.stop - place > 1), None)
        if not item or (name is not None and (name == item.start or not joined)):
            return nothing
        if joined:
            break
        items.append(item)
        at = item.stop
        comma = at < len(words) and words[at].text == ","
        joined = at + comma < len(words) and words[at + comma].text.lower() in {"and", "&"}
        if not comma and not joined:
            return nothing
        at += comma + joined
    if name is not None:
        return [*items, range(item.start, name)], range(name, item.stop)
    at = item.stop
    if len(items) < 2 or at >= len(words) or words[at].text != ",":
        return nothing
    addressed = at = at + 1
    while at < len(words) - 1 and (words[at].upos == "DET" or is_honorific(words[at]) or is_title(words[at])):
        at += 1
    holder = _capitals(words, at)
    if not holder:
        return nothing
    named = at > addressed or words[at].text.lower() in person_words().given or words[at].span.start in people
    return ([*items, item], holder) if named or words[at].relation == "appos" else nothing


def _capitals(words: Sequence[Word], first: int) -> range:
    """Return the capitalized words from `first`."""
    last = first
    while last < len(words) and words[last].text[:1].isupper() and words[last].upos in {"PROPN", "NOUN", "ADJ"}:
        last += 1
    return range(first, last)


def is_name(word: Word) -> bool:
    """Return whether the word is a capitalized proper noun."""
    return word.upos == "PROPN" and word.text[:1].isupper()


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
        place = words[at].head if words[at].relation == "conj" else at
        case = sentence.child(place, "case")
        of = case is not None and case < first and words[case].text.lower() in _OF
        if of and words[place].relation == "nmod" and words[place].head < first and is_office(words[words[place].head]):
            return words[at + 1].head != at
    return False

"""Repairs of dependency trees around names that the parser mistagged.

*Will* Long told the crowd …
directors *Tore Hill* and Lena Ray said …
according to data firm *Tenten*
"""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Final

from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.rules.clause_repairs import (
    clause_after_addressee,
    clause_after_document,
    determiner_as_subject,
    given_name_as_description,
    name_after_determiner,
    name_before_verb,
    noun_before_last_verb,
    predicate_after_aside,
    subject_after_topic,
    subject_of_reported_clause,
    surname_as_adverb,
    time_after_subject,
    verb_after_relative_clause,
    verb_in_parenthesis,
)
from service.extraction.rules.constructions import grammar_lexicon
from service.extraction.rules.holder_repairs import (
    NAME_REPAIRS,
    holder_after_bodies,
    holder_after_brackets,
    holder_of_bodys_role,
    holder_of_share,
    holder_of_two_roles,
)
from service.extraction.rules.mistagged_verbs import (
    coordinated_passive,
    document_before_warning,
    participle_after_comma,
    past_tense,
    verb_at_end,
)
from service.extraction.rules.name_repairs import (
    body_as_command,
    body_as_phrase,
    dateline_as_root,
    given_name_as_verb,
    name_after_own_role,
    pronoun_as_name,
    subject_of_saying,
    surname_as_auxiliary,
    surname_as_root,
    surname_as_verb,
    unattached_name,
    wire_dateline,
)
from service.extraction.rules.office_repairs import (
    holder_after_body,
    holder_of_office,
    listed_portfolio,
    office_next_to_name,
    office_of_place,
    office_over_body,
)
from service.extraction.rules.role_repairs import (
    NOUN_REPAIRS,
    body_as_noun,
    company_with_ampersand,
    gerund_before_role,
    name_with_nickname,
    possessor_in_apposition,
    role_next_to_subject,
)
from service.extraction.rules.tree_edits import as_name, reattach
from service.extraction.tags import NOUNS, OBJECTS, VERBS
from service.extraction.wordlists import company_nouns, organization_words, person_words, word_list
from service.input.article import NO_DEADLINE, Deadline
from service.parsing.tree import ROOT, Entity, Parse, Sentence, Word

_NAMES: Final = 3  # maximum words after the given name in a name that begins a sentence
_NO_NAMES: Final = frozenset({"NOUN", "PROPN", "PRON", "DET", "NUM", "PUNCT", "SYM", "X"})
_SAYING: Final = frozenset({"said", "says", "say"})
_CLOSED: Final = frozenset({"”", '"', "’", "'"})
_NEXT_TO: Final = frozenset({"obl", "obj", "nsubj"})


def repaired(parse: Parse, deadline: Deadline = NO_DEADLINE) -> Parse:
    """Return `parse` with its trees repaired.

    Raises `OutOfTime` soon after the deadline.
    """
    people = [entity for entity in parse.entities if entity.kind == "person"]
    sentences, at = [], 0
    surnames: frozenset[str] = frozenset()
    for number, sentence in enumerate(parse.sentences):
        deadline.check(number, len(parse.sentences), "sentences searched for quotes")
        if not sentence.words:
            sentences.append(sentence)
            continue
        while at < len(people) and people[at].span.end <= sentence.span.start:
            at += 1
        until = at
        while until < len(people) and people[until].span.start < sentence.span.end:
            until += 1
        repaired_sentence = _sentence(sentence, people[at:until])
        named = surname_as_adverb(repaired_sentence, surnames)
        sentences.append(repaired_sentence if named is None else Sentence(tuple(named)))
        surnames |= {word.text for word in repaired_sentence.words if word.relation == "flat" and word.upos == "PROPN"}
    return replace(parse, sentences=tuple(sentences))


def _sentence(sentence: Sentence, people: Sequence[Entity]) -> Sentence:
    for repair in _REPAIRS:
        words = repair(sentence, people)
        if words is not None and _is_tree(words):
            sentence = Sentence(tuple(words))
    return sentence


def _is_tree(words: Sequence[Word]) -> bool:
    """Return whether the heads of all words lead to a single root."""
    if sum(word.head == ROOT for word in words) != 1:
        return False
    checked: set[int] = set()
    for start in range(len(words)):
        seen, at = set(), start
        while at != ROOT and at not in checked:
            if at in seen:
                return False
            seen.add(at)
            at = words[at].head
        checked |= seen
    return True


def _given_name(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Repair a given name tagged as an auxiliary, before a verb it cannot govern: "Will Long told the crowd"."""
    words = sentence.words
    if words[0].upos not in VERBS and words[0].relation != "aux":
        return None
    first = words[0].text.lower()
    if first not in person_words().given and first not in word_list("trees", "names_like_auxiliaries"):
        return None
    verb = next((at for at, word in enumerate(words[1 : _NAMES + 2], 1) if not word.text[:1].isupper()), 0)
    if verb < 2 or words[verb].upos != "VERB" or words[-1].text == "?" or not _is_finite(words[verb]):
        return None
    if any(at > 0 and words[at].relation in {"aux", "nsubj"} and at + 1 != verb for at in sentence.children(verb)):
        return None
    result = list(words)
    for at, word in enumerate(words):
        if at < verb:
            result[at] = as_name(word, "nsubj" if at == 0 else "flat", verb if at == 0 else 0)
        elif at != verb and word.head in range(verb):
            result[at] = replace(word, head=verb)
    if words[verb].head in range(verb):
        governor = next((words[at].head for at in range(verb) if words[at].head not in range(verb + 1)), ROOT)
        result[verb] = replace(words[verb], head=governor, deprel="root" if governor == ROOT else words[verb].deprel)
    return result


def _is_finite(verb: Word) -> bool:
    """Return whether the verb has a form that cannot follow "will"."""
    return verb.text.lower() != verb.lemma.lower() and verb.xpos in {"VBD", "VBN", "VBZ"}


def _surname(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Repair a subject tagged as an adverb that the recognizer marked as a person: "Long said he would rest"."""
    named = {entity.span for entity in people}
    result = list(sentence.words)
    for at, word in enumerate(result):
        if word.relation == "nsubj" and word.upos not in _NO_NAMES and word.text.istitle() and word.span in named:
            result[at] = as_name(word, word.deprel, word.head)
    return result if result != list(sentence.words) else None


def _named_pair(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Repair a name after a plural role whose first word was tagged as a verb: "directors Tore Hill and Lena Ray"."""
    words = list(sentence.words)
    changed = False
    starts = [word.span.start for word in words] if people else []
    for entity in people:
        begins, ends = bisect_left(starts, entity.span.start), bisect_left(starts, entity.span.end)
        inside = range(begins, ends)
        if len(inside) < 2 or inside[0] == 0 or words[inside[0]].upos in _NO_NAMES:
            continue
        first, noun = inside[0], inside[0] - 1
        role = words[noun].upos == "NOUN" and is_plural(words[noun]) and role_of(words[noun]) in person_words().roles
        if not role or not all(words[at].text.istitle() for at in inside):
            continue
        for at, word in enumerate(words):
            if at in inside:
                words[at] = as_name(word, "appos" if at == first else "flat", noun if at == first else first)
            elif word.head in inside or (word.head == noun and word.relation == "conj" and at > inside[-1]):
                words[at] = replace(word, head=first)
        changed = True
    return words if changed else None


def _name_next_to(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach a name to the noun before it that describes it: "according to data firm Tenten". The name's preposition
    becomes the noun's.

    Applies if the parser attached both to the same verb, or the name to a noun further back.
    """
    result, calendar = list(sentence.words), organization_words().calendar
    for at, noun in enumerate(sentence.words[:-1]):
        name = sentence.words[at + 1]
        adjacent = name.head == noun.head and name.relation == noun.relation in _NEXT_TO
        adjacent = adjacent or (name.relation == "appos" and 0 <= name.head < at)
        if not adjacent or name.upos != "PROPN" or noun.upos != "NOUN" or is_plural(noun):
            continue
        if name.text.lower() in calendar:
            continue
        named = role_of(noun) in company_nouns() or noun.lemma.lower() in person_words().roles
        own = [part for part in sentence.children(at + 1) if sentence.words[part].relation in {"case", "det"}]
        if named and all(sentence.words[part].relation == "case" and part < at for part in own):
            result[at + 1] = replace(name, deprel="appos", head=at)
            for part in own:
                result[part] = replace(result[part], head=at)
    return result if result != list(sentence.words) else None


def _inverted(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Make the person after "said" the subject instead of the object: "…, said study co-author Jane Miller"."""
    result = list(sentence.words)
    for at, word in enumerate(sentence.words):
        affected = word.relation in OBJECTS and word.upos in NOUNS
        if not affected or word.head in {ROOT, 0} or word.head >= at:
            continue
        verb = word.head
        said = sentence.words[verb]
        aside = said.text.lower() in _SAYING and sentence.words[verb - 1].text in {",", *_CLOSED}
        aside = aside or (
            said.lemma.lower() in word_list("trees", "uttering") and sentence.words[verb - 1].text in _CLOSED
        )
        aside = aside or (_is_aside(sentence, verb) and word.upos == "PROPN")
        written = said.lemma.lower() == "read" and role_of(word) in grammar_lexicon().signs | _speaking()
        aside = aside or (written and sentence.words[verb - 1].text in {",", *_CLOSED})
        subject, named = sentence.child(verb, "nsubj"), any(one.span.contains(word.span) for one in people)
        if (
            not aside
            or sentence.subtree(at)[0] != verb + 1
            or (subject is not None and not (named and said.text.lower() in _SAYING))
        ):
            continue
        if subject is not None:  # of the statement: "*Bo* and Al, and their son, were there, said Ann Cole"
            result[subject] = replace(result[subject], deprel="ccomp")
        if word.upos == "PROPN" or written or role_of(word) in _speaking():
            result[at] = replace(word, deprel="nsubj")
    return result if result != list(sentence.words) else None


def _is_aside(sentence: Sentence, verb: int) -> bool:
    """Return whether a finite verb of saying directly after a comma opens an aside: "…, insists Ann Cole, …"."""
    said = sentence.words[verb]
    opens = sentence.words[verb - 1].text == "," and said.relation in {"root", "parataxis", "ccomp"}
    return opens and said.lemma.lower() in word_list("trees", "uttering") and said.xpos in {"VBD", "VBZ"}


def _speaking() -> frozenset[str]:
    """Return nouns for a person, several people, or a body that can speak."""
    return organization_words().collectives | organization_words().documents | person_words().roles.keys()


def _role_in_pair(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Coordinate the second name of a pair with the first: "Mayor Jon Pell and council leader Rita Voss".

    Applies if the parser coordinated the second role as a person of its own, or took the second name for an apposition.
    """
    words, result = sentence.words, list(sentence.words)
    for at, (role, name) in enumerate(pairwise(words)):
        if name.upos != "PROPN" or role.upos != "NOUN" or not _is_role(role) or name.head < 0:
            continue
        joint = sentence.child(at, "cc")
        if role.relation == "conj" and role.head == name.head and name.relation in {"conj", "flat", "appos"}:
            result[at] = replace(role, deprel="nmod:desc", head=at + 1)
            if joint is not None:
                result[joint] = replace(words[joint], head=at + 1)
        elif role.head != at + 1 or joint is None or name.relation != "appos" or words[name.head].upos != "PROPN":
            continue
        result[at + 1] = replace(name, deprel="conj")
        first, noun = name.head, name.head - 1
        if words[first].relation == "appos" and words[first].head == noun and _is_role(words[noun]):
            result[first] = replace(words[first], deprel=words[noun].deprel, head=words[noun].head)
            result[noun] = replace(words[noun], deprel="nmod:desc", head=first)
            reattach(result, [child for child in sentence.children(noun) if child > first], first)
    return result if result != list(words) else None


def _two_roles(sentence: Sentence, people: Sequence[Entity]) -> list[Word] | None:
    """Attach two roles without a determiner to the one full name after them: "lawyer and activist Jon Pell said"."""
    words, result = sentence.words, list(sentence.words)
    for joint in range(1, len(words) - 3):
        one = joint - 1
        noun = words[one].upos == "NOUN" or (one == 0 and words[one].upos == "PROPN")
        if words[joint].text != "and" or not noun or not _is_role(words[one]):
            continue
        name = next((at for at in range(joint + 2, min(joint + 6, len(words))) if _begins_name(words, at)), 0)
        two, inside = name - 1, range(joint, name + 1)
        if not name or words[name].head not in {one, two} or words[one].head in inside or words[two].text.istitle():
            continue
        if (
            sentence.child(one, "det", "nmod:poss", "nummod", "case") is not None
            or words[words[one].head].xpos == "VBP"
        ):
            continue
        for at, word in enumerate(words):
            if at == name:
                result[at] = replace(word, deprel=words[one].deprel, head=words[one].head)
            elif at == one:
                result[at] = replace(word, deprel="nmod:desc", head=name)
            elif at == two:
                result[at] = replace(word, deprel="conj", head=one)
            elif joint <= at < two and word.head in {one, name}:
                result[at] = replace(word, head=two)
            elif at > name and word.head in {one, two}:
                result[at] = replace(word, head=name)
        return result
    return None


def _begins_name(words: Sequence[Word], at: int) -> bool:
    """Return whether a full name begins at `at`, directly after a role."""
    after = at + 1 < len(words) and words[at + 1].upos == "PROPN" and words[at + 1].text[:1].isupper()
    return after and words[at].upos == "PROPN" and words[at].text.istitle() and _is_role(words[at - 1])


def _is_role(word: Word) -> bool:
    return role_of(word) in person_words().roles and not is_plural(word)


# A repair takes a sentence and its person entities; it returns the repaired words, or None if it does not apply.
Repair = Callable[[Sentence, Sequence[Entity]], list[Word] | None]
_REPAIRS: Final[tuple[Repair, ...]] = (
    dateline_as_root,
    wire_dateline,
    office_over_body,
    name_after_own_role,
    subject_of_saying,
    pronoun_as_name,
    surname_as_root,
    surname_as_verb,
    given_name_as_verb,
    body_as_phrase,
    body_as_command,
    _given_name,
    surname_as_auxiliary,
    _surname,
    _named_pair,
    _name_next_to,
    unattached_name,
    _inverted,
    _role_in_pair,
    _two_roles,
    office_of_place,
    office_next_to_name,
    holder_of_office,
    holder_after_body,
    holder_of_bodys_role,
    holder_of_two_roles,
    holder_of_share,
    holder_after_bodies,
    holder_after_brackets,
    listed_portfolio,
    gerund_before_role,
    role_next_to_subject,
    possessor_in_apposition,
    company_with_ampersand,
    *NAME_REPAIRS,
    body_as_noun,
    name_with_nickname,
    *NOUN_REPAIRS,
    name_before_verb,
    verb_at_end,
    subject_after_topic,
    subject_of_reported_clause,
    given_name_as_description,
    noun_before_last_verb,
    verb_after_relative_clause,
    verb_in_parenthesis,
    participle_after_comma,
    document_before_warning,
    coordinated_passive,
    past_tense,
    clause_after_addressee,
    clause_after_document,
    determiner_as_subject,
    time_after_subject,
    predicate_after_aside,
    name_after_determiner,
)

"""Extraction of mentions: every phrase of an article that can name a speaker, before coreference."""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from service.extraction.noun_phrases import (
    DOER,
    Determiner,
    affiliation_of,
    affiliation_of_titled,
    determiner,
    hyphenated_role,
    is_aged,
    is_elected,
    is_honorific,
    is_plural,
    is_title,
    modifiers,
    owner,
    role_of,
)
from service.extraction.rules.office_repairs import divided
from service.extraction.rules.tree_edits import entity_positions
from service.extraction.speakers.name_kinds import Kind, NameInSentence, company_noun, kind_of_name, kind_of_noun
from service.extraction.speakers.name_runs import KnownNames, name_run
from service.extraction.speakers.name_spans import is_genitive, span_of_name
from service.extraction.speakers.names import family_stands_first, gender_of_name
from service.extraction.speakers.offices import (
    is_demonym,
    is_described_person,
    is_example,
    is_fictional,
    is_performance,
    is_titled,
    office_at,
)
from service.extraction.tags import OBJECTS, POSSESSIVE_ENDINGS, PREMODIFIERS
from service.extraction.wordlists import Gender, organization_words, person_words, word_list
from service.input.article import Article, Span
from service.parsing.tree import Entity, Parse, Sentence, SentenceIndex, Word

Form = Literal["name", "pronoun", "noun"]
GrammaticalFunction = Literal["subject", "aside", "object", "owner", "modifier", "other"]  # aside: its subject

_ACRONYM_AFTER = re.compile(r"\s*\(\s*(?:the\s+)?([A-Z][\w.&-]{1,9})\s*[),;]")
_NICKNAME = re.compile(r"(?<=\w)\s+[\"“‘'][^\"”’']+[\"”’'](?=\s+\w)")  # Joe “The Hammer” Hart is Joe Hart
_AGE_AFTER = re.compile(r",\s(?:aged\s)?\d{2},")
_MAX_TITLES = 6
_TITLE_REACH = 8  # words before the head of a name that are searched for titles
_LINKED = frozenset({"flat", "fixed", "goeswith", "punct", "case", "cc"})


@dataclass(frozen=True, slots=True)
class Mention:
    """A phrase that can name a speaker.

    `name` is its proper name without titles, `role` its head noun or the title before the name. `span` covers the name
    or the head word. `acronym` is the short form in parentheses after a name. `affiliation` is the word for whom or
    what the person acts for, if the phrase states it.
    """

    sentence: SentenceIndex
    head: int
    span: Span
    form: Form
    kind: Kind
    function: GrammaticalFunction
    name: str = ""
    role: str = ""
    titles: tuple[str, ...] = ()
    modifiers: frozenset[str] = frozenset()
    determiner: Determiner = "none"
    owner: int | None = None
    affiliation: int | None = None
    gender: Gender | None = None
    plural: bool = False
    acronym: str | None = None


def mentions_of(article: Article, parse: Parse) -> Iterator[list[Mention]]:
    """Yield the mentions of each sentence of `parse`, in text order."""
    proper = frozenset(word.text for sentence in parse.sentences for word in sentence.words if word.upos == "PROPN")
    whole = [article.slice(entity.span).split() for entity in parse.entities if entity.kind == "person"]
    whole = [words[::-1] if family_stands_first(" ".join(words)) else words for words in whole]
    surnames = frozenset(words[-1] for words in whole if len(words) > 1)
    given = frozenset(words[0] for words in whole if len(words) > 1)
    known = KnownNames(proper, surnames, given)
    starts = [entity.span.start for entity in parse.entities]
    for number, sentence in parse.numbered():
        if not sentence.words:
            yield []
            continue
        first = bisect_right(starts, sentence.span.start - 200)  # entities are rarely longer than this
        entities = parse.entities[first : bisect_right(starts, sentence.span.end)]
        found = (_mention(article, number, sentence, head, entities, known) for head in range(len(sentence.words)))
        yield [one for one in found if one is not None]


def _mention(
    article: Article,
    number: SentenceIndex,
    sentence: Sentence,
    head: int,
    entities: Sequence[Entity],
    known: KnownNames,
) -> Mention | None:
    """Return the mention with this head, or None if the head belongs to no mention or to a larger one."""
    word = sentence.words[head]
    if word.relation in _LINKED and not (word.relation == "flat" and word.head > head):
        return None
    if word.upos == "PRON":
        return Mention(number, head, word.span, "pronoun", "unknown", _function(sentence, head), role=word.text.lower())
    inner = word.relation in PREMODIFIERS or word.deprel == "nmod:desc"
    if word.upos not in {"NOUN", "PROPN", "X", "ADJ", "NUM", "SYM"} or (inner and word.upos != "PROPN"):
        return None
    if is_fictional(sentence, head):
        return None
    if is_demonym(sentence, head):
        return _office_mention(number, sentence, head, word.text.lower())
    office = office_at(sentence, head)
    if office is not None:
        return _office_mention(number, sentence, head, office)
    run = name_run(sentence, head, known)
    loose_honorific = run is None and is_honorific(word) and word.upos == "PROPN" and not is_titled(sentence, head)
    if loose_honorific or (inner and (run is None or not _named_inside(sentence, head))):
        return None
    alone = run == (head, head) and determiner(sentence, head) == "indefinite"  # "a Hale"
    if run is None or (alone and not is_described_person(sentence, head, entities, known.surnames)):
        return _noun(number, sentence, head)
    return _name(article, number, sentence, head, run, entities, known)


def _office_mention(number: SentenceIndex, sentence: Sentence, head: int, role: str) -> Mention:
    """Build the mention of a person by the office `role`, whatever the word at its head is."""
    return replace(_noun(number, sentence, head), role=role, kind="person", gender=person_words().roles.get(role))


def _noun(number: SentenceIndex, sentence: Sentence, head: int) -> Mention:
    word = sentence.words[head]
    role = "person" if is_aged(sentence, head) else hyphenated_role(sentence, head) or role_of(word)
    words = modifiers(sentence, head)
    position = bool(words & word_list("speakers", "before_positions")) and role in word_list("speakers", "positions")
    return Mention(
        sentence=number,
        head=head,
        span=word.span,
        form="noun",
        kind="person" if position else kind_of_noun(role, plural=is_plural(word)),
        function=_function(sentence, head),
        role=role,
        modifiers=words,
        determiner="indefinite" if role in {"one", "another"} else determiner(sentence, head),  # each time another
        owner=owner(sentence, head),
        affiliation=affiliation_of(sentence, head),
        gender=person_words().roles.get(role),
        plural=is_plural(word),
    )


def _name(
    article: Article,
    number: SentenceIndex,
    sentence: Sentence,
    head: int,
    run: tuple[int, int],
    entities: Sequence[Entity],
    known: KnownNames,
) -> Mention | None:
    """Return the mention by the name at `run`, or None if it is a date, a number or a part in a play."""
    near = _entities_of_name(sentence, head, run, entities)
    genitive = is_genitive(sentence, head, run)
    span = span_of_name(article, sentence, head, run, near, genitive=genitive)
    text = " ".join(_NICKNAME.sub("", article.slice(span)).split())
    if not any(map(str.isalpha, text)) or is_elected(sentence, run):
        return None  # "2-1", "President" in "President-elect"
    says = _says(sentence, head)
    is_surname = text in known.surnames and run[0] == head
    if text.lower().rstrip(".") in organization_words().calendar and not (is_surname or says):
        return None
    titles = _titles(sentence, head, run[0])
    if is_performance(sentence, head, titles) and not says:
        return None
    role = "" if run[0] <= head <= run[1] else role_of(sentence.words[head])
    company = "" if titles else company_noun(sentence, run[0])
    name = NameInSentence(sentence, head, run, text, titles, role, company, near, genitive)
    aged = sentence.words[head].relation == "nsubj" and _AGE_AFTER.match(article.text, span.end) is not None
    kind = kind_of_name(name, is_person=text in known.given or aged)
    acronym = _ACRONYM_AFTER.match(article.text, span.end)
    return Mention(
        sentence=number,
        head=head,
        span=span,
        form="name",
        kind=kind,
        function=_function(sentence, head),
        name=text,
        role=role or (company if kind != "place" else ""),
        titles=titles,
        modifiers=modifiers(sentence, head),
        determiner=determiner(sentence, head),
        owner=owner(sentence, head),
        affiliation=affiliation_of_titled(sentence, head, run[0]) if titles else None,
        gender=_gender(text, titles) if kind in {"person", "unknown"} else None,
        acronym=acronym.group(1) if acronym else None,
    )


def _entities_of_name(
    sentence: Sentence, head: int, run: tuple[int, int], entities: Sequence[Entity]
) -> Sequence[Entity]:
    """Return the named entities that overlap the name at `run` and are about it alone."""
    bare = Span(sentence.words[run[0]].span.start, sentence.words[run[1]].span.end)
    near = [entity for entity in entities if entity.span.overlaps(bare)]
    word = sentence.words[head]
    if word.relation in PREMODIFIERS and word.head not in range(run[0], run[1] + 1):  # "Utah Republican" is not Utah
        near = [entity for entity in near if not entity.span.contains(sentence.words[word.head].span)]
    if any(entity.span != bare for entity in near):  # "envoy to Oria Dan Roth"
        near = [entity for entity in near if not _is_divided(sentence, entity)]
    return near


def _says(sentence: Sentence, head: int) -> bool:
    """Return whether the word at `head` is the subject of "said" or "told": "May said" is not a month."""
    word = sentence.words[head]
    return (
        word.relation == "nsubj"
        and word.head > head
        and sentence.words[word.head].lemma.lower() in word_list("speakers", "saying")
    )


def _is_divided(sentence: Sentence, entity: Entity) -> bool:
    inside = entity_positions(sentence, entity)
    return len(inside) > 1 and divided(sentence, inside[0], inside[-1])


def _named_inside(sentence: Sentence, head: int) -> bool:
    """Return whether the modifier at `head` ends a separate name: "Kremlin" in "a Kremlin statement"."""
    word = sentence.words[head]
    outer = name_run(sentence, word.head)
    if outer is not None and head == outer[0] - 1 and word.deprel == "nmod:desc" and DOER.search(word.text):
        return False  # "Baker Ann Cole"
    following = sentence.words[head + 1] if head + 1 < len(sentence.words) else word
    goes_on = following.head == word.head and following.relation == "compound" and following.upos == "PROPN"
    return not goes_on and (outer is None or not outer[0] <= head <= outer[1])


def _titles(sentence: Sentence, head: int, first: int) -> tuple[str, ...]:
    """Return the titles directly before the name that begins at `first`, in lower case."""
    role = hyphenated_role(sentence, first - 1)  # "President-elect Ana Ruiz"
    if role is not None:
        return (role,)
    found = list[str]()
    for position in range(first - 1, -1, -1):
        word = sentence.words[position]
        if word.relation in {"punct", "det", "cc"} or len(found) == _MAX_TITLES:
            break
        if is_title(word):
            found.insert(0, word.text.lower().rstrip("."))
        elif position < head - _TITLE_REACH or not _can_join_titles(word, has_title=bool(found)):
            break
    return tuple(found)


def _can_join_titles(word: Word, *, has_title: bool) -> bool:
    """Return whether the word can stand among titles: "Minister *of State* Ana Ruiz", not "the Prince*'s* mother"."""
    if word.relation == "case":
        return has_title and word.text.lower() not in POSSESSIVE_ENDINGS
    return word.relation in {"compound", "amod", "nmod"}


def _gender(name: str, titles: Sequence[str]) -> Gender | None:
    known = person_words()
    for title in titles:
        gender = known.honorifics.get(title) or known.roles.get(title)
        if gender:
            return gender
    return gender_of_name(name)


def _function(sentence: Sentence, head: int) -> GrammaticalFunction:
    """Return the grammatical function of the phrase; a coordinated phrase has that of the first."""
    word = sentence.words[head]
    for _ in range(4):
        if word.relation not in {"conj", "appos", "flat"} or word.head < 0:
            break
        head, word = word.head, sentence.words[word.head]
    if word.relation in {"nsubj", "csubj"}:
        in_adverbial = word.head >= 0 and sentence.words[word.head].relation == "advcl"
        return "aside" if in_adverbial else "subject"  # "Although Ortiz fought it, …"
    if word.deprel == "obl:agent":
        in_passing = sentence.words[word.head].relation == "acl"  # "the memo, obtained by the Post,"
        return "other" if in_passing else "subject"
    if word.relation in OBJECTS:
        return "object"
    if word.deprel == "nmod:poss":
        return "owner"
    if word.relation in PREMODIFIERS or word.deprel == "nmod:desc":
        return "modifier"
    return "modifier" if is_example(sentence, head) else "other"

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
from service.extraction.rules.office_repairs import divided, positions
from service.extraction.speakers.name_runs import KnownNames, is_genitive_name, name_run, name_span
from service.extraction.speakers.names import begins_with_saint, family_stands_first, gender_of_name, looks_like_acronym
from service.extraction.speakers.offices import (
    has_possessive_name,
    is_demonym,
    is_example,
    is_fictional,
    is_performance,
    is_titled,
    kind_in_context,
    office_at,
    owner_in_name,
)
from service.extraction.wordlists import (
    Gender,
    company_nouns,
    is_known_body,
    nations,
    organization_words,
    person_words,
    word_list,
)
from service.input.article import Article, Span
from service.parsing.tree import Entity, Parse, Sentence, SentenceIndex, Word

Form = Literal["name", "pronoun", "noun"]
Kind = Literal["person", "organization", "place", "group", "document", "unknown"]
GrammaticalFunction = Literal["subject", "aside", "object", "owner", "modifier", "other"]  # aside: its subject

_ACRONYM_AFTER = re.compile(r"\s*\(\s*(?:the\s+)?([A-Z][\w.&-]{1,9})\s*[),;]")
_NICKNAME = re.compile(r"(?<=\w)\s+[\"“‘'][^\"”’']+[\"”’'](?=\s+\w)")  # Joe “The Hammer” Hart is Joe Hart
_AGE_AFTER = re.compile(r",\s(?:aged\s)?\d{2},")
_INVENTED = 7  # minimum length of an invented company name
_INNER = frozenset({"compound", "amod", "nummod"})
_POSSESSIVE = frozenset({"'s", "’s", "'", "’"})  # of "Prince's mother Ana Ruiz"
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
        last = bisect_right(starts, sentence.span.end)
        entities = parse.entities[first:last]
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
    inner = word.relation in _INNER or word.deprel == "nmod:desc"
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
    alone = run == (head, head) and not (head and is_title(sentence.words[head - 1]))  # unlike "a tearful Mr Hale"
    if run is None or (alone and determiner(sentence, head) == "indefinite"):
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
        kind="person" if position else _noun_kind(role, is_plural(word)),
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
    word, inner = sentence.words[head], sentence.words[head].relation in _INNER
    bare = Span(sentence.words[run[0]].span.start, sentence.words[run[1]].span.end)
    near = [entity for entity in entities if entity.span.overlaps(bare)]
    if inner and word.head not in range(run[0], run[1] + 1):  # the recognizer's "Utah Republican" is not Utah
        near = [entity for entity in near if not entity.span.contains(sentence.words[word.head].span)]
    if any(entity.span != bare for entity in near):  # "envoy to Oria Dan Roth"
        near = [one for one in near if not _is_divided(sentence, one)]
    span = _with_article_of_masthead(article, name_span(article, sentence, run, near))
    genitive = is_genitive_name(sentence, head, run) or has_possessive_name(sentence, run[1])
    if genitive:
        span = Span(span.start, sentence.words[run[1] + 1].span.end)
    if run[0] == head and (owned_by := owner_in_name(sentence, head)) is not None:
        span = Span(sentence.words[owned_by].span.start, span.end)
    name = " ".join(_NICKNAME.sub("", article.slice(span)).split())
    is_surname = (name in known.surnames and run[0] == head) or _says(sentence, head)
    is_date = name.lower().rstrip(".") in organization_words().calendar and not is_surname
    if not any(map(str.isalpha, name)) or is_date or is_elected(sentence, run):
        return None  # "2-1", "Monday", "President" in "President-elect"
    titles = _titles(sentence, head, run[0])
    role = "" if run[0] <= head <= run[1] else role_of(word)
    kind = "organization" if role in organization_words().named_by else _name_kind(name, titles, near)
    if is_performance(sentence, head, titles) and not _says(sentence, head):
        return None
    at_saint = word.relation in {"obl", "nmod"} and begins_with_saint(name)
    if kind in {"person", "unknown"} and not titles and (genitive or at_saint):
        kind = "organization"  # "at St. Jude’s", "Macy’s said"
    aged = word.relation == "nsubj" and _AGE_AFTER.match(article.text, span.end) is not None
    if kind == "place" and (name in known.given or aged):
        kind = "person"  # Jordan, after Jordan Leigh; "Jordan, 33, said"
    if not titles and not genitive:
        kind = kind_in_context(sentence, head, name, kind) or kind
    if kind in {"person", "unknown", "organization"} and not titles and _is_company(sentence, run[0] - 1):
        kind = "organization"  # "the airline Skyvel"
        role = role or role_of(sentence.words[run[0] - 1])
    if kind == "person" and not titles and looks_like_acronym(name):
        kind = "unknown"  # recognizers often label agencies' acronyms as persons; but JFK is a person
    if not titles and is_plural(word) and name.endswith("s") and (kind == "unknown" or _is_people(word)):
        kind = "group"  # Republicans, Americans, whatever their entity label
    after = _ACRONYM_AFTER.match(article.text, span.end)
    return Mention(
        sentence=number,
        head=head,
        span=span,
        form="name",
        kind=kind,
        function=_function(sentence, head),
        name=name,
        role=role,
        titles=titles,
        modifiers=modifiers(sentence, head),
        determiner=determiner(sentence, head),
        owner=owner(sentence, head),
        affiliation=affiliation_of_titled(sentence, head, run[0]) if titles else None,
        gender=_gender(name, titles) if kind in {"person", "unknown"} else None,
        acronym=after.group(1) if after else None,
    )


def _says(sentence: Sentence, head: int) -> bool:
    """Return whether the word at `head` is the subject of "said" or "told": "May said" is not a month."""
    word = sentence.words[head]
    return (
        word.relation == "nsubj"
        and word.head > head
        and sentence.words[word.head].lemma.lower() in word_list("speakers", "saying")
    )


def _is_divided(sentence: Sentence, entity: Entity) -> bool:
    inside = positions(sentence, entity)
    return len(inside) > 1 and divided(sentence, inside[0], inside[-1])


def _is_company(sentence: Sentence, position: int) -> bool:
    """Return whether the word directly before a name, at `position`, marks it as a company or organization."""
    if position < 0:
        return False
    word = sentence.words[position]
    inside = word.relation in {"compound", "nmod", "flat"} or word.deprel == "nmod:desc"
    apposed = _is_apposition(sentence, position)
    if not (inside or apposed) or not word.text.islower():
        return False
    role = role_of(word)
    return role in company_nouns() or (apposed and role in organization_words().heads)


def _is_apposition(sentence: Sentence, position: int) -> bool:
    """Return whether the name directly after the noun at `position` is its apposition: "the airline Skyvel", but not
    "At the committee Diana Johnson"."""
    name = sentence.words[position + 1] if position + 1 < len(sentence.words) else None
    if name is None or name.text.lower() in person_words().given:
        return False
    return name.head == position and name.relation in {"appos", "flat"}


def _is_people(word: Word) -> bool:
    """Return whether the plural denotes people by nationality, party or religion: "Democrats", "Muslims"."""
    singular = word.text.lower().removesuffix("s")
    named = singular in nations() or singular in word_list("names", "believers")
    return named or role_of(word) in person_words().roles


def _named_inside(sentence: Sentence, head: int) -> bool:
    """Return whether the modifier at `head` ends a separate name: "Kremlin" in "a Kremlin statement"."""
    word = sentence.words[head]
    outer = name_run(sentence, word.head)
    if outer is not None and head == outer[0] - 1 and word.deprel == "nmod:desc" and DOER.search(word.text):
        return False  # "Baker Ann Cole"
    following = sentence.words[head + 1] if head + 1 < len(sentence.words) else word
    goes_on = following.head == word.head and following.relation == "compound" and following.upos == "PROPN"
    return not goes_on and (outer is None or not outer[0] <= head <= outer[1])


def _with_article_of_masthead(article: Article, span: Span) -> Span:
    """Extend `span` to a preceding "The" that is part of the name: The Harbor Times."""
    start = span.start - len("The ")
    last = article.slice(span).split()[-1:]
    own = (
        start >= 0
        and article.text[start : span.start] == "The "
        and last
        and last[0].lower() in organization_words().mastheads
    )
    return Span(start, span.end) if own else span


def _titles(sentence: Sentence, head: int, first: int) -> tuple[str, ...]:
    """Return the titles directly before the name that begins at `first`, in lower case."""
    found, position, words = list[str](), first - 1, sentence.words
    role = hyphenated_role(sentence, position)  # "President-elect Ana Ruiz"
    while role is None and position >= 0 and words[position].relation not in {"punct", "det", "cc"} and len(found) < 6:
        if is_title(words[position]):
            found.insert(0, words[position].text.lower().rstrip("."))
        elif (
            words[position].relation not in {"compound", "amod", "nmod", "case"}
            or position < head - 8
            or (words[position].relation == "case" and (not found or words[position].text.lower() in _POSSESSIVE))
        ):
            break
        position -= 1
    return tuple(found) if role is None else (role,)


def _name_kind(name: str, titles: Sequence[str], entities: Sequence[Entity]) -> Kind:
    """Return the kind of a named referent. Words that decide the kind take precedence over the entity recognizer."""
    lower = name.lower().removeprefix("the ")
    words = organization_words()
    parts = lower.replace(".", "").split()
    if not parts:
        return "unknown"
    if lower in nations() or lower.replace(".", "") in nations():
        return "place"
    if lower in words.metonyms or "&" in parts[1:-1]:
        return "organization"
    ends = parts.index("of") - 1 if "of" in parts[1:] else len(parts) - 1  # the Christian Association of Oria
    heads, end = words.heads, parts[ends]
    if len(parts) > 1 and (end in heads or end in words.company_suffixes or parts[0] in heads):
        return "organization"
    if titles:
        return "person"
    if len(parts) > 1 and begins_with_saint(name) and (len(parts) > 2 or {one.kind for one in entities} != {"person"}):
        return "organization"  # a church, a hospital, a club: St. Jude’s
    if len(parts) > 1 and parts[0] in person_words().fields:
        return "organization"  # Health Canada
    if is_known_body(name.removeprefix("The ")) and lower not in person_words().given:
        return "organization"
    if gender_of_name(name):
        return "person"
    kinds = {entity.kind for entity in entities}
    if kinds <= {"person"} and len(lower) >= _INVENTED and lower.endswith(words.body_endings) and lower.isalpha():
        return "organization"  # "Velmart", whatever its entity label
    for kind in ("person", "organization", "place"):
        if kinds == {kind}:
            return kind
    if "organization" in kinds:
        return "organization"
    return "unknown"


def _noun_kind(role: str, plural: bool) -> Kind:
    """Return the kind of a common noun's referent, from the word alone."""
    people, words = person_words(), organization_words()
    if role in words.collectives:
        return "group"
    if role in people.roles or role in people.epithets:
        return "group" if plural else "person"
    if role in words.heads or role in words.generic or role in words.companies:
        return "group" if plural else "organization"
    return "document" if role in words.documents else "unknown"


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
    if word.relation in {"obj", "iobj"}:
        return "object"
    if word.deprel == "nmod:poss":
        return "owner"
    if word.relation in {"compound", "amod", "nummod"} or word.deprel == "nmod:desc":
        return "modifier"
    return "modifier" if is_example(sentence, head) else "other"

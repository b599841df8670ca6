"""Boundaries of proper names in a phrase, and the titles before them.

Dependency trees are not fully reliable, so capital letters count as evidence next to tags, relations and named
entities.
"""

import re
from collections.abc import Sequence
from itertools import islice
from typing import NamedTuple

from service.extraction.noun_phrases import (
    DOER,
    determiner,
    is_honorific,
    is_plural,
    is_title,
    role_of,
)
from service.extraction.quotations.mark_parsing import through_nicknames
from service.extraction.wordlists import nations, organization_words, person_words, title_words, word_list
from service.input.article import Article, Span
from service.parsing.tree import Entity, Sentence, Word

_LONGEST_PART = 30  # code points
_FIRST_PART = re.compile(r"(?<![\w-])(?P<part>[A-Z][a-z]*-?)(?:(?<=-)[A-Z]|(?<!-)-)\Z")  # before a hyphen inside a name
_DEEPEST = 4  # levels below the head of a name: "Ch Insp Ana Ruiz"
_PARTS = frozenset({"compound", "amod", "flat", "nummod", "goeswith"})
_POSSESSIVE = frozenset({"'s", "’s"})
_NAME_PREPOSITIONS = frozenset({"of", "for", "on"})


def is_capital(word: Word) -> bool:
    """Return whether the word begins with a capital letter or a digit."""
    begins = word.text[:1].isupper() or (word.text[:1].isdigit() and word.upos == "PROPN")
    return begins or ("-" in word.text[:3] and not word.text.islower())  # al-Amin, "-", not co-author


class KnownNames(NamedTuple):
    """Words that an article uses as names: all `proper` nouns, and the `surnames` and `given` names of people named
    in full."""

    proper: frozenset[str] = frozenset()
    surnames: frozenset[str] = frozenset()
    given: frozenset[str] = frozenset()


_NONE_KNOWN = KnownNames()


def name_run(sentence: Sentence, head: int, known: KnownNames = _NONE_KNOWN) -> tuple[int, int] | None:
    """Return the first and last position of the name that contains `head` or belongs to its phrase.

    A name is the continuous run of capitalized words around the head, without the titles and honorifics before it. A
    common noun has the name in its phrase ("the Chosun Ilbo newspaper", "news agency TASS"). `known` are words used as
    names elsewhere in the article; they count as names at the beginning of a sentence too, such as "Judge" for Jesse
    Judge. Returns None if the phrase contains no name.
    """
    words = sentence.words
    if _is_surname(sentence, head, known):
        return head, head
    if head + 2 < len(words) and is_capital(words[head]) and (bearer := _addressed_after(sentence, head)) is not None:
        return bearer
    counts = head == 0 and words[0].upos == "NUM" and words[0].text.isalpha()  # "One of the men said"
    is_name = (is_capital(words[head]) and not counts) or _begins_with_particle(sentence, head)
    if not is_name or words[head].upos not in {"PROPN", "NOUN", "ADJ", "X", "VERB", "NUM"}:
        return _name_in_phrase(sentence, head)
    if words[head].upos == "NOUN" and (
        (is_common(words[head]) and not _is_masthead(sentence, head))
        or (head == 0 and words[head].text not in known.proper)
    ):
        return _name_in_phrase(sentence, head) if _is_role_of_name(sentence, head) else None
    first = last = head
    while last + 1 < len(words) and _continues(sentence, head, last + 1):
        last += 1
    letters = person_words().letters
    while last > head and (
        words[last].text.lower() in word_list("names", "inside") or words[last].text.lower() in letters
    ):
        last -= 1
    flat = any(words[child].relation == "flat" for child in sentence.children(head))
    while first > 0 and not flat and _belongs(sentence, head, first - 1) and is_capital(words[first - 1]):
        first -= 1
        if _joined_before(sentence, head, first):
            first -= 2
    if first > 0 and words[first - 1].text.lower().rstrip(".") in word_list("names", "saints"):
        first -= words[first - 1].head in range(first, last + 1)
    if first == last == head and _is_field_of(words, head):
        return head - 1, head
    if not flat and first == last == head and _calls_by_name(words, head):
        return head + 1, head + 1
    if not flat and _ends_in_role(sentence, first, last):
        return None
    named = through_nicknames(sentence, list(range(first, last + 1)))
    first, last = named[0], named[-1]
    begins = first
    first += _unknown_role(sentence, first, last)
    while first < last and (is_title(words[first]) or is_honorific(words[first])) and not _organization(words, last):
        if first == last - 1 and (_is_given(sentence, first, last) or _is_given_after_role(sentence, first)):
            break
        first += 1
    field = first > begins and words[first - 1].text.lower() in person_words().fields
    if field and not is_honorific(words[first - 1]):
        first = begins  # "Health Oria": the modifier of a title is not a title by itself
    return first, last


def _begins_with_particle(sentence: Sentence, head: int) -> bool:
    """Return whether a surname begins with the word in lower case at `head`: "von der Leyen said"."""
    if sentence.words[head].text not in word_list("names", "particles"):
        return False
    flat = [sentence.words[child] for child in sentence.children(head) if sentence.words[child].relation == "flat"]
    return bool(flat) and is_capital(flat[-1])


def _unknown_role(sentence: Sentence, first: int, last: int) -> int:
    """Return 1 if the sentence begins with an unlisted role before a full name ("Harpist Celia Bourne"), else 0."""
    word, known = sentence.words[first], person_words()
    if first > 0 or last < 2 or not DOER.search(word.text) or word.text.lower() in known.given:
        return 0
    described = word.deprel == "nmod:desc" and word.head == 1
    return int(described or sentence.words[1].text.lower() in known.given)


def _is_given(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether a word listed as a role is parsed as the first part of a name: "Hunter Cole", "Fan Mengwei"."""
    word, known = sentence.words[first], person_words()
    lower = word.text.lower()
    listed = lower in known.given or lower in known.family_first
    return listed and lower not in known.titles and sentence.words[last].deprel == "flat"


def _is_given_after_role(sentence: Sentence, first: int) -> bool:
    """Return whether a given name that is a title too follows another role: "Watch manager Dean Proctor"."""
    words, given = sentence.words, person_words().given
    role = first > 0 and is_title(words[first - 1]) and not is_honorific(words[first - 1])
    return role and words[first].text.istitle() and words[first].text.lower() in given


def _addressed_after(sentence: Sentence, head: int) -> tuple[int, int] | None:
    """Return the name after a role and an honorific, whichever word is the head: "Passenger Dr Ana Ruiz"."""
    words = sentence.words
    first = head + 2
    if role_of(words[head]) not in person_words().roles or not is_honorific(words[head + 1]):
        return None
    last = head + 1
    while (
        last + 1 < len(words) and is_capital(words[last + 1]) and words[last + 1].relation in {"flat", "appos", "nmod"}
    ):
        last += 1
    return (first, last) if last >= first and words[first].head == head else None


def _is_field_of(words: Sequence[Word], head: int) -> bool:
    """Return whether the word before `head` is the first word of an organization's name: "Health Canada"."""
    before = words[head - 1] if head > 0 else words[head]
    adjacent = before.head == head and (before.deprel == "nmod:desc" or before.relation in _PARTS)
    return adjacent and before.text.istitle() and before.text.lower() in person_words().fields


def _is_surname(sentence: Sentence, head: int, known: KnownNames) -> bool:
    """Return whether the word at `head` is a lone capitalized word that is a surname in this article."""
    word = sentence.words[head]
    return (
        word.text in known.surnames
        and (role_of(word) in person_words().roles or is_title(word) or is_honorific(word) or word.upos == "NOUN")
        and not any(child < head for child in sentence.children(head) if sentence.words[child].relation != "punct")
        and not any(
            sentence.words[child].relation in {"flat", "compound", "appos"}
            for child in sentence.children(head)
            if child == head + 1
        )
        and word.relation not in _PARTS
    )


def _is_masthead(sentence: Sentence, head: int) -> bool:
    """Return whether a capitalized word inside a sentence is the short name of a newspaper: "the Post"."""
    word = sentence.words[head]
    return head > 0 and word.text.lower() in organization_words().mastheads and determiner(sentence, head) == "definite"


def _calls_by_name(words: Sequence[Word], head: int) -> bool:
    """Return whether the word at `head` is a title followed by a capitalized name, whatever the tree says."""
    title = words[head].upos == "PROPN" and (is_honorific(words[head]) or is_title(words[head]))
    following = words[head + 1] if title and head + 1 < len(words) else None
    return following is not None and following.text.istitle() and following.upos in {"ADJ", "ADV", "NOUN", "VERB", "X"}


def _is_role_of_name(sentence: Sentence, head: int) -> bool:
    """Return whether the word is a role that the parser took for the first word of the name: "Actor Ben Lund"."""
    words = sentence.words
    name = words[head + 1] if head + 1 < len(words) else None
    flat = name is not None and name.upos == "PROPN" and name.relation == "flat" and name.head == head
    return flat and role_of(words[head]) in person_words().roles


def is_common(word: Word) -> bool:
    """Return whether the word is a known common noun, even if it is capitalized."""
    role, known = role_of(word), organization_words()
    return role in person_words().roles or role in known.heads or role in known.documents or role in known.collectives


def _ends_in_role(sentence: Sentence, first: int, last: int) -> bool:
    """Return whether the capitalized run is a role, not a name: "the President", "Mr.", "the Court", but not "the
    Senate"."""
    word = sentence.words[last]
    if first == last > 0 and is_honorific(sentence.words[last - 1]) and role_of(word) not in person_words().titles:
        return False  # Ms. Boxer, Mr. Farmer; not Mr. President
    known = organization_words()
    if first < last and word.text.lower() in known.media_names and determiner(sentence, last) == "definite":
        return False  # the Stage Reporter
    if is_title(word) and not _organization(sentence.words, last):
        return True
    head = role_of(word) in known.heads and word.text.lower() not in known.metonyms
    return first == last and head and determiner(sentence, last) == "definite"


def _organization(words: Sequence[Word], last: int) -> bool:
    """Return whether the last word of the run typically ends an organization's name ("Home Office", "Press
    Association")."""
    lower = words[last].text.lower().rstrip(".")
    return lower in organization_words().heads or lower in organization_words().company_suffixes


def _belongs(sentence: Sentence, head: int, position: int) -> bool:
    """Return whether the word at `position` is in the phrase of `head` and can be part of a name."""
    word, end = sentence.words[position], sentence.words[head]
    if word.relation == end.relation == "compound" and word.head == end.head:
        return True  # two compounds of one noun: "White" and "House" in "White House statement"
    at = position
    for _ in range(3):
        joined = word.relation == "conj" and _organization(sentence.words, head)
        if word.relation not in _PARTS and not joined and not (word.upos == "PUNCT" and word.text in {"-", "–"}):
            return False
        at = word.head
        if at == head:
            return True
        if at < 0:
            return False
        word = sentence.words[at]
    return False


def _joined_before(sentence: Sentence, head: int, first: int) -> bool:
    """Return whether the word at `first` is coordinated inside an organization's name: "Hill and Valley Chamber of
    Commerce"."""
    words = sentence.words
    if first < 2 or words[first - 1].relation != "cc" or not _organization(words, head):
        return False
    joined = words[first].head == first - 2 or (words[first].relation == "compound" and words[first].head == head)
    return joined and is_capital(words[first - 2]) and _belongs(sentence, head, first - 2)


def _continues(sentence: Sentence, head: int, position: int) -> bool:
    """Return whether the name of `head` continues with the word at `position`."""
    words = sentence.words
    word = words[position]
    if word.relation == "flat" and head in islice(sentence.ancestors(position), _DEEPEST):
        return is_capital(word) or word.text.lower() in word_list("names", "inside") or word.upos in {"PUNCT", "PROPN"}
    if word.upos in {"PUNCT", "PROPN"} and word.text.endswith("-"):
        joined = position + 1 < len(words) and words[position + 1].span.start == word.span.end
        return joined and (is_capital(word) if len(word.text) > 1 else _is_part(words, position))
    if words[position - 1].text.endswith("-") and words[position - 1].upos in {"PUNCT", "PROPN"}:
        return words[position - 1].span.end == word.span.start
    of = next((c for c in sentence.children(head) if c > head and _of_name(sentence, c)), None)
    if of is None or role_of(words[head]) not in organization_words().heads:
        return False
    inside = position <= max(sentence.subtree(of)) and (
        is_capital(word) or word.text.lower() in word_list("names", "inside")
    )
    return inside and word.relation not in {"appos", "acl", "punct"}


def _is_part(words: Sequence[Word], hyphen: int) -> bool:
    """Return whether the hyphen follows its word without a space ("Jong-un")."""
    return hyphen > 0 and words[hyphen - 1].span.end == words[hyphen].span.start


def _of_name(sentence: Sentence, position: int) -> bool:
    """Return whether the word at `position` ends a capitalized "of" or "for" phrase: "of Justice", "for Disease
    Control"."""
    word = sentence.words[position]
    if word.relation != "nmod" or not is_capital(word):
        return False
    case = sentence.child(position, "case")
    return case is not None and sentence.words[case].text.lower() in _NAME_PREPOSITIONS


def _next_to(noun: Word, name: Word, head: int) -> bool:
    """Return whether the name directly after the noun at `head` belongs to the same phrase."""
    inside = name.head == head and name.relation in {"flat", "appos", "compound", "nmod"}
    return is_capital(name) and (inside or (name.head == noun.head and name.deprel == noun.deprel == "nsubj"))


def _name_in_phrase(sentence: Sentence, head: int) -> tuple[int, int] | None:
    """Return the name in the phrase of a common noun that denotes the same referent."""
    words = sentence.words
    following = head + 1
    if following < len(words) and words[following].upos == "PROPN" and _next_to(words[head], words[following], head):
        # the parser made the role the head or a second subject: "news agency TASS", "spokesman John Smith"
        last = following
        while last + 1 < len(words) and (
            _continues(sentence, following, last + 1)
            or (words[last + 1].head == head and words[last + 1].relation == "flat" and is_capital(words[last + 1]))
        ):
            last += 1
        named = through_nicknames(sentence, list(range(following, last + 1)))
        return named[0], named[-1]
    if role_of(words[head]) not in organization_words().named_by or is_plural(words[head]):
        return None
    last = head - 1
    while last >= 0 and not is_capital(words[last]) and words[last].relation == "compound":
        last -= 1  # "news" in "Yonhap news agency"
    first = last + 1
    while first > 0 and is_capital(words[first - 1]) and words[first - 1].relation in _PARTS:
        first -= 1
    if (
        first > last
        or words[last].upos == "ADJ"
        or (words[last].upos == "NOUN" and last == 0)  # "Advocacy group"
        or words[last].text.lower().replace(".", "") in word_list("names", "unions")  # "the UN health agency"
        or " ".join(w.text.lower() for w in words[first : last + 1]) in nations()
    ):
        return None
    return first, last


def name_span(article: Article, sentence: Sentence, run: tuple[int, int], entities: Sequence[Entity]) -> Span:
    """Return the characters of the name at `run`, extended to the named entity around it.

    For a person, a role before the name or a title excluded from the run is not added back ("Keeper Daniel Osei").
    """
    span = Span(_with_first_part(article, sentence.words[run[0]].span.start), sentence.words[run[1]].span.end)
    described = _is_described(sentence, run)
    for entity in entities:
        wider = _capital_part(article, entity.span)
        if described and entity.kind == "person" and wider.start < span.start:
            continue
        if wider.contains(span) and wider != span and (entity.kind != "person" or _plain_name(article.slice(wider))):
            return wider
    return span


def _with_first_part(article: Article, start: int) -> int:
    """Return where a name begins that the tree begins at its hyphen or after it: "T-Mobile", "Register-Guard"."""
    before = _FIRST_PART.search(article.text[max(0, start - _LONGEST_PART) : start + 1])
    return start if before is None else start - len(before["part"])


def _is_described(sentence: Sentence, run: tuple[int, int]) -> bool:
    """Return whether the word before a name of several words is a role, judged by the tree or its ending."""
    if run[0] == 0 or run[0] == run[1]:
        return False
    before = sentence.words[run[0] - 1]
    role = before.deprel == "nmod:desc" or (run[0] == 1 and DOER.search(before.text) is not None)
    return role and before.text.lower() not in person_words().given


def _plain_name(text: str) -> bool:
    """Return whether a person entity contains only name words, without titles or roles."""
    words = text.split()
    return len(words) < 6 and all(
        word.isalpha()
        and title_words().isdisjoint((word.lower(), word.lower().removesuffix("s")))
        and (word.istitle() or (0 < at < len(words) - 1 and word in word_list("names", "particles")))
        for at, word in enumerate(words)
    )


def _capital_part(article: Article, span: Span) -> Span:
    """Strip words from both ends of `span` that names do not begin or end with (the, news agency, 's)."""
    start = span.start
    text = article.slice(span)
    words = [
        match for match in re.finditer(r"[^\s]+", text) if match.group()[:1].isupper() or match.group()[:1].isdigit()
    ]
    if not words:
        return Span(start, start)
    if words[0].group() == "The" and len(words) > 1:
        words = words[1:]
    owned = [index for index, match in enumerate(words[:-1]) if re.search(r"['’]s?$", match.group())]
    if owned:  # "Norway's Supreme Court": the owner is not part of the name
        words = words[owned[-1] + 1 :]
    trimmed = re.sub(r"['’]s?$|[),;:]+$", "", text[words[0].start() : words[-1].end()])
    return Span(start + words[0].start(), start + words[0].start() + len(trimmed))


def is_genitive_name(sentence: Sentence, head: int, run: tuple[int, int]) -> bool:
    """Return whether a possessive ending belongs to the name, because a verb of its own follows: "Macy*’s* said"."""
    word, ending = sentence.words[head], run[1] + 1
    if word.relation != "nsubj" or ending + 1 >= len(sentence.words) or word.head <= ending:
        return False
    possessive = sentence.words[ending].text in _POSSESSIVE and sentence.words[ending].upos == "PART"
    following = sentence.words[ending + 1]  # capitalized in a headline, it is a noun: "Chris Cole’s Exit Marks …"
    return possessive and following.upos in {"VERB", "AUX", "ADV"} and following.text.islower()

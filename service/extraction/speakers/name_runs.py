"""Boundaries of proper names in a phrase, and the titles before them.

Dependency trees are not fully reliable, so capital letters count as evidence next to tags, relations and named
entities.
"""

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
from service.extraction.wordlists import nations, organization_words, person_words, word_list
from service.parsing.tree import Sentence, Word

_SHORTEST_ROLE = 5  # letters: "actor"
_DEEPEST = 4  # levels below the head of a name: "Ch Insp Ana Ruiz"
_NAME_TAGS = frozenset({"PROPN", "NOUN", "ADJ", "X", "VERB", "NUM"})
_PARTS = frozenset({"compound", "amod", "flat", "nummod", "goeswith"})
_NAME_PREPOSITIONS = frozenset({"of", "for", "on"})


def is_capital(word: Word) -> bool:
    """Return whether the word begins with a capital letter or a digit."""
    begins = word.text[:1].isupper() or (word.text[:1].isdigit() and word.upos == "PROPN")
    handle = word.text.startswith("@") and len(word.text) > 1
    return begins or handle or ("-" in word.text[:3] and not word.text.islower())  # al-Amin, "-", not co-author


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
    if not _can_be_in_name(sentence, head):
        return _name_in_phrase(sentence, head)
    if words[head].upos == "NOUN" and _is_only_noun(sentence, head, known):
        return _name_in_phrase(sentence, head) if _is_role_of_name(sentence, head) else None
    flat = any(words[child].relation == "flat" for child in sentence.children(head))
    last = _last_of_run(sentence, head)
    first = _first_of_run(sentence, head, last, flat=flat)
    alone = first == last == head
    if alone and _is_field_of(words, head):
        return head - 1, head
    if alone and not flat and _calls_by_name(words, head):
        return head + 1, head + 1
    if not flat and _ends_in_role(sentence, first, last):
        return None
    named = through_nicknames(sentence, list(range(first, last + 1)))
    return _after_titles(sentence, named[0], named[-1]), named[-1]


def _can_be_in_name(sentence: Sentence, head: int) -> bool:
    """Return whether the word at `head` can be in a name, by its tag and its capital."""
    word = sentence.words[head]
    if word.upos not in _NAME_TAGS:
        return False
    counts = head == 0 and word.upos == "NUM" and word.text.isalpha()  # "One of the men said"
    return (is_capital(word) and not counts) or _begins_with_particle(sentence, head)


def _is_only_noun(sentence: Sentence, head: int, known: KnownNames) -> bool:
    """Return whether the capitalized noun at `head` is a common noun: a known one, or with the capital of a
    sentence."""
    word = sentence.words[head]
    if is_common(word) and not _is_masthead(sentence, head):
        return True
    return head == 0 and word.text not in known.proper


def _last_of_run(sentence: Sentence, head: int) -> int:
    """Return the last word of the name of `head`, which does not end in "of" or in letters like "QC"."""
    words, last = sentence.words, head
    while last + 1 < len(words) and _continues(sentence, head, last + 1):
        last += 1
    inside, letters = word_list("names", "inside"), person_words().letters
    while last > head and ((lower := words[last].text.lower()) in inside or lower in letters):
        last -= 1
    return last


def _first_of_run(sentence: Sentence, head: int, last: int, *, flat: bool) -> int:
    """Return the first capitalized word of the name of `head`, titles included; with `flat`, `head` begins it."""
    words, first = sentence.words, head
    while first > 0 and not flat and _belongs(sentence, head, first - 1) and is_capital(words[first - 1]):
        first -= 1
        if _joined_before(sentence, head, first):
            first -= 2
    if first > 0 and words[first - 1].text.lower().rstrip(".") in word_list("names", "saints"):
        first -= words[first - 1].head in range(first, last + 1)
    return first


def _after_titles(sentence: Sentence, begins: int, last: int) -> int:
    """Return the first word of the name in a run of capitalized words: the one after its titles and roles."""
    words = sentence.words
    first = begins + (_unknown_role(sentence, begins, last) or _trade(sentence, begins, last))
    while first < last and (is_title(words[first]) or is_honorific(words[first])) and not _organization(words, last):
        if first == last - 1 and (_is_given(sentence, first, last) or _is_given_after_role(sentence, first)):
            break
        first += 1
    field = first > begins and words[first - 1].text.lower() in person_words().fields
    if field and not is_honorific(words[first - 1]):
        return begins  # "Health Oria": the modifier of a title is not a title by itself
    return first


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
    if len(word.text) < _SHORTEST_ROLE:
        return 0  # "Noor Mohammad Amin"
    described = word.deprel == "nmod:desc" and word.head == 1
    return int(described or sentence.words[1].text.lower() in known.given)


def _trade(sentence: Sentence, first: int, last: int) -> int:
    """Return 1 if the sentence begins with a noun for a company before its name ("Insurer Halden"), else 0."""
    trade = sentence.words[first].text.lower() in word_list("names", "before_companies")
    return int(trade and first == 0 < last and sentence.words[1].text.lower() not in person_words().given)


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
    described = last > 0 and sentence.words[last - 1].head == last and sentence.words[last - 1].text.islower()
    generic = described and word.text.isupper() and sentence.words[last - 1].relation == "compound"  # state TV
    return first == last and head and (generic or determiner(sentence, last) == "definite")


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

"""Comparison of names: surnames and full names, nicknames and initials, acronyms and long forms; names for display."""

import re
from enum import IntEnum
from functools import lru_cache
from unicodedata import normalize

from service.extraction.wordlists import Gender, is_known_body, nations, organization_words, person_words, word_list
from service.input.article import Article, Span
from service.parsing.tree import Sentence

_TOKEN = re.compile(r"[\w&]+(?:['’]\w+)*")
_POSSESSIVE_ENDING = re.compile(r"['’]s?$")
_INNER_DOT = re.compile(r"(?<=\w)\.(?=\w)")
_CACHE_SIZE = 4096  # names; each name in an article is compared with many others
_TAIL = re.compile(
    r", (?:aged )?\d{1,3}\Z|(?:, (?:including|among them|notably|chiefly)| such as)\b.*"
)  # an age, examples
_AFTER_HEAD = "about|against|around|at|behind|for|from|in|near|of|on|to|who|with|without"
# determiners, but not the head of "those in favour" and "some of the drivers"
_LEADING = re.compile(rf"^(?:an?|the|another|some|this|that|these|those|even)\s+(?!(?:{_AFTER_HEAD})\b)", re.IGNORECASE)


class Fit(IntEnum):
    """How well a short name matches a longer one; higher is better."""

    NONE = 0
    INNER = 1  # a given name or middle name
    SURNAME = 2
    FULL = 3  # the same surname and compatible given names
    SAME = 4


@lru_cache(_CACHE_SIZE)
def tokens(name: str) -> tuple[str, ...]:
    """Split `name` into lower-case words without periods, hyphens, a leading "The" and generational suffixes.

    "U.S." is one word, "Jong-un" two and "O'Neil" one; a possessive ending is removed.
    """
    plain = _INNER_DOT.sub("", _POSSESSIVE_ENDING.sub("", name.strip())).replace("’", "'").lower()
    result = tuple(_TOKEN.findall(plain))
    if len(result) > 1 and result[0] == "the":
        result = result[1:]
    return _without_suffix(result)[0]


@lru_cache(_CACHE_SIZE)
def suffix(name: str) -> str | None:
    """Return the generational suffix of `name`, such as "jr" for "Sammy Ortiz Jr.", or None."""
    return _without_suffix(tuple(_TOKEN.findall(name.lower())))[1]


def _without_suffix(found: tuple[str, ...]) -> tuple[tuple[str, ...], str | None]:
    if len(found) > 1 and found[-1] in word_list("names", "suffixes"):
        return found[:-1], found[-1]
    return found, None


def person_fit(short: str, long: str) -> Fit:
    """Compare two names of persons, without their titles: can `short` refer to `long`?"""
    few, many = tokens(short), tokens(long)
    if not few or not many:
        return Fit.NONE
    own, other = suffix(short), suffix(long)
    if own and other and own != other:
        return Fit.NONE
    if few == many:
        return Fit.SAME
    if len(few) > 1:
        if few[-1] == many[-1] and len(many) > 1 and _given_agree(few[:-1], many[:-1]):
            return Fit.FULL
        return Fit.SURNAME if many[-len(few) :] == few and len(few) < len(many) else Fit.NONE
    word = few[0]
    if word == (many[0] if family_stands_first(long) else many[-1]):
        return Fit.SURNAME
    if word == many[-1] and many[0] in person_words().given_too:
        return Fit.SURNAME  # Lee Roy: the surname is Lee or Roy
    return Fit.INNER if word in many and len(word) > 2 else Fit.NONE


def _given_agree(few: tuple[str, ...], many: tuple[str, ...]) -> bool:
    """Return whether the given names can belong to one person: equal, an initial or a nickname.

    Middle names can be missing.
    """
    if any(_one_given(a, b) for a, b in ((few[0], many[0]), (many[0], few[0]))):
        rest, others = few[1:], many[1:]
        return not rest or not others or any(_one_given(a, b) or _one_given(b, a) for a in rest for b in others)
    initials = "".join(word[0] for word in many)
    return len(few) == 1 and 1 < len(few[0]) <= 3 and few[0] == initials


def _one_given(short: str, long: str) -> bool:
    nicknames = person_words().nicknames
    both = nicknames.get(short, frozenset()) & nicknames.get(long, frozenset())
    return (
        short == long or (len(short) == 1 and long.startswith(short)) or long in nicknames.get(short, ()) or bool(both)
    )


def misspelt(short: str, long: str) -> bool:
    """Return whether `short` can be a misspelling of the surname of `long`.

    `short` must have five letters or more and differ by one inserted, deleted or replaced letter, other than the first,
    or by two transposed letters.
    """
    few, many = tokens(short), tokens(long)
    if len(few) != 1 or len(many) < 2:
        return False
    wrong, right = few[0], many[0] if family_stands_first(long) else many[-1]
    if wrong[0] != right[0] or min(len(wrong), len(right)) < 5 or abs(len(wrong) - len(right)) > 1:
        return False
    same = next(
        (at for at, (a, b) in enumerate(zip(wrong, right, strict=False)) if a != b), min(len(wrong), len(right))
    )
    a, b = wrong[same:], right[same:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or (a[:2] == b[1::-1] and a[2:] == b[2:])


def family_stands_first(name: str) -> bool:
    """Return whether the surname in `name` precedes the given name, as in Chinese, Korean and Vietnamese names.

    True if the first word is such a surname and either the last word is none or the given name has two parts ("Kim
    Jong-un"), unless the first word is an English given name too ("Kim Smith").
    """
    words = tokens(name)
    known = person_words()
    if len(words) == 3 and words[0] in known.family_before_two and not known.given.keys() & set(words[1:]):
        return words[-1] not in known.family_first | known.family_before_two or "-" in name
    if len(words) < 2 or words[0] not in known.family_first:
        return False
    if len(words) == 3:
        return words[-1] not in known.family_first or "-" in name
    return len(words) == 2 and words[0] != "kim" and words[-1] not in known.family_first


def gender_of_name(name: str) -> Gender | None:
    """Return the gender of the given name in `name`, or None if it is ambiguous or there is only a surname."""
    words = tokens(name)
    if len(words) < 2 or family_stands_first(name):
        return None
    return _gender_of_given(words[0]) or (_gender_of_given(words[1]) if len(words) > 2 else None)


def _gender_of_given(word: str) -> Gender | None:
    """Return the gender of a given name, with or without its accents: "Hélène"."""
    known = person_words().given
    return known.get(word) or known.get("".join(filter(str.isascii, normalize("NFD", word))))


def begins_with_saint(name: str) -> bool:
    """Return whether the name is one of a church, hospital or club: "St. Jude’s"."""
    return name.split()[0].lower().rstrip(".") in word_list("names", "saints")


def looks_like_acronym(name: str) -> bool:
    """Return whether `name` is one word of two to eight capitals, not counting periods ("KCNA", "U.S.", "NSC")."""
    plain = name.replace(".", "").removeprefix("the ").removeprefix("The ")
    return (
        2 <= len(plain) <= 8
        and plain.isalnum()
        and sum(map(str.isupper, plain)) > len(plain) / 2
        and plain[0].isupper()
    )


def organization_fit(short: str, long: str) -> Fit:
    """Compare two names of organizations: the same words, an acronym, or a part of the longer name."""
    few, many = tokens(short), tokens(long)
    if not few or not many:
        return Fit.NONE
    if suffix(short) != suffix(long):
        return Fit.NONE
    if few == many:
        return Fit.SAME
    if " ".join(few) in nations() or " ".join(many) in nations():
        return Fit.NONE  # a country is not part of another name, and keeps the article's form: the U.S.
    if len(few) == 1 and looks_like_acronym(short) and few[0] in acronyms(many):
        return Fit.FULL
    if len(few) > 1 and len(many) > 1 and _content(few) == _content(many):
        return Fit.FULL  # the Justice Department, the Department of Justice
    if len(few) >= len(many):
        return Fit.NONE
    words = organization_words()
    product = many[-1] == "tv" and is_known_body(short)  # Apple is not Apple TV
    if many[: len(few)] == few and (product or many[-1] in word_list("names", "venues")):
        return Fit.NONE  # the Dodgers are not Dodgers Stadium
    if many[: len(few)] == few:
        rest = many[len(few) :]
        known = words.heads | words.company_suffixes | words.media | {"news", "press", "international", "media"}
        if all(word in known for word in rest):
            return Fit.SURNAME  # Yonhap, Yonhap News Agency
        return Fit.INNER if few[0] not in words.heads and len(few[0]) > 3 else Fit.NONE
    if many[-len(few) :] == few and (len(few) > 1 or few[0] in words.mastheads | words.clubs):
        return Fit.SURNAME  # the National Security Council, the Times, Rovers
    return Fit.NONE


def acronyms(words: tuple[str, ...]) -> frozenset[str]:
    """Return the possible acronyms of a name: with and without function words, and without a final "Inc"."""
    large = [word for word in words if word not in word_list("names", "function_words")]
    cut = [word for word in large if word not in organization_words().company_suffixes]
    return frozenset("".join(word[0] for word in some) for some in (words, large, cut) if len(some) > 1)


def _content(words: tuple[str, ...]) -> frozenset[str]:
    return frozenset(words) - word_list("names", "function_words")


def described_as(article: Article, sentence: Sentence, span: Span) -> str:
    """Return the phrase at `span` as a display name for an unnamed referent.

    The article, line breaks, a sentence-initial capital, and an age or examples at the end are removed.
    """
    whole = " ".join(article.slice(span).split())
    plain = whole.strip(" ,;:") or whole
    first = sentence.words[0]
    lower = first.text.lower()
    begins = span.start == first.span.start and first.text[1:].islower() and lower not in nations()
    general = first.upos in {"NOUN", "DET", "PRON", "NUM"} or lower in word_list("speakers", "quantifiers")
    if begins and (general or f" {lower} " in article.text):
        plain = plain[0].lower() + plain[1:]
    plain = _TAIL.sub("", plain)
    return _LEADING.sub("", plain) or plain

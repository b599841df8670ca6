"""The characters of a name: its words, and what else belongs to it: "*The* Harbor Times", "Macy*’s*", "*U.S.*
Attorney’s Office"."""

import re
from collections.abc import Sequence
from typing import Final

from service.extraction.noun_phrases import DOER, is_plural, role_of
from service.extraction.rules.office_repairs import is_office
from service.extraction.wordlists import (
    is_known_body,
    nations,
    organization_words,
    person_words,
    title_words,
    word_list,
)
from service.input.article import Article, Span
from service.parsing.tree import Entity, Sentence, Word

_LONGEST_PART: Final = 30  # code points
_FIRST_PART: Final = re.compile(r"(?<![\w-])(?P<part>[A-Z][a-z]*-?)(?:(?<=-)[A-Z]|(?<!-)-)\Z")  # before a hyphen inside
_POSSESSIVE_S: Final = frozenset({"'s", "’s"})


def span_of_name(
    article: Article, sentence: Sentence, head: int, run: tuple[int, int], entities: Sequence[Entity], *, genitive: bool
) -> Span:
    """Return the characters of the name at `run`, the name in the phrase of `head`.

    `entities` are the named entities around it. If `genitive`, the possessive ending after it is part of it.
    """
    start, end = _with_article_of_masthead(article, _with_entity(article, sentence, run, entities))
    if genitive:
        end = sentence.words[run[1] + 1].span.end
    if run[0] == head and (owner := _owner_in_name(sentence, head)) is not None:
        start = sentence.words[owner].span.start
    return Span(start, end)


def _with_entity(article: Article, sentence: Sentence, run: tuple[int, int], entities: Sequence[Entity]) -> Span:
    """Return the characters of the words at `run`, extended to the named entity around them.

    For a person, a role before the name or a title excluded from the run is not added back ("Keeper Daniel Osei"), nor
    is a company's trade ("Insurer Halden").
    """
    span = Span(_with_first_part(article, sentence.words[run[0]].span.start), sentence.words[run[1]].span.end)
    described = _is_described(sentence, run)
    trade = run[0] == 1 and sentence.words[0].text.lower() in word_list("names", "before_companies")
    for entity in entities:
        wider = _capital_part(article, entity.span)
        if ((described and entity.kind == "person") or trade) and wider.start < span.start:
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


def is_genitive(sentence: Sentence, head: int, run: tuple[int, int]) -> bool:
    """Return whether a possessive ending belongs to the name: "Macy*’s* said", "Moody*’s*"."""
    return _is_before_verb(sentence, head, run) or _is_possessive_name(sentence, run[1])


def _is_before_verb(sentence: Sentence, head: int, run: tuple[int, int]) -> bool:
    """Return whether a verb of its own follows the name and its possessive ending: "Macy’s *said*"."""
    word, ending = sentence.words[head], run[1] + 1
    if word.relation != "nsubj" or ending + 1 >= len(sentence.words) or word.head <= ending:
        return False
    possessive = sentence.words[ending].text in _POSSESSIVE_S and sentence.words[ending].upos == "PART"
    following = sentence.words[ending + 1]  # capitalized in a headline, it is a noun: "Chris Cole’s Exit Marks …"
    return possessive and following.upos in {"VERB", "AUX", "ADV"} and following.text.islower()


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


def _owner_in_name(sentence: Sentence, head: int) -> int | None:
    """Return the first word of the owner that is part of the name of the body at `head`: "*U.S.* Attorney's Office",
    "*Moody's* Analytics"."""
    words, known = sentence.words, organization_words()
    body = sentence.child(head, "nmod:poss")
    if body is None or body != head - 2 or not words[body].text[:1].isupper():
        return None
    if _is_possessive_name(sentence, body):
        return body
    if role_of(words[head]) not in known.heads or not (is_office(words[body]) or _is_membership(words, body, head)):
        return None
    parts = [at for at in sentence.children(body) if words[at].relation in {"compound", "amod"}]
    return min([body, *(at for at in parts if at < body and words[at].text[:1].isupper())])


def _is_membership(words: Sequence[Word], members: int, head: int) -> bool:
    """Return whether the owner is the members of the body at `head`: "National Police *Chiefs*' Council"."""
    lower = words[members].text.lower()
    people = is_plural(words[members]) and lower.removesuffix("s") not in nations() and lower not in nations()
    role = lower in word_list("names", "members") or role_of(words[members]) in person_words().roles
    role = role or DOER.search(lower) is not None
    return people and role and words[head].text[:1].isupper()


def _is_possessive_name(sentence: Sentence, position: int) -> bool:
    """Return whether the word and the “'s” after it are the name of a known body: "a *Moody's* report"."""
    after = sentence.words[position + 1 : position + 2]
    name = f"{sentence.words[position].text}'s"
    return any(word.xpos == "POS" for word in after) and is_known_body(name)

"""Convert GUM's `Entity=` brackets to named persons, organizations and places, without nesting.

GUM brackets every mention: "she", "the mayor of London, who …", "Sadiq Khan". Only names are needed. A mention is named
if its head word (the one governed from outside the mention) is tagged as a proper noun (XPOS NNP or NNPS). The name is
that word with adjacent proper nouns in the mention, and hyphens, "&", "of" and "of the" between two of them; so without
determiners, appositions, relative clauses and the possessive 's. Titles written as proper nouns belong to the name
("President Obama"). Of overlapping names, the one of the outermost mention is kept ("University of Portsmouth", not
"Portsmouth"): it is the one that would be the subject of a verb.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from training.corpora.conllu import Sentence

KINDS = ("person", "organization", "place")
_BRACKET = re.compile(r"\((\d+)-(\w+)[^()]*(\))?|(\d+)\)")
_INSIDE_NAMES = ({"-"}, {"–"}, {"&"}, {"of"})


class Mention(NamedTuple):
    """Words [start, end) of a sentence, as positions in `Sentence.words()`."""

    start: int
    end: int
    kind: str


def names(sentence: Sentence) -> list[Mention]:
    """Return the named persons, organizations and places of a sentence, in text order, without overlaps."""
    words = sentence.words()
    result: list[Mention] = []
    for mention in sorted(brackets(sentence), key=lambda mention: mention.start - mention.end):
        if mention.kind in KINDS:
            head = head_of(words, mention)
            if is_name(words[head]):
                start, end = name_around(words, head, mention)
                if all(end <= name.start or name.end <= start for name in result):
                    result.append(Mention(start, end, mention.kind))
    return sorted(result)


def brackets(sentence: Sentence) -> Iterator[Mention]:
    """Yield all mentions that begin and end in the sentence."""
    open_mentions: dict[str, list[tuple[int, str]]] = {}
    for position, row in enumerate(sentence.words()):
        for value in row[9].split("|"):
            if value.startswith("Entity="):
                for number, kind, closed, closing in _BRACKET.findall(value):
                    if closing:
                        if open_mentions.get(closing):
                            start, open_kind = open_mentions[closing].pop()
                            yield Mention(start, position + 1, open_kind)
                    elif closed:
                        yield Mention(position, position + 1, kind)
                    else:
                        open_mentions.setdefault(number, []).append((position, kind))


def head_of(words: list[list[str]], mention: Mention) -> int:
    """Return the position of the mention's first word that is governed from outside it."""
    for position in range(mention.start, mention.end):
        if not mention.start <= int(words[position][6]) - 1 < mention.end:
            return position
    return mention.start


def is_name(word: list[str]) -> bool:
    """Return whether a word is tagged as (part of) a proper name."""
    return word[4] in ("NNP", "NNPS")


def name_around(words: list[list[str]], head: int, mention: Mention) -> tuple[int, int]:
    """Return the name within the mention that contains the word at `head`."""
    start, end = head, head + 1
    while (before := _next_name(words, range(start - 1, mention.start - 1, -1))) is not None:
        start = before
    while (after := _next_name(words, range(end, mention.end))) is not None:
        end = after + 1
    return start, end


def _next_name(words: list[list[str]], positions: range) -> int | None:
    """Return the first of `positions` that is a name, if only words allowed inside names precede it."""
    between: list[str] = []
    for position in positions:
        if is_name(words[position]):
            return position if not between or set(between) - {"the"} in _INSIDE_NAMES else None
        between.append(words[position][1].lower())
        if len(between) > 2:
            return None
    return None

"""Split text into sentences of tokens: a logistic regression with readable features decides at each possible end.

The weights (`boundaries.json`) come from `training.train_boundaries`. Rules take precedence: a sentence never ends
after "Mr.", "vs." and the like; after another abbreviated title only before a word that begins sentences; never before
a lower-case letter that follows a closing quotation mark, or before a letter or digit attached to the mark ("PM2.5");
nor between an abbreviation and a quotation that begins with a lower-case letter, nor inside a name in capitals with a
number ("KQRA.FM91").
"""

import json
import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib import resources
from itertools import pairwise
from typing import Final, NamedTuple

from service.input.article import Span
from service.input.characters import SOFT_HYPHEN
from service.parsing.tokenization.tokens import MarkKind, Tokens, find_tokens, openers, reporting_forms

_CLOSING: Final = frozenset(["'", '"', "''", ")", "]", "}", "»"])
_OPENING: Final = frozenset(["'", '"', "''", "(", "[", "{", "«"])
_DASHES: Final = frozenset(["-", "--", "—", "–", "*", "•", "·", "|", "/"])
_SPEECH_WITHIN: Final = 5  # words after a mark
_UNNAMED: Final = frozenset(["mark", "aside", "bare"])  # their form is not a feature


class Boundary(NamedTuple):
    """A possible sentence end: the token that marks it, and the last token of the sentence."""

    mark: int
    last: int
    kind: MarkKind


def boundaries(text: str, tokens: Tokens) -> Iterator[Boundary]:
    """Yield the possible sentence ends within the piece. Closing marks belong to the sentence before."""
    count = len(tokens.starts)
    last = -1
    for (mark, kind), (following, _) in pairwise([*tokens.marks, (count, "mark")]):
        if mark <= last:  # part of the previous boundary
            continue
        last = mark
        while kind != "bare" and last + 1 < count and _closes(text, tokens, last + 1):
            last += 1
        if last + 1 < count and not (following == last + 1 and _continues(text, tokens, following)):
            yield Boundary(mark, last, kind)


def ruled(text: str, tokens: Tokens, boundary: Boundary) -> bool | None:
    """Return whether a sentence ends at `boundary` according to the rules, or None if the weights decide."""
    if boundary.kind == "linking":
        return False
    following = boundary.last + 1
    word = _word(text, tokens, following)
    if boundary.kind == "titles":
        if word in _OPENING and following + 1 < len(tokens.starts):
            word = _word(text, tokens, following + 1)
        return word[:1].isupper() and word.lower() in openers()
    glued = tokens.starts[following] == tokens.ends[boundary.last]
    quoted = boundary.last > boundary.mark and text[tokens.starts[boundary.last]] in "\"'"
    if (word[0].islower() and (glued or quoted)) or (word[0].isdigit() and glued):
        return False
    if boundary.kind not in _UNNAMED and word in _OPENING and following + 1 < len(tokens.starts):
        return False if _word(text, tokens, following + 1)[0].islower() else None  # 12 lbs. "and a shoe size"
    if glued and boundary.last == boundary.mark and boundary.mark:  # the name of a station: KQRA.FM91
        before = _word(text, tokens, boundary.mark - 1)
        if before.isupper() and word.isupper() and any(sign.isdigit() for sign in before + word):
            return False
    return None


def features(text: str, tokens: Tokens, boundary: Boundary, since: int) -> list[str]:
    """Return the features for whether a sentence that began at token `since` ends at `boundary`."""
    mark, last, kind = boundary
    count = len(tokens.starts)
    form = _word(text, tokens, mark)
    sign = _sign(form, kind)
    closed = "".join(_word(text, tokens, each) for each in range(mark + 1, last + 1))[:2]
    following = last + 1
    glue = "glued" if tokens.starts[following] == tokens.ends[last] else "apart"
    opened = ""
    while following + 1 < count and (word := _word(text, tokens, following)) in _OPENING:
        opened = opened or word[0]
        following += 1
    word = _word(text, tokens, following)
    shape = opened + _shape(word)
    opener = word.lower() if word.lower() in openers() else "-"
    opens = opener != "-"
    before = mark if kind == "bare" else mark - 1
    left = _shape(_word(text, tokens, before)) if before >= since else "^"
    right = _shape(_word(text, tokens, following + 1)) if following + 1 < count else "$"
    near = range(following, min(following + _SPEECH_WITHIN, count))
    speech = any(_word(text, tokens, each) in reporting_forms() for each in near)
    inside = text.count('"', tokens.starts[0], tokens.ends[last]) % 2
    result = [
        "bias",
        f"sign={sign}",
        f"sign={sign} next={shape} {glue}",
        f"sign={sign} next={shape} closed={closed}",
        f"sign={sign} next={shape} done={_bucket(mark - since)}",
        f"sign={sign} next={shape} to-come={_bucket(count - following)}",
        f"sign={sign} next={shape} inside={inside}",
        f"sign={sign} next={shape} before={left}",
        f"sign={sign} next={shape} after={right}",
        f"sign={sign} next={shape} closed={closed} speech={speech}",
        f"sign={sign} before={left} opens={opens}",
        f"sign={sign} opens={opens}",
        f"next={shape} opener={opener}",
    ]
    if kind not in _UNNAMED:
        result += [f"form={form}", f"form={form} next={shape}", f"form={form} opens={opens}"]
        result.append(f"sign={sign} next={shape} opener={opener}")
    return result


def sentence_ends(text: str, tokens: Tokens) -> list[Boundary]:
    """Return the boundaries at which a sentence ends, in order."""
    weights = _weights()
    result: list[Boundary] = []
    since = 0
    for boundary in boundaries(text, tokens):
        is_end = ruled(text, tokens, boundary)
        if is_end is None:
            is_end = sum(weights.get(feature, 0) for feature in features(text, tokens, boundary, since)) > 0
        if is_end:
            result.append(boundary)
            since = boundary.last + 1
    return result


def _word(text: str, tokens: Tokens, index: int) -> str:
    return text[tokens.starts[index] : tokens.ends[index]]


def _closes(text: str, tokens: Tokens, index: int) -> bool:
    """Return whether the token at `index` is a closing mark: attached to what precedes it, or the second of a pair."""
    start, end = tokens.starts[index], tokens.ends[index]
    mark = text[start:end]
    if mark not in _CLOSING:
        return False
    if mark in ")]}»" or tokens.ends[index - 1] == start:
        return True
    return text[end : end + 1] == " " and text.count(mark, tokens.starts[0], start) % 2 == 1


def _continues(text: str, tokens: Tokens, index: int) -> bool:
    """Return whether the mark at `index` continues the previous one ("?!", ". . .")."""
    return tokens.starts[index] == tokens.ends[index - 1] or _word(text, tokens, index) == "."


def _sign(form: str, kind: MarkKind) -> str:
    """Return the feature name of the mark: at most two characters of a run of marks, else its kind."""
    if kind == "mark":
        return form if len(form) == 1 else form[0] * 2
    return form if kind == "aside" and len(form) == 1 else kind


def _shape(word: str) -> str:
    first = word[0]
    if first.isupper():
        return "A" if len(word) == 1 else "AA" if word.isupper() else "Aa"
    if first.islower():
        return "aa"
    if first.isdigit():
        return "9"
    if word in _DASHES:
        return "-"
    return first if first in "#@$<&:;.,!?" else "x"


def _bucket(count: int) -> str:
    return str(count) if count < 4 else "4+" if count < 8 else "8+"


@cache
def _weights() -> dict[str, int]:
    file = resources.files("service.parsing.tokenization") / "boundaries.json"
    return dict(json.loads(file.read_text(encoding="utf-8")))


# what English treebanks split off a word, besides the apostrophe after an s
CLITICS: Final = r"n't|'(?:s|m|d|re|ve|ll)"
# Written as one word, but several words in the treebanks.
_MULTIWORD: Final = re.compile(
    rf".+(?:{CLITICS}|s')|cannot|gonna|gotta|wanna|dunno|gimme|lemme|outta|y'all|ya'll|'tis|'twas"
    r"|(?:do|did|does|could|would|should|is|are|was|were|has|have|had|ai)nt|wont|cant|im|ive|youre|youll|theyre"
    r"|thats|whats|theres",
    re.IGNORECASE,
)


class Token(NamedTuple):
    """A token, without invisible characters; `multiword` if it is several words ("don't", "Obama's")."""

    span: Span
    text: str
    multiword: bool


def split_sentences(text: str, spans: Iterable[Span]) -> list[list[Token]]:
    """Split the pieces of `text` at `spans` into sentences of tokens, in order. Sentences do not cross pieces.

    `text` has straight quotes and no line breaks.
    """
    return [sentence for span in spans for sentence in _sentences(text, span)]


def _sentences(text: str, span: Span) -> Iterator[list[Token]]:
    tokens = find_tokens(text, *span)
    if not tokens.starts:
        return
    result = sentence_ends(text, tokens)
    split = {end.mark for end in result if _has_stop_of_sentence(text, tokens, end.mark, end.kind)}
    if tokens.marks:
        mark, kind = tokens.marks[-1]
        at_end = not any(map(str.isalnum, text[tokens.ends[mark] : span.end]))
        if at_end and _has_stop_of_sentence(text, tokens, mark, kind):
            split.add(mark)
    for first, end in pairwise([0, *(boundary.last + 1 for boundary in result), len(tokens.starts)]):
        sentence = []
        for index in range(first, end):
            start, stop = tokens.starts[index], tokens.ends[index]
            if index in split:
                sentence += [_token(text, start, stop - 1), _token(text, stop - 1, stop)]
            else:
                sentence.append(_token(text, start, stop))
        yield sentence


def _has_stop_of_sentence(text: str, tokens: Tokens, mark: int, kind: MarkKind) -> bool:
    """Return whether the full stop of an abbreviation at the end of a sentence is a token, as in the treebanks: after
    an initial ("plan B.") and "etc."."""
    return kind == "initial" or (kind == "others" and text[tokens.starts[mark] : tokens.ends[mark]] == "etc.")


def _token(text: str, start: int, end: int) -> Token:
    word = text[start:end]
    if SOFT_HYPHEN in word:
        word = word.replace(SOFT_HYPHEN, "") or word
    return Token(Span(start, end), word, end - start > 1 and _MULTIWORD.fullmatch(word) is not None)

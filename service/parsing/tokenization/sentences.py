"""Split pieces of text into sentences of tokens."""

import re
from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import Final, NamedTuple

from service.input.article import Span
from service.input.characters import SOFT_HYPHEN
from service.parsing.tokenization.boundaries import sentence_ends
from service.parsing.tokenization.tokens import MarkKind, Tokens, find_tokens

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
    found = sentence_ends(text, tokens)
    split = {end.mark for end in found if _has_stop_of_sentence(text, tokens, end.mark, end.kind)}
    if tokens.marks:
        mark, kind = tokens.marks[-1]
        at_end = not any(map(str.isalnum, text[tokens.ends[mark] : span.end]))
        if at_end and _has_stop_of_sentence(text, tokens, mark, kind):
            split.add(mark)
    for first, end in pairwise([0, *(boundary.last + 1 for boundary in found), len(tokens.starts)]):
        sentence = []
        for place in range(first, end):
            start, stop = tokens.starts[place], tokens.ends[place]
            if place in split:
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

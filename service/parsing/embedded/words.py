"""Split tokens into syntactic words ("don't" is "do" and "n't"), and long sentences and words to what the models
support."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final, NamedTuple

from stanza.models.common.doc import Document

from service.input.article import Span
from service.parsing.chunks import MAX_WORDS, segments
from service.parsing.tokenization.sentences import CLITICS, Token

# As split in UD English EWT and GUM; no other ending is both guessable and as frequent.
_CLITIC: Final = re.compile(rf"(?<=\w)(?:{CLITICS}|(?<=s)')$", re.IGNORECASE)
LONGEST_WORD: Final = 100  # code points of a word that the models see; its span covers all of it


class Form(NamedTuple):
    """A word as the models see it, its span, and the token it belongs to.

    If the words of a token do not concatenate to it, they share its span.
    """

    text: str
    span: Span
    token: Span


class MultiWords:
    """Splits multi-word tokens: as the treebanks do for known tokens, else before a clitic, else by Stanza's model."""

    def __init__(self, processor: Any) -> None:
        """Take the model of Stanza's `processor`."""
        self._processor = processor

    def split(self, sentences: Iterable[Sequence[Token]], most: int = MAX_WORDS) -> list[list[Form]]:
        """Return the words of each sentence of tokens. A sentence of more than `most` tokens is split into several."""
        cut = [
            [token._replace(text=token.text[:LONGEST_WORD]) for token in sentence[start:end]]
            for sentence in sentences
            for start, end in segments([token.text for token in sentence], most)
        ]
        several = dict.fromkeys(token.text for sentence in cut for token in sentence if _splits(token))
        unknown = [token for token in several if self._known(token) is None]
        guessed = self._guess(unknown) if unknown else {}
        return [[form for token in sentence for form in self._forms(token, guessed)] for sentence in cut]

    def _known(self, token: str) -> str | None:
        found: str | None = self._processor.trainer.dict_expansion(token)
        return found or (f"{token[: clitic.start()]} {clitic[0]}" if (clitic := _CLITIC.search(token)) else None)

    def _guess(self, tokens: Sequence[str]) -> dict[str, str]:
        document = Document([[{"id": (1,), "text": token, "misc": "MWT=Yes"}] for token in tokens])
        sentences = self._processor.process(document).sentences
        return {
            token: " ".join(word.text for word in sentence.words)
            for token, sentence in zip(tokens, sentences, strict=True)
        }

    def _forms(self, token: Token, guessed: dict[str, str]) -> list[Form]:
        if not _splits(token):
            return [Form(token.text, token.span, token.span)]
        parts = (self._known(token.text) or guessed[token.text]).split()
        if len(parts) < 2:
            return [Form(token.text, token.span, token.span)]
        match = re.fullmatch(r"\s*".join(f"({re.escape(part)})" for part in parts), token.text)
        if match is None or len(token.text) != token.span.end - token.span.start:
            return [Form(part, token.span, token.span) for part in parts]
        start = token.span.start
        return [
            Form(part, Span(start + match.start(number), start + match.end(number)), token.span)
            for number, part in enumerate(parts, start=1)
        ]


def _splits(token: Token) -> bool:
    return token.multiword and len(token.text) > 1

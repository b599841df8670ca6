"""Split tokens into syntactic words, long words and sentences into parts, and words into the encoder's subwords."""

import re
from collections.abc import Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np
import tokenizers
import torch
from stanza.models.common.doc import Document
from torch import Tensor

from service.input.article import Span
from service.parsing.chunks import MAX_WORDS, segments
from service.parsing.embedded.encoder import MAX_ROW_LENGTH, Encoder, Ranges
from service.parsing.tokenization.sentences import CLITICS, Token

# As split in UD English EWT and GUM; no other ending is both guessable and as frequent.
_CLITIC: Final = re.compile(rf"(?<=\w)(?:{CLITICS}|(?<=s)')$", re.IGNORECASE)
MAX_WORD_LENGTH: Final = 100  # code points of a word that the models see; its span covers all of it


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
            [token._replace(text=token.text[:MAX_WORD_LENGTH]) for token in sentence[start:end]]
            for sentence in sentences
            for start, end in segments([token.text for token in sentence], most)
        ]
        several = dict.fromkeys(token.text for sentence in cut for token in sentence if _splits(token))
        unknown = [token for token in several if self._known(token) is None]
        guessed = self._guess(unknown) if unknown else {}
        return [[form for token in sentence for form in self._forms(token, guessed)] for sentence in cut]

    def _known(self, token: str) -> str | None:
        result: str | None = self._processor.trainer.dict_expansion(token)
        return result or (f"{token[: clitic.start()]} {clitic[0]}" if (clitic := _CLITIC.search(token)) else None)

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


_CACHE_SIZE: Final = 50_000  # cached words: a newsroom's vocabulary, in a few MB
_OVERLAP: Final = 20  # subwords that consecutive rows of a long sentence share, as in Stanza


class States:
    """The encoder's states at each word's last subword and at each sentence's start, on which the heads are trained."""

    def __init__(self, layers: Tensor, words: Tensor, starts: Tensor, lengths: Sequence[int]) -> None:
        """`words` and `starts` are positions among the subwords of `layers` [layers, subwords, size]."""
        self.lengths = lengths
        counts = torch.tensor(lengths)
        firsts = counts.cumsum(0) - counts + torch.arange(len(lengths))
        is_word = torch.ones(len(words) + len(starts), dtype=torch.bool).index_fill_(0, firsts, False)
        self._words = words
        self._all = words.new_empty(len(is_word))
        self._all[is_word], self._all[firsts] = words, starts
        self._layers = layers

    def of_words(self, mix: Tensor) -> Tensor:
        """Return the upper layers' states at each word, mixed by the weights `mix`: [words, size]."""
        return self._mixed(mix).index_select(0, self._words)

    def of_layers(self) -> Tensor:
        """Return each layer's states at each word: [layers, words, size]."""
        return self._layers[:, self._words]

    def of_words_and_root(self, mix: Tensor) -> Tensor:
        """Return the same, with each sentence's start state, which represents the root, before its words."""
        return self._mixed(mix).index_select(0, self._all)

    def _mixed(self, mix: Tensor) -> Tensor:
        return (_mix_weights(mix)[None] @ self._layers[-len(mix) :].flatten(1)).view(self._layers.shape[1:])


def _mix_weights(mix: Tensor) -> Tensor:
    return mix + 1 / len(mix)  # Stanza adds the learned weights to a uniform mix


class WordEncoder:
    """Encodes sentences of words."""

    def __init__(self, encoder: Encoder, pieces: Path) -> None:
        """`pieces` is a Hugging Face tokenizer file."""
        self._encoder = encoder
        self._tokenizer = tokenizers.Tokenizer.from_file(str(pieces))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._begin, self._end = self._tokenizer.encode("").ids  # [CLS] and [SEP]
        self._known: dict[str, list[int]] = {}

    def ranges(self, mix: Tensor) -> Ranges:
        """Return the ranges of `States.of_words`."""
        return self._encoder.ranges(_mix_weights(mix))

    def encode(self, sentences: Sequence[Sequence[str]]) -> States:
        """Return the states of `sentences`, none of them empty."""
        self._cache_subwords(sentences)
        rows: list[list[int]] = []
        places: list[int] = []  # the position of each word's last subword in its row
        counts: list[int] = []  # the words of each row
        firsts: list[int] = []  # the first row of each sentence
        for sentence in sentences:
            pieces, last = [self._begin], []
            for word in sentence:
                pieces += self._known[word]
                last.append(len(pieces) - 1)
            pieces.append(self._end)
            firsts.append(len(rows))
            if len(pieces) <= MAX_ROW_LENGTH:
                places += last
                counts.append(len(last))
                rows.append(pieces)
                continue
            step = MAX_ROW_LENGTH - _OVERLAP
            for first in range(0, len(pieces) - _OVERLAP, step):
                row = pieces[first : first + MAX_ROW_LENGTH]
                fresh = first + _OVERLAP if first else 0
                in_row = [place - first for place in last if fresh <= place < first + len(row)]
                places += in_row
                counts.append(len(in_row))
                rows.append(row)
        encoded = self._encoder.encode(rows)
        of_rows = np.array(encoded.starts)
        positions = torch.from_numpy(np.repeat(of_rows, counts) + np.array(places))
        starts = torch.from_numpy(of_rows[firsts])
        return States(encoded.states, positions, starts, [len(sentence) for sentence in sentences])

    def _cache_subwords(self, sentences: Sequence[Sequence[str]]) -> None:
        """Cache the subwords of all words. They do not depend on a word's context."""
        if len(self._known) > _CACHE_SIZE:
            self._known.clear()
        new = [word for word in dict.fromkeys(chain.from_iterable(sentences)) if word not in self._known]
        if new:
            alone = [[word] for word in (*new, "-")]
            *encoded, blank = self._tokenizer.encode_batch(alone, is_pretokenized=True, add_special_tokens=False)
            self._known.update((word, encoding.ids or blank.ids) for word, encoding in zip(new, encoded, strict=True))

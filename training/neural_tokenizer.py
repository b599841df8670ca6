"""Stanza's character-level tokenizer with a fast runner. It labels the training data of the rule-based tokenizer.

Stanza's model decides for each character whether it ends a token, a sentence or a multi-word token; mail and web
addresses are kept whole by Stanza's own pattern. Stanza's pre- and postprocessing, with a list and an object per
character, would take longer than the model, so it is done here on arrays.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Final, NamedTuple, Self

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.tokenization.utils import MASK_RE
from torch import Tensor
from torch.nn import functional

from service.input.article import Span
from service.parsing.embedded.embedded_parser import open_pack
from service.parsing.embedded.recurrence import BatchedLSTM
from service.parsing.packs import read_pack
from service.parsing.tokenization.sentences import Token

_SPACE: Final = re.compile(r"[\s\u0080-\u009f]")  # as in Stanza
# every match of `MASK_RE` contains one of these
_ADDRESS: Final = re.compile(r"@|://|www\.|\.(?:gov|org|edu|net|com|co)")
_WIDTH: Final = 128  # characters processed together
_MARGIN: Final = 12  # context characters on each side, which are not decided
_ENDS_SENTENCE: Final = (2, 4)  # classes
_SEVERAL_WORDS: Final = (3, 4)


class Piece(NamedTuple):
    """A piece of text as the model reads it: runs of spaces collapsed, and the offset of each character in the text."""

    letters: str
    places: NDArray[np.int64]


class Window(NamedTuple):
    """The characters [start, end) that are processed together, of which `[first, last)` are decided."""

    start: int
    end: int
    first: int
    last: int


class NeuralTokenizer:
    """Splits pieces of text into sentences of tokens."""

    def __init__(self, trainer: Any) -> None:
        """Take the weights from Stanza's `trainer`."""
        self._model = trainer.model.float()
        self._lower, self._upper = BatchedLSTM(self._model.rnn), BatchedLSTM(self._model.rnn2)
        self._vocabulary = trainer.vocab

    @classmethod
    def of_pack(cls, folder: Path) -> Self:
        """Load the tokenizer of the pack in `folder`."""
        pipeline, *_ = open_pack(read_pack(folder), torch.get_num_threads())
        return cls(pipeline.processors["tokenize"].trainer)

    def cut(self, text: str, spans: Sequence[Span]) -> list[list[Token]]:
        """Split the pieces of `text` at `spans` into sentences of tokens, in order. Sentences do not cross pieces."""
        return list(chain.from_iterable(_sentences(piece, classes) for piece, classes in self.read(text, spans)))

    @torch.inference_mode()
    def read(self, text: str, spans: Sequence[Span]) -> list[tuple[Piece, NDArray[np.int64]]]:
        """Return the pieces of `text` at `spans`, and the class of each character: 0 inside a token, 1 end of token, 2
        end of token and sentence; 3 and 4 are 1 and 2 for a multi-word token."""
        pieces = [_piece(text, span) for span in spans]
        return (
            list(zip(pieces, map(_with_certain_boundaries, pieces, self._classes(pieces)), strict=True))
            if pieces
            else []
        )

    def _classes(self, pieces: Sequence[Piece]) -> list[NDArray[np.int64]]:
        """Return the class of each character of each piece."""
        model = self._model
        lengths = [len(piece.letters) for piece in pieces]
        windows = [window for piece in _windows(lengths) for window in piece]
        widths = [window.end - window.start for window in windows]
        places = np.concatenate([np.arange(window.start, window.end) for window in windows])
        decided = np.concatenate([_decided(window) for window in windows])
        inputs = self._inputs("".join(piece.letters for piece in pieces), lengths)[torch.from_numpy(places)]
        lower = self._lower.read(inputs, widths)
        token = model.tok_clf(lower)
        upper = self._upper.read(lower * (1 - torch.sigmoid(-token * model.args["hier_invtemp"])), widths)
        ends = torch.cat(
            [
                token + model.tok_clf2(upper),
                model.sent_clf(lower) + model.sent_clf2(upper),
                model.mwt_clf(lower) + model.mwt_clf2(upper),
            ],
            1,
        ).float()[torch.from_numpy(decided)]
        (no_token, one_sentence, one_word), (is_token, sentence, several) = (
            functional.logsigmoid(sign * ends).unbind(1) for sign in (-1, 1)
        )
        scores = torch.stack(
            [
                no_token,
                is_token + one_sentence + one_word,
                is_token + sentence + one_word,
                is_token + one_sentence + several,
                is_token + sentence + several,
            ]
        )
        return np.split(scores.argmax(0).numpy(), np.cumsum(lengths)[:-1])

    def _inputs(self, letters: str, lengths: Sequence[int]) -> Tensor:
        """Return the model's input for each character: [characters, size]."""
        codes, inverse = np.unique(_codes(letters), return_inverse=True)
        characters = [chr(code) for code in codes]
        ids = torch.tensor([self._vocabulary.unit2id(letter) for letter in characters])
        shapes = torch.tensor([[letter == " ", letter.isupper(), letter.isdecimal()] for letter in characters])
        embedded = torch.cat([self._model.embeddings(ids), shapes.float()], 1)
        edges = torch.zeros(len(letters), 2)  # whether at the end, and at the start, of its piece
        ends = np.cumsum(lengths)
        edges[ends - 1, 0] = 1
        edges[ends - lengths, 1] = 1
        return torch.cat([embedded[torch.from_numpy(inverse)], edges], 1)


def _windows(lengths: Sequence[int]) -> Iterator[list[Window]]:
    """Yield windows over each piece, all of one width if the piece is long enough.

    Characters beyond the margin have no influence, so windows of equal width can be batched.
    """
    offset = 0
    for length in lengths:
        windows, done = [], 0
        while done < length:
            start = max(0, min(done - _MARGIN, length - _WIDTH))
            end = min(start + _WIDTH, length)
            last = end if end == length else end - _MARGIN
            windows.append(Window(offset + start, offset + end, offset + done, offset + last))
            done = last
        yield windows
        offset += length


def _decided(window: Window) -> NDArray[np.bool_]:
    places = np.arange(window.start, window.end)
    return (places >= window.first) & (places < window.last)


def _piece(text: str, span: Span) -> Piece:
    spaced = _SPACE.sub(" ", text[span.start : span.end])
    codes = _codes(spaced)
    is_kept = np.ones(len(codes), dtype=bool)
    is_kept[1:] = (codes[1:] != ord(" ")) | (codes[:-1] != ord(" "))
    if is_kept.all():
        return Piece(spaced, np.arange(span.start, span.end))
    (places,) = np.nonzero(is_kept)
    return Piece(_text(codes[is_kept]), span.start + places)


def _codes(text: str) -> NDArray[np.uint32]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32)


def _text(codes: NDArray[np.uint32]) -> str:
    return codes.tobytes().decode("utf-32-le", "surrogatepass")


def _with_certain_boundaries(piece: Piece, classes: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return `classes` with a sentence end at the end, and none within an address."""
    classes[-1] = 4 if classes[-1] in _SEVERAL_WORDS else 2
    if _ADDRESS.search(piece.letters):
        for match in MASK_RE.finditer(piece.letters):
            start, last = match.start(), match.end() - 1
            classes[start:last] = 0
            classes[last] = classes[last] or 1
    return classes


def _sentences(piece: Piece, classes: NDArray[np.int64]) -> Iterator[list[Token]]:
    letters, places = piece
    sentence: list[Token] = []
    start = 0
    (ends,) = np.nonzero(classes)
    for end, kind in zip((ends + 1).tolist(), classes[ends].tolist(), strict=True):
        text = letters[start:end].strip()
        if text:
            start += letters[start] == " "
            span = Span(int(places[start]), int(places[start + len(text) - 1]) + 1)
            sentence.append(Token(span, text, kind in _SEVERAL_WORDS))
            if kind in _ENDS_SENTENCE:
                yield sentence
                sentence = []
        start = end
    if sentence:
        yield sentence

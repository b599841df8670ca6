"""Lemmas, from the dictionary if it has the word, cased or in lower case, else from Stanza's model.

The model first classifies words that keep their form or are only lower-cased, which most unknown words are. Only the
rest are generated character by character.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.seq2seq_constant import EOS, EOS_ID, PAD_ID, SOS, SOS_ID, UNK_ID
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

Floats = NDArray[np.float32]
Places = NDArray[np.int64]
Lexeme = tuple[str, str]  # a word and its part of speech
_SPELL, _, _LOWER = range(3)  # the edit operations of Stanza's model
_AT_ONCE: Final = 256
_ANY_PART: Final = "*"  # in Stanza's dictionary: words with the same lemma as any part of speech
_NO_RULE: Final = -1


class LemmaDictionary:
    """Stanza's dictionary in a sixth of the memory: a hash of each lexeme, and the rule that makes its lemma.

    A rule is the number of characters to remove from the end of the word, and the characters to add.
    """

    def __init__(self, lemmas: Mapping[str, Mapping[str, str]]) -> None:
        """Take the lemma of each word, by part of speech or `_ANY_PART`."""
        rules: dict[tuple[int, str], int] = {}
        ids = [
            rules.setdefault(_rule(word, lemma), len(rules))
            for known in lemmas.values()
            for word, lemma in known.items()
        ]
        hashes = _hashes([(word, part) for part, known in lemmas.items() for word in known])
        order = hashes.argsort()
        self._rules = list(rules)
        self._hashes = np.append(hashes[order], np.iinfo(np.int64).max)
        self._numbers = np.append(np.array(ids, np.int32)[order], _NO_RULE)

    def find(self, lexemes: Sequence[Lexeme]) -> list[str | None]:
        """Return the lemma of each of `lexemes`, None for unknown ones. Its own part of speech takes precedence."""
        of_any = self._find([(word, _ANY_PART) for word, _ in lexemes])
        return [own if own is not None else other for own, other in zip(self._find(lexemes), of_any, strict=True)]

    def _find(self, lexemes: Sequence[Lexeme]) -> list[str | None]:
        hashes = _hashes(lexemes)
        places = np.searchsorted(self._hashes, hashes)
        ids = np.where(self._hashes[places] == hashes, self._numbers[places], _NO_RULE).tolist()
        return [
            None if number == _NO_RULE else self._apply(number, word)
            for number, (word, _) in zip(ids, lexemes, strict=True)
        ]

    def _apply(self, number: int, word: str) -> str:
        removed, added = self._rules[number]
        return word[: len(word) - removed] + added


def _rule(word: str, lemma: str) -> tuple[int, str]:
    kept = next((at for at, (one, other) in enumerate(zip(word, lemma, strict=False)) if one != other), None)
    if kept is None:
        kept = min(len(word), len(lemma))
    return len(word) - kept, lemma[kept:]


def _hashes(lexemes: Sequence[Lexeme]) -> NDArray[np.int64]:
    return np.fromiter(map(hash, lexemes), np.int64, len(lexemes))


class Lemmatizer:
    """Finds the lemma of each word."""

    def __init__(self, trainer: Any) -> None:
        """Take the weights from Stanza's `trainer`."""
        self._trainer = trainer
        self._dictionary = LemmaDictionary(trainer.pos_dict)
        trainer.pos_dict = {}
        trainer.model.eval()

    @cached_property
    def _decoder(self) -> "Decoder":
        return Decoder(self._trainer.model)

    def lemmas(self, lexemes: Sequence[Lexeme]) -> list[str]:
        """Return the lemma of each of `lexemes`."""
        distinct = list(dict.fromkeys(lexemes))
        known = dict(zip(distinct, self._dictionary.find(distinct), strict=True))
        capital = [lexeme for lexeme, lemma in known.items() if lemma is None and lexeme[1] != "PROPN"]
        known |= zip(capital, self._dictionary.find([(word.lower(), part) for word, part in capital]), strict=True)
        new = sorted(
            (lexeme for lexeme, lemma in known.items() if lemma is None), key=lambda item: (-len(item[0]), item)
        )
        for first in range(0, len(new), _AT_ONCE):
            known.update(self._guessed(new[first : first + _AT_ONCE]))
        return [known[lexeme] or "_" for lexeme in lexemes]

    def _guessed(self, lexemes: Sequence[Lexeme]) -> dict[Lexeme, str]:
        """Return the model's lemmas of `lexemes`, in batches from the longest."""
        model, characters = self._trainer.model, _Characters(self._trainer.vocab["char"])
        source = pad_sequence([torch.tensor(characters.ids(word)) for word, _ in lexemes], batch_first=True)
        parts = torch.tensor([self._trainer.vocab["pos"].unit2id(part) for _, part in lexemes])
        inputs, _, lengths, mask = model.embed(source, source == PAD_ID, parts, None)
        states, (hidden, cell) = model.encode(inputs, lengths)
        edits = model.edit_clf(hidden).argmax(1)
        result = {
            lexeme: lexeme[0].lower() if edit == _LOWER else lexeme[0]
            for lexeme, edit in zip(lexemes, edits.tolist(), strict=True)
        }
        (spell,) = torch.nonzero(edits == _SPELL, as_tuple=True)
        if len(spell):
            spelled = self._spelled(source[spell], mask[spell], states[spell], hidden[spell], cell[spell], characters)
            words = [lexemes[number] for number in spell.tolist()]
            result |= {lexeme: lemma or lexeme[0] for lexeme, lemma in zip(words, spelled, strict=True)}
        return result

    def _spelled(
        self, source: Tensor, mask: Tensor, states: Tensor, hidden: Tensor, cell: Tensor, characters: "_Characters"
    ) -> list[str]:
        """Generate lemmas character by character; empty if the model generates no character."""
        written = self._decoder.decode(*(part.numpy() for part in (source, mask, states, hidden, cell)))
        return [characters.text(ids) for ids in written.tolist()]


class Decoder:
    """Stanza's decoder with attention, on arrays: it decodes a few words at a time, for which torch's calls take longer
    than the computation."""

    def __init__(self, model: Any) -> None:
        """Take the weights of Stanza's `model`."""

        def transposed(name: str) -> Floats:
            return np.ascontiguousarray(weights[name].T)

        weights = {name: values.float().numpy() for name, values in model.state_dict().items()}
        cell, soft = "decoder.lstm_cell", "decoder.attention_layer"
        of_characters = weights["embedding.weight"] @ transposed(f"{cell}.weight_ih")
        # the gates' inputs of each character
        self._gates: Floats = of_characters + weights[f"{cell}.bias_ih"] + weights[f"{cell}.bias_hh"]
        self._of_hidden = transposed(f"{cell}.weight_hh")
        self._target, self._attended = transposed(f"{soft}.linear_in.weight"), transposed(f"{soft}.linear_out.weight")
        self._scores, self._bias = transposed("dec2vocab.weight"), weights["dec2vocab.bias"]
        self._copy, self._copy_bias = transposed("copy_gate.weight"), weights["copy_gate.bias"]
        self._parts = int(model.use_pos and model.pos_dim > 0)  # states before those of the characters
        self._most: int = model.max_dec_len

    def decode(self, source: Places, mask: NDArray[np.bool_], states: Floats, hidden: Floats, cell: Floats) -> Places:
        """Return the ids of the characters of each word [words, characters], up to the end symbol or more.

        Args:
            source: The ids of the characters of the words, padded [words, length].
            mask: True for padding among the states [words, length + 1].
            states: The encoder's states of the part of speech and the characters.
            hidden: The encoder's last state [words, size].
            cell: The encoder's last cell [words, size].
        """
        words, known = np.arange(len(source)), len(self._gates)
        character = np.full(len(source), SOS_ID)
        ended = np.zeros(len(source), np.bool_)
        result = []
        for _ in range(self._most):
            gates = self._gates[character] + hidden @ self._of_hidden
            input_gate, forget_gate, new, output_gate = np.split(gates, 4, axis=1)
            cell = _sigmoid(forget_gate) * cell + _sigmoid(input_gate) * np.tanh(new)
            hidden = _sigmoid(output_gate) * np.tanh(cell)
            attention = (states @ (hidden @ self._target)[:, :, None])[:, :, 0]
            attention = _softmax(np.where(mask, -np.inf, attention))
            around = (attention[:, None] @ states)[:, 0]
            output = np.tanh(np.concatenate([around, hidden], 1) @ self._attended)
            copied = attention[:, self._parts :]
            copied = _sigmoid(output @ self._copy + self._copy_bias) * copied / copied.sum(1, keepdims=True)
            probabilities = np.empty((len(source), max(known, source.max() + 1)), np.float32)
            probabilities[:, :known] = _softmax(output @ self._scores + self._bias)
            probabilities[:, known:] = probabilities[:, UNK_ID, None]  # unknown characters can be copied
            probabilities *= 1 - copied.sum(1, keepdims=True)
            np.add.at(probabilities, (words[:, None], source), copied)
            best = probabilities.argmax(1)
            result.append(best)
            ended |= best == EOS_ID
            if ended.all():
                break
            character = np.where(best < known, best, UNK_ID)
        return np.stack(result, 1)


def _sigmoid(values: Floats) -> Floats:
    result: Floats = 0.5 + 0.5 * np.tanh(0.5 * values)
    return result


def _softmax(values: Floats) -> Floats:
    result: Floats = np.exp(values - values.max(1, keepdims=True))
    result /= result.sum(1, keepdims=True)
    return result


class _Characters:
    """A character vocabulary. Unknown characters get temporary ids, so that they can be copied."""

    def __init__(self, vocabulary: Any) -> None:
        self._numbers = dict(vocabulary._unit2id)
        self._units = list(vocabulary._id2unit)

    def ids(self, word: str) -> list[int]:
        return [self._id(unit) for unit in (SOS, *word, EOS)]

    def text(self, ids: Sequence[int]) -> str:
        """Decode `ids` up to the end symbol; empty if one of them is not a character."""
        until = [*ids, EOS_ID].index(EOS_ID)
        return "" if UNK_ID in ids[:until] else "".join(self._units[number] for number in ids[:until])

    def _id(self, unit: str) -> int:
        number = self._numbers.get(unit)
        if number is None:
            number = self._numbers[unit] = len(self._units)
            self._units.append(unit)
        return number

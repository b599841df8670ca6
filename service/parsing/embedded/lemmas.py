"""Lemmas, from the dictionary if it has the word, cased or in lower case, else from Stanza's model.

The model first classifies words that keep their form or are only lower-cased, which most unknown words are. Only the
rest are generated character by character.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.seq2seq_constant import EOS, EOS_ID, PAD_ID, SOS, UNK_ID
from torch import Tensor
from torch.nn.utils.rnn import pad_sequence

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
        model = self._trainer.model
        letter = model.SOS_tensor.expand(len(source), 1)
        written = []
        active = torch.ones(len(source), dtype=torch.bool)
        for _ in range(model.max_dec_len):
            scores, (hidden, cell) = model.decode(model.embedding(letter), hidden, cell, states, mask, src=source)
            best = scores[:, 0].argmax(1)
            written.append(best)
            active &= best != EOS_ID
            if not active.any():
                break
            letter = best.masked_fill(best >= model.vocab_size, UNK_ID)[:, None]
        return [characters.text(ids) for ids in torch.stack(written, 1).tolist()]


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

"""Dependency trees, with the weights of Stanza's graph parser (Dozat and Manning, 2017).

Heads are chosen by a maximum spanning tree; a tree in which a word has two subjects or two objects is repaired.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
from stanza.models.depparse.head_constraints import DEPREL_TO_GROUP
from torch import Tensor
from torch.nn import functional

from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic
from service.parsing.embedded.encoder import Ranges
from service.parsing.embedded.recurrence import HighwayLSTM
from service.parsing.embedded.spanning_tree import best_tree
from service.parsing.embedded.words import States

_MAX_REPAIRS: Final = 5  # per sentence, as in Stanza
Scores = NDArray[np.float32]
Places = NDArray[np.int64]


def _never() -> None:
    """Check no deadline."""


def repaired(
    tree: Places, heads: Scores, relations: Scores, groups: Places, check: Callable[[], None] = _never
) -> tuple[Places, Places]:
    """Return the heads and relations of a sentence whose best `tree` violates the constraint. Index 0 is the root.

    `heads` [words, words] and `relations` [words, words, relations] are log-probabilities of each word's head, and of
    its relation to each head; `groups` maps each relation to its constraint group, of which a word can have one
    dependent, or -1. `check` is called before each search for a tree, to stop the work.
    """
    relations = relations.copy()
    best = relations.max(2)  # best relation for each word and head
    chosen = _best_relations(tree, relations)
    for _ in range(_MAX_REPAIRS):
        conflict = first_conflict(tree, groups[chosen])
        if conflict is None:
            break
        outcomes = []
        for keeper in conflict:
            check()
            outcomes.append(_outcome(keeper, conflict, tree, heads, relations, best, groups[chosen], groups))
        _, tree, changed = max(outcomes, key=lambda outcome: outcome[0])
        for place, left in changed.items():
            relations[place], best[place] = left, left.max(1)
        chosen = _best_relations(tree, relations)
    return tree, chosen


def first_conflict(tree: Places, kinds: Places) -> Sequence[int] | None:
    """Return the dependents of the first word with two or more of one kind; kinds of -1 are unconstrained."""
    seen: dict[tuple[int, int], list[int]] = {}
    for place in range(1, len(tree)):
        if kinds[place] >= 0:
            seen.setdefault((int(tree[place]), int(kinds[place])), []).append(place)
    return next((positions for positions in seen.values() if len(positions) > 1), None)


def _best_relations(tree: Places, relations: Scores) -> Places:
    result: Places = relations[np.arange(len(tree)), tree].argmax(1)
    return result


def _outcome(
    keeper: int, conflict: Sequence[int], tree: Places, heads: Scores, relations: Scores, best: Scores, kinds: Places,
    groups: Places,
) -> tuple[float, Places, dict[int, Scores]]:  # fmt: skip
    """Return the score and tree if only `keeper` keeps its relation, and the remaining options of the others."""
    head, barred = tree[keeper], groups == kinds[keeper]
    left = {place: relations[place].copy() for place in conflict if place != keeper}
    trial = heads.copy()
    for place, row in left.items():
        row[head, barred] = -np.inf
        trial[place] = heads[place] + row.max(1)
    result = best_tree(trial)
    words = np.arange(len(result))
    of_relations = best[words, result]
    for place, row in left.items():
        of_relations[place] = row[result[place]].max()
    score = heads[words[1:], result[1:]].sum() + of_relations[1:].sum()
    return float(score), result, left


_SENTENCES_AT_ONCE: Final = 64
_WORDS_AT_ONCE: Final = 128  # few enough for the cache, as each has a vector for each relation


class Arc(NamedTuple):
    """A word's head, numbered from 1 in the sentence (0 for the root), and its relation to it."""

    head: int
    deprel: str


class DependencyParser:
    """Parses sentences into dependency trees."""

    def __init__(
        self, trainer: Any, arithmetic: Arithmetic = FLOAT32, ranges: Callable[[Tensor], Ranges] | None = None
    ) -> None:
        """Take the weights from Stanza's `trainer`. The products of the words' states are computed in `arithmetic`;
        `ranges` returns those of the states by the weights that mix them."""
        model = self._model = trainer.model.float()
        start = model.parserlstm_h_init, model.parserlstm_c_init
        of_words = None if ranges is None else ranges(model.bert_layer_mix.weight[0].detach())
        self._highway = HighwayLSTM(model.parserlstm, start, arithmetic, of_words)
        self._vocabulary = trainer.vocab["deprel"]
        self._relations: list[str] = self._vocabulary._id2unit[VOCAB_PREFIX_SIZE:]
        groups = sorted(set(DEPREL_TO_GROUP.values()))
        self._groups = np.array(
            [groups.index(DEPREL_TO_GROUP[name]) if name in DEPREL_TO_GROUP else -1 for name in self._relations]
        )
        # A relation's score is bilinear in dependent and governor. This layout needs one product for all dependents.
        weight = self._model.deprel.scorer.W_bilin.weight
        self._size = weight.shape[0] - 1
        self._both = weight[:-1, :-1].permute(2, 1, 0).flatten(0, 1).contiguous()  # [relations × size, size]
        self._of_dependent = weight[:-1, -1].t().contiguous()
        self._of_governor = weight[-1, :-1].t().contiguous()
        self._bias = weight[-1, -1] + self._model.deprel.scorer.W_bilin.bias

    def parse(self, states: States, check: Callable[[], None] = _never) -> list[list[Arc]]:
        """Return an arc for each word of each sentence. `check` is called before each step that can take long."""
        lengths = [length + 1 for length in states.lengths]
        words = states.of_words_and_root(self._model.bert_layer_mix.weight[0])
        sentences = self._highway.read(words, lengths).split(lengths)  # type: ignore[no-untyped-call]
        result: dict[int, list[Arc]] = {}
        by_length = sorted(range(len(lengths)), key=lambda number: (lengths[number], number))
        for first in range(0, len(by_length), _SENTENCES_AT_ONCE):
            batch = by_length[first : first + _SENTENCES_AT_ONCE]
            result.update(zip(batch, self._trees([sentences[number] for number in batch], check), strict=True))
        return [result[number] for number in range(len(sentences))]

    def _trees(self, sentences: Sequence[Tensor], check: Callable[[], None]) -> Iterable[list[Arc]]:
        lengths = [len(sentence) for sentence in sentences]
        words = torch.cat(list(sentences))
        scores = self._head_scores(words, lengths)
        heads = scores.argmax(2).numpy()
        trees = []
        for number, sound in enumerate(_are_trees(heads, np.array(lengths))):
            length = lengths[number]
            check()
            trees.append(heads[number, :length] if sound else best_tree(_log_probabilities(scores[number], length)))
        scorer = self._model.deprel
        dependents, governors = functional.relu(scorer.W1(words)), functional.relu(scorer.W2(words))
        starts = np.cumsum(lengths) - lengths
        chosen = torch.from_numpy(np.concatenate([tree + start for tree, start in zip(trees, starts, strict=True)]))
        best = self._best_relations(dependents, governors.index_select(0, chosen))
        for number, (tree, start) in enumerate(zip(trees, starts, strict=True)):
            words_here = slice(start, start + lengths[number])
            relations = best[words_here]
            if first_conflict(tree, self._groups[relations]) is not None:
                check()
                pairs = self._relation_scores(dependents[words_here], governors[words_here].expand(len(tree), -1, -1))
                all_relations = functional.log_softmax(pairs, 2).numpy()
                tree, relations = repaired(
                    tree, _log_probabilities(scores[number], len(tree)), all_relations, self._groups, check
                )
            yield [
                Arc(head, self._relations[relation])
                for head, relation in zip(tree[1:].tolist(), relations[1:].tolist(), strict=True)
            ]

    def _head_scores(self, words: Tensor, lengths: list[int]) -> Tensor:
        """Score each pair of dependent and head of sentences of these lengths, the root first: [sentences, longest,
        longest]."""
        scorer = self._model.unlabeled
        dependents, governors = (_with_one(functional.relu(part(words))) for part in (scorer.W1, scorer.W2))
        dependents = dependents @ scorer.scorer.W_bilin.weight[:, :, 0]
        of_heads, of_words = (
            torch.nn.utils.rnn.pad_sequence(list(torch.split(each, lengths)), batch_first=True)
            for each in (governors, dependents)
        )
        scores: Tensor = of_words @ of_heads.transpose(1, 2)
        outside = torch.arange(scores.shape[2]) >= torch.tensor(lengths)[:, None]
        itself = torch.eye(scores.shape[2], dtype=torch.bool)
        return scores.masked_fill_(outside[:, None, :] | itself, -torch.inf)

    def _best_relations(self, dependents: Tensor, governors: Tensor) -> Places:
        """Return the best relation of each word to its governor, given both as projected by the scorer."""
        pairs = zip(*(torch.split(words, _WORDS_AT_ONCE) for words in (dependents, governors[:, None])), strict=True)
        return torch.cat([self._relation_scores(*some)[:, 0].argmax(1) for some in pairs]).numpy()

    def _relation_scores(self, dependents: Tensor, governors: Tensor) -> Tensor:
        """Score the relations of each of `dependents` [dependents, size] to each of its `governors` [dependents,
        governors, size], both as projected by the scorer: [dependents, governors, relations]."""
        products = functional.linear(dependents, self._both).view(len(dependents), -1, self._size)
        alone = functional.linear(dependents, self._of_dependent)[:, None]
        alone = alone + functional.linear(governors, self._of_governor, self._bias)
        scores: Tensor = governors @ products.transpose(1, 2) + alone
        return scores


def _with_one(words: Tensor) -> Tensor:
    """Append a 1 to each of `words`, for the scorer's linear terms."""
    return functional.pad(words, (0, 1), value=1.0)


def _log_probabilities(scores: Tensor, length: int) -> NDArray[np.float32]:
    result: NDArray[np.float32] = functional.log_softmax(scores[:length, :length], 1).numpy()
    return result


def _are_trees(heads: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Return which rows of `heads` are trees with one root. Position 0 is the root and its own head."""
    positions = np.arange(heads.shape[1])
    inside = (positions > 0) & (positions < lengths[:, None])
    above = np.where(inside, heads, 0)
    one_root = ((above == 0) & inside).sum(1) == 1
    for _ in range(int(heads.shape[1]).bit_length()):
        above = np.take_along_axis(above, above, 1)  # twice as many levels up
    sound: NDArray[np.bool_] = one_root & (above == 0).all(1)
    return sound

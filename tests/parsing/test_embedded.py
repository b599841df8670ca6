"""Our own parts of the embedded parser, compared with reference implementations."""

import itertools
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray
from stanza.models.common.chuliu_edmonds import chuliu_edmonds
from stanza.models.common.seq2seq_constant import EOS_ID, PAD_ID, SOS_ID, UNK_ID
from stanza.models.common.seq2seq_model import Seq2SeqModel
from torch import nn

from service.errors import OutOfTime
from service.parsing.embedded.dependencies import first_conflict, repaired
from service.parsing.embedded.lemmas import Decoder, LemmaDictionary, Lemmatizer
from service.parsing.embedded.recurrence import BatchedLSTM, batches
from service.parsing.embedded.spanning_tree import best_tree, spanning_tree
from service.parsing.embedded.taggers import best_sequences

_SEEDS = st.integers(0, 10_000)
_SMALL_MODEL = {
    "vocab_size": 10, "emb_dim": 5, "hidden_dim": 8, "num_layers": 1, "emb_dropout": 0.0, "dropout": 0.0,
    "max_dec_len": 12, "top": 100, "pos": True, "pos_dim": 5, "pos_vocab_size": 4, "pos_dropout": 0.0, "edit": True,
    "num_edit": 3, "copy": True, "attn_type": "soft", "charlm": False,
}  # fmt: skip
KNOWN = {
    "VERB": {"noting": "note", "saw": "see"},
    "NOUN": {},
    "PRON": {"us": "we"},
    "PROPN": {"May": "May"},
    "*": {"may": "may", "saw": "saw", "zoomed": "zoom", "worse": "bad", "ice": "iced", "gone": ""},
}


def log_probabilities(seed: int, *shape: int) -> NDArray[np.float32]:
    """Return random log-probabilities, normalized over the last axis."""
    scores = np.random.default_rng(seed).normal(size=shape)
    found: NDArray[np.float32] = (scores - np.log(np.exp(scores).sum(-1, keepdims=True))).astype(np.float32)
    return found


def is_tree(heads: tuple[int, ...]) -> bool:
    """Return whether each word reaches the root, which has one child."""
    for place in range(1, len(heads)):
        above, steps = place, 0
        while above and steps <= len(heads):
            above, steps = heads[above], steps + 1
        if above:
            return False
    return heads[1:].count(0) == 1


@given(_SEEDS, st.integers(2, 5))
def test_best_tree_equals_exhaustive_search(seed: int, words: int) -> None:
    scores = log_probabilities(seed, words, words)
    np.fill_diagonal(scores, -np.inf)
    trees = ((0, *heads) for heads in itertools.product(range(words), repeat=words - 1) if is_tree((0, *heads)))
    best = max(trees, key=lambda heads: sum(scores[place, heads[place]] for place in range(1, words)))
    assert best_tree(scores).tolist() == list(best)


@given(_SEEDS, st.integers(2, 40), st.booleans())
def test_spanning_tree_equals_stanza_s_with_many_cycles(seed: int, words: int, near: bool) -> None:
    scores = np.random.default_rng(seed).normal(size=(words, words))
    if near:  # words prefer their neighbours, as in a repeated word
        scores -= 10.0 * np.abs(np.subtract.outer(np.arange(words), np.arange(words)))
    assert spanning_tree(scores).tolist() == chuliu_edmonds(scores.copy()).tolist()


def test_deadline_stops_the_search_for_trees() -> None:
    heads, relations = log_probabilities(1, 8, 8), np.zeros((8, 8, 1), np.float32)
    checks: list[None] = []

    def check() -> None:
        checks.append(None)
        if len(checks) == 3:
            raise OutOfTime("", 1)

    with pytest.raises(OutOfTime):
        repaired(np.array([0, 0, 1, 1, 1, 1, 1, 1]), heads, relations, np.array([0]), check)
    assert len(checks) == 3


@given(_SEEDS, st.integers(3, 8))
def test_repaired_tree_has_no_conflict(seed: int, words: int) -> None:
    heads, relations = log_probabilities(seed, words, words), log_probabilities(seed, words, words, 5)
    np.fill_diagonal(heads, -np.inf)
    groups = np.array([0, 0, 1, -1, -1])
    tree, chosen = repaired(best_tree(heads), heads, relations, groups)
    assert is_tree(tuple(tree.tolist()))
    if first_conflict(tree, groups[chosen]) is not None:  # after the maximum number of repairs, which is rare
        assert words > 5


def test_likelier_of_two_subjects_is_kept() -> None:
    heads = np.log(np.array([[1, 0, 0, 0], [0, 0, 1, 0], [1, 0, 0, 0], [0, 0, 1, 0]]) + 1e-6).astype(np.float32)
    relations = np.log(np.tile([0.6, 0.4], (4, 4, 1))).astype(np.float32)  # subject, or a relation that can occur twice
    relations[3] = np.log([0.9, 0.1])
    tree, chosen = repaired(np.array([0, 2, 0, 2]), heads, relations, np.array([0, -1]))
    assert tree.tolist() == [0, 2, 0, 2]
    assert chosen[[1, 3]].tolist() == [1, 0]


@settings(max_examples=25)  # a sequence alone takes torch long
@given(st.lists(st.integers(1, 12), min_size=1, max_size=30), st.booleans())
def test_batched_sequences_match_torch_on_each_alone(lengths: list[int], both: bool) -> None:
    torch.manual_seed(0)
    network = nn.LSTM(3, 4, batch_first=True, bidirectional=both)
    start = (torch.randn(1 + both, 1, 4), torch.randn(1 + both, 1, 4))
    items = torch.randn(sum(lengths), 3)
    with torch.inference_mode():
        found = BatchedLSTM(network, start).read(items, lengths)
        alone = [network(sequence[None], start)[0][0] for sequence in items.split(lengths)]  # type: ignore[no-untyped-call]
    torch.testing.assert_close(found, torch.cat(alone), atol=1e-5, rtol=1e-4)


@given(st.lists(st.integers(1, 200) | st.just(2000), min_size=1, max_size=100))
def test_each_sequence_is_in_one_batch(lengths: list[int]) -> None:
    found = [batch.tolist() for batch in batches(np.array(lengths), 300)]
    assert all(found)
    assert sorted(place for batch in found for place in batch) == list(range(len(lengths)))
    assert max(sum(lengths[place] for place in batch) for batch in found) < 300 + max(lengths)


@given(_SEEDS, st.lists(st.integers(1, 4), min_size=1, max_size=4))
def test_best_sequence_equals_exhaustive_search(seed: int, lengths: list[int]) -> None:
    random = np.random.default_rng(seed)
    scores = random.normal(size=(len(lengths), max(lengths), 3)).astype(np.float32)
    transitions = random.normal(size=(3, 3)).astype(np.float32)

    def worth(sentence: int, tags: tuple[int, ...]) -> float:
        steps = sum(transitions[one, other] for one, other in itertools.pairwise(tags))
        return float(sum(scores[sentence, place, tag] for place, tag in enumerate(tags)) + steps)

    found = best_sequences(scores, transitions, np.array(lengths))
    for sentence, length in enumerate(lengths):
        best = max(itertools.product(range(3), repeat=length), key=lambda tags: worth(sentence, tags))
        assert worth(sentence, tuple(found[sentence, :length].tolist())) == pytest.approx(worth(sentence, best))


@pytest.mark.parametrize(
    ("lexeme", "lemma"),
    [
        (("noting", "VERB"), "note"),
        (("Noting", "VERB"), "note"),
        (("NOTING", "VERB"), "note"),
        (("May", "PROPN"), "May"),
        (("May", "AUX"), "may"),
        (("Zoomed", "VERB"), "zoom"),
    ],
)
def test_dictionary_lookup_ignores_case(lexeme: tuple[str, str], lemma: str) -> None:
    model = SimpleNamespace(eval=lambda: None)
    lemmatizer = Lemmatizer(SimpleNamespace(model=model, pos_dict=KNOWN))
    assert lemmatizer.lemmas([lexeme]) == [lemma]


def test_name_is_not_its_lower_case_word(monkeypatch: pytest.MonkeyPatch) -> None:
    trainer = SimpleNamespace(model=SimpleNamespace(eval=lambda: None), pos_dict={"PROPN": {"us": "we"}})
    lemmatizer = Lemmatizer(trainer)
    monkeypatch.setattr(lemmatizer, "_guessed", lambda lexemes: dict.fromkeys(lexemes, "guessed"))
    assert lemmatizer.lemmas([("US", "PROPN")]) == ["guessed"]


def test_dictionary_prefers_the_part_of_speech() -> None:
    lexemes = [("saw", "VERB"), ("saw", "NOUN"), ("worse", "ADJ"), ("ice", "NOUN"), ("gone", "VERB"), ("us", "NOUN")]
    assert LemmaDictionary(KNOWN).find(lexemes) == ["see", "saw", "bad", "iced", "", None]


@given(st.dictionaries(st.sampled_from(["NOUN", "VERB", "*"]), st.dictionaries(st.text("abé"), st.text("abé"))))
def test_dictionary_has_every_entry(lemmas: dict[str, dict[str, str]]) -> None:
    lexemes = [(word, part) for part, words in lemmas.items() for word in (*words, "unknown")]
    expected = [lemmas[part].get(word, lemmas.get("*", {}).get(word)) for word, part in lexemes]
    assert LemmaDictionary(lemmas).find(lexemes) == expected


@settings(max_examples=30)
@given(_SEEDS, st.lists(st.integers(1, 9), min_size=1, max_size=6), st.booleans())
def test_decoder_equals_stanza_s(seed: int, lengths: list[int], unknown: bool) -> None:
    torch.manual_seed(seed)
    model = Seq2SeqModel(_SMALL_MODEL).eval()
    for weights in model.parameters():
        nn.init.normal_(weights)
    lengths.sort(reverse=True)
    source = torch.zeros(len(lengths), lengths[0] + 2, dtype=torch.long)
    for row, length in enumerate(lengths):
        source[row, : length + 2] = torch.tensor([SOS_ID, *torch.randint(4, 10 + unknown, (length,)), EOS_ID])
    with torch.inference_mode():
        inputs, _, counts, mask = model.embed(
            source, source == PAD_ID, torch.ones(len(lengths), dtype=torch.long), None
        )
        states, last = model.encode(inputs, counts)
        found = Decoder(model).decode(*(part.numpy() for part in (source, mask, states, *last)))
        letter = model.SOS_tensor.expand(len(source), 1)
        for best in found.T:
            scores, last = model.decode(model.embedding(letter), *last, states, mask, src=source)
            torch.testing.assert_close(scores[torch.arange(len(best)), 0, best], scores[:, 0].amax(1))
            letter = torch.from_numpy(best).masked_fill(torch.from_numpy(best) >= 10, UNK_ID)[:, None]

"""Joint training computes the same as run time."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from stanza.models.depparse import model as parser_model
from stanza.models.depparse import trainer as parser_trainer
from stanza.models.ner import model as names_model
from stanza.models.ner import trainer as names_trainer
from stanza.models.pos import model as tagger_model
from stanza.models.pos import trainer as tagger_trainer
from torch import Tensor, nn

from service.extraction.document import build_document
from service.input.paragraphs import read_article
from service.parsing.packs import embedded_folder
from service.parsing.parser import Parser
from tests.training.conftest import interrupt
from tests.training.made_up import SIZE, weights
from training import train_together
from training.attribution.parses import CorpusDocument
from training.encoder import Encoder, WordPieces
from training.head_examples import ExampleBuilder, TrainingExample, shuffled
from training.reader_articles import reader_article
from training.reader_examples import ReaderBatch
from training.reader_losses import pieces_of, reader_batches
from training.shared_encoder import SharedEncoder, with_layers
from training.silver import sentences
from training.train_together import Models, load_models, scores, train, unpack

TEXT = "“We can't wait,” said Ann Lee of Acme Inc. in Paris. The mayor, who won in 2019, will not run again!!"


def example(*places: int) -> TrainingExample:
    """Return a training example in which only the subwords matter; its words end at `places`."""
    pieces = [7, *(10 + place for place in range(1, places[-1] + 1)), 8]
    words = tuple(f"word{place}" for place in places)
    return TrainingExample(words, pieces, [0, *places, len(pieces) - 1], [], [], ([], [], []), [], [], None)


def test_encoder_can_keep_some_of_its_layers() -> None:
    whole = weights(3, 50)
    part = with_layers(whole, (0, 2))
    assert part["encoder.layer.1.output.dense.bias"] is whole["encoder.layer.2.output.dense.bias"]
    assert part["embeddings.LayerNorm.bias"] is whole["embeddings.LayerNorm.bias"]
    assert not any(".2." in name for name in part)
    Encoder(part, 3)


def test_heads_share_states_and_train_the_encoder() -> None:
    encoder, frozen = SharedEncoder(weights(2, 50), 3), Encoder(weights(2, 50), 3)
    encoder.requires_grad_(True)
    batch = [example(1, 3, 4), example(2)]
    mix = nn.Linear(2, 1, bias=False)
    encoder.read(batch)
    (short,), (long,) = encoder.words([["word2"]], mix, ends=False), encoder.words([batch[0].words], mix, ends=True)
    row = batch[0].pieces
    one, other = frozen(torch.tensor([row]), torch.ones(1, len(row))).hidden_states[-2:]
    expected = (mix.weight[0, 0] + 0.5) * one[0] + (mix.weight[0, 1] + 0.5) * other[0]
    assert torch.allclose(long, expected[[0, 1, 3, 4, 5]], atol=1e-5)
    assert short.shape == (1, SIZE)
    long.sum().backward()  # type: ignore[no-untyped-call]
    assert mix.weight.grad is not None
    assert all(values.grad is not None for name, values in encoder.named_parameters() if ".layer." in name)


def test_subwords_are_masked_but_not_the_start() -> None:
    encoder = SharedEncoder(weights(1, 104), 2)
    mix = nn.Linear(2, 1, bias=False)
    found: list[Tensor] = []
    for batch in ([example(1, 2)], [example(3)]):
        encoder.read(batch, masked=1.0)
        found += encoder.words([batch[0].words], mix, ends=True)
    assert not torch.allclose(found[0][0], found[0][1])
    assert found[0].shape[0] == 4


def test_epoch_has_each_sentence_once_in_batches_by_length() -> None:
    rng = random.Random(2)
    learn = [example(*range(1, rng.randint(2, 40))) for _ in range(300)]
    found = shuffled(learn, 120, seed=1)
    assert sorted(map(id, (one for batch in found for one in batch))) == sorted(map(id, learn))
    for batch in found:
        lengths = [len(one.words) for one in batch]
        assert sum(lengths) <= 120
        assert lengths == sorted(lengths, reverse=True)
    assert found == shuffled(learn, 120, seed=1) != shuffled(learn, 120, seed=2)


@pytest.fixture
def models(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Models:
    """The models of the shipped pack, as if each had just been trained separately."""
    for model in (parser_model, tagger_model, names_model):  # permanently replaced by training
        monkeypatch.setattr(model, "extract_bert_embeddings", model.extract_bert_embeddings)
    for trainer in (parser_trainer, tagger_trainer, names_trainer):
        monkeypatch.setattr(trainer, "load_bert", trainer.load_bert)
    monkeypatch.setattr(parser_model.GraphParser, "forward", parser_model.GraphParser.forward)
    pack, apart = embedded_folder(), tmp_path / "apart"
    layers = unpack(pack, apart)
    return load_models(apart, tmp_path, WordPieces(pack / "pieces.json"), range(layers))


def learnt(parser: Parser, models: Models) -> list[TrainingExample]:
    """Return the shipped pack's output for `TEXT` as training examples."""
    (parse,) = parser.parse([read_article(TEXT)])
    vocabularies = [trainer.vocab for trainer in models.heads.values()]
    return list(ExampleBuilder(WordPieces(embedded_folder() / "pieces.json"), *vocabularies).examples(sentences(parse)))


def windows(parser: Parser) -> Iterator[ReaderBatch]:
    """Return the reader's batches of an annotated article, indefinitely."""
    article = read_article(TEXT)
    (parse,) = parser.parse([article])
    said = TEXT.index("said")
    marked = {"content": [[0, said - 1]], "cue": [[said, said + 4]], "source": [[said + 5, said + 11]]}
    document = CorpusDocument("a", build_document(article, parse), [marked])
    return reader_batches([reader_article(document)], pieces_of(embedded_folder() / "pieces.json"), 200)


@pytest.mark.model
def test_training_and_run_time_outputs_agree(embedded_parser: Parser, models: Models) -> None:
    found = scores(models, learnt(embedded_parser, models))
    assert found == {"UAS": 1.0, "LAS": 1.0, "UPOS": 1.0, "names": 1.0}


@pytest.mark.model
def test_resumed_training_gives_the_same_result(
    embedded_parser: Parser, models: Models, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn = learnt(embedded_parser, models)
    start = {name: values.detach().clone() for name, values in models.weights().items()}

    def put_back() -> None:
        for name, values in models.weights().items():
            values.data = start[name].clone()

    def trained(checkpoint: str) -> dict[str, Tensor]:
        train(models, learn, learn, 4, 100, tmp_path / checkpoint, windows(embedded_parser))
        return {name: values.detach().clone() for name, values in models.weights().items()}

    monkeypatch.setattr(train_together, "KEPT_EVERY", 1)
    whole = trained("whole.pt")
    put_back()
    interrupt(lambda: trained("interrupted.pt"), 2, train_together)
    put_back()
    resumed = trained("interrupted.pt")
    assert all(torch.allclose(values, whole[name], atol=1e-6) for name, values in resumed.items())
    assert any(not torch.equal(values, start[name]) for name, values in resumed.items())

"""Train a tokenizer with a third of the computation: Stanza's model, half as wide, distilled from the first one.

    python -m training.train_narrow_tokenizer --work ../work --corpora ../shared --pack ../work/wide

It is trained on the treebanks' text and on the wide pack's tokenization of PolNeAR's train articles (Buciluǎ et al.,
2006, Model Compression). The model and its file format are Stanza's. The training loop is our own: it uses windows of
one length, which torch processes ten times as fast as Stanza's sequences of different lengths. A third of the windows
begin with a paragraph and a third end with one, as at run time.

Writes `narrow/tokenizer/en_news_tokenizer.pt`. It takes minutes; an interrupted run starts again.
"""

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from stanza.models.tokenization.trainer import Trainer
from torch import Tensor, nn
from torch.nn import functional

from training.neural_tokenizer import NeuralTokenizer
from training.optimization import scheduled
from training.recipe import recipe
from training.silver import news_arguments, news_chunks

MODEL = "tokenizer/en_news_tokenizer.pt"
_RECIPE: Final = recipe("train_narrow_tokenizer")
SHAPE: Final[dict[str, float]] = _RECIPE["shape"]
WINDOW: Final[int] = _RECIPE["window"]  # characters
BATCH: Final[int] = _RECIPE["batch"]  # windows
RATE: Final[float] = _RECIPE["rate"]
WARMUP: Final[int] = _RECIPE["warmup"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]
UNREADABLE: Final[float] = _RECIPE["unreadable"]  # share of characters replaced by "unknown", for robustness
UNKNOWN = 1  # Stanza's id for unknown characters
SEED: Final[int] = _RECIPE["seed"]

Paragraph = tuple[str, str]  # its characters, and the class digit of each


@dataclass(frozen=True)
class TokenizerData:
    """Concatenated paragraphs as a tokenizer's training data: ids [characters], features [characters, features]."""

    units: Tensor
    features: Tensor
    classes: Tensor
    starts: NDArray[np.int64]  # the start of each paragraph
    ends: NDArray[np.int64]


def main() -> None:
    """Run the command line."""
    arguments = news_arguments(__doc__)
    arguments.add_argument("--steps", type=int, default=3500)
    arguments.add_argument("--threads", type=int, default=2)
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    wide = Trainer(model_file=str(args.work / MODEL), device="cpu")
    paragraphs = [*of_treebanks(args.work / "data"), *of_news(args.corpora, args.pack)]
    torch.manual_seed(SEED)
    narrow = Trainer(wide.args | SHAPE, wide.vocab, device="cpu")
    train(narrow.model, tokenizer_data(paragraphs, wide.vocab), args.steps)
    (args.work / "narrow" / MODEL).parent.mkdir(parents=True, exist_ok=True)
    narrow.save(str(args.work / "narrow" / MODEL))


def of_treebanks(data: Path) -> Iterator[Paragraph]:
    """Yield the treebanks' paragraphs, as labelled by `training.train_tokenizer`."""
    files = ((data / f"train.{kind}").read_text(encoding="utf-8").strip().split("\n\n") for kind in ("txt", "labels"))
    for text, classes in zip(*files, strict=True):
        if text.strip():
            yield text, classes


def of_news(corpora: Path, pack: Path) -> Iterator[Paragraph]:
    """Yield the paragraphs of PolNeAR's train articles, as split by the pack's tokenizer."""
    tokenizer = NeuralTokenizer.of_pack(pack)
    for text, spans in news_chunks(corpora):
        for piece, classes in tokenizer.read(text, spans):
            yield piece.letters, "".join(map(str, classes))


def tokenizer_data(paragraphs: Sequence[Paragraph], vocabulary: Any) -> TokenizerData:
    """Convert `paragraphs` to Stanza's ids and features: space, capital, digit, end of paragraph, start of
    paragraph."""
    text = "".join(text for text, _ in paragraphs).replace("\n", " ")
    numbers = {letter: vocabulary.unit2id(letter) for letter in set(text)}
    shapes = {letter: (letter == " ", letter.isupper(), letter.isdecimal()) for letter in set(text)}
    lengths = np.array([len(text) for text, _ in paragraphs])
    ends = np.cumsum(lengths)
    features = torch.zeros(len(text), 5)
    features[:, :3] = torch.tensor([shapes[letter] for letter in text])
    features[ends - 1, 3] = 1
    features[ends - lengths, 4] = 1
    return TokenizerData(
        torch.tensor([numbers[letter] for letter in text]),
        features,
        torch.tensor([int(digit) for _, classes in paragraphs for digit in classes if digit != "\n"]),
        ends - lengths,
        ends,
    )


def train(model: Any, dataset: TokenizerData, steps: int) -> None:
    """Train for `steps` steps."""
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, betas=(0.9, 0.98))
    rng = np.random.default_rng(SEED)
    began, recent = time.monotonic(), 0.0
    model.train()
    for done in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * scheduled(done, steps, WARMUP, FINAL_SHARE)
        positions = torch.from_numpy(windows(dataset, rng))
        units = dataset.units[positions].masked_fill(torch.rand(positions.shape) < UNREADABLE, UNKNOWN)
        scores = log_probabilities(model, units, dataset.features[positions])
        loss = functional.nll_loss(scores.flatten(0, 1), dataset.classes[positions].flatten())
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        recent = loss.item() if not done else 0.98 * recent + 0.02 * loss.item()
        if (done + 1) % 100 == 0:
            print(f"{done + 1} steps, {time.monotonic() - began:.0f} s: {recent:.5f}", flush=True)


def windows(dataset: TokenizerData, rng: np.random.Generator) -> NDArray[np.int64]:
    """Return the positions of a batch: a third of the windows begin with a paragraph, a third end with one."""
    third = BATCH // 3
    starts = np.concatenate(
        [
            rng.choice(dataset.starts, third),
            rng.choice(dataset.ends, third) - WINDOW,
            rng.integers(len(dataset.units), size=third),
        ]
    )
    positions: NDArray[np.int64] = np.clip(starts, 0, len(dataset.units) - WINDOW)[:, None] + np.arange(WINDOW)
    return positions


def log_probabilities(model: Any, units: Tensor, features: Tensor) -> Tensor:
    """Return the log-probability of each class for each character [windows, characters]."""
    inputs = torch.cat([model.dropout(model.embeddings(units)), model.dropout_feat(features)], 2)
    lower = model.dropout(model.rnn(inputs)[0])
    token = model.tok_clf(lower)
    upper = lower * (1 - torch.sigmoid(-token * model.args["hier_invtemp"]))
    upper = model.dropout(model.rnn2(upper)[0])
    ends = [
        token + model.tok_clf2(upper),
        model.sent_clf(lower) + model.sent_clf2(upper),
        model.mwt_clf(lower) + model.mwt_clf2(upper),
    ]
    (no_token, token), (one_sentence, sentence), (one_word, several) = (
        (functional.logsigmoid(-end), functional.logsigmoid(end)) for end in ends
    )
    return torch.cat(
        [
            no_token,
            token + one_sentence + one_word,
            token + sentence + one_word,
            token + one_sentence + several,
            token + sentence + several,
        ],
        2,
    )


if __name__ == "__main__":
    main()

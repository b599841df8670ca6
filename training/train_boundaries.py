"""Train the sentence boundary weights, `service/parsing/tokenization/boundaries.json`.

    python -m training.train_boundaries --work ../work --corpora ../shared --pack ../work/wide

Logistic regression with an L2 penalty at each possible sentence end. The examples are the treebanks' train text
(`training.prepare`), both as published and respelled as news, and with less weight PolNeAR's train articles as split by
the pack's neural tokenizer. That tokenizer ends sentences after some titles ("Gov."), so places decided by a rule are
excluded. Few sentences in the treebanks end with an abbreviation, so some are altered to do so.

Prints the accuracy on the treebanks' dev sets. Takes two minutes.
"""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from service.input.article import Span
from service.parsing.tokenization.sentences import boundaries, features, ruled
from service.parsing.tokenization.tokens import abbreviations, ambiguous, find_tokens, openers
from training.corpora import conllu
from training.neural_tokenizer import NeuralTokenizer
from training.prepare import TREEBANKS
from training.recipe import recipe
from training.silver import news_arguments, news_chunks

WEIGHTS: Final = Path("service/parsing/tokenization/boundaries.json")
_RECIPE: Final = recipe("train_boundaries")
PENALTY: Final[float] = _RECIPE["penalty"]  # scikit-learn's C, chosen on dev
NEWS_WEIGHT: Final[float] = _RECIPE["news_weight"]
SCALE: Final[int] = _RECIPE["scale"]  # weights are integers, so that sums are equal on every machine
MIN_WEIGHT: Final[int] = _RECIPE["min_weight"]  # smaller weights are dropped

SEED: Final[int] = _RECIPE["seed"]
# share of the treebanks' sentences, followed by one with a typical opening word, that are altered
ABBREVIATED: Final[float] = _RECIPE["abbreviated"]
LETTERED: Final = ("U.S.", "U.K.", "U.N.", "D.C.", "a.m.", "p.m.", "Ph.D.", "N.Y.", "N.J.")

Example = tuple[list[str], bool]


def main() -> None:
    """Run the command line."""
    arguments = news_arguments(__doc__)
    arguments.add_argument("--weights", type=Path, default=WEIGHTS)
    args = arguments.parse_args()
    data = args.work / "data"
    banks = [
        example
        for name in (*(f"{bank}.train" for bank in TREEBANKS), "train")
        for example in of_treebank(data / f"{name}.conllu", data / f"{name}.txt")
    ]
    banks += of_abbreviated(conllu.read(data / "train.conllu"), random.Random(SEED))
    news = list(of_news(args.corpora, args.pack))
    weights = fit(banks, news)
    args.weights.write_text(json.dumps(weights, indent=0, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(banks)} examples of treebanks, {len(news)} of news, {len(weights)} weights")
    for bank in TREEBANKS:
        dev = list(of_treebank(data / f"{bank}.dev.conllu", data / f"{bank}.dev.txt"))
        print(f"{bank} dev: {100 * accuracy(weights, dev):.2f} % of {len(dev)}")


def of_treebank(trees: Path, raw: Path) -> Iterator[Example]:
    """Yield the examples of a treebank's paragraphs."""
    text = raw.read_text(encoding="utf-8")
    ends, position = set(), 0
    for sentence in conllu.read(trees):
        for row in sentence.surface():
            position = text.index(row[1], position) + len(row[1])
        ends.add(position)
    start = 0
    for line in text.split("\n"):
        if line:
            yield from examples(text, Span(start, start + len(line)), ends)
        start += len(line) + 1


def of_abbreviated(sentences: Iterable[conllu.Sentence], rng: random.Random) -> Iterator[Example]:
    """Yield examples of sentence pairs whose first sentence is altered to end with an abbreviation."""
    words = [f"{word}." for word, kinds in abbreviations().items() if kinds[0] not in ("titles", "linking")]
    choices = [[word for word in words if word[:2].istitle() and word not in ambiguous()], list(LETTERED)]
    for first, following in pairwise(sentence.text() for sentence in sentences):
        opening = following.partition(" ")[0]
        if first[-1:] == "." and opening.istitle() and opening.lower() in openers() and rng.random() < ABBREVIATED:
            abbreviated = f"{first.rpartition(' ')[0]} {rng.choice(rng.choice(choices))}"
            text = f"{abbreviated} {following}"
            ends = {len(abbreviated), len(text)}
            yield from examples(text, Span(0, len(text)), ends)


def of_news(corpora: Path, pack: Path) -> Iterator[Example]:
    """Yield the examples of PolNeAR's train articles, as split by the pack's neural tokenizer."""
    tokenizer = NeuralTokenizer.of_pack(pack)
    for text, spans in news_chunks(corpora):
        ends = {sentence[-1].span.end for sentence in tokenizer.cut(text, spans)}
        for span in spans:
            yield from examples(text, span, ends)


def examples(text: str, span: Span, ends: set[int]) -> Iterator[Example]:
    """Yield the possible sentence ends in `text` at `span`, and whether a sentence ends there."""
    tokens = find_tokens(text, *span)
    sentence_start = 0
    for boundary in boundaries(text, tokens):
        is_end = tokens.ends[boundary.last] in ends
        if ruled(text, tokens, boundary) is None:
            yield features(text, tokens, boundary, sentence_start), is_end
        if is_end:
            sentence_start = boundary.last + 1


def fit(banks: Sequence[Example], news: Sequence[Example]) -> dict[str, int]:
    """Fit the weights of the features to both sets."""
    vectorizer = DictVectorizer()
    rows = vectorizer.fit_transform(dict.fromkeys(result, 1) for result, _ in (*banks, *news))
    answers = np.array([is_end for _, is_end in (*banks, *news)])
    shares = np.concatenate([np.ones(len(banks)), np.full(len(news), NEWS_WEIGHT)])
    model = LogisticRegression(C=PENALTY, max_iter=1000, fit_intercept=False).fit(rows, answers, sample_weight=shares)
    names = vectorizer.get_feature_names_out()
    scaled = {name: round(SCALE * weight) for name, weight in zip(names, model.coef_[0], strict=True)}
    return {name: weight for name, weight in scaled.items() if abs(weight) >= MIN_WEIGHT}


def accuracy(weights: dict[str, int], found: Sequence[Example]) -> float:
    """Return the share of `found` that the weights classify correctly."""
    right = sum((sum(weights.get(name, 0) for name in names) > 0) == is_end for names, is_end in found)
    return right / len(found)


if __name__ == "__main__":
    main()

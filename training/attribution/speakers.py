"""Train the speaker confidence (`service/extraction/attribution/weights/speakers.json`) on gold speakers.

    python -m training.attribution.speakers --corpora ../shared --work ../work/attribution [--parses FOLDER] [--to FILE]

An example is a found quote of a golden article (tests/golden) or an everyday one (`everyday/` in the corpora folder),
labelled by whether its speaker is the gold one; or a pronoun or description of GUM's training documents, labelled by
whether its antecedent agrees with GUM's coreference chains. GUM's phrases are not quotes, and have less weight.
Articles are divided into folds; the out-of-fold predictions show how reliable the confidence is. An unknown speaker
(null) is not an example. Quotes of
everyday articles are found by the models in `--work` that were not trained on the article.
"""

import argparse
import math
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

import numpy as np
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from service.extraction.attribution import attributions
from service.extraction.attribution.attributions import attributions_of
from service.extraction.attribution.linear import LinearModel, probability
from service.extraction.document import Document, build_document
from service.extraction.quotations.continuations import link
from service.extraction.report import MIN_RESOLUTION_SCORE, Attribution, Options, Quote, Speaker
from service.extraction.speakers.pronouns import HE, IT, SHE
from service.extraction.speakers.resolve import features_of, resolve, resolve_sources
from service.extraction.speakers.speaker_features import speaker_features
from service.input.article import Article
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.settings import Settings
from training.attribution.folds import models_by_article, parsers_by_article
from training.attribution.gold import letters
from training.attribution.judge import Prediction, brier, calibration_error
from training.attribution.weights import write_model
from training.corpora.caching_parser import PARSES, CachingParser
from training.corpora.golden import NOBODY, called, find, golden_articles
from training.corpora.gum import GENRES, gum_documents, phrases_of, read_document
from training.corpora.news import marked_articles, runner
from training.recipe import recipe

_RECIPE: Final = recipe("attribution.speakers")
FOLDS: Final[int] = _RECIPE["folds"]
MIN_COUNT: Final[int] = _RECIPE["min_count"]  # minimum frequency of a feature
STRENGTH: Final[float] = _RECIPE["strength"]  # scikit-learn's C
GUM_WEIGHT: Final[float] = _RECIPE["gum_weight"]
ALIKE: Final[float] = _RECIPE["alike"]  # Dice coefficient from which a quote matches a gold one
WEIGHTS: Final = Path("service/extraction/attribution/weights/speakers.json")


class Example(NamedTuple):
    """A speaker: its document, its features, whether it is right, and the weight of the example."""

    document: str
    features: dict[str, float]
    right: bool
    weight: float = 1.0


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--work", type=Path, default=Path("../work/attribution"), help="work folder of training")
    arguments.add_argument("--parses", type=Path, default=PARSES, help="folder of cached parses")
    arguments.add_argument("--to", type=Path, default=WEIGHTS)
    args = arguments.parse_args()
    parser = CachingParser(Settings(), args.parses)
    examples = [*golden(parser), *everyday(args.corpora, args.work, args.parses), *gum(args.corpora)]
    print(report(out_of_fold(examples)))
    model = fit(examples)
    write_model(args.to, model)
    print(f"{len(model.weights)} weights from {len(examples)} examples in {args.to}")


def golden(parser: Parser) -> Iterator[Example]:
    """Yield the examples of the golden articles."""
    for article in golden_articles():
        names = article.speakers

        def pairs(
            document: Document, attributions: Sequence[Attribution], article: Any = article
        ) -> Iterator[tuple[int, Any]]:
            quotes = [
                Quote(each.kind, each.contents, document.parse.sentences[each.sentence].span, 0, "body", cue=each.cue)
                for each in attributions
            ]
            for gold in article.quotes:
                quote = find(article.text, gold, quotes)
                if quote is not None:
                    yield next(number for number, each in enumerate(quotes) if each is quote), gold.speaker

        def right(speaker: Speaker, expected: Any, names: Any = names) -> bool:
            return expected != NOBODY and called(speaker.name, names[expected])

        yield from _examples(f"golden {article.name}", read_article(article.text), parser, pairs, right)


def everyday(corpora: Path, work: Path, parses: Path) -> Iterator[Example]:
    """Yield the examples of the everyday articles, whose quotes are found by models not trained on them."""
    parsers = parsers_by_article(work, parses)
    rules = runner(corpora / "eval/everyday.py")
    unseen = models_by_article(work)
    for name, text, expected in marked_articles(corpora):

        def pairs(
            _page: Document, attributions: Sequence[Attribution], expected: Any = expected, text: str = text
        ) -> Iterator[tuple[int, Any]]:
            ours = [letters(text, attribution.contents) for attribution in attributions]
            for gold in expected:
                theirs = letters(text, gold["content"])
                alike = [2 * len(own & theirs) / max(len(own) + len(theirs), 1) for own in ours]
                best = max(range(len(alike)), key=alike.__getitem__, default=0)
                if alike and alike[best] >= ALIKE:
                    yield best, gold

        def right(speaker: Speaker, gold: Any) -> bool:
            return bool(rules.same(gold, {"name": speaker.name, "aliases": list(speaker.aliases)}))

        with patch.object(attributions, "shipped_models", lambda name=name: unseen[name]):
            yield from _examples(f"everyday {name}", read_article(text), parsers[name], pairs, right)


def gum(corpora: Path) -> Iterator[Example]:
    """Yield the personal pronouns and the descriptions of GUM's training documents."""
    for document in gum_documents(corpora, "train", frozenset(GENRES.split(","))):
        coref = read_document(document)
        for key, mention, right in phrases_of(document, coref):
            person = mention.form == "pronoun" and mention.role in HE | SHE
            speaks = mention.form == "pronoun" and mention.role not in IT and key in coref.sources
            described = mention.form == "noun" and mention.kind == "person"
            if right is not None and (person or speaks or described):
                features = speaker_features(coref, None, coref.resolutions[key], key)
                yield Example(f"gum {document.name}", features, right, GUM_WEIGHT)


def _examples(
    name: str,
    article: Article,
    parser: Parser,
    pairs: Callable[[Document, Sequence[Attribution]], Iterator[tuple[int, Any]]],
    right: Callable[[Speaker, Any], bool],
) -> Iterator[Example]:
    """Yield an article's examples. `pairs` matches attributions with gold ones, `right` compares a speaker with
    gold."""
    (parse,) = parser.parse([article])
    document = build_document(article, parse)
    quotes = link(document, *attributions_of(document, MIN_RESOLUTION_SCORE), Options())
    cast = resolve(article, parse, quotes)
    coref, result, _ = resolve_sources(article, parse, quotes)
    for number, expected in pairs(document, quotes):
        speaker = cast.resolved[number].speaker
        if speaker is not None:
            features = features_of(coref, quotes, result, number)
            yield Example(name, features, right(cast.speakers[speaker], expected))


def fit(examples: Sequence[Example]) -> LinearModel:
    """Fit a logistic regression over the features that are frequent enough."""
    named = Counter(name for example in examples for name in example.features)
    names = sorted(name for name, times in named.items() if times >= MIN_COUNT)
    table = DictVectorizer(sparse=False).fit([dict.fromkeys(names, 1.0)])
    rows = table.transform([example.features for example in examples])
    learner = LogisticRegression(C=STRENGTH, max_iter=3000)
    learner.fit(rows, [example.right for example in examples], sample_weight=[example.weight for example in examples])
    weights = zip(table.get_feature_names_out(), learner.coef_[0], strict=True)
    return LinearModel(
        round(float(learner.intercept_[0]), 3),
        {name: rounded for name, weight in weights if (rounded := round(float(weight), 3))},
    )


def out_of_fold(examples: Sequence[Example]) -> list[tuple[Example, float]]:
    """Return each example with the prediction of a model that has not seen its document."""
    documents = sorted({example.document for example in examples})
    part = {name: number % FOLDS for number, name in enumerate(np.random.default_rng(1).permutation(documents))}
    predictions = []
    for fold in range(FOLDS):
        model = fit([example for example in examples if part[example.document] != fold])
        held = [example for example in examples if part[example.document] == fold]
        predictions += [(item, probability(model.weighted_sum(item.features))) for item in held]
    return predictions


def report(predictions: Sequence[tuple[Example, float]]) -> str:
    """Return a report of the reliability of the predictions, by source of the examples."""
    rows = [
        "| | speakers | right | mean confidence | calibration error | Brier | log loss |",
        "|---|---|---|---|---|---|---|",
    ]
    for source in ("golden", "everyday", "gum"):
        scored = [Prediction(chance, one.right) for one, chance in predictions if one.document.startswith(source)]
        losses = (-math.log(item.confidence if item.right else 1 - item.confidence) for item in scored)
        loss = sum(losses) / max(len(scored), 1)
        share = sum(item.right for item in scored) / max(len(scored), 1)
        mean = sum(item.confidence for item in scored) / max(len(scored), 1)
        figures = (share, mean, calibration_error(scored), brier(scored), loss)
        rows.append(f"| {source} | {len(scored)} | " + " | ".join(f"{figure:.3f}" for figure in figures) + " |")
    quotes = [(chance, one.right) for one, chance in predictions if not one.document.startswith("gum")]
    rows += ["", "| least confidence | named | wrong | right ones lost |", "|---|---|---|---|"]
    for step in range(3, 10):
        named = [right for chance, right in quotes if chance >= step / 10]
        lost = sum(right for chance, right in quotes if chance < step / 10)
        rows.append(f"| {step / 10:.1f} | {len(named)} | {len(named) - sum(named)} | {lost} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()

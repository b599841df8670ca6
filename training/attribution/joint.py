"""Fit the confidence of a quote with its speaker (`service/extraction/attribution/weights/joint.json`).

    python -m training.attribution.joint --corpora ../shared --work ../work/attribution [--parses FOLDER] [--to FILE]

An example is a quote with a speaker that the service returns for an everyday article (prose). It was found by the
models in `--work` that were not trained on the article, and its `speaker_confidence` is by models that were not either.
It is right if an annotated quote has its content and its speaker, as strictly as `eval/everyday.py` in the corpora
folder counts quotes as found. Two log-odds are its only values: of the quote's
score and of `speaker_confidence`. Prints how reliable the three weights, fitted on the other articles, are on each
part, next to the lower of the two probabilities. Run it last, after `training.attribution.run` and
`training.attribution.speakers`.
"""

import argparse
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final, NamedTuple
from unittest.mock import patch

from sklearn.linear_model import LogisticRegression

from service.extraction import extractor
from service.extraction.attribution import attributions
from service.extraction.attribution.confidence import joint_values
from service.extraction.attribution.linear import LinearModel, probability
from service.extraction.report import MIN_RESOLUTION_SCORE, Options
from service.extraction.speakers import resolve
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import answer
from service.settings import Settings
from training.attribution import speakers
from training.attribution.folds import is_talk, models_by_article, parsers_by_article
from training.attribution.judge import Prediction, brier, calibration_error
from training.attribution.weights import write_model
from training.corpora.caching_parser import PARSES, CachingParser
from training.corpora.news import marked_articles, runner

WEIGHTS: Final = Path("service/extraction/attribution/weights/joint.json")
FOLDS: Final = 5
SURE: Final = 0.8  # from here on a quote counts as confident, as in `eval/everyday.py`
STRENGTH: Final = 1.0  # scikit-learn's C
WRONG_WEIGHT: Final = 1.6  # of a wrong example: being wrong with confidence costs more than being right without it
ALIKE: Final = {"direct": 0.8, "mixed": 0.8, "indirect": 0.6}  # least Dice coefficient of a match, by gold kind

Judge = Callable[[Mapping[str, Any], Mapping[str, Any] | None], bool]  # whether a gold quote has this speaker


class Example(NamedTuple):
    """A returned quote: its article, its score, the confidence of its speaker, and whether both are right."""

    article: str
    quote: float
    speaker: float
    right: bool


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--work", type=Path, default=Path("../work/attribution"), help="work folder of training")
    arguments.add_argument("--parses", type=Path, default=PARSES, help="folder of cached parses")
    arguments.add_argument("--to", type=Path, default=WEIGHTS)
    args = arguments.parse_args()
    parser = CachingParser(Settings(), args.parses)
    models = speaker_models(args.corpora, args.work, parser, args.parses)
    examples = everyday(args.corpora, args.work, parsers_by_article(args.work, args.parses), models)
    print(report(examples, out_of_fold(examples)))
    model = fit(examples)
    write_model(args.to, model)
    print(f"{model.bias:+} {model.weights} from {len(examples)} quotes in {args.to}")


def speaker_models(corpora: Path, work: Path, parser: Parser, parses: Path) -> dict[str, LinearModel]:
    """Return, for each everyday article, a model of the speaker confidence that was not trained on it."""
    known = [*speakers.golden(parser), *speakers.everyday(corpora, work, parses), *speakers.gum(corpora)]
    names = [name for name, _, _ in marked_articles(corpora)]
    models: dict[str, LinearModel] = {}
    for fold in range(FOLDS):
        held = set(names[fold::FOLDS])
        model = speakers.fit([one for one in known if one.document.removeprefix("everyday ") not in held])
        models |= dict.fromkeys(held, model)
    return models


def everyday(
    corpora: Path, work: Path, parsers: Mapping[str, Parser], models: Mapping[str, LinearModel]
) -> list[Example]:
    """Return the examples of the everyday prose in `corpora`, with parsers and models of the speaker confidence by
    article."""
    rules = runner(corpora / "eval/everyday.py")
    unseen = models_by_article(work)
    options = Options(min_confidence=MIN_RESOLUTION_SCORE)
    examples: list[Example] = []
    for name, text, gold in marked_articles(corpora):
        if is_talk(gold):
            continue
        with (
            patch.object(attributions, "shipped_models", lambda name=name: unseen[name]),
            patch.object(extractor, "joint_confidence", lambda quote, _speaker: quote),
            patch.object(resolve, "speaker_model", lambda name=name: models[name]),
        ):
            document = answer(read_article(text), parsers[name], options)
        quotes, _ = rules.merged(document)
        examples += examples_of(name, text, quotes, document["speakers"], gold, rules.same)
    return examples


def examples_of(
    article: str,
    text: str,
    quotes: Sequence[Mapping[str, Any]],
    speakers: Sequence[Mapping[str, Any]],
    gold: Sequence[Mapping[str, Any]],
    same: Judge,
) -> list[Example]:
    """Return the examples of one article.

    Args:
        quotes: Those of the response, each with `spans`; a quote and those that continue it are one.
        speakers: Those of the response.
        gold: The annotated quotes.
        same: Whether a gold quote has the speaker of the response.
    """
    by_id = {one["id"]: one for one in speakers}
    examples = []
    for quote in quotes:
        if quote["speaker"] is None:
            continue
        own = _letters(text, quote["spans"])
        matches = [one for one in gold if _dice(own, _letters(text, one["content"])) >= ALIKE[one["kind"]]]
        right = any(same(one, by_id[quote["speaker"]]) for one in matches)
        examples.append(Example(article, quote["confidence"], quote["speaker_confidence"], right))
    return examples


def _letters(text: str, spans: Sequence[Sequence[int]]) -> frozenset[int]:
    return frozenset(at for start, end in spans for at in range(start, end) if text[at].isalnum())


def _dice(own: frozenset[int], theirs: frozenset[int]) -> float:
    return 2 * len(own & theirs) / max(len(own) + len(theirs), 1)


def fit(examples: Sequence[Example]) -> LinearModel:
    """Fit the three weights, with three decimals. Raises ValueError if all the examples are right, or all wrong."""
    rows = [list(joint_values(one.quote, one.speaker).values()) for one in examples]
    learner = LogisticRegression(C=STRENGTH, class_weight={False: WRONG_WEIGHT, True: 1.0})
    learner.fit(rows, [one.right for one in examples])
    names = joint_values(0.5, 0.5)
    weights = {name: round(float(weight), 3) for name, weight in zip(names, learner.coef_[0], strict=True)}
    return LinearModel(round(float(learner.intercept_[0]), 3), weights)


def out_of_fold(examples: Sequence[Example]) -> list[float]:
    """Return the joint confidence of each example by weights that were fitted without its article."""
    part = {name: number % FOLDS for number, name in enumerate(sorted({one.article for one in examples}))}
    models = [fit([one for one in examples if part[one.article] != fold]) for fold in range(FOLDS)]
    return [
        min(one.speaker, probability(models[part[one.article]].weighted_sum(joint_values(one.quote, one.speaker))))
        for one in examples
    ]


def report(examples: Sequence[Example], joint: Sequence[float]) -> str:
    """Return a table of the reliability of the joint confidence, and of the lower of the two probabilities."""
    rows = [
        "| | quotes | right | mean confidence | calibration error | Brier | confident | wrong of these |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lower = [min(one.quote, one.speaker) for one in examples]
    for name, found in (("joint, out of fold", joint), ("lower of the two", lower)):
        scored = [Prediction(chance, one.right) for one, chance in zip(examples, found, strict=True)]
        confident = [one for one in scored if one.confidence >= SURE]
        share = sum(one.right for one in scored) / max(len(scored), 1)
        mean = sum(one.confidence for one in scored) / max(len(scored), 1)
        wrong = sum(not one.right for one in confident) / max(len(confident), 1)
        shown = " | ".join(f"{figure:.3f}" for figure in (share, mean, calibration_error(scored), brier(scored)))
        rows.append(f"| {name} | {len(scored)} | {shown} | {len(confident)} | {wrong:.3f} |")
    return "\n".join(rows)


if __name__ == "__main__":
    main()

"""Train the models that combine the reader's features with the scores of the linear models.

    python -m training.attribution.reader_choices --corpora ../shared --work ../work/attribution

Needs the models of each fold from `training.attribution.run`, and parses by a pack with a reader. The examples are from
articles that the reader has not seen (`training.reader_examples.is_held_out`, and all everyday ones), with the scores
of linear models that have not seen them either. Writes the `reader-…` files to `--to` and to the folders of the folds,
each trained on the other folds.
"""

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, TypeVar

from tqdm import tqdm

from service.extraction.attribution.attributions import Draft, drafted
from service.extraction.attribution.lexicons import ATTITUDE
from service.extraction.attribution.linear import Models, ReaderModels, probability, read_models
from service.extraction.attribution.proposals import (
    contents_of_cue,
    proposals_of,
    scored_contents,
    scored_cues,
    scored_sources,
)
from service.extraction.attribution.reader_scores import LINEAR
from service.extraction.attribution.sentence_batch import SentenceBatch
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.quotations.span_cues import assign_cues
from service.extraction.rules.grammar import apply_rules
from service.parsing.tree import WordKey
from training.attribution.examples import dice
from training.attribution.folds import FOLDS, UNTRAINED_MODEL, everyday_documents
from training.attribution.gold import Gold, golds_of, sizes
from training.attribution.judge import Verdict, best_threshold, verdicts_of
from training.attribution.parses import CorpusDocument, documents
from training.attribution.stacking import CandidateGroups, FeatureValues, fit_listwise, fit_logistic, fit_single
from training.attribution.weights import write_reader
from training.reader_examples import is_held_out
from training.recipe import recipe

WEIGHTS: Final = Path("service/extraction/attribution/weights")
UNTRAINED_READER: Final = ReaderModels(
    UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL
)
_RECIPE: Final = recipe("attribution.reader_choices")
# weight of an everyday article in the choices; thoughts and plans are not annotated in it and left out
EVERYDAY_CHOICES: Final[float] = _RECIPE["everyday_choices"]
EVERYDAY_WEIGHT: Final[float] = _RECIPE["everyday_weight"]  # weight of an everyday draft in the confidences
TALK_WEIGHT: Final[float] = _RECIPE["talk_weight"]
# weight of drafts of the other kind of articles: everyday ones for `confidence`
OUTSIDE_WEIGHT: Final[float] = _RECIPE["outside_weight"]

T = TypeVar("T")


@dataclass(frozen=True)
class Choices:
    """An article's examples of the three choices."""

    cues: CandidateGroups = field(default_factory=CandidateGroups)
    contents: CandidateGroups = field(default_factory=CandidateGroups)
    sources: CandidateGroups = field(default_factory=CandidateGroups)


@dataclass(frozen=True)
class DraftRow:
    """A draft's features and scores, and its gold verdict."""

    features: FeatureValues
    confidence: float
    speech: float
    verdict: Verdict
    everyday: bool
    weight: float


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--work", type=Path, default=Path("../work/attribution"))
    arguments.add_argument("--parses", type=Path, help="folder of cached parses, if not the work folder")
    arguments.add_argument("--to", type=Path, default=WEIGHTS)
    args = arguments.parse_args()
    parses = args.parses or args.work
    folds: Path = args.work / "folds"
    held_out = documents(args.corpora, "train", parses, selected=is_held_out)
    articles = [*held_out, *everyday_documents(args.corpora, parses)]
    table: dict[str, int] = json.loads((folds / "parts.json").read_text(encoding="utf-8"))
    linear_by_fold = [read_models(folds / str(fold)) for fold in range(FOLDS)]
    whole, models_by_fold = train_reader_choices(articles, [table[one.id] for one in articles], linear_by_fold)
    write_reader(args.to, whole)
    for fold, models in enumerate(models_by_fold):
        write_reader(folds / str(fold), models)


def train_reader_choices(
    articles: Sequence[CorpusDocument], folds_of: Sequence[int], linear_by_fold: Sequence[Models]
) -> tuple[ReaderModels, list[ReaderModels]]:
    """Return the models trained on all articles, and for each fold those that have not seen it.

    Args:
        articles: Articles with the reader's output, none of which it has seen.
        folds_of: The fold of each article.
        linear_by_fold: For each fold, the linear models that have not seen it.
    """
    examples = [
        choices_of(article, replace(linear_by_fold[part], reader=UNTRAINED_READER))
        for article, part in zip(tqdm(articles, desc="choices", disable=None), folds_of, strict=True)
    ]
    choices_by_fold = [fit_choices(_others(examples, folds_of, fold)) for fold in range(FOLDS)]
    rows = [
        draft_rows(article, replace(linear_by_fold[part], reader=choices_by_fold[part]))
        for article, part in zip(tqdm(articles, desc="drafts", disable=None), folds_of, strict=True)
    ]
    models_by_fold = [fit_probabilities(_others(rows, folds_of, fold), choices_by_fold[fold]) for fold in range(FOLDS)]
    for everyday in (False, True):
        selected = [number for number, article in enumerate(articles) if article.everyday == everyday]
        print(
            "everyday" if everyday else "polnear",
            figures(articles, rows, folds_of, models_by_fold, selected),
            flush=True,
        )
    return fit_probabilities(rows, fit_choices(examples)), models_by_fold


def _others(items: Sequence[T], folds_of: Sequence[int], fold: int) -> list[T]:
    """Return the items of all folds but `fold`."""
    return [item for item, part in zip(items, folds_of, strict=True) if part != fold]


def choices_of(article: CorpusDocument, models: Models) -> Choices:
    """Return the examples of an article, with the features that `models` combine."""
    found, weight = Choices(), EVERYDAY_CHOICES if article.everyday else 1.0
    by_cue: dict[WordKey, Gold] = {}
    for gold in golds_of(article):
        if gold is not None:
            by_cue[gold.cue] = max(by_cue.get(gold.cue, gold), gold, key=lambda one: one.content.bit_count())
    for index, _ in article.parsed.parse.numbered():
        view = SentenceView(article.parsed, index)
        (scored,) = scored_cues(SentenceBatch([view]), models)
        for position, features in zip(scored.candidates, scored.reader_features, strict=True):
            right = (index, position) in by_cue
            if right or not (article.everyday and view.classes[position] in ATTITUDE):
                found.cues.add([features], [right], weight)
        for position in range(len(view.words)):
            if (index, position) in by_cue:
                _add_contents(found.contents, view, by_cue[index, position], models, weight)
                _add_sources(found.sources, view, by_cue[index, position], models, weight)
    return found


def _add_contents(rows: CandidateGroups, view: SentenceView, gold: Gold, models: Models, weight: float) -> None:
    if not gold.content and not gold.elsewhere:
        return
    candidates = contents_of_cue(view, gold.cue[1], models)
    (scored,) = scored_contents(SentenceBatch([view]), [(view, gold.cue[1])], [candidates], models)
    if not scored.reader_features:
        return
    letters = sizes(view.document, view.index)
    overlaps = [dice(words, gold.content, letters) for words in scored.candidates]
    best = max(overlaps)
    if best >= 0.5:
        rows.add([dict(one) for one in scored.reader_features], [overlap > best - 1e-9 for overlap in overlaps], weight)


def _add_sources(rows: CandidateGroups, view: SentenceView, gold: Gold, models: Models, weight: float) -> None:
    if gold.sourced and not gold.source:
        return  # the source is in another sentence
    (scored,) = scored_sources(SentenceBatch([view]), [(view, gold.cue[1])], [gold.content], models)
    marked = [place for place in scored.candidates if place is not None and gold.source >> place & 1]
    if not scored.reader_features or (gold.source and not marked):
        return
    heads = [place for place in marked if view.words[place].head < 0 or not gold.source >> view.words[place].head & 1]
    right = next(iter(heads or marked), None)
    rows.add([dict(one) for one in scored.reader_features], [one == right for one in scored.candidates], weight)


def fit_choices(examples: Sequence[Choices]) -> ReaderModels:
    """Fit the models of the three choices."""
    every = Choices()
    for one in examples:
        for name in ("cues", "contents", "sources"):
            getattr(every, name).extend(getattr(one, name))
    return replace(
        UNTRAINED_READER,
        cues=fit_single(every.cues),
        contents=fit_listwise(every.contents),
        sources=fit_single(every.sources),
    )


def draft_rows(article: CorpusDocument, models: Models) -> list[DraftRow]:
    """Return a row for each draft that `models` make of an article."""
    document = article.parsed
    proposals = apply_rules(document, proposals_of(document, models))
    assignments = assign_cues(document, proposals, models.quoted_spans)
    drafts: list[Draft] = list(drafted(document, proposals, assignments, models))
    weight = 1.0 if not article.everyday else TALK_WEIGHT if article.talk else EVERYDAY_WEIGHT
    return [
        DraftRow(
            one.reader_features or {},
            models.confidence.weighted_sum(one.values),
            models.speech.weighted_sum(one.values),
            verdict,
            article.everyday,
            weight,
        )
        for one, verdict in zip(drafts, verdicts_of(article, drafts), strict=True)
    ]


def fit_probabilities(articles: Sequence[Sequence[DraftRow]], models: ReaderModels) -> ReaderModels:
    """Return `models` with the two probabilities: `confidence` for articles like PolNeAR's, `speech` for everyday
    ones."""
    selected = [row for rows in articles for row in rows if not row.verdict.part]
    confidence = fit_logistic(
        [row.features | {LINEAR: row.confidence} for row in selected],
        [row.verdict.right for row in selected],
        [OUTSIDE_WEIGHT if row.everyday else 1.0 for row in selected],
    )
    speech = fit_logistic(
        [row.features | {LINEAR: row.speech} for row in selected],
        [row.verdict.speech for row in selected],
        [row.weight if row.everyday else OUTSIDE_WEIGHT for row in selected],
    )
    return replace(models, confidence=confidence, speech=speech)


def figures(
    articles: Sequence[CorpusDocument],
    rows: Sequence[Sequence[DraftRow]],
    folds_of: Sequence[int],
    models_by_fold: Sequence[ReaderModels],
    selected: Sequence[int],
) -> str:
    """Return the best threshold and F1 on the articles with the indices `selected`, without and with the reader in the
    probabilities."""
    found = []
    for speech in (False, True):
        golds = sum(
            not speech or one.get("speech", True) for number in selected for one in articles[number].attributions
        )
        for with_reader in (False, True):
            scored = []
            for number in selected:
                models = models_by_fold[folds_of[number]]
                model = models.speech if speech else models.confidence
                for row in rows[number]:
                    linear = row.speech if speech else row.confidence
                    score = model.weighted_sum(row.features | {LINEAR: linear}) if with_reader else linear
                    scored.append((probability(score), row.verdict.speech if speech else row.verdict.right))
            threshold, reached = best_threshold(scored, golds)
            name = f"{'speech' if speech else 'all'}{', reader' if with_reader else ''}"
            found.append(f"{name}: F1 {reached:.3f} at {threshold}")
    return "; ".join(found)


if __name__ == "__main__":
    main()

"""Train the choices of service/extraction/attribution on PolNeAR's training articles and the everyday ones.

    python -m training.attribution.run --corpora ../shared --work ../work/attribution [--kept]

Parses are cached in the work folder; with the cache, training takes a quarter of an hour on one core. `--kept` reuses
the last run's models of sentences and trains only quoted spans and confidences, in two minutes: enough when only their
features have changed.

The work folder then also contains `folds/`: the models of each part, which have not seen its articles, for `python -m
benchmarks.everyday --folds`.
"""

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

from tqdm import tqdm

from service.extraction.attribution.attributions import Draft
from service.extraction.attribution.linear import Models, probability, read_models
from service.extraction.attribution.proposals import Proposal
from service.extraction.rules.grammar import apply_rules
from training.attribution.confidences import Row, fit_confidence, fit_speech, rows_of
from training.attribution.examples import Vocabulary, cue_words, sentence_examples
from training.attribution.folds import (
    FOLDS,
    everyday_documents,
    in_fold_order,
    load_proposals,
    out_of_fold,
    out_of_fold_drafts,
    read_out_of_fold,
    save_proposals,
    sentence_models,
    train_test_folds,
    write_folds,
)
from training.attribution.judge import best_threshold
from training.attribution.parses import CorpusDocument, documents
from training.attribution.weights import write, write_card

WEIGHTS: Final = Path("service/extraction/attribution/weights")


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--work", type=Path, default=Path("../work/attribution"))
    arguments.add_argument("--limit", type=int, help="use only the first N of PolNeAR's documents")
    arguments.add_argument("--kept", action="store_true", help="train only quoted spans and confidences")
    arguments.add_argument("--jobs", type=int, default=2, help="number of processes")
    arguments.add_argument("--to", type=Path, default=WEIGHTS)
    args = arguments.parse_args()
    folds: Path = args.work / "folds"
    articles = in_fold_order(
        [
            *documents(args.corpora, "train", args.work, args.limit),
            *everyday_documents(args.corpora, args.work),
        ]
    )
    if args.kept:
        trained = read_models(folds / "all")
        by_fold = [read_models(folds / str(fold)) for fold in range(FOLDS)]
        proposals = load_proposals(args.work / "proposals.pickle", articles)
    else:
        trained, by_fold = train_sentence_models(articles, args.jobs)
        proposals = read_out_of_fold(articles, by_fold, args.jobs)
        save_proposals(args.work / "proposals.pickle", proposals)
        for name, models in zip(("all", *map(str, range(FOLDS))), (trained, *by_fold), strict=True):
            write(folds / name, models)
        write_folds(folds / "parts.json", articles)
    whole, models_by_fold = train_confidences(articles, proposals, trained, by_fold)
    for fold, models in enumerate(models_by_fold):
        write(folds / str(fold), models)
    write(args.to, whole)
    write_card(args.to, whole, articles)


def train_sentence_models(articles: Sequence[CorpusDocument], jobs: int) -> tuple[Models, list[Models]]:
    """Train the models for sentences: on all articles, and for each fold on the others."""
    words = cue_words(articles)
    vocabularies = (Vocabulary(), Vocabulary(), Vocabulary())
    examples = [
        sentence_examples(article, words, vocabularies) for article in tqdm(articles, desc="examples", disable=None)
    ]
    print(f"{len(articles)} articles, {sum(len(v.index) for v in vocabularies)} features", flush=True)
    whole, *by_fold = sentence_models(
        [examples, *(seen for seen, _ in train_test_folds(examples))], vocabularies, words, jobs
    )
    return whole, by_fold


def train_confidences(
    articles: Sequence[CorpusDocument],
    proposals: Sequence[Sequence[Proposal]],
    trained: Models,
    by_fold: Sequence[Models],
) -> tuple[Models, list[Models]]:
    """Return `trained` and `by_fold` with the models of quoted spans and confidence added."""
    proposals = [apply_rules(article.parsed, own) for article, own in zip(articles, proposals, strict=True)]
    drafts, quoted_spans_by_fold, quoted_spans = out_of_fold_drafts(articles, proposals)
    rows = [rows_of(article, own) for article, own in zip(articles, drafts, strict=True)]
    confidences_by_fold, confidence = out_of_fold(rows, fit_confidence)
    speech_by_fold, speech = out_of_fold(rows, fit_speech)
    models_by_fold = [
        replace(models, quoted_spans=quoted_span, confidence=one, speech=other)
        for models, quoted_span, one, other in zip(
            by_fold, quoted_spans_by_fold, confidences_by_fold, speech_by_fold, strict=True
        )
    ]
    for name in ("polnear", "everyday"):
        chosen = [number for number, article in enumerate(articles) if article.everyday == (name == "everyday")]
        print(name, figures(articles, drafts, rows, models_by_fold, chosen), flush=True)
    return replace(trained, quoted_spans=quoted_spans, confidence=confidence, speech=speech), models_by_fold


def figures(
    articles: Sequence[CorpusDocument],
    drafts: Sequence[Sequence[Draft]],
    rows: Sequence[Sequence[Row]],
    models_by_fold: Sequence[Models],
    chosen: Sequence[int],
) -> str:
    """Return the best threshold and F1 of the models by fold on the articles with the indices `chosen`."""
    lines = []
    for speech in (False, True):
        scored = []
        for number in chosen:
            models = models_by_fold[number % FOLDS]
            model = models.speech if speech else models.confidence
            for draft, row in zip(drafts[number], rows[number], strict=True):
                right = row.verdict.speech if speech else row.verdict.right
                scored.append((probability(model.weighted_sum(draft.values)), right))
        golds = sum(
            not speech or marked.get("speech", True) for number in chosen for marked in articles[number].attributions
        )
        threshold, reached = best_threshold(scored, golds)
        lines.append(f"{'speech' if speech else 'all'}: F1 {reached:.3f} at {threshold}")
    return "; ".join(lines)


if __name__ == "__main__":
    main()

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
from service.extraction.rules.review import apply_rules
from training.attribution.confidences import Row, fit_confidence, fit_speech, rows_of
from training.attribution.everyday import everyday_documents
from training.attribution.examples import Vocabulary, cue_words, sentence_examples
from training.attribution.folds import (
    FOLDS,
    dealt,
    keep_proposals,
    kept_proposals,
    out_of_fold,
    out_of_fold_drafts,
    parts,
    read_out_of_fold,
    sentence_models,
    write_parts,
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
    articles = dealt(
        [
            *documents(args.corpora, "train", args.work, args.limit),
            *everyday_documents(args.corpora, args.work),
        ]
    )
    if args.kept:
        learned = read_models(folds / "all")
        of_parts = [read_models(folds / str(fold)) for fold in range(FOLDS)]
        proposals = kept_proposals(args.work / "proposals.pickle", articles)
    else:
        learned, of_parts = learn_sentences(articles, args.jobs)
        proposals = read_out_of_fold(articles, of_parts, args.jobs)
        keep_proposals(args.work / "proposals.pickle", proposals)
        for name, models in zip(("all", *map(str, range(FOLDS))), (learned, *of_parts), strict=True):
            write(folds / name, models)
        write_parts(folds / "parts.json", articles)
    whole, parted = learn_confidences(articles, proposals, learned, of_parts)
    for fold, models in enumerate(parted):
        write(folds / str(fold), models)
    write(args.to, whole)
    write_card(args.to, whole, articles)


def learn_sentences(articles: Sequence[CorpusDocument], jobs: int) -> tuple[Models, list[Models]]:
    """Train the models for sentences: on all articles, and for each part on the others."""
    words = cue_words(articles)
    vocabularies = (Vocabulary(), Vocabulary(), Vocabulary())
    examples = [
        sentence_examples(article, words, vocabularies) for article in tqdm(articles, desc="examples", disable=None)
    ]
    print(f"{len(articles)} articles, {sum(len(v.numbers) for v in vocabularies)} features", flush=True)
    whole, *of_parts = sentence_models([examples, *(seen for seen, _ in parts(examples))], vocabularies, words, jobs)
    return whole, of_parts


def learn_confidences(
    articles: Sequence[CorpusDocument],
    proposals: Sequence[Sequence[Proposal]],
    learned: Models,
    of_parts: Sequence[Models],
) -> tuple[Models, list[Models]]:
    """Return `learned` and `of_parts` with the models of quoted spans and confidence added."""
    proposals = [apply_rules(article.parsed, own) for article, own in zip(articles, proposals, strict=True)]
    drafts, stretches_of_parts, quoted_spans = out_of_fold_drafts(articles, proposals)
    rows = [rows_of(article, own) for article, own in zip(articles, drafts, strict=True)]
    confidence_of_parts, confidence = out_of_fold(rows, fit_confidence)
    speech_of_parts, speech = out_of_fold(rows, fit_speech)
    parted = [
        replace(models, quoted_spans=quoted_span, confidence=one, speech=other)
        for models, quoted_span, one, other in zip(
            of_parts, stretches_of_parts, confidence_of_parts, speech_of_parts, strict=True
        )
    ]
    for name in ("polnear", "everyday"):
        chosen = [number for number, article in enumerate(articles) if article.everyday == (name == "everyday")]
        print(name, figures(articles, drafts, rows, parted, chosen), flush=True)
    return replace(learned, quoted_spans=quoted_spans, confidence=confidence, speech=speech), parted


def figures(
    articles: Sequence[CorpusDocument],
    drafts: Sequence[Sequence[Draft]],
    rows: Sequence[Sequence[Row]],
    parted: Sequence[Models],
    chosen: Sequence[int],
) -> str:
    """Return the best threshold and F1 of the models of the parts on the articles with the indices `chosen`."""
    lines = []
    for speech in (False, True):
        scored = []
        for number in chosen:
            models = parted[number % FOLDS]
            model = models.speech if speech else models.confidence
            for draft, row in zip(drafts[number], rows[number], strict=True):
                right = row.verdict.speech if speech else row.verdict.right
                scored.append((probability(model.weigh(draft.values)), right))
        golds = sum(
            not speech or marked.get("speech", True) for number in chosen for marked in articles[number].attributions
        )
        threshold, reached = best_threshold(scored, golds)
        lines.append(f"{'speech' if speech else 'all'}: F1 {reached:.3f} at {threshold}")
    return "; ".join(lines)


if __name__ == "__main__":
    main()

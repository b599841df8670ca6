"""Learns the choices of service/extraction/learned from PolNeAR's training articles, and writes their weights.

    python -m training.attribution.run --corpora ../shared --work ../work/attribution

Parses are kept in the work folder; with them there, one core takes a quarter of an hour. What one choice hands to the
next is made out of fold: the articles are dealt into parts, and each part is read by models that have not seen it. So
the later choices, the confidence and the threshold are learned on scores as they are on articles that nobody has seen.
"""

import argparse
import json
import random
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, TypeVar

from tqdm import tqdm

from service.extraction.attributions import Draft, drafted
from service.extraction.grammar.review import reviewed
from service.extraction.learned.linear import LinearModel, Models, probability
from service.extraction.learned.proposals import Proposal, proposals_of
from service.extraction.learned.stretch_owners import owners_of
from service.extraction.sources import phrase_span
from training.attribution.examples import (
    DocumentExamples,
    Examples,
    Vocabulary,
    cue_words,
    sentence_examples,
    stretch_examples,
)
from training.attribution.fit import fit, fit_values
from training.attribution.judge import best_threshold, right_of
from training.attribution.parses import Document, documents
from training.attribution.weights import write

T = TypeVar("T")
MOST: Final = {"cues": 25_000, "contents": 15_000, "sources": 10_000, "stretches": 3_000}  # weights
STRENGTH: Final = {"cues": 0.15, "contents": 0.15, "sources": 0.2, "stretches": 0.2}  # scikit-learn's C
FOLDS: Final = 4
NOT_YET: Final = LinearModel(0.0, {})


def main() -> None:
    """Learn as the command line asks."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--work", type=Path, default=Path("../work/attribution"))
    arguments.add_argument("--limit", type=int, help="only the first N documents")
    arguments.add_argument("--to", type=Path, default=Path("service/extraction/learned/weights"))
    args = arguments.parse_args()
    articles = documents(args.corpora, "train", args.work, args.limit)
    random.Random(1).shuffle(articles)
    words = cue_words(articles)
    vocabularies = (Vocabulary(), Vocabulary(), Vocabulary())
    examples = [sentence_examples(article, words, vocabularies) for article in _progress(articles, "examples")]
    print(f"{len(articles)} articles, {sum(len(v.numbers) for v in vocabularies)} features", flush=True)
    proposals: list[list[Proposal]] = [[] for _ in articles]
    for fold in range(FOLDS):
        seen = [one for number, one in enumerate(examples) if number % FOLDS != fold]
        models = sentence_models(seen, vocabularies, words)
        for number in _progress(range(fold, len(articles), FOLDS), f"reading part {fold + 1} of {FOLDS}"):
            proposals[number] = reviewed(articles[number].page, proposals_of(articles[number].page, models))
    drafts, stretches = out_of_fold_drafts(articles, proposals)
    right = [right_of(article, own) for article, own in zip(articles, drafts, strict=True)]
    confidences = out_of_fold_confidences(drafts, right)
    keep(args.work / "out_of_fold.jsonl", articles, drafts, confidences)
    scored = [pair for own, good in zip(confidences, right, strict=True) for pair in zip(own, good, strict=True)]
    threshold, reached = best_threshold(scored, sum(len(article.attributions) for article in articles))
    print(f"threshold {threshold}, attribution F1 out of fold {reached:.3f}", flush=True)
    values = [draft.values for own in drafts for draft in own]
    confidence = fit_values(values, [one for own in right for one in own])
    learned = sentence_models(examples, vocabularies, words)
    write(
        args.to,
        Models(learned.cues, learned.contents, learned.sources, stretches, confidence),
        articles=len(articles),
        attributions=sum(len(article.attributions) for article in articles),
        folds=FOLDS,
        threshold=threshold,
        reached=reached,
    )


def sentence_models(
    examples: Sequence[DocumentExamples],
    vocabularies: tuple[Vocabulary, Vocabulary, Vocabulary],
    words: frozenset[str],
) -> Models:
    """The models of the three choices that a sentence makes."""
    cues, contents, sources = vocabularies
    return Models(
        fit([one.cues for one in examples], cues, MOST["cues"], STRENGTH["cues"], words),
        fit([one.contents for one in examples], contents, MOST["contents"], STRENGTH["contents"]),
        fit([one.sources for one in examples], sources, MOST["sources"], STRENGTH["sources"]),
        NOT_YET,
        NOT_YET,
    )


def out_of_fold_drafts(
    articles: Sequence[Document], proposals: Sequence[Sequence[Proposal]]
) -> tuple[list[list[Draft]], LinearModel]:
    """Each article's drafts, its stretches given out by a model that has not seen it; and the model of all of them."""
    vocabulary = Vocabulary()
    examples = [
        stretch_examples(article, own, vocabulary)
        for article, own in zip(_progress(articles, "stretches"), proposals, strict=True)
    ]

    def learned(some: Sequence[Examples]) -> LinearModel:
        return fit(some, vocabulary, MOST["stretches"], STRENGTH["stretches"])

    drafts: list[list[Draft]] = [[] for _ in articles]
    for fold in range(FOLDS):
        model = learned([one for number, one in enumerate(examples) if number % FOLDS != fold])
        for number in range(fold, len(articles), FOLDS):
            page = articles[number].page
            owners = owners_of(page, proposals[number], model)
            drafts[number] = list(drafted(page, proposals[number], owners, NOT_YET))
    return drafts, learned(examples)


def out_of_fold_confidences(drafts: Sequence[Sequence[Draft]], right: Sequence[Sequence[bool]]) -> list[list[float]]:
    """Each draft's confidence, by a model that has not seen its article."""
    confidences: list[list[float]] = [[] for _ in drafts]
    for fold in range(FOLDS):
        seen = [number for number in range(len(drafts)) if number % FOLDS != fold]
        values = [draft.values for number in seen for draft in drafts[number]]
        model = fit_values(values, [one for number in seen for one in right[number]])
        for number in range(fold, len(drafts), FOLDS):
            confidences[number] = [probability(model.weigh(draft.values)) for draft in drafts[number]]
    return confidences


def keep(
    path: Path,
    articles: Sequence[Document],
    drafts: Sequence[Sequence[Draft]],
    confidences: Sequence[Sequence[float]],
) -> None:
    """Write what was found out of fold, in the scorer's form and with its confidence, to be looked at."""
    with path.open("w", encoding="utf-8") as lines:
        for article, own, sure in zip(articles, drafts, confidences, strict=True):
            found = [as_attribution(draft) | {"confidence": one} for draft, one in zip(own, sure, strict=True)]
            print(json.dumps({"id": article.id, "attributions": found}), file=lines)


def as_attribution(draft: Draft) -> dict[str, Any]:
    """A draft as PolNeAR's scorer reads it, with the stretches that go on with it, and the scores of its choices."""
    proposal = draft.proposal
    view, source = proposal.view, proposal.source.best
    later = [view.page.stretches[number].span for number in draft.later]
    return {
        "cue": [list(view.words[proposal.cue].span)],
        "source": [] if source is None else [list(phrase_span(view.sentence, source))],
        "content": sorted(map(list, (*draft.contents, *later))),
        "way": proposal.way,
        "scores": [round(one, 2) for one in (proposal.cue_score, proposal.content.score, proposal.source.score)],
    }


def _progress(things: Sequence[T], label: str) -> "tqdm[T]":
    return tqdm(things, desc=label, disable=None)


if __name__ == "__main__":
    main()

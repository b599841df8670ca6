"""Cross-validation: articles are divided into parts, and each part is processed by models trained on the others.

Each choice is trained on the out-of-fold output of the previous one, so that later choices, confidences and the
threshold see scores as on unseen articles.
"""

import json
import pickle
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

from tqdm import tqdm

from service.extraction.attribution.attributions import Draft, drafted
from service.extraction.attribution.linear import LinearModel, Models, read_models
from service.extraction.attribution.proposals import Proposal, proposals_of
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.document import Document
from service.extraction.quotations.span_cues import assign_cues
from service.parsing.tree import SentenceIndex
from service.settings import Settings
from training.attribution.examples import DocumentExamples, Examples, Vocabulary, quoted_span_examples
from training.attribution.fit import fit
from training.attribution.parses import CorpusDocument
from training.attribution.side_by_side import in_processes
from training.corpora.caching_parser import CachingParser
from training.recipe import recipe

T = TypeVar("T")
Rows = list[tuple[SentenceIndex, Proposal]]  # index of a sentence, and a proposal without it
_RECIPE: Final = recipe("attribution.folds")
FOLDS: Final[int] = _RECIPE["folds"]
MAX_CANDIDATES: Final[dict[str, int]] = _RECIPE["max_candidates"]
STRENGTH: Final[dict[str, float]] = _RECIPE["strength"]  # scikit-learn's C
CHOICES: Final = ("cues", "contents", "sources")  # made for a sentence
LONGEST_FIRST: Final = ("contents", "cues", "sources")  # order of fitting
NOT_YET: Final = LinearModel(0.0, {})
UNLEARNED: Final = Models(NOT_YET, NOT_YET, NOT_YET, NOT_YET, NOT_YET, NOT_YET)


def dealt(articles: Sequence[CorpusDocument]) -> list[CorpusDocument]:
    """Return the articles in an order in which every `FOLDS`th belongs to one part: everyday articles first, in their
    order, so that each part has as many of them and `part_of` agrees; then the others, shuffled."""
    others = [article for article in articles if not article.everyday]
    random.Random(1).shuffle(others)
    return [*(article for article in articles if article.everyday), *others]


def parts(things: Sequence[T]) -> Iterator[tuple[list[T], range]]:
    """Yield the items of the other parts, and the indices of this part, for each part."""
    for fold in range(FOLDS):
        seen = [one for number, one in enumerate(things) if number % FOLDS != fold]
        yield seen, range(fold, len(things), FOLDS)


def sentence_models(
    groups: Sequence[Sequence[DocumentExamples]],
    vocabularies: tuple[Vocabulary, Vocabulary, Vocabulary],
    words: frozenset[str],
    jobs: int,
) -> list[Models]:
    """For each group of examples, fit the models of the three choices made for a sentence, in `jobs` processes."""

    def learned(task: tuple[int, str]) -> LinearModel:
        number, choice = task
        examples = [getattr(group, choice) for group in groups[number]]
        vocabulary = vocabularies[CHOICES.index(choice)]
        looked_at = words if choice == "cues" else frozenset()
        return fit(examples, vocabulary, MAX_CANDIDATES[choice], STRENGTH[choice], looked_at)

    tasks = [(number, choice) for choice in LONGEST_FIRST for number in range(len(groups))]
    models = dict(zip(tasks, in_processes(learned, tasks, jobs), strict=True))
    return [
        replace(
            UNLEARNED,
            cues=models[number, "cues"],
            contents=models[number, "contents"],
            sources=models[number, "sources"],
        )
        for number in range(len(groups))
    ]


def read_out_of_fold(articles: Sequence[CorpusDocument], models: Sequence[Models], jobs: int) -> list[list[Proposal]]:
    """Return each article's proposals by the models of the other parts."""

    def read(number: int) -> Rows:
        return _without_views(proposals_of(articles[number].parsed, models[number % FOLDS]))

    rows = in_processes(read, range(len(articles)), jobs)
    return [_seen(article.parsed, own) for article, own in zip(articles, rows, strict=True)]


def keep_proposals(path: Path, proposals: Sequence[Sequence[Proposal]]) -> None:
    """Write proposals without their sentences, which are in the parses."""
    path.write_bytes(pickle.dumps([_without_views(own) for own in proposals]))


def kept_proposals(path: Path, articles: Sequence[CorpusDocument]) -> list[list[Proposal]]:
    """Read what `keep_proposals` wrote, for the same articles in the same order."""
    rows = pickle.loads(path.read_bytes())
    return [_seen(article.parsed, own) for article, own in zip(articles, rows, strict=True)]


def _without_views(own: Sequence[Proposal]) -> Rows:
    return [(item.view.index, replace(item, view=None)) for item in own]  # type: ignore[arg-type]


def _seen(document: Document, own: Rows) -> list[Proposal]:
    views = {index: SentenceView(document, index) for index, _ in own}
    return [replace(one, view=views[index]) for index, one in own]


def out_of_fold_drafts(
    articles: Sequence[CorpusDocument], proposals: Sequence[Sequence[Proposal]]
) -> tuple[list[list[Draft]], list[LinearModel], LinearModel]:
    """Return each article's drafts, with quoted spans assigned by a model that has not seen the article; the models of
    the parts; and the model of all articles."""
    vocabulary = Vocabulary()
    examples = [
        quoted_span_examples(article, own, vocabulary)
        for article, own in zip(tqdm(articles, desc="quoted_spans", disable=None), proposals, strict=True)
    ]

    def learned(some: Sequence[Examples]) -> LinearModel:
        return fit(some, vocabulary, MAX_CANDIDATES["quoted_spans"], STRENGTH["quoted_spans"])

    drafts: list[list[Draft]] = [[] for _ in articles]
    models = []
    for seen, own in parts(examples):
        model = learned(seen)
        models.append(model)
        for number in own:
            document = articles[number].parsed
            owners = assign_cues(document, proposals[number], model)
            drafts[number] = list(drafted(document, proposals[number], owners, UNLEARNED))
    return drafts, models, learned(examples)


def out_of_fold(rows: Sequence[T], learn: Callable[[list[T]], LinearModel]) -> tuple[list[LinearModel], LinearModel]:
    """Return the model fitted by `learn` for each part, on the others, and the model of all."""
    return [learn(seen) for seen, _ in parts(rows)], learn(list(rows))


def write_parts(path: Path, articles: Sequence[CorpusDocument]) -> None:
    """Write the part that each article belongs to."""
    table: dict[str, Any] = {article.id: number % FOLDS for number, article in enumerate(articles)}
    path.write_text(json.dumps(table, indent=0) + "\n", encoding="utf-8")


def unseen_pack(work: Path, part: int) -> Path | None:
    """Return the pack in `work`/readers whose reader has not seen `part` of the everyday articles; None without one."""
    pack = work / f"readers/{part}"
    return pack if pack.is_dir() else None


def parsers_by_article(work: Path, parses: Path) -> dict[str, CachingParser]:
    """Map each article's name to a parser, with parses cached in `parses`, whose reader was not trained on it."""
    table: dict[str, int] = json.loads((work / "folds/parts.json").read_text(encoding="utf-8"))
    parsers: dict[int, CachingParser] = {}
    for part in set(table.values()):
        pack = unseen_pack(work, part)
        parsers[part] = CachingParser(Settings() if pack is None else Settings(model=str(pack)), parses)
    return {name: parsers[part] for name, part in table.items()}


def models_by_article(work: Path) -> dict[str, Models]:
    """Map each article's name to the models in `work`/folds that were not trained on it."""
    table: dict[str, int] = json.loads((work / "folds/parts.json").read_text(encoding="utf-8"))
    models = {part: read_models(work / f"folds/{part}") for part in set(table.values())}
    return {name: models[part] for name, part in table.items()}

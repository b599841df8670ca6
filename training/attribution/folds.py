"""Cross-validation: articles are divided into folds, and each fold is processed by models trained on the others.

Each choice is trained on the out-of-fold output of the previous one, so that later choices, confidences and the
threshold see scores as on unseen articles.
"""

import json
import multiprocessing
import pickle
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
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
from service.input.paragraphs import read_article
from service.parsing.tree import SentenceIndex
from service.settings import Settings
from training.attribution.examples import DocumentExamples, Examples, Vocabulary, quoted_span_examples
from training.attribution.fit import fit
from training.attribution.parses import CorpusDocument, parsed
from training.corpora.caching_parser import CachingParser
from training.corpora.news import as_marked, marked_articles
from training.recipe import recipe

T = TypeVar("T")
ProposalRows = list[tuple[SentenceIndex, Proposal]]  # index of a sentence, and a proposal without it
_RECIPE: Final = recipe("attribution.folds")
FOLDS: Final[int] = _RECIPE["folds"]
MAX_CANDIDATES: Final[dict[str, int]] = _RECIPE["max_candidates"]
STRENGTH: Final[dict[str, float]] = _RECIPE["strength"]  # scikit-learn's C
CHOICES: Final = ("cues", "contents", "sources")  # made for a sentence
LONGEST_FIRST: Final = ("contents", "cues", "sources")  # order of fitting
UNTRAINED_MODEL: Final = LinearModel(0.0, {})
UNTRAINED: Final = Models(
    UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL, UNTRAINED_MODEL
)
TURNS: Final = 3  # number of labelled turns that make an article an interview or a transcript, as in `eval/everyday.py`
R = TypeVar("R")
_work: Callable[[Any], Any] | None = None  # inherited by the forked processes


def in_fold_order(articles: Sequence[CorpusDocument]) -> list[CorpusDocument]:
    """Return the articles in an order in which every `FOLDS`th belongs to one fold: everyday articles first, in their
    order, so that each fold has as many of them; then the others, shuffled."""
    others = [article for article in articles if not article.everyday]
    random.Random(1).shuffle(others)
    return [*(article for article in articles if article.everyday), *others]


def train_test_folds(items: Sequence[T]) -> Iterator[tuple[list[T], range]]:
    """Yield the items of the other folds, and the indices of this fold, for each fold."""
    for fold in range(FOLDS):
        seen = [one for number, one in enumerate(items) if number % FOLDS != fold]
        yield seen, range(fold, len(items), FOLDS)


def sentence_models(
    groups: Sequence[Sequence[DocumentExamples]],
    vocabularies: tuple[Vocabulary, Vocabulary, Vocabulary],
    words: frozenset[str],
    jobs: int,
) -> list[Models]:
    """For each group of examples, fit the models of the three choices made for a sentence, in `jobs` processes."""

    def fit_model(task: tuple[int, str]) -> LinearModel:
        number, choice = task
        examples = [getattr(group, choice) for group in groups[number]]
        vocabulary = vocabularies[CHOICES.index(choice)]
        lexemes = words if choice == "cues" else frozenset()
        return fit(examples, vocabulary, MAX_CANDIDATES[choice], STRENGTH[choice], lexemes)

    tasks = [(number, choice) for choice in LONGEST_FIRST for number in range(len(groups))]
    models = dict(zip(tasks, in_processes(fit_model, tasks, jobs), strict=True))
    return [
        replace(
            UNTRAINED,
            cues=models[number, "cues"],
            contents=models[number, "contents"],
            sources=models[number, "sources"],
        )
        for number in range(len(groups))
    ]


def read_out_of_fold(articles: Sequence[CorpusDocument], models: Sequence[Models], jobs: int) -> list[list[Proposal]]:
    """Return each article's proposals by models that have not seen it."""

    def read(number: int) -> ProposalRows:
        return _without_views(proposals_of(articles[number].parsed, models[number % FOLDS]))

    rows = in_processes(read, range(len(articles)), jobs)
    return [_with_views(article.parsed, own) for article, own in zip(articles, rows, strict=True)]


def save_proposals(path: Path, proposals: Sequence[Sequence[Proposal]]) -> None:
    """Write proposals without their sentences, which are in the parses."""
    path.write_bytes(pickle.dumps([_without_views(own) for own in proposals]))


def load_proposals(path: Path, articles: Sequence[CorpusDocument]) -> list[list[Proposal]]:
    """Read what `save_proposals` wrote, for the same articles in the same order."""
    rows = pickle.loads(path.read_bytes())
    return [_with_views(article.parsed, own) for article, own in zip(articles, rows, strict=True)]


def _without_views(own: Sequence[Proposal]) -> ProposalRows:
    return [(item.view.index, replace(item, view=None)) for item in own]  # type: ignore[arg-type]


def _with_views(document: Document, own: ProposalRows) -> list[Proposal]:
    views = {index: SentenceView(document, index) for index, _ in own}
    return [replace(one, view=views[index]) for index, one in own]


def out_of_fold_drafts(
    articles: Sequence[CorpusDocument], proposals: Sequence[Sequence[Proposal]]
) -> tuple[list[list[Draft]], list[LinearModel], LinearModel]:
    """Return each article's drafts, with quoted spans assigned by a model that has not seen the article; the models by
    fold; and the model of all articles."""
    vocabulary = Vocabulary()
    examples = [
        quoted_span_examples(article, own, vocabulary)
        for article, own in zip(tqdm(articles, desc="quoted_spans", disable=None), proposals, strict=True)
    ]

    def fit_model(selected: Sequence[Examples]) -> LinearModel:
        return fit(selected, vocabulary, MAX_CANDIDATES["quoted_spans"], STRENGTH["quoted_spans"])

    drafts: list[list[Draft]] = [[] for _ in articles]
    models = []
    for seen, own in train_test_folds(examples):
        model = fit_model(seen)
        models.append(model)
        for number in own:
            document = articles[number].parsed
            owners = assign_cues(document, proposals[number], model)
            drafts[number] = list(drafted(document, proposals[number], owners, UNTRAINED))
    return drafts, models, fit_model(examples)


def out_of_fold(
    rows: Sequence[T], fit_model: Callable[[list[T]], LinearModel]
) -> tuple[list[LinearModel], LinearModel]:
    """Return the model that `fit_model` fits for each fold, on the others, and the model of all."""
    return [fit_model(seen) for seen, _ in train_test_folds(rows)], fit_model(list(rows))


def write_folds(path: Path, articles: Sequence[CorpusDocument]) -> None:
    """Write the fold that each article belongs to."""
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


def everyday_documents(corpora: Path, work: Path) -> list[CorpusDocument]:
    """Return the articles of `corpora`/everyday with their parses, sorted by name.

    They are parsed by the packs in `work`/readers, if there are any (`training.train_reader`): each by the one whose
    reader has not seen it. Raises FileNotFoundError without articles.
    """
    articles = list(marked_articles(corpora))
    if not articles:
        raise FileNotFoundError(
            f"No articles found in {corpora / 'everyday'}. Set --corpora to the folder that contains it."
        )
    pages: dict[str, Document] = {}
    for part in range(FOLDS):
        own = articles[part::FOLDS]
        pack = unseen_pack(work, part)
        pages |= zip(
            [item.name for item in own], parsed([read_article(item.text) for item in own], work, pack), strict=True
        )
    return [
        CorpusDocument(
            name, pages[name], [_attribution(quote) for quote in quotes], everyday=True, talk=is_talk(quotes)
        )
        for name, _, quotes in articles
    ]


def is_talk(quotes: Sequence[Mapping[str, Any]]) -> bool:
    """Return whether the article is an interview or a transcript."""
    turns = [quote for quote in quotes if quote.get("form") == "labelled-turn"]
    return len(turns) >= TURNS


def _attribution(quote: Mapping[str, Any]) -> dict[str, Any]:
    return {**as_marked(quote), "speech": quote["class"] == "speech"}


def in_processes(work: Callable[[T], R], arguments: Sequence[T], jobs: int) -> list[R]:
    """Return `[work(one) for one in arguments]`, computed by `jobs` processes. Only results are pickled."""
    global _work
    if jobs == 1:
        return [work(argument) for argument in arguments]
    _work = work
    try:
        with ProcessPoolExecutor(jobs, multiprocessing.get_context("fork")) as pool:
            return list(pool.map(_call, arguments))
    finally:
        _work = None


def _call(argument: Any) -> Any:
    assert _work is not None
    return _work(argument)

"""Predicted and gold attributions of a document, with the properties by which figures are broken down.

Kinds and cue classes of annotated attributions are derived, since PolNeAR has neither: the kind from the quotation
marks in the content, the class from the lexicon's entry for the head word of the cue.
"""

import sys
from collections.abc import Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from functools import cache, partial
from multiprocessing import get_context
from pathlib import Path
from typing import Final

from tqdm import tqdm

from service.extraction.attribution.content_spans import kind_of
from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.document import Document, build_document
from service.extraction.extractor import extract
from service.extraction.report import Options, Quote, Report, Rule
from service.input.article import Span
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.parsing.tree import Sentence, Word
from service.settings import Settings
from training.corpora.caching_parser import CachingParser
from training.corpora.news import Attribution, CorpusDocument, Spans

NO_CUE = "no cue"

EXPLAINED: Final = Options(statements="all", explain=True)


@dataclass(frozen=True, slots=True)
class Marked:
    """An attribution, gold or predicted. `lemma` is that of the cue's head word, "" without a cue.

    Only predictions have the last fields: the resolution of the speaker, the confidence and the rules that fired.
    """

    attribution: Attribution
    kind: str
    cue_class: str
    lemma: str
    resolution: str = ""
    confidence: float = 0.0
    rules: tuple[Rule, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """A processed document: its gold annotation, Pullquote's output, and its sentence spans."""

    document: CorpusDocument
    gold: tuple[Marked, ...]
    predicted: tuple[Marked, ...]
    report: Report
    sentences: tuple[Span, ...]


def results_of(
    documents: Iterable[CorpusDocument],
    settings: Settings,
    options: Options = EXPLAINED,
    *,
    jobs: int = 1,
    parses: Path | None = None,
) -> list[Result]:
    """Process `documents` with the model of `settings` in `jobs` processes, with a progress bar in a terminal.

    `parses` is a folder for cached parses (`caching_parser.py`).
    """
    work = list(documents)
    if jobs > 1:
        settings = replace(settings, workers=max(jobs, settings.workers))
    read = partial(_result, settings=settings, options=options, parses=parses)
    if jobs == 1:
        return list(_watched(map(read, work), len(work)))
    # Torch does not survive a fork.
    with ProcessPoolExecutor(jobs, mp_context=get_context("spawn")) as pool:
        return list(_watched(pool.map(read, work), len(work)))


def _watched(results: Iterable[Result], total: int) -> Iterable[Result]:
    return tqdm(results, total=total, unit="article", disable=not sys.stderr.isatty())


def _result(document: CorpusDocument, settings: Settings, options: Options, parses: Path | None) -> Result:
    return result_of(document, _parser(settings, parses), options)


@cache
def _parser(settings: Settings, parses: Path | None) -> Parser:
    """Return this process's parser."""
    return load_parser(settings) if parses is None else CachingParser(settings, parses)


def result_of(document: CorpusDocument, parser: Parser, options: Options = EXPLAINED) -> Result:
    """Process one document."""
    article = read_article(document["text"])
    (parse,) = parser.parse([article])
    report = extract(article, parse, options)
    page = build_document(article, parse)
    return Result(
        document=document,
        gold=tuple(_gold(page, attribution) for attribution in document["attributions"]),
        predicted=predicted(report, page),
        report=report,
        sentences=tuple(sentence.span for sentence in parse.sentences),
    )


def predicted(report: Report, page: Document) -> tuple[Marked, ...]:
    """Return the report's attributions; properties are those of an attribution's first quote."""
    result = []
    for quotes in grouped(report):
        attribution, first = as_attribution(quotes), quotes[0]
        result.append(
            Marked(
                attribution=attribution,
                kind=_kind(page, attribution),
                cue_class=first.cue.cue_class if first.cue is not None else NO_CUE,
                lemma=first.cue.lemma if first.cue is not None else "",
                resolution=first.resolution,
                confidence=first.confidence,
                rules=first.explain,
            )
        )
    return tuple(result)


def _gold(page: Document, attribution: Attribution) -> Marked:
    cue_class, lemma = cue_of(page.parse.sentences, attribution)
    return Marked(attribution, _kind(page, attribution), cue_class, lemma)


def _kind(page: Document, attribution: Attribution) -> str:
    return kind_of(page, [Span(*span) for span in sorted(attribution["content"])])


def cue_of(sentences: Sequence[Sentence], attribution: Attribution) -> tuple[str, str]:
    """Return the lexicon's class ("other" if it has none) and the lemma of the head word of a gold cue.

    Of several words whose governors are outside the cue, the first one in the lexicon is the head.
    """
    lexicon = cue_lexicon()
    heads = [word for sentence in sentences for word in _heads(sentence, attribution["cue"])]
    if not heads:
        return NO_CUE, ""
    if any(word.text.lower() == "according" for word in heads):
        return "say", "according to"
    classes = lexicon.nouns | lexicon.verbs
    in_lexicon = [word for word in heads if word.lemma.lower() in classes]
    head = in_lexicon[0] if in_lexicon else heads[0]
    return classes.get(head.lemma.lower(), "other"), head.lemma.lower()


def _heads(sentence: Sentence, cue: Sequence[Sequence[int]]) -> list[Word]:
    """Return the words of `cue` in `sentence` whose governors are outside it."""
    if not any(sentence.span.overlaps(Span(start, end)) for start, end in cue):
        return []
    inside = {
        position
        for position, word in enumerate(sentence.words)
        if word.upos != "PUNCT" and any(word.span.overlaps(Span(start, end)) for start, end in cue)
    }
    return [sentence.words[position] for position in sorted(inside) if sentence.words[position].head not in inside]


def grouped(report: Report) -> list[list[Quote]]:
    """Group the report's quotes as PolNeAR counts them: a continuation without a cue belongs to the quote it
    continues."""
    groups: list[list[Quote]] = []  # the group of each quote
    result: list[list[Quote]] = []
    for quote in report.quotes:
        if quote.continues is None:
            result.append([])
        groups.append(result[-1] if quote.continues is None else groups[quote.continues])
        groups[-1].append(quote)
    return result


def as_attribution(quotes: Sequence[Quote]) -> Attribution:
    """Convert a group of quotes to a PolNeAR attribution: source and cue of the first one, contents of all."""
    first = quotes[0]
    return {
        "source": _spans(first.mention),
        "cue": _spans(first.cue.span if first.cue is not None else None),
        "content": [list(span) for quote in quotes for span in quote.contents],
    }


def as_attributions(report: Report) -> list[Attribution]:
    """Convert `report` to PolNeAR attributions."""
    return [as_attribution(quotes) for quotes in grouped(report)]


def _spans(span: Span | None) -> Spans:
    return [list(span)] if span is not None else []

"""Measure quotes and speakers on a newsroom's own articles, with its corrections as the gold annotation.

    python -m benchmarks.corrected FOLDER [--min-confidence X]

FOLDER has articles (.txt, .html) and, under any names, the files of corrections that the web page saved for them
(.json, docs/corrections.md); the hash of the text says which belong together. The gold quotes of an article are those
in the file: the quotes shown when it was saved, as corrected.

Prints how many gold quotes are found, and found with the right speaker; how many returned quotes are wrong; and each
error. A quote is found if a returned quote overlaps its content by half (Dice, over letters and digits), or covers
half of it and has the same cue. PULLQUOTE_MODEL selects the model.
"""

import argparse
import json
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.pages import table
from schemas.corrections import load_corrections
from service.extraction.corrections import text_hash
from service.extraction.report import MIN_CONFIDENCE, Options, Quote, Report
from service.input.article import Article, Span
from service.input.decoding import decode_html, decode_text
from service.input.page_reader import PageReader
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.pipeline import article_of, quotes_of
from service.settings import Settings
from training.corpora.golden import NOBODY, GoldQuote, called, find

_ARTICLES: Final = {".txt": "text", ".html": "html", ".htm": "html"}


@dataclass(frozen=True, slots=True)
class CorrectedArticle:
    """An article with its gold quotes. A gold quote's speaker is a name, or NOBODY."""

    name: str
    article: Article
    quotes: tuple[GoldQuote, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """Counts of gold and returned quotes, and a line for each error."""

    gold: int = 0
    found: int = 0
    right: int = 0
    returned: int = 0
    wrong: int = 0
    errors: tuple[str, ...] = ()

    def __add__(self, other: "Score") -> "Score":
        return Score(
            self.gold + other.gold,
            self.found + other.found,
            self.right + other.right,
            self.returned + other.returned,
            self.wrong + other.wrong,
            self.errors + other.errors,
        )


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("folder", type=Path, metavar="FOLDER")
    arguments.add_argument("--min-confidence", type=float, default=MIN_CONFIDENCE)
    args = arguments.parse_args()
    settings = Settings.from_environment(os.environ)
    articles = corrected_articles(args.folder, settings)
    if not articles:
        arguments.error(f"{args.folder} has no article with a file of corrections.")
    print(shown(measure(articles, load_parser(settings), Options(min_confidence=args.min_confidence)), len(articles)))


def corrected_articles(folder: Path, settings: Settings) -> list[CorrectedArticle]:
    """Return the articles of `folder` that have corrections, by name. Raises `Invalid` for an unusable file."""
    documents = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.json"))]
    gold = {load_corrections(document).sha256: tuple(_gold(document)) for document in documents}
    return [
        CorrectedArticle(path.name, article, gold[text_hash(article)])
        for path, article in _articles(folder, settings)
        if text_hash(article) in gold
    ]


def _articles(folder: Path, settings: Settings) -> Iterator[tuple[Path, Article]]:
    pages = PageReader(settings.page_seconds)
    for path in sorted(folder.iterdir()):
        form = _ARTICLES.get(path.suffix)
        if form is not None:
            content = path.read_bytes()
            fields = {form: decode_html(content) if form == "html" else decode_text(content)}
            yield path, article_of(fields, pages, settings.max_characters)


def _gold(document: dict[str, Any]) -> Iterator[GoldQuote]:
    for quote in document.get("quotes", ()):
        yield GoldQuote(
            tuple(Span(span["start"], span["end"]) for span in quote["contents"]),
            quote["cue"] and quote["cue"]["text"],
            quote["speaker"] or NOBODY,
            "",
        )


def measure(articles: Sequence[CorrectedArticle], parser: Parser, options: Options) -> Score:
    """Return the counts over all articles, each processed without its corrections."""
    total = Score()
    for article in articles:
        total += score(article, quotes_of(article.article, parser, options))
    return total


def score(article: CorrectedArticle, report: Report) -> Score:
    """Return the counts of one article. Pull quotes that repeat another are not counted."""
    text = article.article.text
    unmatched: list[Quote] = [quote for quote in report.quotes if quote.repeats is None]
    returned, result, right, errors = len(unmatched), 0, 0, []
    for gold in article.quotes:
        words = " … ".join(text[start:end] for start, end in gold.contents)
        quote = find(text, gold, unmatched)
        if quote is None:
            errors.append(f"{article.name}: missed: {words}")
            continue
        unmatched.remove(quote)
        result += 1
        name = None if quote.speaker is None else report.speakers[quote.speaker].name
        if (name is None and gold.speaker == NOBODY) or (name is not None and called(name, [gold.speaker])):
            right += 1
        else:
            errors.append(f"{article.name}: said by {gold.speaker}, returned as {name or NOBODY}: {words}")
    errors += [
        f"{article.name}: no quote: {' … '.join(map(article.article.slice, quote.contents))}" for quote in unmatched
    ]
    return Score(len(article.quotes), result, right, returned, len(unmatched), tuple(errors))


def shown(total: Score, articles: int) -> str:
    """Format the counts as a table, and the errors below."""
    rows = [
        ("found", total.found, total.gold, total.found / max(total.gold, 1)),
        ("found, with the right speaker", total.right, total.gold, total.right / max(total.gold, 1)),
        ("returned, and no quote", total.wrong, total.returned, total.wrong / max(total.returned, 1)),
    ]
    return "\n".join([table((f"{articles} articles", "quotes", "of", "share"), rows), "", *total.errors])


if __name__ == "__main__":
    main()

"""Measure how much of an article's body is extracted from web pages, compared with plain trafilatura.

    git clone https://github.com/scrapinghub/article-extraction-benchmark
    python -m benchmarks.page_text article-extraction-benchmark [--write]

Uses the 181 pages of that benchmark, none of which are in this repository. Precision and recall count sequences of four
words, like its `evaluate.py`, and are means over pages; F1 is computed from the two. The errors of half of the pages
were examined, and the other half is held out: the last digit of a page's id, which is a hash, decides. `--write` puts
the figures into docs/accuracy.md.
"""

import argparse
import gzip
import json
import logging
import re
import time
from collections import Counter
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Final

import trafilatura

from benchmarks.pages import ACCURACY, table, write_between
from service.input.article import Article, Section
from service.input.html_blocks import Unreadable
from service.input.paragraphs import read_page_article
from service.input.web_page import read_page

_WORD: Final = re.compile(r"\w+")
_SHINGLE: Final = 4  # words
_LOST: Final = 2 / 3  # recall below which a page has lost a third of its body
# Sections excluded from an article's text, by row of the table; all rows exclude the headline.
_LEFT_OUT: Final[dict[str, frozenset[Section]]] = {
    "without headline and boilerplate": frozenset({"furniture"}),
    "… and without captions and pull quotes": frozenset({"furniture", "caption", "pullquote"}),
    "… and without headings": frozenset({"furniture", "caption", "pullquote", "headline"}),
}


@dataclass(frozen=True, slots=True)
class Document:
    """A page of the benchmark: its HTML and the body of its article."""

    id: str
    html: str
    body: str

    @property
    def held_out(self) -> bool:
        """Whether its errors were never examined."""
        return int(self.id[-1], 16) % 2 == 1


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall of a page's text; precision is None without any text."""

    precision: float | None
    recall: float


def pages(copy: Path) -> Iterator[Document]:
    """Read the pages of a copy of the benchmark. Raises FileNotFoundError if `copy` is not one."""
    truth = json.loads((copy / "ground-truth.json").read_text("utf-8"))
    for number in sorted(truth):
        html = gzip.decompress((copy / "html" / f"{number}.html.gz").read_bytes()).decode()
        yield Document(number, html, truth[number]["articleBody"])


def score(found: str, body: str) -> Score:
    """Return precision and recall of the four-word sequences of `found` against those of `body`."""
    ours, theirs = _shingles(found), _shingles(body)
    shared = (ours & theirs).total()
    return Score(shared / ours.total() if ours else None, shared / theirs.total() if theirs else float(not ours))


def _shingles(text: str) -> Counter[tuple[str, ...]]:
    words = _WORD.findall(text)
    sequences = (tuple(words[at : at + _SHINGLE]) for at in range(max(1, len(words) - _SHINGLE + 1)))
    return Counter(sequence for sequence in sequences if sequence)


def text_without(article: Article, sections: Collection[Section]) -> str:
    """Return the article's text without the paragraphs of `sections` and the headline."""
    pieces: list[str] = []
    at, body = 0, False
    for paragraph in article.paragraphs:
        body = body or paragraph.section == "body"
        if paragraph.section in sections or (paragraph.section == "headline" and not body):
            pieces.append(article.text[at : paragraph.span.start])
            at = paragraph.span.end
    return "\n".join((*pieces, article.text[at:]))


def texts(page: Document) -> dict[str, str]:
    """Return the text extracted from `page` by each row of the table."""
    try:
        article = read_page_article(read_page(page.html))
    except Unreadable:
        article = Article("")
    return {
        "plain trafilatura": trafilatura.extract(page.html, include_comments=False) or "",
        "Pullquote, the whole article": article.text,
        **{name: text_without(article, sections) for name, sections in _LEFT_OUT.items()},
    }


def figures(scores: Iterable[Score]) -> tuple[float, float, float, int]:
    """Return F1, precision, recall, and the number of pages that lose a third of their body."""
    page_scores = list(scores)
    precision = mean(page_score.precision for page_score in page_scores if page_score.precision is not None)
    recall = mean(page_score.recall for page_score in page_scores)
    lost = sum(page_score.recall < _LOST for page_score in page_scores)
    return 2 * precision * recall / (precision + recall), precision, recall, lost


def report(measured: Iterable[Document]) -> str:
    """Format the figures over `measured` as Markdown."""
    rows: dict[tuple[str, str], list[Score]] = {}
    for page in measured:
        for name, text in texts(page).items():
            for half in ("all", "held out" if page.held_out else "looked at"):
                rows.setdefault((half, name), []).append(score(text, page.body))
    order = {"all": 0, "looked at": 1, "held out": 2}
    return table(
        ["text", "pages", "number", "F1", "precision", "recall", "lose a third"],
        [
            [name, half, len(scores), *figures(scores)]
            for (half, name), scores in sorted(rows.items(), key=lambda row: order[row[0][0]])
        ],
    )


def processor_ms(measured: Iterable[Document]) -> float:
    """Return the mean CPU milliseconds to read a page."""
    taken: list[float] = []
    for page in measured:
        start = time.process_time()
        try:
            read_page_article(read_page(page.html))
        except Unreadable:
            continue
        taken.append(1000 * (time.process_time() - start))
    return mean(taken)


def main() -> None:
    """Measure as the command line asks."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("copy", type=Path, help="folder with ground-truth.json and html/")
    arguments.add_argument("--write", action="store_true", help="put the figures into docs/accuracy.md")
    args = arguments.parse_args()
    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)
    figures_table = report(pages(args.copy))
    if args.write:
        write_between(ACCURACY, "page-text", figures_table)
    print(figures_table)
    print(f"\nProcessor time: {processor_ms(pages(args.copy)):.0f} ms a page.")


if __name__ == "__main__":
    main()

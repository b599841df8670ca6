"""Measure boilerplate removal: the share of text characters kept, and of boilerplate characters dropped.

    python -m benchmarks.boilerplate [--corpora ../shared] [--write]

Data: labelled blocks, and the third of them that no rule was tuned on; synthetic sites as text and as HTML; the seed
articles; and PolNeAR's training articles, which have no boilerplate. `--write` puts the figures into docs/accuracy.md.
"""

import argparse
import os
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.pages import ACCURACY, ROOT, write_between
from service.input.article import Article, Span
from service.input.paragraphs import dateline_end, read_article, read_page_article
from service.input.web_page import read_page
from tests.input.cms_shapes import SHAPES
from tests.input.pages import SECTIONS, SITES, blocks_of, labelled
from training.corpora.news import documents, polnear

SEEDS: Final = ROOT / "tests/golden/seeds"
_TAIL: Final = 60  # characters by whose end a block is known in a page's text


@dataclass(slots=True)
class Count:
    """Characters of text and of boilerplate, and how many of them are classified correctly.

    `blamed` is the number of text characters classified as boilerplate.
    """

    text: int = 0
    kept: int = 0
    furniture: int = 0
    dropped: int = 0
    blamed: int = 0

    def add(self, section: str, characters: int, found: str) -> None:
        """Count `characters` of gold class `section` classified as `found`; headings are not counted."""
        if section == "body":
            self.text += characters
            self.kept += characters * (found == "body")
        elif section == "furniture":
            self.furniture += characters
            self.dropped += characters * (found == "furniture")
        if section != "furniture":
            self.blamed += characters * (found == "furniture")

    @property
    def text_kept(self) -> float:
        return self.kept / self.text

    @property
    def recall(self) -> float:
        """The share of boilerplate that is dropped."""
        return self.dropped / self.furniture

    @property
    def precision(self) -> float:
        """The share of dropped characters that are boilerplate."""
        return self.dropped / (self.dropped + self.blamed)


def of_table(*, held_out: bool | None = None) -> Count:
    """Count over the table of blocks: all of it, or only held-out rows, or only the others."""
    count = Count()
    for block in labelled():
        if held_out is None or block.held_out == held_out:
            page = block.page()
            start = page.index(block.text)
            _add_span(count, block.section, read_article(page), Span(start, start + len(block.text)))
    return count


def of_sites_as_text() -> Count:
    """Count over the made-up sites as text, one line per block."""
    count = Count()
    for site in SITES:
        text = "\n".join(words for _, words in blocks_of(site))
        article, start = read_article(text), 0
        for section, words in blocks_of(site):
            _add_span(count, section, article, Span(start, start + len(words)))
            start += len(words) + 1
    return count


def of_sites_as_html(shape: Callable[[Any], str]) -> Count:
    """Count over the made-up sites as HTML of one shape. What is missing from the article's text counts as dropped."""
    count = Count()
    for site in SITES:
        blocks = blocks_of(site)
        article = read_page_article(read_page(shape(blocks)))
        for section, words in blocks:
            end = words[-_TAIL:].removeprefix("- ")
            result = [
                paragraph.section for paragraph in article.paragraphs if article.slice(paragraph.span).endswith(end)
            ]
            count.add(section, len(words), result[0] if result else "furniture")
    return count


def of_seeds() -> Count:
    """Count over the seed articles, whose lines are labelled in `sections.txt`."""
    count = Count()
    for label in (SEEDS / "sections.txt").read_text(encoding="utf-8").splitlines():
        if label.startswith("#"):
            continue
        name, letters = label.split()
        text = (SEEDS / name).read_bytes().decode()
        article = read_article(text)
        lines = [result for result in re.finditer(r"[^\r\n]+", text) if result[0].strip()]
        for line, letter in zip(lines, letters, strict=True):
            _add_span(count, SECTIONS[letter], article, Span(*line.span()))
    return count


def of_polnear(corpora: Path) -> Count:
    """Count over PolNeAR's training articles, which contain only text."""
    count = Count()
    for document in documents(polnear(corpora, "train")):
        article = read_article(document["text"])
        for paragraph in article.paragraphs:
            result = "furniture" if paragraph.section == "furniture" else "body"
            count.add("body", paragraph.span.end - paragraph.span.start, result)
    return count


def _add_span(count: Count, section: str, article: Article, span: Span) -> None:
    """Count the characters of `span`, except a dateline's, which is always boilerplate."""
    span = Span(span.start + dateline_end(article.slice(span), first=True), span.end)
    for paragraph in article.paragraphs:
        if paragraph.span.overlaps(span):
            shared = min(paragraph.span.end, span.end) - max(paragraph.span.start, span.start)
            count.add(section, shared, paragraph.section)


def rows(corpora: Path) -> Iterator[tuple[str, Count]]:
    """Yield each data set and its figures."""
    yield "labelled blocks", of_table()
    yield "labelled blocks, held-out third", of_table(held_out=True)
    yield "synthetic sites, plain text", of_sites_as_text()
    for name, shape in SHAPES.items():
        yield f"synthetic sites, HTML: {name}", of_sites_as_html(shape)
    yield "seed articles", of_seeds()
    if (corpora / "corpora/polnear").is_dir():
        yield "PolNeAR train (no boilerplate)", of_polnear(corpora)


def table(measured: Iterable[tuple[str, Count]]) -> str:
    """Format the figures as Markdown."""
    lines = [
        "| | text kept | boilerplate recall | boilerplate precision |",
        "|---|---|---|---|",
    ]
    for name, count in measured:
        furniture = f"{count.recall:.3f} | {count.precision:.3f}" if count.furniture else "|"
        lines.append(f"| {name} | {count.text_kept:.3f} | {furniture} |")
    return "\n".join(lines)


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path(os.environ.get("PULLQUOTE_CORPORA", "../shared")))
    arguments.add_argument("--write", action="store_true")
    args = arguments.parse_args()
    figures = table(rows(args.corpora))
    if args.write:
        write_between(ACCURACY, "furniture", figures)
    print(figures)


if __name__ == "__main__":
    main()

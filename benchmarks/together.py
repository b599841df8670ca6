"""Measure the speed-up from parsing the articles of a batch together, and whether it would change their parses.

    python -m benchmarks.together [--write]

"Together" is one article with the paragraphs of all, which gives an upper bound. `--write` puts the table into
docs/operations.md. The service parses articles one by one; the table shows why.
"""

import argparse
import statistics
import time
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, NamedTuple

from benchmarks.pages import ROOT, table, write_between
from service.input.article import Article, Paragraph, Span
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.parsing.tree import Parse
from service.server.resources import cores
from service.settings import Settings

TEXTS = "tests/golden/seeds/*.txt"
PARAGRAPHS_OF_A_WIRE = 3
ROUNDS = 3


class Compared(NamedTuple):
    """CPU seconds for all articles, separately and together; the numbers of different parses, of encoded sentences and
    of changed encodings; and the largest difference of an encoding."""

    alone: float
    together: float
    parses: int
    sentences: int
    changed: int
    max_difference: float


def main() -> None:
    """Measure, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true")
    write = arguments.parse_args().write
    articles = [read_article(path.read_text(encoding="utf-8")) for path in sorted(ROOT.glob(TEXTS))]
    parser: Any = load_parser(Settings(workers=cores()))
    rows = []
    for name, group in (("articles", articles), ("wire stories of three paragraphs", wires(articles))):
        result = compared(parser, group)
        words = sum(len(article.text.split()) for article in group) // len(group)
        rows.append([
            f"{len(group)} {name}, {words} words each",
            f"{1000 * result.alone / len(group):.0f} ms",
            f"{1000 * result.together / len(group):.0f} ms",
            f"{result.alone / result.together:.2f} ×",
            f"{result.parses} of {len(group)}",
            f"{result.changed} of {result.sentences}",
            f"{result.max_difference:.0e}",
        ])  # fmt: skip
    header = [
        "",
        "alone, CPU",
        "together, CPU",
        "speed-up",
        "different parses",
        "different encodings",
        "largest difference",
    ]
    text = table(header, rows)
    if write:
        write_between(ROOT / "docs/operations.md", "together", text)
    print(text)


def wires(articles: Sequence[Article]) -> list[Article]:
    """Return short articles: each run of three paragraphs that are not boilerplate."""
    result = []
    for article in articles:
        spans = [paragraph.span for paragraph in article.paragraphs if paragraph.section != "furniture"]
        for first in range(0, len(spans) - PARAGRAPHS_OF_A_WIRE + 1, PARAGRAPHS_OF_A_WIRE):
            last = spans[first + PARAGRAPHS_OF_A_WIRE - 1]
            result.append(read_article(article.text[spans[first].start : last.end]))
    return result


def compared(parser: Any, articles: Sequence[Article]) -> Compared:
    """Parse `articles` separately and together, alternating."""
    whole, starts = joined(articles)
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(ROUNDS):
        began = time.process_time()
        alone = [parser.parse([article])[0] for article in articles]
        times[0].append(time.process_time() - began)
        began = time.process_time()
        (together,) = parser.parse([whole])
        times[1].append(time.process_time() - began)
    parts = [part(together, start, len(article.text)) for start, article in zip(starts, articles, strict=True)]
    one_by_one, at_once = encoded(parser, articles), encoded(parser, [whole])
    changes = [float((one_by_one[row] - at_once[row]).abs().max()) for row in one_by_one.keys() & at_once.keys()]
    return Compared(
        alone=statistics.median(times[0]),
        together=statistics.median(times[1]),
        parses=sum(parse != joint_parse for parse, joint_parse in zip(alone, parts, strict=True)),
        sentences=len(changes),
        changed=sum(change > 0 for change in changes),
        max_difference=max(changes),
    )


def joined(articles: Sequence[Article]) -> tuple[Article, list[int]]:
    """Return one article with the paragraphs of all, and the start of each in it."""
    text, paragraphs, starts = "", list[Paragraph](), []
    for article in articles:
        starts.append(len(text))
        paragraphs += [replace(paragraph, span=_moved(paragraph.span, len(text))) for paragraph in article.paragraphs]
        text += article.text + "\n\n"
    return Article(text, tuple(paragraphs)), starts


def part(parse: Parse, start: int, length: int) -> Parse:
    """Return the part of `parse` in this range, as a separate parse."""
    article_span = Span(start, start + length)
    return Parse(
        tuple(
            replace(element, words=tuple(replace(word, span=_moved(word.span, -start)) for word in element.words))
            for element in parse.sentences
            if article_span.contains(element.span)
        ),
        tuple(
            replace(element, span=_moved(element.span, -start))
            for element in parse.entities
            if article_span.contains(element.span)
        ),
    )


def _moved(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def encoded(parser: Any, articles: Sequence[Article]) -> dict[tuple[int, ...], Any]:
    """Return the encoder's states of each sentence, by its subwords."""
    encoder, result = parser._encoder._encoder, dict[tuple[int, ...], Any]()
    encode = encoder.encode

    def recording_encode(rows: Sequence[Sequence[int]]) -> Any:
        states = encode(rows)
        start = 0
        for row in rows:
            result[tuple(row)] = states[:, start : start + len(row)].float()
            start += len(row)
        return states

    encoder.encode = recording_encode
    try:
        for article in articles:
            parser.parse([article])
    finally:
        encoder.encode = encode
    return result


if __name__ == "__main__":
    main()

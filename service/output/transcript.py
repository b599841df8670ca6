"""Render a report as text for reading: grouped by speaker, wrapped and in colours."""

import unicodedata
from collections.abc import Iterator
from io import StringIO
from typing import Final

from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from service.extraction.report import Quote, Report
from service.input.article import Article, Span
from service.output.promises import quote_text, rounded

_COLOURS: Final = ("cyan", "magenta", "green", "yellow", "blue", "red")  # from the terminal's 16-colour palette
_QUIET: Final = "dim"
_INVISIBLE: Final = frozenset({"Cc", "Cf"})  # escape sequences, and characters that change the text's direction


def to_text(article: Article, report: Report, width: int = 80, *, styled: bool = False, coloured: bool = False) -> str:
    """Return the quotes of `article` by speaker, in lines of at most `width` columns, and a blank line.

    `styled` adds the escape sequences for bold and dim, `coloured` those for colours. Escape sequences in the article
    are removed.
    """
    console = Console(
        file=StringIO(), width=width, force_terminal=styled, color_system="standard" if styled else None,
        no_color=not coloured, markup=False, emoji=False, highlight=False, legacy_windows=False,
    )  # fmt: skip
    counts = f"{_with_plural(len(report.quotes), 'quote')}, {_with_plural(len(report.speakers), 'speaker')}"
    console.print(Text(_plain(article.title or article.id or "Article"), "bold"), Text(counts, _QUIET), sep="\n")
    for warning in article.warnings:
        console.print(Text(_plain(f"Warning: {warning.detail}"), "bold"))
    for name, description, colour, quotes in _speakers(report):
        console.print()
        console.print(
            Text.assemble((_plain(name), f"bold {colour}"), (description and _plain(f", {description}"), _QUIET))
        )
        for quote in quotes:
            console.print(Padding(Text(_plain(quote_text(article, quote)), colour), (0, 0, 0, 2)))
            console.print(Padding(Text(_plain(_circumstances(article, quote, name)), _QUIET), (0, 0, 0, 4)))
            for rule in quote.explain:
                console.print(
                    Padding(
                        Text(_plain(f"{rule.name}: {rule.detail}" if rule.detail else rule.name), _QUIET), (0, 0, 0, 6)
                    )
                )
    console.print()
    assert isinstance(console.file, StringIO)
    return "".join(line.rstrip() + "\n" for line in console.file.getvalue().splitlines())


def _speakers(report: Report) -> Iterator[tuple[str, str, str, list[Quote]]]:
    """Yield the name, description, colour and quotes of each speaker, unattributed quotes last."""
    for index, speaker in enumerate(report.speakers):
        quotes = [report.quotes[quote] for quote in speaker.quotes]
        yield speaker.name, speaker.description or "", _COLOURS[index % len(_COLOURS)], quotes
    unnamed = [quote for quote in report.quotes if quote.speaker is None]
    if unnamed:
        yield "Unknown speaker", "", "", unnamed


def _circumstances(article: Article, quote: Quote, name: str) -> str:
    """Describe how a quote is reported: its cue, kind and confidence."""
    cue, mention = _words(article, quote.cue.span if quote.cue else None), _words(article, quote.mention)
    parts = [
        f"not said: {cue}" if quote.negated else cue,
        quote.addressee and f"to {_words(article, quote.addressee)}",
        quote.via and f"through {_words(article, quote.via)}",
        mention and mention != name and f"as “{mention}”",
        quote.kind,
        quote.section != "body" and quote.section,
        f"{rounded(quote.confidence):.2f}",
        quote.unresolved,
    ]
    return " · ".join(part for part in parts if part)


def _words(article: Article, span: Span | None) -> str:
    return "" if span is None else article.slice(span)


def _plain(text: str) -> str:
    """Return `text` on one line, without terminal control characters."""
    words = " ".join(text.split())
    return "".join(character for character in words if unicodedata.category(character) not in _INVISIBLE)


def _with_plural(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"

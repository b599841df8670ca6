"""Render a report as an HTML page: the article with its quotes marked, then its speakers. No scripts, no styles."""

from collections.abc import Iterable, Iterator
from html import escape
from itertools import pairwise, takewhile
from typing import Any, Final, NamedTuple

from schemas.quote import QUOTE_FIELDS
from service.extraction.report import Report, Speaker
from service.input.article import Article, Paragraph
from service.output.promises import quote_id, speaker_id

# The first attributes keep their order; new ones follow them.
_FIRST: Final = ("kind", "confidence", "negated", "speaker")
_FIELDS: Final = tuple(
    sorted(
        (field for field in QUOTE_FIELDS if field.html),
        key=lambda field: _FIRST.index(field.name) if field.name in _FIRST else len(_FIRST),
    )
)
# Characters that an HTML parser changes: a carriage return becomes a line feed, NUL is dropped or replaced.
_UNREADABLE: Final = str.maketrans({"\r": "&#13;", "\0": "\ufffd"})


def to_html(article: Article, report: Report) -> str:
    """Return a page with the paragraphs of `article`, character for character, and every content of a quote in a
    `<mark>`.

    A quote's first mark has the quote's id; each has `data-quote`. Marks of overlapping quotes are nested, and closed
    and reopened where needed.
    """
    language, title = _attribute(article.language or "en"), _escaped(article.title or "Quotes")
    return "\n".join([
        "<!doctype html>",
        f'<html lang="{language}">',
        f'<head><meta charset="utf-8"><title>{title}</title></head>',
        "<body>",
        *_warnings(article),
        "<article>",
        *([f"<h1>{title}</h1>"] if article.title else []),
        _marked(article, report) + "</article>",
        *_speakers(report),
        "</body>",
        "</html>",
        "",
    ])  # fmt: skip


class _Element(NamedTuple):
    """A paragraph or a mark over a span of the text. Sorted, outer elements precede inner ones."""

    depth: int
    start: int
    before_end: int  # the negated end: of two elements with the same start, the longer is the outer
    name: str
    attributes: str
    id: str
    after: str = ""


def _marked(article: Article, report: Report) -> str:
    """Return the paragraphs with their marks: the text between all boundaries, and the tags at each."""
    elements = [
        *(_paragraph(number, paragraph) for number, paragraph in enumerate(article.paragraphs)),
        *(mark for index in range(len(report.quotes)) for mark in _marks(article, index, report)),
    ]
    starting_at: dict[int, list[_Element]] = {}
    for element in elements:
        starting_at.setdefault(element.start, []).append(element)
    boundaries = sorted(starting_at.keys() | {-element.before_end for element in elements})
    written: list[str] = []
    covering: list[_Element] = []  # elements that cover this position, outer ones first
    open_tags: list[_Element] = []
    written_ids: set[str] = set()
    for boundary, following in pairwise([*boundaries, len(article.text)]):
        covering = sorted(
            [
                *(open_element for open_element in covering if -open_element.before_end > boundary),
                *starting_at.get(boundary, []),
            ]
        )
        needed = covering if covering and not covering[0].depth else []  # marks only inside paragraphs
        shared = sum(1 for _ in takewhile(lambda pair: pair[0] is pair[1], zip(open_tags, needed, strict=False)))
        written += [f"</{open_element.name}>{open_element.after}" for open_element in reversed(open_tags[shared:])]
        written += _openings(needed[shared:], written_ids)
        if needed:
            written.append(_escaped(article.text[boundary:following]))
        open_tags = needed
    return "".join(written)


def _openings(elements: Iterable[_Element], written_ids: set[str]) -> Iterator[str]:
    """Yield the opening tags of `elements`; each id is written once."""
    for element in elements:
        id_attribute = f' id="{element.id}"' if element.id and element.id not in written_ids else ""
        written_ids.add(element.id)
        yield f"<{element.name}{id_attribute}{element.attributes}>"


def _paragraph(number: int, paragraph: Paragraph) -> _Element:
    attributes = f' data-paragraph="{number}" data-section="{paragraph.section}"'
    return _Element(0, paragraph.span.start, -paragraph.span.end, "p", attributes, "", after="\n")


def _marks(article: Article, index: int, report: Report) -> Iterator[_Element]:
    quote = report.quotes[index]
    values = {field.name: field.of(article, quote, index) for field in _FIELDS}
    attribute_values = {"data-quote": quote_id(index)}
    attribute_values |= {
        f"data-{name}": _shown(value) for name, value in values.items() if value is not None and value is not False
    }
    if quote.speaker is not None:
        attribute_values["title"] = report.speakers[quote.speaker].name
    attributes = "".join(f' {name}="{_attribute(value)}"' for name, value in attribute_values.items())
    for start, end in quote.contents:
        yield _Element(1, start, -end, "mark", attributes, quote_id(index))


def _shown(value: Any) -> str:
    """Return a JSON value as an attribute: the text of a span, and booleans in lower case."""
    if isinstance(value, dict):
        return str(value["text"])
    return str(value).lower() if isinstance(value, bool) else str(value)


def _warnings(article: Article) -> list[str]:
    """Return the list of warnings; empty without any."""
    items = [f'<li data-code="{warning.code}">{_escaped(warning.detail)}</li>' for warning in article.warnings]
    return ["<section>", "<h2>Warnings</h2>", "<ul>", *items, "</ul>", "</section>"] if items else []


def _speakers(report: Report) -> list[str]:
    """Return the list of speakers with links to their quotes; empty without any."""
    items = [_listed(index, speaker) for index, speaker in enumerate(report.speakers)]
    return ["<section>", "<h2>Speakers</h2>", "<ul>", *items, "</ul>", "</section>"] if items else []


def _listed(index: int, speaker: Speaker) -> str:
    description = f", {_escaped(speaker.description)}" if speaker.description else ""
    quotes = ", ".join(f'<a href="#{quote_id(quote)}">{quote_id(quote)}</a>' for quote in speaker.quotes)
    content = f"<b>{_escaped(speaker.name)}</b>{description}: {quotes}"
    return f'<li id="{speaker_id(index)}" data-kind="{speaker.kind}">{content}</li>'


def _escaped(text: str) -> str:
    return escape(text, quote=False).translate(_UNREADABLE)


def _attribute(value: str) -> str:
    return escape(value).translate(_UNREADABLE)

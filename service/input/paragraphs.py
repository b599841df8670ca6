"""Builds the `Article` of a text: its paragraphs and their sections.

What precedes the first sentence of a paragraph (a dateline, "Media caption", "BREAKING", the time of a live post) is
separated, and so are credits of photographs between its sentences, because they are not part of any quote.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from service.input.article import NO_METADATA, Article, ArticleMetadata, Paragraph, Section, Span
from service.input.blocks import Block, find_blocks
from service.input.boilerplate import classify
from service.input.web_page import Markup, WebPage

_PLACE: Final = r"[A-Z][A-Z.'’\-]+(?:[ /][A-Z][A-Z.'’\-]+){0,3}"
_CAPITALIZED: Final = r"[A-Z][\w.'’\-]+(?: [A-Z][\w.'’\-]+){0,2}"
_REGION: Final = r"(?:, ?[\w.'’ ]{2,24}){0,2}"
_AGENCY: Final = r"\([A-Z][\w&/ .]{1,24}\)"
_DASH: Final = r"(?: ?(?:--+|[—–])| [-_])"  # a hyphen without a space before it is part of a word; agencies send "_"
_SITE: Final = r"[A-Z][\w-]{1,30}\.(?i:com|net|org|info|news|tv|co(?:\.[a-z]{2})?)"
_DATELINE: Final = re.compile(
    rf"(?:{_PLACE}{_REGION}(?: {_AGENCY})?{_DASH}\s?"
    rf"|{_SITE}{_DASH}\s?"
    rf"|{_CAPITALIZED}{_REGION} {_AGENCY}(?:{_DASH}| ?:)\s?"
    rf"|\([A-Z]{{2,8}}\){_DASH}\s?)(?=\S)"
)
_OF_AGENCY: Final = re.compile(rf"(?:{_PLACE}|{_CAPITALIZED}){_REGION} {_AGENCY}{_DASH}")  # opens no headline
_SPACED_COLON: Final = re.compile(rf"{_CAPITALIZED}{_REGION} : (?=\S)")


def dateline_end(paragraph: str, *, first: bool) -> int:
    """Return the length of the dateline at the start of `paragraph`, with the white space after it, or 0.

    `first` is true for the first body paragraph, where a place can also precede a spaced colon.
    """
    match = _DATELINE.match(paragraph) or (_SPACED_COLON.match(paragraph) if first else None)
    return match.end() if match else 0


_CAPTION: Final = r"(?:media|image|video|photo|picture) caption\s*[,:]?\s+(?=[A-Z“\"])"
_KINDS: Final = (
    "breaking news|breaking|just in|update|updated|exclusive|watch|listen|video|live|developing|alert|revealed"
)
_TIME: Final = r"\d{1,2}[:.]\d{2}(?:\s?[ap]\.?m\b\.?)?(?:\s?(?:GMT|UTC|BST|CET|CEST|IST|E[SD]?T|P[SD]?T|C[SD]T))?"
_MARKED_TIME: Final = (
    r"(?:\d{1,2}[:.]\d{2}\s?(?:[ap]\.?m\b\.?|GMT|UTC|BST|CET|CEST|IST|E[SD]?T|P[SD]?T)|(?=\S+\s?[:—–|]))"
)
_LEAD: Final = re.compile(
    rf"(?i:{_CAPTION}|(?:{_KINDS})\s*[:|—–]\s+)|(?:{_KINDS.upper()})\s+(?=[A-Z][a-z]|[“\"])"
    rf"|(?={_MARKED_TIME}){_TIME}\s*[:—–|-]?\s+(?=[A-Z“\"])"
)
_PICTURE_AGENCY: Final = (
    r"(?:AP|AFP|EPA|PA|Reuters|REUTERS|Getty(?: Images)?|GETTY(?: IMAGES)?|Associated Press|Bloomberg)"
)
_NAMED: Final = r"[A-Z][\w.'’-]{1,20}(?: [A-Z][\w.'’-]{1,20}){1,2}"
_CREDIT_LEAD: Final = re.compile(
    rf"{_NAMED} ?/ ?{_PICTURE_AGENCY}\s+(?=[A-Z“\"][\w’']+[ ,])"
)  # Ana Ruiz / Reuters The …
# A credit in parentheses between two sentences, where paragraphs and pictures were joined: "(Photo: Ana Ruiz/Reuters)"
_CREDIT: Final = re.compile(
    r"(?<![^\s.!?”\"’'…)])\((?:photo|image|picture|pic|photograph|credit)s?(?: credit)?(?: ?:| by)\s?[^()\n]{1,60}\)"
    r"(?=\s*(?:[A-Z“\"‘'(]|\Z))",
    re.I,
)
_BEFORE_CREDIT: Final = re.compile(r"(?:\A|[.!?…][”\"’')]?|\))\s*\Z")
_REPORTS: Final = re.compile(r"\b(?:said|says|say|told|tells)\b")
_OTHER_STORY: Final = re.compile(r"(?:how|why|what|when|where|who|watch|read|see)\b", re.I)


def lead_end(paragraph: str) -> int:
    """Return the length of the label at the start of `paragraph`, with the white space after it, or 0."""
    match = _LEAD.match(paragraph) or _CREDIT_LEAD.match(paragraph)
    return match.end() if match else 0


def reports_after(paragraph: str, end: int) -> bool:
    """Return whether the text after a label is a reporting sentence and not a link to another story."""
    following = paragraph[end:]
    return bool(end and _REPORTS.search(following)) and not _OTHER_STORY.match(following)


def read_article(text: str, metadata: ArticleMetadata = NO_METADATA) -> Article:
    """Find the paragraphs of `text`, in time linear in its length.

    A known title helps to find the headline. Every character that is neither white space nor a list marker is in
    exactly one paragraph. Accepts any string.
    """
    paragraphs = _paragraphs(text, find_blocks(text), metadata.title)
    return Article(
        text,
        paragraphs,
        metadata.id,
        metadata.title,
        metadata.url,
        metadata.language,
        metadata.published_at,
        metadata.byline,
    )


def read_page_article(page: WebPage, metadata: ArticleMetadata = NO_METADATA) -> Article:
    """Build the article of a page. Values that `metadata` does not have come from the page."""
    blocks = [_as_marked_up(block, page.markup) for block in find_blocks(page.text)]
    return Article(
        page.text,
        _paragraphs(page.text, blocks, page.title or metadata.title),
        metadata.id,
        metadata.title or page.title,
        metadata.url or page.url,
        metadata.language or page.language,
        metadata.published_at or page.published_at,
        metadata.byline or page.byline,
        page.site_name,
        from_page=True,
    )


def _as_marked_up(block: Block, markup: Sequence[Markup]) -> Block:
    enclosing = markup[bisect_right(markup, block.span.start, key=lambda entry: entry.start) - 1]
    return replace(
        block,
        listed=block.listed or enclosing.listed,
        section=enclosing.section,
        linked=enclosing.linked,
        row=enclosing.row,
        bold=block.span.start < enclosing.start + enclosing.bold,
        blockquote=enclosing.blockquote,
        credit=enclosing.credit,
    )


def _paragraphs(text: str, blocks: Sequence[Block], title: str | None) -> tuple[Paragraph, ...]:
    paragraphs: list[Paragraph] = []
    first = True
    for block, verdict in zip(blocks, classify(blocks, title=title), strict=True):
        for paragraph in _without_credits(text, _without_dateline(text, block.span, verdict.section, first)):
            marked = block.listed or block.bold or block.blockquote
            paragraphs.append(_with_markup(paragraph, block) if marked else paragraph)
        first = first and verdict.section != "body"
    return tuple(paragraphs)


def _with_markup(paragraph: Paragraph, block: Block) -> Paragraph:
    return replace(paragraph, listed=block.listed, bold=block.bold, blockquote=block.blockquote, credit=block.credit)


def _without_credits(text: str, pieces: Sequence[Paragraph]) -> Iterator[Paragraph]:
    """Yield the paragraphs `pieces`, with credits between their sentences as separate pieces of boilerplate."""
    for piece in pieces:
        start, end = piece.span.start, piece.span.end
        credits = _CREDIT.finditer(text, start, end) if piece.section == "body" else ()
        for credit in credits:
            before = text[start : credit.start()].rstrip()
            if _BEFORE_CREDIT.search(before[-3:]) is None:
                continue
            if before:
                yield replace(piece, span=Span(start, start + len(before)))
            yield Paragraph(Span(*credit.span()), "furniture")
            start = credit.end() + len(text[credit.end() : end]) - len(text[credit.end() : end].lstrip())
        if start < end:
            yield replace(piece, span=Span(start, end))


def _without_dateline(text: str, span: Span, section: Section, first: bool) -> list[Paragraph]:
    """Return the paragraph at `span`, with a leading dateline or label as a separate piece of boilerplate."""
    paragraph = text[span.start : span.end]
    if section == "headline" and _OF_AGENCY.match(paragraph):
        section = "body"
    end = dateline_end(paragraph, first=first) if section == "body" else 0
    if not end and section != "pullquote":
        end = lead_end(paragraph)
        if section == "furniture" and end:
            section = "body" if reports_after(paragraph, end) else "furniture"
    if not end or section == "furniture":
        return [Paragraph(span, section)]
    opening = Span(span.start, span.start + len(paragraph[:end].rstrip()))
    return [Paragraph(opening, "furniture"), Paragraph(Span(span.start + end, span.end), section)]

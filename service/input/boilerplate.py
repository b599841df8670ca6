"""Separates the article from boilerplate by general signals, each of which has a name.

Blocks are classified in three steps: by their own words and shape (`boilerplate.toml`); by their position between
headline and body; and as lists of links to other stories, which have a heading, follow the last body text or are
repeated.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

from service.input.article import Section, Span
from service.input.blocks import Block
from service.input.patterns import joined

_WORD: Final = re.compile(r"[^\W_]+(?:['’.&+-][^\W_]+)*\+?")
_SENTENCE_END: Final = re.compile(r"[.!?…][)\]’”»\"'*]*\Z|\.\s?\([^()]{1,40}\)\Z")
_FULL_STOP_INSIDE: Final = re.compile(r"[.!?][”\"’']?\s+[“\"‘']?[A-Z]")
_QUOTE_GLYPHS: Final = '“”„"«»'
_OPENING_QUOTE: Final = re.compile(r"[“„\"«‘'`]")
_SIGNED_QUOTE: Final = re.compile(r"[“\"‘][^\n]+[.!?…][”\"’]\s{0,3}(?:—|–|―|--?)\s?[A-Z]")  # “We won.” – Ann Cole
_FINAL_PARENTHESIS: Final = re.compile(r"\(([^()]{1,80})\)\W*\Z")
_SPEAKER_LINE: Final = re.compile(r"[^:]{1,40}:\s")
_SPEAKER_HEADING: Final = re.compile(r"(?:[A-Z][\w.’'-]*\s){1,6}on\s")  # "Ann Cole on the Harbour Bridge"
_FIGURE_IN_DATE: Final = re.compile(r"[\d.t-]*\d(?:st|nd|rd|th|am|pm|a\.m|p\.m|z|h)?")
_LINK_HEADING: Final = "heading of a link list"
_STOP_INSIDE: Final = re.compile(r"\w{3}[.!?][\"”’']?\s+[A-Z\"“‘]")  # one sentence ends, another begins
_OPENING_LINES: Final = 12  # lines that can contain a page's title and headline
_MAX_CHARACTERS: Final = 1000  # characters; longer blocks are not boilerplate


@dataclass(frozen=True, slots=True)
class Verdict:
    """The part of the page a block belongs to, and the signal that decided it."""

    section: Section
    reason: str


@dataclass(frozen=True, slots=True)
class _Analyzed:
    """A block with the properties that the rules use. `plain` is its words in lower case with single spaces."""

    raw: Block
    words: tuple[str, ...]
    plain: str
    ends_sentence: bool
    quotes: bool

    @property
    def count(self) -> int:
        return len(self.words)

    @property
    def prose(self) -> bool:
        """Whether this is running text: a complete sentence, or too long for a headline."""
        return self.count >= 35 or (self.ends_sentence and self.count >= 6) or self.introduces

    @property
    def introduces(self) -> bool:
        """Whether this is at least one sentence and ends in a colon: "A mast fell on Monday. The company said:"."""
        return self.raw.text.endswith(":") and self.count >= 6 and _STOP_INSIDE.search(self.raw.text) is not None

    @property
    def clearly_prose(self) -> bool:
        """Whether this is too long, or too much like speech, to be a headline with a full stop."""
        if not self.ends_sentence:
            return self.count >= 35
        return self.count >= 18 or (self.quotes and self.count >= 4)

    @property
    def could_be_link(self) -> bool:
        """Whether this can be the headline of another story."""
        is_short = 3 <= self.count <= 30 and not self.ends_sentence
        return is_short and not self.raw.text.endswith((":", ",", ";")) and not _SIGNED_QUOTE.match(self.raw.text)

    @property
    def plain_on_page(self) -> bool:
        """Whether this is on a web page and not all links, so that it cannot be a link to another story."""
        return self.raw.linked is False

    @property
    def title_case(self) -> float:
        """The share of words, except function words, that begin with a capital letter or a digit."""
        content_words = [word for word in self.words if word.lower() not in _words("title_function_words")]
        return sum(not word[0].islower() for word in content_words) / len(content_words) if content_words else 0.0


def is_prose(text: str) -> bool:
    """Return whether a block's text is a sentence or too long to be a headline. A page without prose has no article."""
    return _analyze(Block(Span(0, len(text)), text)).prose


def classify(blocks: Sequence[Block], *, title: str | None = None) -> list[Verdict]:
    """Return one verdict per block, in order.

    `title` is the article's title, if known. Takes time linear in the text.
    """
    analyzed = [_analyze(block) for block in blocks]
    verdicts = [_table_row(block) or _by_own_text(block) or _by_markup(block) for block in analyzed]
    _find_headline(analyzed, verdicts, _plain(title or ""))
    _find_link_lists(analyzed, verdicts)
    _find_repeats(analyzed, verdicts)
    _find_closing_list(analyzed, verdicts)
    _find_closing_notes(analyzed, verdicts)
    _find_lone_lines(analyzed, verdicts)
    return [verdict or Verdict("body", "running text") for verdict in verdicts]


def _analyze(raw: Block) -> _Analyzed:
    head = raw.text[:_MAX_CHARACTERS]
    words = tuple(_WORD.findall(head))
    return _Analyzed(
        raw=raw,
        words=words,
        plain=_joined(words),
        ends_sentence=bool(_SENTENCE_END.search(raw.text[-60:])),
        quotes=any(glyph in head for glyph in _QUOTE_GLYPHS),
    )


def _plain(text: str) -> str:
    return _joined(_WORD.findall(text))


def _joined(words: Iterable[str]) -> str:
    """Join the words with single spaces, in lower case and without apostrophes."""
    return " ".join(words).replace("'", "").replace("’", "").lower()


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("boilerplate.toml").read_text("utf-8"))


@cache
def _words(entry: str) -> frozenset[str]:
    return frozenset(_lexicon()[entry])


@cache
def _starts(entry: str) -> tuple[str, ...]:
    return tuple(_lexicon()[entry])


@dataclass(frozen=True, slots=True)
class _Signal:
    name: str
    words: int
    quoted: bool
    text_only: bool
    at_start: re.Pattern[str]
    anywhere: re.Pattern[str]

    def fires(self, block: _Analyzed, quoted: bool) -> bool:
        """Return whether the block has this shape.

        Patterns that begin with ^, which most do, are tried only at the start.
        """
        if block.count > self.words or (quoted and not self.quoted):
            return False
        if self.text_only and block.raw.linked is not None:
            return False
        return bool(self.at_start.match(block.raw.text) or self.anywhere.search(block.raw.text))


@cache
def _signals(entry: str) -> tuple[_Signal, ...]:
    return tuple(
        _Signal(
            table["name"],
            table["words"],
            table.get("quoted", False),
            table.get("text_only", False),
            joined([pattern for pattern in table["patterns"] if pattern.startswith("^")]),
            joined([pattern for pattern in table["patterns"] if not pattern.startswith("^")]),
        )
        for table in _lexicon()[entry]
    )


def _by_own_text(block: _Analyzed) -> Verdict | None:
    """Classify a block by its own words and shape, independent of its position."""
    text = block.raw.text
    if len(text) > _MAX_CHARACTERS:
        return None
    if not block.words:
        return Verdict("furniture", "ornament")
    tokens = block.plain.split()
    if block.plain in _words("controls"):
        return Verdict("furniture", "control")
    if block.plain in _words("link_headings") or (
        block.count <= 6 and not block.ends_sentence and block.plain.startswith(_starts("link_heading_starts"))
    ):
        return Verdict("furniture", _LINK_HEADING)
    if block.count <= 20 and not block.ends_sentence:
        if all(token in _words("share_words") or token.isdigit() for token in tokens) and not _words(
            "share_names"
        ).isdisjoint(tokens):
            return Verdict("furniture", "share row")
        if any(map(str.isdigit, block.plain)) and all(map(_in_date, tokens)):
            return Verdict("furniture", "date line")
        if tokens[0] == "by" and block.count <= 14 and block.title_case >= 0.8:
            return Verdict("furniture", "byline")
    if block.count <= 4 and all(token in _words("picture_agencies") for token in tokens):
        return Verdict("furniture", "agency")
    quoted = bool(_OPENING_QUOTE.match(text))
    for signal in _signals("signal"):
        if signal.fires(block, quoted):
            return Verdict("furniture", signal.name)
    return _caption(block)


def _table_row(block: _Analyzed) -> Verdict | None:
    """Classify a table row as body text, whatever the shape of its figures and names."""
    return Verdict("body", "row of a table") if block.raw.row and not block.raw.linked else None


def _by_markup(block: _Analyzed) -> Verdict | None:
    return Verdict(block.raw.section, "the page's markup") if block.raw.section is not None else None


def _in_date(token: str) -> bool:
    return token in _words("date_words") or _FIGURE_IN_DATE.fullmatch(token) is not None


def _caption(block: _Analyzed) -> Verdict | None:
    text = block.raw.text
    for signal in _signals("caption"):
        if signal.fires(block, quoted=False):
            return Verdict("caption", signal.name)
    credit = _FINAL_PARENTHESIS.search(text)
    if credit and not _words("picture_agencies").isdisjoint(_plain(credit[1]).split()):
        for signal in _signals("pictured"):
            if signal.fires(block, quoted=False):
                return Verdict("caption", f"{signal.name} and a credit")
    return None


def _find_headline(blocks: Sequence[_Analyzed], verdicts: list[Verdict | None], title: str) -> None:
    """Mark the headline, its repetitions and subheadline, and breadcrumbs between it and the body."""
    first_prose = next(
        (at for at, block in enumerate(blocks) if verdicts[at] is None and block.prose and not _has_title_case(block)),
        len(blocks),
    )
    if first_prose == len(blocks):  # no prose: only a headline, or a text without full stops
        first_prose = 1 if len(blocks) > 1 else 0
    _find_merged_headlines(blocks[:first_prose], verdicts)
    headline = title
    for at, block in enumerate(blocks[:first_prose]):
        if title and block.plain == title:
            verdicts[at] = Verdict("headline", "equals the title")
        elif block.raw.section == "headline":
            headline = headline or block.plain
        elif verdicts[at] is not None or (block.ends_sentence and not _has_title_case(block)):
            continue
        elif block.plain == headline:
            verdicts[at] = Verdict("headline", "the headline again")
        elif block.count <= 4 and not block.ends_sentence and (headline or at + 1 < first_prose):
            verdicts[at] = Verdict("furniture", "breadcrumb before the text")
        elif headline and block.plain_on_page and " " in block.raw.text:
            continue
        else:
            verdicts[at] = Verdict("headline", "line before the text")
            headline = headline or block.plain
    if not headline:
        return
    for at, block in enumerate(blocks):
        if verdicts[at] is None and block.plain == headline:
            verdicts[at] = Verdict("headline", "the headline again")


def _find_merged_headlines(opening: Sequence[_Analyzed], verdicts: list[Verdict | None]) -> None:
    """Mark lines in the opening that contain another one entirely: the headline merged with breadcrumbs or a site
    name."""
    candidates = [(at, block.raw.text) for at, block in enumerate(opening[:_OPENING_LINES]) if block.count >= 4]
    for at, text in candidates:
        if verdicts[at] is None and any(
            len(contained) < len(text) and contained in text for _, contained in candidates
        ):
            verdicts[at] = Verdict("furniture", "headline merged with breadcrumbs")


def _has_title_case(block: _Analyzed) -> bool:
    """Return whether this is a headline with a full stop: one sentence in title case."""
    return block.count <= 25 and block.title_case >= 0.75 and not _FULL_STOP_INSIDE.search(block.raw.text)


def _find_link_lists(blocks: Sequence[_Analyzed], verdicts: list[Verdict | None]) -> None:
    """Mark the links under each heading of a link list; the list ends where prose begins."""
    in_link_list, listed, item_count = False, False, 0
    for at, block in enumerate(blocks):
        verdict = verdicts[at]
        if verdict is not None:
            if verdict.reason == _LINK_HEADING:
                in_link_list, listed, item_count = True, at + 1 < len(blocks) and blocks[at + 1].raw.listed, 0
            in_link_list = in_link_list and verdict.section != "headline"
        elif in_link_list:
            next_block = blocks[at + 1] if at + 1 < len(blocks) and verdicts[at + 1] is None else None
            in_link_list = (listed and block.raw.listed) or _in_list(block, item_count, next_block)
            if in_link_list:
                verdicts[at] = Verdict("furniture", "link list under a heading")
                item_count += 1


def _in_list(block: _Analyzed, item_count: int, next_block: _Analyzed | None) -> bool:
    """Return whether a line without a list marker continues a list of links that has `item_count` items so far."""
    if not block.ends_sentence:
        return not block.clearly_prose
    if item_count == 0 or block.clearly_prose:
        return False
    if next_block is None:
        return item_count >= 2
    return next_block.could_be_link and next_block.count >= 5  # fewer words: a heading within the text


def _find_repeats(blocks: Sequence[_Analyzed], verdicts: list[Verdict | None]) -> None:
    texts: set[str] = set()
    for at, block in enumerate(blocks):
        if verdicts[at] is not None or block.ends_sentence or block.clearly_prose or block.plain_on_page:
            pass
        elif block.plain in texts:
            verdicts[at] = Verdict("furniture", "repeated line")
        texts.add(block.plain)


def _find_closing_list(blocks: Sequence[_Analyzed], verdicts: list[Verdict | None]) -> None:
    """Mark three or more headline-like lines at the end, before boilerplate only, unless the text announces a list."""
    at = len(blocks)
    while at > 0 and (
        _could_be_other_story(blocks[at - 1]) if verdicts[at - 1] is None else _is_boilerplate(verdicts[at - 1])
    ):
        at -= 1
    links = [index for index in range(at, len(blocks)) if verdicts[index] is None]
    announced = at == 0 or blocks[at - 1].raw.text.endswith(":")
    if len(links) >= 3 and not announced and sum(blocks[index].count for index in links) >= 5 * len(links):
        for index in links:
            verdicts[index] = Verdict("furniture", "closing list of links")


def _could_be_other_story(block: _Analyzed) -> bool:
    return block.could_be_link and not block.plain_on_page


def _find_closing_notes(blocks: Sequence[_Analyzed], verdicts: list[Verdict | None]) -> None:
    """Mark notes at the end, before boilerplate only, whose shape occurs in body text too: author notes, helplines."""
    for at in range(len(blocks) - 1, 0, -1):
        if not _is_boilerplate(verdicts[at]):
            if verdicts[at] is not None or blocks[at].quotes:
                return
            matching = next((signal for signal in _signals("closing") if signal.fires(blocks[at], quoted=False)), None)
            if matching is None:
                return
            verdicts[at] = Verdict("furniture", matching.name)


def _is_boilerplate(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.section == "furniture"


def _find_lone_lines(blocks: Sequence[_Analyzed], verdicts: list[Verdict | None]) -> None:
    """Mark headlines of other stories between paragraphs, and the article's own subheadings."""
    for at, block in enumerate(blocks):
        text = block.raw.text
        if verdicts[at] is not None or block.prose or block.ends_sentence or block.raw.listed or not block.words:
            continue
        if text.endswith((":", ",", ";", "-", "–", "—")) or _OPENING_QUOTE.match(text):
            continue
        among_prose = all(neighbour.prose for neighbour in (*blocks[max(at - 1, 0) : at], *blocks[at + 1 : at + 2]))
        if at + 1 < len(blocks) and _SPEAKER_HEADING.match(text) and _OPENING_QUOTE.match(blocks[at + 1].raw.text):
            verdicts[at] = Verdict("headline", "heading over a quote")
        elif (
            block.could_be_link
            and block.count >= 5
            and block.title_case >= 0.75
            and (among_prose or not block.plain_on_page)
        ):
            verdicts[at] = Verdict("furniture", "lone headline between paragraphs")
        elif block.plain_on_page and not any(_under_heading(next_block) for next_block in blocks[at + 1 : at + 2]):
            continue
        elif block.count <= 8 and len(blocks) > 1 and not block.quotes and not _SPEAKER_LINE.match(text):
            verdicts[at] = Verdict("headline", "heading within the text")


def _under_heading(block: _Analyzed) -> bool:
    return block.prose or block.raw.listed or block.raw.row or block.quotes

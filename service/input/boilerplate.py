"""What the page wrapped round the article, told from the article by general signals, each of which can be named.

Three looks at the blocks of a page, each from further away: what one block is by its own words and shape
(`furniture.toml`); where the headline ends and prose begins; and which blocks are lists of links to other stories,
known by their heading, by standing after the last prose, or by repeating.
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

_WORD: Final = re.compile(r"[^\W_]+(?:['’.&+-][^\W_]+)*\+?")
_SENTENCE_END: Final = re.compile(r"[.!?…][)\]’”»\"'*]*\Z|\.\s?\([^()]{1,40}\)\Z")
_FULL_STOP_INSIDE: Final = re.compile(r"[.!?][”\"’']?\s+[“\"‘']?[A-Z]")
_QUOTE_GLYPHS: Final = '“”„"«»'
_OPENING_QUOTE: Final = re.compile(r"[“„\"«‘'`]")
_FINAL_PARENTHESIS: Final = re.compile(r"\(([^()]{1,80})\)\W*\Z")
_SPEAKER_LINE: Final = re.compile(r"[^:]{1,40}:\s")
_SPEAKER_HEADING: Final = re.compile(r"(?:[A-Z][\w.’'-]*\s){1,6}on\s")  # "Ann Cole on the Harbour Bridge"
_FIGURE_IN_DATE: Final = re.compile(r"[\d.t-]*\d(?:st|nd|rd|th|am|pm|a\.m|p\.m|z|h)?")
_NEVER: Final = r"(?!)"
_LINK_HEADING: Final = "heading of a link list"
_STOP_INSIDE: Final = re.compile(r"\w{3}[.!?][\"”’']?\s+[A-Z\"“‘]")  # a sentence ends there, and another begins
_OPENING_LINES: Final = 12  # that may hold a page's title and headline
_LONGEST_LOOKED_AT: Final = 1000  # characters; nothing that long is a crumb
# Written small in a title-cased headline.
_SMALL_WORDS: Final = frozenset(
    "a an and as at but by for from if in into nor of off on onto or over per so than the to up via vs with".split()
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """What part of the page a block is, and the signal that said so."""

    section: Section
    reason: str


@dataclass(frozen=True, slots=True)
class _Look:
    """One block as the rules see it. `plain` is its words, lower case, with single spaces."""

    block: Block
    words: tuple[str, ...]
    plain: str
    ends_sentence: bool
    quotes: bool

    @property
    def count(self) -> int:
        return len(self.words)

    @property
    def prose(self) -> bool:
        """Whether this is running text: a sentence with its stop, or simply too long for a headline."""
        return self.count >= 35 or (self.ends_sentence and self.count >= 6) or self.introduces

    @property
    def introduces(self) -> bool:
        """Whether this is a sentence and more, which ends in a colon: "A mast fell on Monday. The company said:"."""
        return self.block.text.endswith(":") and self.count >= 6 and _STOP_INSIDE.search(self.block.text) is not None

    @property
    def sure_prose(self) -> bool:
        """Prose too long, or too much like speech, to be a headline with a stop behind it."""
        if not self.ends_sentence:
            return self.count >= 35
        return self.count >= 18 or (self.quotes and self.count >= 4)

    @property
    def like_link(self) -> bool:
        """Whether this could be the headline of another story."""
        return 3 <= self.count <= 30 and not self.ends_sentence and not self.block.text.endswith((":", ",", ";"))

    @property
    def plain_on_page(self) -> bool:
        """Whether this stands on a page and leads nowhere: links to other stories are links there."""
        return self.block.linked is False

    @property
    def title_case(self) -> float:
        """The share of its words, small ones left out, that begin with a capital or a figure."""
        weighty = [word for word in self.words if word.lower() not in _SMALL_WORDS]
        return sum(not word[0].islower() for word in weighty) / len(weighty) if weighty else 0.0


def is_prose(text: str) -> bool:
    """Whether a block's text is a sentence, or too long to be a headline: a page without an article has none."""
    return _look(Block(Span(0, len(text)), text)).prose


def classify(blocks: Sequence[Block], *, title: str | None = None) -> list[Verdict]:
    """One verdict for each block, in order. `title` is the article's, where the sender knows it. Linear in the text."""
    looks = [_look(block) for block in blocks]
    verdicts = [_table_row(look) or _by_itself(look) or _by_markup(look) for look in looks]
    _find_headline(looks, verdicts, _plain(title or ""))
    _find_link_lists(looks, verdicts)
    _find_repeats(looks, verdicts)
    _find_closing_list(looks, verdicts)
    _find_closing_notes(looks, verdicts)
    _find_lone_lines(looks, verdicts)
    return [verdict or Verdict("body", "running text") for verdict in verdicts]


def _look(block: Block) -> _Look:
    head = block.text[:_LONGEST_LOOKED_AT]
    words = tuple(_WORD.findall(head))
    return _Look(
        block=block,
        words=words,
        plain=_joined(words),
        ends_sentence=bool(_SENTENCE_END.search(block.text[-60:])),
        quotes=any(glyph in head for glyph in _QUOTE_GLYPHS),
    )


def _plain(text: str) -> str:
    return _joined(_WORD.findall(text))


def _joined(words: Iterable[str]) -> str:
    """The words with single spaces, in lower case and without apostrophes."""
    return " ".join(words).replace("'", "").replace("’", "").lower()


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("furniture.toml").read_text("utf-8"))


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

    def fires(self, look: _Look, quoted: bool) -> bool:
        """Whether the look's block has this shape. Patterns that begin with ^ are tried once: most of them do."""
        if look.count > self.words or (quoted and not self.quoted):
            return False
        if self.text_only and look.block.linked is not None:
            return False
        return bool(self.at_start.match(look.block.text) or self.anywhere.search(look.block.text))


@cache
def _signals(entry: str) -> tuple[_Signal, ...]:
    def joined(patterns: list[str]) -> re.Pattern[str]:
        return re.compile("|".join(patterns) or _NEVER, re.IGNORECASE)

    return tuple(
        _Signal(
            each["name"],
            each["words"],
            each.get("quoted", False),
            each.get("text_only", False),
            joined([pattern for pattern in each["patterns"] if pattern.startswith("^")]),
            joined([pattern for pattern in each["patterns"] if not pattern.startswith("^")]),
        )
        for each in _lexicon()[entry]
    )


def _by_itself(look: _Look) -> Verdict | None:
    """What a block is by its own words and shape, whatever stands round it."""
    text = look.block.text
    if len(text) > _LONGEST_LOOKED_AT:
        return None
    if not look.words:
        return Verdict("furniture", "ornament")
    tokens = look.plain.split()
    if look.plain in _words("controls"):
        return Verdict("furniture", "control")
    if look.plain in _words("link_headings") or (
        look.count <= 6 and not look.ends_sentence and look.plain.startswith(_starts("link_heading_starts"))
    ):
        return Verdict("furniture", _LINK_HEADING)
    if look.count <= 20 and not look.ends_sentence:
        if all(token in _words("share_words") or token.isdigit() for token in tokens) and not _words(
            "share_names"
        ).isdisjoint(tokens):
            return Verdict("furniture", "share row")
        if any(map(str.isdigit, look.plain)) and all(map(_in_date, tokens)):
            return Verdict("furniture", "date line")
        if tokens[0] == "by" and look.count <= 14 and look.title_case >= 0.8:
            return Verdict("furniture", "byline")
    if look.count <= 4 and all(token in _words("picture_agencies") for token in tokens):
        return Verdict("furniture", "agency")
    quoted = bool(_OPENING_QUOTE.match(text))
    for signal in _signals("signal"):
        if signal.fires(look, quoted):
            return Verdict("furniture", signal.name)
    return _caption(look)


def _table_row(look: _Look) -> Verdict | None:
    """A table's row is text, whatever shapes its figures and names have."""
    return Verdict("body", "row of a table") if look.block.row and not look.block.linked else None


def _by_markup(look: _Look) -> Verdict | None:
    return Verdict(look.block.section, "the page's markup") if look.block.section is not None else None


def _in_date(token: str) -> bool:
    return token in _words("date_words") or _FIGURE_IN_DATE.fullmatch(token) is not None


def _caption(look: _Look) -> Verdict | None:
    text = look.block.text
    for signal in _signals("caption"):
        if signal.fires(look, quoted=False):
            return Verdict("caption", signal.name)
    credit = _FINAL_PARENTHESIS.search(text)
    if credit and not _words("picture_agencies").isdisjoint(_plain(credit[1]).split()):
        for signal in _signals("pictured"):
            if signal.fires(look, quoted=False):
                return Verdict("caption", f"{signal.name} and a credit")
    return None


def _find_headline(looks: Sequence[_Look], verdicts: list[Verdict | None], title: str) -> None:
    """Mark the headline, its repeats and its deck, and the crumbs between it and the first prose."""
    first_prose = next(
        (at for at, look in enumerate(looks) if verdicts[at] is None and look.prose and not _titled(look)), len(looks)
    )
    if first_prose == len(looks):  # no prose at all: a headline alone, or a text without stops
        first_prose = 1 if len(looks) > 1 else 0
    _find_glued_headlines(looks[:first_prose], verdicts)
    headline = title
    for at, look in enumerate(looks[:first_prose]):
        if title and look.plain == title:
            verdicts[at] = Verdict("headline", "equals the title")
        elif look.block.section == "headline":
            headline = headline or look.plain
        elif verdicts[at] is not None or (look.ends_sentence and not _titled(look)):
            continue
        elif look.plain == headline:
            verdicts[at] = Verdict("headline", "the headline again")
        elif look.count <= 4 and not look.ends_sentence and (headline or at + 1 < first_prose):
            verdicts[at] = Verdict("furniture", "crumb before the text")
        elif headline and look.plain_on_page and " " in look.block.text:
            continue
        else:
            verdicts[at] = Verdict("headline", "line before the text")
            headline = headline or look.plain
    if not headline:
        return
    for at, look in enumerate(looks):
        if verdicts[at] is None and look.plain == headline:
            verdicts[at] = Verdict("headline", "the headline again")


def _find_glued_headlines(opening: Sequence[_Look], verdicts: list[Verdict | None]) -> None:
    """Mark the lines of the opening that hold another one whole: the headline behind crumbs or a site's name."""
    candidates = [(at, look.block.text) for at, look in enumerate(opening[:_OPENING_LINES]) if look.count >= 4]
    for at, text in candidates:
        if verdicts[at] is None and any(len(other) < len(text) and other in text for _, other in candidates):
            verdicts[at] = Verdict("furniture", "the headline glued to crumbs")


def _titled(look: _Look) -> bool:
    """A headline that was given a full stop: one sentence in title case."""
    return look.count <= 25 and look.title_case >= 0.75 and not _FULL_STOP_INSIDE.search(look.block.text)


def _find_link_lists(looks: Sequence[_Look], verdicts: list[Verdict | None]) -> None:
    """Mark the run of links under each heading for such a list; a run ends where prose begins."""
    running, listed, seen = False, False, 0
    for at, look in enumerate(looks):
        verdict = verdicts[at]
        if verdict is not None:
            if verdict.reason == _LINK_HEADING:
                running, listed, seen = True, at + 1 < len(looks) and looks[at + 1].block.listed, 0
            running = running and verdict.section != "headline"
        elif running:
            after = looks[at + 1] if at + 1 < len(looks) and verdicts[at + 1] is None else None
            running = (listed and look.block.listed) or _in_list(look, seen, after)
            if running:
                verdicts[at] = Verdict("furniture", "link list under a heading")
                seen += 1


def _in_list(look: _Look, seen: int, after: _Look | None) -> bool:
    """Whether a line without a list marker goes on a list of links that has `seen` of them so far."""
    if not look.ends_sentence:
        return not look.sure_prose
    if seen == 0 or look.sure_prose:
        return False
    return seen >= 2 if after is None else after.like_link and after.count >= 5  # fewer: a heading within the text


def _find_repeats(looks: Sequence[_Look], verdicts: list[Verdict | None]) -> None:
    seen: set[str] = set()
    for at, look in enumerate(looks):
        if verdicts[at] is not None or look.ends_sentence or look.sure_prose or look.plain_on_page:
            pass
        elif look.plain in seen:
            verdicts[at] = Verdict("furniture", "repeated line")
        seen.add(look.plain)


def _find_closing_list(looks: Sequence[_Look], verdicts: list[Verdict | None]) -> None:
    """Mark three or more headline-like lines that only furniture follows, unless the text itself announces a list."""
    at = len(looks)
    while at > 0 and (_could_lead_away(looks[at - 1]) if verdicts[at - 1] is None else _is_furniture(verdicts[at - 1])):
        at -= 1
    links = [link for link in range(at, len(looks)) if verdicts[link] is None]
    announced = at == 0 or looks[at - 1].block.text.endswith(":")
    if len(links) >= 3 and not announced and sum(looks[link].count for link in links) >= 5 * len(links):
        for link in links:
            verdicts[link] = Verdict("furniture", "closing list of links")


def _could_lead_away(look: _Look) -> bool:
    return look.like_link and not look.plain_on_page


def _find_closing_notes(looks: Sequence[_Look], verdicts: list[Verdict | None]) -> None:
    """Mark what only furniture follows, and is of a shape that text has too: who the author is, where to find help."""
    for at in range(len(looks) - 1, 0, -1):
        if not _is_furniture(verdicts[at]):
            if verdicts[at] is not None or looks[at].quotes:
                return
            fired = next((signal for signal in _signals("closing") if signal.fires(looks[at], quoted=False)), None)
            if fired is None:
                return
            verdicts[at] = Verdict("furniture", fired.name)


def _is_furniture(verdict: Verdict | None) -> bool:
    return verdict is not None and verdict.section == "furniture"


def _find_lone_lines(looks: Sequence[_Look], verdicts: list[Verdict | None]) -> None:
    """Mark headlines of other stories set between paragraphs, and the text's own headings."""
    for at, look in enumerate(looks):
        text = look.block.text
        if verdicts[at] is not None or look.prose or look.ends_sentence or look.block.listed or not look.words:
            continue
        if text.endswith((":", ",", ";", "-", "–", "—")) or _OPENING_QUOTE.match(text):
            continue
        among_prose = all(near.prose for near in (*looks[max(at - 1, 0) : at], *looks[at + 1 : at + 2]))
        if at + 1 < len(looks) and _SPEAKER_HEADING.match(text) and _OPENING_QUOTE.match(looks[at + 1].block.text):
            verdicts[at] = Verdict("headline", "heading over a quote")
        elif look.like_link and look.count >= 5 and look.title_case >= 0.75 and (among_prose or not look.plain_on_page):
            verdicts[at] = Verdict("furniture", "lone headline between paragraphs")
        elif look.plain_on_page and not any(_under_heading(below) for below in looks[at + 1 : at + 2]):
            continue
        elif look.count <= 8 and len(looks) > 1 and not look.quotes and not _SPEAKER_LINE.match(text):
            verdicts[at] = Verdict("headline", "heading within the text")


def _under_heading(look: _Look) -> bool:
    return look.prose or look.block.listed or look.block.row or look.quotes

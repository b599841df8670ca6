"""The golden articles in `tests/golden/articles`, written for this project, in which every quote has its speaker.

An article is a `.txt` file. The `.toml` file of the same name has the annotation: its register, its style of quotation
marks, whether it is held out (its errors are not inspected when rules are written), the speakers with their allowed
names, the fullest first, and its quotes. A quote has its content, verbatim and in one or more pieces; its cue, if it
has one; its speaker, `none` if the text does not say; and how the speaker is named.
"""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from service.extraction.report import Quote
from service.input.article import Span

ARTICLES = Path(__file__).parents[2] / "tests/golden/articles"
NOBODY = "none"
OVERLAP = 0.5
_ARTICLE = re.compile(r"^(?:the|an?) ")


@dataclass(frozen=True, slots=True)
class GoldQuote:
    """A quote: the spans of its content (code points), its cue, its speaker (a key of `speakers`, or NOBODY)."""

    contents: tuple[Span, ...]
    cue: str | None
    speaker: str
    resolution: str


@dataclass(frozen=True, slots=True)
class GoldArticle:
    """An article and its gold; `speakers` maps keys to the accepted names, the fullest first."""

    name: str
    text: str
    register: str
    marks: str
    held_out: bool
    speakers: dict[str, tuple[str, ...]]
    quotes: tuple[GoldQuote, ...]


def golden_articles(folder: Path = ARTICLES) -> list[GoldArticle]:
    """Read the articles of `folder`, sorted by name. Raises ValueError if a content is missing from its article, or
    ambiguous."""
    return [_article(gold) for gold in sorted(folder.glob("*.toml"))]


def _article(gold: Path) -> GoldArticle:
    text = gold.with_suffix(".txt").read_text(encoding="utf-8")
    table = tomllib.loads(gold.read_text(encoding="utf-8"))
    return GoldArticle(
        name=gold.stem,
        text=text,
        register=table["register"],
        marks=table["marks"],
        held_out=table["held_out"],
        speakers={key: tuple(names) for key, names in table["speakers"].items()},
        quotes=tuple(_quote(gold, text, entry) for entry in table["quote"]),
    )


def _quote(gold: Path, text: str, entry: dict[str, Any]) -> GoldQuote:
    if text.count(entry["content"][0]) != 1:
        raise ValueError(
            f"{gold.name}: {entry['content'][0]!r} must occur exactly once in the article; give more of its words."
        )
    spans: list[Span] = []
    for piece in entry["content"]:
        start = text.find(piece, spans[-1].end if spans else 0)
        if start < 0:
            raise ValueError(f"{gold.name}: {piece!r} is not in the article after {spans}; copy it from there.")
        spans.append(Span(start, start + len(piece)))
    return GoldQuote(tuple(spans), entry.get("cue"), entry["speaker"], entry["resolution"])


def find(text: str, gold: GoldQuote, quotes: Sequence[Quote]) -> Quote | None:
    """Return the one of `quotes` that matches `gold`, or None."""
    gold_letters = _letters(text, gold.contents)
    matches = []
    for quote in quotes:
        quote_letters = _letters(text, quote.contents)
        shared = len(gold_letters & quote_letters)
        dice = 2 * shared / (len(gold_letters) + len(quote_letters)) if gold_letters or quote_letters else 0.0
        same_cue = _same_cue(text, gold, quote)
        if dice >= OVERLAP or (same_cue and shared >= OVERLAP * len(gold_letters)):
            matches.append((same_cue, dice, -quote.contents[0].start, quote))
    return max(matches, key=lambda match: match[:3])[3] if matches else None


def _same_cue(text: str, gold: GoldQuote, quote: Quote) -> bool:
    """Return whether both have the same cue, where one can contain the other ("declined to say", "say")."""
    if gold.cue is None:
        return gold.speaker != NOBODY  # continuations; but words in scare quotes do not belong to the quote around them
    cue = text[quote.cue.span.start : quote.cue.span.end].lower() if quote.cue is not None else ""
    return bool(cue) and (cue in gold.cue.lower() or gold.cue.lower() in cue)


def _letters(text: str, spans: Iterable[Span]) -> set[int]:
    return {offset for start, end in spans for offset in range(start, end) if text[offset].isalnum()}


def called(name: str, allowed: Iterable[str]) -> bool:
    """Return whether `name` is one of `allowed`, ignoring case, an initial article and curly apostrophes."""
    return _plain(name) in map(_plain, allowed)


def _plain(name: str) -> str:
    return _ARTICLE.sub("", name.casefold().replace("’", "'"))

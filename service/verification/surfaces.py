"""Compare matching words: their spelling, and the characters between and after them."""

from collections.abc import Iterator

from service.article.article import Span
from service.verification.change import Change, ChangeKind, between
from service.verification.gaps import compare_gap, same_ending, stripped, without_marks
from service.verification.meaning import Meaning
from service.verification.speech import Speech
from service.verification.steps import Match
from service.verification.words import Printed, plain


def surface(printed: Printed, speech: Speech, match: Match) -> Iterator[Change]:
    """Yield a change if a matching word is written differently."""
    theirs, mine = printed.words[match[0]].span, speech.words[match[1]].span
    shown, said = printed.text[theirs.start : theirs.end], speech.article.slice(mine)
    if shown == said:
        return
    kind: ChangeKind = "spelling"
    if plain(shown) != plain(said):
        kind = "punctuation" if _letters(shown) == _letters(said) else "capital"
    yield Change(kind, mine, theirs)


def _letters(written: str) -> str:
    return "".join(filter(str.isalnum, plain(written)))


def gap(printed: Printed, speech: Speech, before: Match, after: Match) -> Iterator[Change]:
    """Yield a change if the characters between two adjacent words differ."""
    mine, theirs = between(speech.words, before[1], after[1]), between(printed.words, before[0], after[0])
    said, shown = speech.article.slice(mine), printed.text[theirs.start : theirs.end]
    kind = compare_gap(said, shown)
    if kind is not None:
        where = stripped(speech.article.text, mine), stripped(printed.text, theirs)
        if where == (None, None):  # they differ only in spaces
            where = mine if said else None, theirs if shown else None
        yield Change(kind, *where, _asked(said, shown))


def ending(printed: Printed, speech: Speech, match: Match) -> Iterator[Change]:
    """Yield a change if the characters after the last word differ, if the printed quote has any."""
    row, place = match
    theirs = Span(printed.words[row].span.end, len(printed.text))
    following = speech.words[place + 1].span.start if place + 1 < len(speech.words) else len(speech.article.text)
    mine = Span(speech.words[place].span.end, following)
    said, shown = speech.article.slice(mine), printed.text[theirs.start :]
    if not same_ending(said, shown):
        where = without_marks(speech.article.text, mine), without_marks(printed.text, theirs)
        yield Change("punctuation", *where, _asked(said, shown))


def _asked(said: str, shown: str) -> Meaning | None:
    return "question" if ("?" in said) != ("?" in shown) else None

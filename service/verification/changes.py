"""What a printed quote changed of the words that it is aligned with: change by change, with its place in both texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from service.input.article import Span
from service.verification.alignment import Alignment
from service.verification.article_speech import Speech
from service.verification.compared_words import Printed, Word, plain, read_words
from service.verification.meaning import Meaning, meaning_of, negations, numbers

ChangeKind = Literal[
    "spelling",
    "punctuation",
    "capital",
    "joined",
    "merged",
    "ellipsis",
    "bracket-insertion",
    "bracket-replacement",
    "changed",
    "added",
    "dropped",
    "unquoted",
]


@dataclass(frozen=True, slots=True)
class Change:
    """One difference: the span of `original` in the article and of `printed` in the printed quote, each None if empty.
    `meaning` says how it can change the meaning."""

    kind: ChangeKind
    original: Span | None
    printed: Span | None
    meaning: Meaning | None = None


def extent(words: Sequence[Word], places: Sequence[int]) -> Span | None:
    """Return the span from the first to the last of `places` among `words`, or None if there are none."""
    return Span(words[places[0]].span.start, words[places[-1]].span.end) if places else None


def between(words: Sequence[Word], first: int, second: int) -> Span:
    """Return the possibly empty span between two words."""
    return Span(words[first].span.end, words[second].span.start)


Match = tuple[int, int]  # a printed word and the article word it is aligned with, of the same form


@dataclass(slots=True)
class Difference:
    """The words between two matches, before the first or after the last.

    `left_out` and `replaced` are the article's words that are omitted, or aligned with other words; `printed` and
    `brackets` are the printed words in their place; `cut` is the ellipsis, a key of `Printed.cuts`.
    """

    left_out: list[int] = field(default_factory=list)
    replaced: list[int] = field(default_factory=list)
    printed: list[int] = field(default_factory=list)
    brackets: list[int] = field(default_factory=list)
    cut: int | None = None

    @property
    def original(self) -> list[int]:
        """The article's words, in order."""
        return sorted([*self.left_out, *self.replaced])

    def __bool__(self) -> bool:
        return bool(self.left_out or self.replaced or self.printed or self.brackets) or self.cut is not None


def read_steps(printed: Printed, words: tuple[Word, ...], alignment: Alignment) -> Iterator[Match | Difference]:
    """Yield the matches in order, and the differences between them and at the ends."""
    here = Difference()
    last: int | None = None
    for row, place in enumerate(alignment.places):
        word = printed.words[row]
        if row in printed.cuts:
            if here:  # words before the ellipsis form a separate difference
                yield here
            here = Difference(cut=row)
        if place is not None:
            here.left_out += range(place if last is None else last + 1, place)
            last = place
            if words[place].form == word.form:
                if here:
                    yield here
                yield row, place
                here = Difference()
                continue
            here.replaced.append(place)
        (here.brackets if word.kind == "bracket" else here.printed).append(row)
    end = len(printed.words)
    if end in printed.cuts:
        if here:
            yield here
        here = Difference(cut=end)
    if here:
        yield here


_DASH: Final = re.compile(r"[‐‑‒–—―-]+")
_DOTS: Final = re.compile(r"\.{3,}|\.(?:\s\.){2,}|…")
_SPACE: Final = re.compile(r"\s+")
_MARK: Final = re.compile("[\"']+")


def compare_gap(original: str, printed: str) -> Literal["spelling", "punctuation"] | None:
    """Return how two gaps between words differ, or None if they are equal.

    They differ in spelling if only the shape of quotation marks, dashes, ellipses and spaces differs, or if the article
    closes a quoted span and opens another between the words, as at the end of a paragraph.
    """
    if original == printed:
        return None
    mine, theirs = _spelled_alike(original), _spelled_alike(printed)
    if mine == theirs:
        return "spelling"
    reopened = len(_MARK.findall(mine)) > 1 or "\n" in original or "\r" in original
    return "spelling" if reopened and _MARK.sub("", mine) == _MARK.sub("", theirs) else "punctuation"


def same_ending(original: str, printed: str) -> bool:
    """Return whether the printed quote's final characters are those after its last word in the article, as far as they
    go, except quotation marks."""
    return _MARK.sub("", _spelled_alike(original)).startswith(_MARK.sub("", _spelled_alike(printed)))


def stripped(text: str, span: Span) -> Span | None:
    """Return `span` without surrounding white space, or None if nothing is left."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return Span(start, start + len(inside.strip())) if inside.strip() else None


def without_marks(text: str, span: Span) -> Span | None:
    """Return `span` without surrounding quotation marks and white space, or None if nothing is left."""
    start, end = span
    while start < end and _is_edge(text[start]):
        start += 1
    while end > start and _is_edge(text[end - 1]):
        end -= 1
    return Span(start, end) if start < end else None


def _is_edge(character: str) -> bool:
    return character.isspace() or bool(_MARK.fullmatch(plain(character)))


def _spelled_alike(gap: str) -> str:
    """Normalize `gap`: straight double quotes, one hyphen for any dash, one character for dots, no spaces."""
    straight = _DOTS.sub("…", _DASH.sub("-", plain(gap)))
    return _SPACE.sub("", straight).replace("'", '"').replace('""', '"')


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


def difference(
    printed: Printed, speech: Speech, one: Difference, before: Match | None, after: Match | None
) -> Iterator[Change]:
    """Yield the changes in the difference `one`, which lies between the matches `before` and `after` (None at the
    ends)."""
    instead = one.original
    if one.cut is not None:
        yield from _ellipsis(printed, speech, one, one.cut, before, after)
        instead = one.replaced
    elif one.left_out and not (one.replaced or one.printed or one.brackets):
        yield _left_out(speech, one.left_out, before, after)
        return
    rows = sorted([*one.printed, *one.brackets])
    if not rows:
        return
    mine, theirs = extent(speech.words, instead), extent(printed.words, rows)
    said = [speech.words[at].form for at in instead]
    shown = [form for row in rows for form in _forms(printed, row)]
    if one.printed:
        yield Change("changed" if instead else "added", mine, theirs, meaning_of(said, shown))
    else:
        kind: ChangeKind = "bracket-replacement" if instead else "bracket-insertion"
        yield Change(kind, mine, theirs, _turned_by_bracket(said, shown))


def _ellipsis(
    printed: Printed, speech: Speech, one: Difference, cut: int, before: Match | None, after: Match | None
) -> Iterator[Change]:
    """Yield the change for an ellipsis: the words it replaces. If it replaces none, it is a change only if the article
    has no ellipsis there."""
    dots = printed.cuts[cut]
    if one.left_out:
        torn = _torn(speech, one.left_out, _spoken(speech, one.left_out, before, after))
        turned: Meaning | None = "negation" if negations(speech.words[at].form for at in torn) else None
        yield Change("ellipsis", extent(speech.words, one.left_out), dots, turned)
        return
    if before and after and not (one.printed or one.brackets):
        mine, theirs = between(speech.words, before[1], after[1]), between(printed.words, before[0], after[0])
        said, shown = speech.article.slice(mine), printed.text[theirs.start : theirs.end]
        if said == shown:
            return
        if compare_gap(said, shown) == "spelling":
            yield Change("spelling", stripped(speech.article.text, mine), dots)
            return
    yield Change("ellipsis", None, dots)


def _torn(speech: Speech, left_out: Sequence[int], spoken: frozenset[int]) -> list[int]:
    """Return the omitted spoken words whose sentence is only partly omitted: a sentence can be dropped along with its
    "not", but dropping only the "not" reverses it."""
    begins = [at for at in left_out if speech.sentence[at]]
    after = left_out[-1] + 1
    first = begins[0] if begins else after
    ends_with_sentence = after == len(speech.words) or speech.sentence[after]
    last = begins[-1] if begins and not ends_with_sentence else after
    return [at for at in left_out if at in spoken and not first <= at < last]


def _left_out(speech: Speech, words: Sequence[int], before: Match | None, after: Match | None) -> Change:
    """Return the change for words omitted without an ellipsis: spoken ones, or the narration between two spans."""
    spoken = sorted(_spoken(speech, words, before, after))
    if spoken:
        dropped = range(spoken[0], spoken[-1] + 1)
        turned = meaning_of((speech.words[at].form for at in spoken), ())
        return Change("dropped", extent(speech.words, dropped), None, turned)
    one = before and after and not set(speech.quotes[before[1]]).isdisjoint(speech.quotes[after[1]])
    return Change("joined" if one else "merged", extent(speech.words, words), None)


def _spoken(speech: Speech, words: Sequence[int], before: Match | None, after: Match | None) -> frozenset[int]:
    """Return those of `words` that belong to the same quotes as the neighbouring matches; all of them if the matches
    are outside quotes."""
    around = [set(speech.quotes[match[1]]) for match in (before, after) if match]
    if not all(around):
        return frozenset(words)
    theirs = set().union(*around)
    return frozenset(at for at in words if not theirs.isdisjoint(speech.quotes[at]))


def _turned_by_bracket(said: list[str], shown: list[str]) -> Meaning | None:
    """Return how a bracket changes the meaning. It can add a number that was not said, but not change a number or a
    negation."""
    if negations(said) != negations(shown):
        return "negation"
    return "number" if numbers(said) and numbers(said) != numbers(shown) else None


def _forms(printed: Printed, row: int) -> list[str]:
    """Return the form of a printed word, or the forms of the words in a bracket."""
    word = printed.words[row]
    inside = printed.text[word.span.start : word.span.end]
    return [word.form] if word.form else [inner.form for inner in read_words(inside)]


def changes_of(printed: Printed, speech: Speech, alignment: Alignment) -> tuple[Change, ...]:
    """List the changes in the order of the printed quote, then the words that are printed as direct but not quoted in
    the article."""
    steps = list(read_steps(printed, speech.words, alignment))
    found: list[Change] = []
    for before, step, after in zip([None, *steps[:-1]], steps, [*steps[1:], None], strict=True):
        if isinstance(step, Difference):
            found += difference(printed, speech, step, _matched(before), _matched(after))
            continue
        if isinstance(before, tuple):
            found += gap(printed, speech, before, step)
        found += surface(printed, speech, step)
    if steps and isinstance(steps[-1], tuple):
        found += ending(printed, speech, steps[-1])
    return (*found, *_unquoted(printed, speech, [step for step in steps if isinstance(step, tuple)]))


def _matched(step: Match | Difference | None) -> Match | None:
    return step if isinstance(step, tuple) else None


def _unquoted(printed: Printed, speech: Speech, matches: Sequence[Match]) -> Iterator[Change]:
    """Yield the words that the printed quote presents as direct speech and the article does not quote."""
    run: list[Match] = []
    for row, place in matches:
        if row not in printed.claimed or speech.voices[place] == "marked":
            continue
        if run and (row, place) != (run[-1][0] + 1, run[-1][1] + 1):
            yield _as_change(printed, speech, run)
            run = []
        run.append((row, place))
    if run:
        yield _as_change(printed, speech, run)


def _as_change(printed: Printed, speech: Speech, run: Sequence[Match]) -> Change:
    original = extent(speech.words, [place for _, place in run])
    return Change("unquoted", original, extent(printed.words, [row for row, _ in run]))

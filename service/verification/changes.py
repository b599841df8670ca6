"""List the changes between a printed quote and the article's words, each with its spans in both texts."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

from service.input.article import Span
from service.verification.alignment import Alignment, PrintedQuote, Word, plain, read_words
from service.verification.article_speech import Speech
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
    """One change: the span of `original` in the article and of `printed` in the printed quote, each None if empty.
    `meaning` is how it can change the meaning, if it can."""

    kind: ChangeKind
    original: Span | None
    printed: Span | None
    meaning: Meaning | None = None


def extent(words: Sequence[Word], positions: Sequence[int]) -> Span | None:
    """Return the span from the first to the last of `positions` among `words`, or None if there are none."""
    return Span(words[positions[0]].span.start, words[positions[-1]].span.end) if positions else None


def between(words: Sequence[Word], first: int, second: int) -> Span:
    """Return the possibly empty span between two words."""
    return Span(words[first].span.end, words[second].span.start)


Match = tuple[int, int]  # a printed word and the article word it is aligned with, of the same form


@dataclass(slots=True)
class Difference:
    """The words between two matches, before the first or after the last.

    `left_out` and `replaced` are the article's words that are omitted, or aligned with other words; `printed` and
    `brackets` are the printed words in their place; `cut` is the ellipsis, a key of `PrintedQuote.cuts`.
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


def read_steps(printed: PrintedQuote, words: tuple[Word, ...], alignment: Alignment) -> Iterator[Match | Difference]:
    """Yield the matches in order, and the differences between them and at the ends."""
    current = Difference()
    last: int | None = None
    for row, position in enumerate(alignment.positions):
        word = printed.words[row]
        if row in printed.cuts:
            if current:  # words before the ellipsis form a separate difference
                yield current
            current = Difference(cut=row)
        if position is not None:
            current.left_out += range(position if last is None else last + 1, position)
            last = position
            if words[position].form == word.form:
                if current:
                    yield current
                yield row, position
                current = Difference()
                continue
            current.replaced.append(position)
        (current.brackets if word.kind == "bracket" else current.printed).append(row)
    end = len(printed.words)
    if end in printed.cuts:
        if current:
            yield current
        current = Difference(cut=end)
    if current:
        yield current


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
    original_normal, printed_normal = _normalized(original), _normalized(printed)
    if original_normal == printed_normal:
        return "spelling"
    reopened = len(_MARK.findall(original_normal)) > 1 or "\n" in original or "\r" in original
    return "spelling" if reopened and _MARK.sub("", original_normal) == _MARK.sub("", printed_normal) else "punctuation"


def same_ending(original: str, printed: str) -> bool:
    """Return whether the article's characters after the quote's last word begin with those of the printed quote,
    ignoring quotation marks."""
    return _MARK.sub("", _normalized(original)).startswith(_MARK.sub("", _normalized(printed)))


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


def _normalized(gap: str) -> str:
    """Normalize `gap`: straight double quotes, one hyphen for any dash, one character for dots, no spaces."""
    straight = _DOTS.sub("…", _DASH.sub("-", plain(gap)))
    return _SPACE.sub("", straight).replace("'", '"').replace('""', '"')


def surface_changes(printed: PrintedQuote, speech: Speech, match: Match) -> Iterator[Change]:
    """Yield a change if a matching word is written differently."""
    printed_span, article_span = printed.words[match[0]].span, speech.words[match[1]].span
    printed_text, article_text = printed.text[printed_span.start : printed_span.end], speech.article.slice(article_span)
    if printed_text == article_text:
        return
    kind: ChangeKind = "spelling"
    if plain(printed_text) != plain(article_text):
        kind = "punctuation" if _letters(printed_text) == _letters(article_text) else "capital"
    yield Change(kind, article_span, printed_span)


def _letters(written: str) -> str:
    return "".join(filter(str.isalnum, plain(written)))


def gap_changes(printed: PrintedQuote, speech: Speech, before: Match, after: Match) -> Iterator[Change]:
    """Yield a change if the characters between two adjacent words differ."""
    article_span, printed_span = between(speech.words, before[1], after[1]), between(printed.words, before[0], after[0])
    article_text, printed_text = speech.article.slice(article_span), printed.text[printed_span.start : printed_span.end]
    kind = compare_gap(article_text, printed_text)
    if kind is not None:
        spans = stripped(speech.article.text, article_span), stripped(printed.text, printed_span)
        if spans == (None, None):  # they differ only in spaces
            spans = article_span if article_text else None, printed_span if printed_text else None
        yield Change(kind, *spans, _question_change(article_text, printed_text))


def ending_changes(printed: PrintedQuote, speech: Speech, match: Match) -> Iterator[Change]:
    """Yield a change if the characters after the last word differ, if the printed quote has any."""
    row, position = match
    printed_span = Span(printed.words[row].span.end, len(printed.text))
    following = speech.words[position + 1].span.start if position + 1 < len(speech.words) else len(speech.article.text)
    article_span = Span(speech.words[position].span.end, following)
    article_text, printed_text = speech.article.slice(article_span), printed.text[printed_span.start :]
    if not same_ending(article_text, printed_text):
        spans = without_marks(speech.article.text, article_span), without_marks(printed.text, printed_span)
        yield Change("punctuation", *spans, _question_change(article_text, printed_text))


def _question_change(article_text: str, printed_text: str) -> Meaning | None:
    return "question" if ("?" in article_text) != ("?" in printed_text) else None


def difference_changes(
    printed: PrintedQuote, speech: Speech, diff: Difference, before: Match | None, after: Match | None
) -> Iterator[Change]:
    """Yield the changes in `diff`, the difference between the matches `before` and `after` (None at the ends)."""
    replaced = diff.original
    if diff.cut is not None:
        yield from _ellipsis(printed, speech, diff, diff.cut, before, after)
        replaced = diff.replaced
    elif diff.left_out and not (diff.replaced or diff.printed or diff.brackets):
        yield _omission(speech, diff.left_out, before, after)
        return
    rows = sorted([*diff.printed, *diff.brackets])
    if not rows:
        return
    article_span, printed_span = extent(speech.words, replaced), extent(printed.words, rows)
    article_forms = [speech.words[at].form for at in replaced]
    printed_forms = [form for row in rows for form in _forms(printed, row)]
    if diff.printed:
        yield Change(
            "changed" if replaced else "added", article_span, printed_span, meaning_of(article_forms, printed_forms)
        )
    else:
        kind: ChangeKind = "bracket-replacement" if replaced else "bracket-insertion"
        yield Change(kind, article_span, printed_span, _meaning_of_bracket(article_forms, printed_forms))


def _ellipsis(
    printed: PrintedQuote, speech: Speech, diff: Difference, cut: int, before: Match | None, after: Match | None
) -> Iterator[Change]:
    """Yield the change for an ellipsis: the words it replaces. If it replaces none, it is a change only if the article
    has no ellipsis there."""
    dots = printed.cuts[cut]
    if diff.left_out:
        split = _words_of_split_sentences(speech, diff.left_out, _in_same_quotes(speech, diff.left_out, before, after))
        meaning: Meaning | None = "negation" if negations(speech.words[at].form for at in split) else None
        yield Change("ellipsis", extent(speech.words, diff.left_out), dots, meaning)
        return
    if before and after and not (diff.printed or diff.brackets):
        article_span = between(speech.words, before[1], after[1])
        printed_span = between(printed.words, before[0], after[0])
        article_text = speech.article.slice(article_span)
        printed_text = printed.text[printed_span.start : printed_span.end]
        if article_text == printed_text:
            return
        if compare_gap(article_text, printed_text) == "spelling":
            yield Change("spelling", stripped(speech.article.text, article_span), dots)
            return
    yield Change("ellipsis", None, dots)


def _words_of_split_sentences(speech: Speech, left_out: Sequence[int], spoken: frozenset[int]) -> list[int]:
    """Return the omitted spoken words whose sentence is only partly omitted: a sentence can be dropped along with its
    "not", but dropping only the "not" reverses it."""
    begins = [at for at in left_out if speech.sentence[at]]
    after = left_out[-1] + 1
    first = begins[0] if begins else after
    ends_with_sentence = after == len(speech.words) or speech.sentence[after]
    last = begins[-1] if begins and not ends_with_sentence else after
    return [at for at in left_out if at in spoken and not first <= at < last]


def _omission(speech: Speech, words: Sequence[int], before: Match | None, after: Match | None) -> Change:
    """Return the change for words omitted without an ellipsis: spoken ones, or the narration between two spans."""
    spoken = sorted(_in_same_quotes(speech, words, before, after))
    if spoken:
        dropped = range(spoken[0], spoken[-1] + 1)
        meaning = meaning_of((speech.words[at].form for at in spoken), ())
        return Change("dropped", extent(speech.words, dropped), None, meaning)
    same_quote = before and after and not set(speech.quotes[before[1]]).isdisjoint(speech.quotes[after[1]])
    return Change("joined" if same_quote else "merged", extent(speech.words, words), None)


def _in_same_quotes(speech: Speech, words: Sequence[int], before: Match | None, after: Match | None) -> frozenset[int]:
    """Return those of `words` that belong to the same quotes as the neighbouring matches; all of them if the matches
    are outside quotes."""
    quote_sets = [set(speech.quotes[match[1]]) for match in (before, after) if match]
    if not all(quote_sets):
        return frozenset(words)
    neighbouring_quotes = set().union(*quote_sets)
    return frozenset(at for at in words if not neighbouring_quotes.isdisjoint(speech.quotes[at]))


def _meaning_of_bracket(article_forms: list[str], printed_forms: list[str]) -> Meaning | None:
    """Return how a bracket changes the meaning. It can add a number that was not said, but not change a number or a
    negation."""
    if negations(article_forms) != negations(printed_forms):
        return "negation"
    return "number" if numbers(article_forms) and numbers(article_forms) != numbers(printed_forms) else None


def _forms(printed: PrintedQuote, row: int) -> list[str]:
    """Return the form of a printed word, or the forms of the words in a bracket."""
    word = printed.words[row]
    inside = printed.text[word.span.start : word.span.end]
    return [word.form] if word.form else [inner.form for inner in read_words(inside)]


def changes_of(printed: PrintedQuote, speech: Speech, alignment: Alignment) -> tuple[Change, ...]:
    """List the changes in the order of the printed quote, then the words that are printed as direct but not quoted in
    the article."""
    steps = list(read_steps(printed, speech.words, alignment))
    result: list[Change] = []
    for before, step, after in zip([None, *steps[:-1]], steps, [*steps[1:], None], strict=True):
        if isinstance(step, Difference):
            result += difference_changes(printed, speech, step, _matched(before), _matched(after))
            continue
        if isinstance(before, tuple):
            result += gap_changes(printed, speech, before, step)
        result += surface_changes(printed, speech, step)
    if steps and isinstance(steps[-1], tuple):
        result += ending_changes(printed, speech, steps[-1])
    return (*result, *_unquoted(printed, speech, [step for step in steps if isinstance(step, tuple)]))


def _matched(step: Match | Difference | None) -> Match | None:
    return step if isinstance(step, tuple) else None


def _unquoted(printed: PrintedQuote, speech: Speech, matches: Sequence[Match]) -> Iterator[Change]:
    """Yield the words that the printed quote presents as direct speech and the article does not quote."""
    run: list[Match] = []
    for row, position in matches:
        if row not in printed.claimed or speech.voices[position] == "marked":
            continue
        if run and (row, position) != (run[-1][0] + 1, run[-1][1] + 1):
            yield _as_change(printed, speech, run)
            run = []
        run.append((row, position))
    if run:
        yield _as_change(printed, speech, run)


def _as_change(printed: PrintedQuote, speech: Speech, run: Sequence[Match]) -> Change:
    original = extent(speech.words, [position for _, position in run])
    return Change("unquoted", original, extent(printed.words, [row for row, _ in run]))

"""Classify a difference between two matching words: words changed, added, dropped, elided or bracketed."""

from collections.abc import Iterator, Sequence

from service.verification.change import Change, ChangeKind, between, extent
from service.verification.gaps import compare_gap, stripped
from service.verification.meaning import Meaning, meaning_of, negations, numbers
from service.verification.speech import Speech
from service.verification.steps import Difference, Match
from service.verification.words import Printed, read_words


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
    behind = left_out[-1] + 1
    first = begins[0] if begins else behind
    ends_with_sentence = behind == len(speech.words) or speech.sentence[behind]
    last = begins[-1] if begins and not ends_with_sentence else behind
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

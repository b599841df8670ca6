"""List the changes between a printed quote and the words it is aligned with, with their spans on both sides."""

from collections.abc import Iterator, Sequence

from service.verification.alignment import Alignment
from service.verification.change import Change, extent
from service.verification.differences import difference
from service.verification.speech import Speech
from service.verification.steps import Difference, Match, read_steps
from service.verification.surfaces import ending, gap, surface
from service.verification.words import Printed


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

"""Read an alignment from left to right, as matches and the differences between them."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from service.verification.alignment import Alignment
from service.verification.words import Printed, Word

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

"""What is to be said of a printed quote in a word, from its changes, where its words stand, and who speaks them."""

from collections.abc import Collection, Sequence
from typing import Final, Literal

from service.verification.change import Change, ChangeKind

Verdict = Literal[
    "verbatim",
    "edited",
    "altered",
    "paraphrase",
    "narration",
    "speaker-differs",
    "speaker-unknown",
    "denied",
    "not-found",
]
Wording = Literal["verbatim", "edited", "altered"]
Place = Literal["quote", "paraphrase", "narration"]
Attribution = Literal["same", "differs", "unknown", "denied", "not-given"]

_ALTERING: Final[frozenset[ChangeKind]] = frozenset({"changed", "added", "dropped"})
_EDITING: Final[frozenset[ChangeKind]] = frozenset(
    {"capital", "ellipsis", "bracket-insertion", "bracket-replacement", "merged"}
)


def wording_of(changes: Collection[Change], *, several: bool) -> Wording:
    """Whether the words are the article's: every letter, digit and emoji in their order (`verbatim`), so but for what
    newsroom style does and shows (`edited`), or not so (`altered`).

    A change that may turn the meaning round alters, whatever shows it; so does one quote of the words of `several`.
    """
    if several or any(change.kind in _ALTERING or change.meaning for change in changes):
        return "altered"
    return "edited" if any(change.kind in _EDITING for change in changes) else "verbatim"


def verdict_of(wording: Wording, found_in: Place, attribution: Attribution) -> Verdict:
    """The one word: the gravest thing that is to be said. In the order of `docs/api.md`."""
    if found_in == "narration":
        return "narration"
    if attribution == "differs":
        return "speaker-differs"
    if attribution == "denied":
        return "denied"
    if found_in == "paraphrase":
        return "paraphrase"
    if wording == "altered":
        return "altered"
    return "speaker-unknown" if attribution == "unknown" else wording


def attribution_of(claim: str, meant: Collection[int], said_by: Sequence[int | None], *, denied: bool) -> Attribution:
    """Whether those who say the words here are `meant`; None among `said_by`: the article does not tell who says them.

    `denied` says that the article reports the words as what was not said.
    """
    if any(speaker is not None and speaker not in meant for speaker in said_by) and claim:
        return "differs"
    if denied:
        return "denied"
    if not claim:
        return "not-given"
    return "unknown" if None in said_by or not said_by else "same"

"""Derive the verdict on a printed quote from its changes, the place of its words, and their speaker."""

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
    """Classify the wording: `verbatim` if every letter, digit and emoji is the article's, in order; `edited` if it
    differs only by marked edits and newsroom style; else `altered`.

    A change that can change the meaning makes it altered, even if marked; so does merging the words of `several`
    speakers.
    """
    if several or any(change.kind in _ALTERING or change.meaning for change in changes):
        return "altered"
    return "edited" if any(change.kind in _EDITING for change in changes) else "verbatim"


def verdict_of(wording: Wording, found_in: Place, attribution: Attribution) -> Verdict:
    """Return the most serious finding, in the order of `docs/api.md`."""
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
    """Compare the speakers of the words with the claimed ones, `meant`. None in `said_by` is an unknown speaker.

    `denied`: the article reports the words as not said.
    """
    if any(speaker is not None and speaker not in meant for speaker in said_by) and claim:
        return "differs"
    if denied:
        return "denied"
    if not claim:
        return "not-given"
    return "unknown" if None in said_by or not said_by else "same"

"""Verify printed quotes against an article: words, alignment, changes, speakers, verdict; one call per step."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal, NamedTuple

from service.extraction.report import Quote, Report
from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.verification.alignment import Alignment, PrintedQuote, Row, align, read_printed, visible
from service.verification.article_speech import Speech, read_speech
from service.verification.changes import Change, ChangeKind, changes_of
from service.verification.claimed_speaker import Suggestion, matching_speakers, suggest
from service.verification.meaning import lexicon

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
FoundIn = Literal["quote", "paraphrase", "narration"]
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


def verdict_of(wording: Wording, found_in: FoundIn, attribution: Attribution) -> Verdict:
    """Return the most serious finding, in the order given in `docs/api.md`."""
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


def attribution_of(claim: str, claimed: Collection[int], said_by: Sequence[int | None], *, denied: bool) -> Attribution:
    """Compare the speakers of the words with the claimed ones, `claimed`. None in `said_by` is an unknown speaker.

    `denied`: the article reports the words as not said.
    """
    if any(speaker is not None and speaker not in claimed for speaker in said_by) and claim:
        return "differs"
    if denied:
        return "denied"
    if not claim:
        return "not-given"
    return "unknown" if None in said_by or not said_by else "same"


# Minimum alignment score, relative to a word-for-word match. Lower scores occur by chance:
# tests/verification/test_verify.py measures this.
FOUND: Final = 0.35
_FUNCTION_WEIGHT, _CONTENT_WEIGHT = 1.0, 2.0
_AS_LIKELY: Final = 1e-9  # tolerance for scores that are sums of fractions
_ELSEWHERE: Final = 4  # maximum number of other places reported


class Claim(NamedTuple):
    """A printed quote, and its claimed speaker ("" if none is given)."""

    text: str
    speaker: str = ""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One place where the words occur: the contiguous spans of the article in printed order, the report's quotes they
    belong to, and the speakers (None: unknown)."""

    originals: tuple[Span, ...]
    quotes: tuple[int, ...]
    said_by: tuple[int | None, ...]
    found_in: FoundIn


@dataclass(frozen=True, slots=True)
class Check:
    """The result for one printed quote. Without an occurrence, the verdict is `not-found` and the other fields are
    empty.

    `meant` are the report's speakers that match the claim; `elsewhere` are the other places that fit equally well;
    `suggestions` are speakers whom the claim may refer to if it matches none who says the words.
    """

    claim: Claim
    verdict: Verdict
    meant: tuple[int, ...]
    occurrence: Occurrence | None = None
    wording: Wording | None = None
    attribution: Attribution | None = None
    changes: tuple[Change, ...] = ()
    elsewhere: tuple[Occurrence, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


def verify(
    article: Article, report: Report, claims: Sequence[Claim], deadline: Deadline = NO_DEADLINE
) -> tuple[Check, ...]:
    """Verify each of `claims` against `article` and the quotes and speakers of `report`.

    Every original span is a slice of the article's text, and every printed one a slice of the claim's. Takes time
    linear in the article for each word of the claims. Raises `OutOfTime` if the deadline passes between two claims.
    """
    speech = read_speech(article, report)
    checks = []
    for number, claim in enumerate(claims):
        deadline.check(number, len(claims), "printed quotes verified")
        checks.append(_check(speech, claim))
    return tuple(checks)


def _check(speech: Speech, claim: Claim) -> Check:
    printed = read_printed(claim.text, speech.article.text)
    speaker = visible(claim.speaker)
    claimed = matching_speakers(speaker, speech.article, speech.report)
    alignments = [
        alignment for alignment in align(_rows(printed, speech), speech.target(claimed)) if alignment.score >= FOUND
    ]
    if not alignments:
        result = () if claimed else suggest(speaker, speech.article, speech.report, claimed, ())
        return Check(claim, "not-found", tuple(sorted(claimed)), suggestions=result)
    chosen = _fewest_changes(printed, speech, alignments)
    others = [alignment for alignment in alignments if alignment is not chosen][:_ELSEWHERE]
    occurrence = _occurrence(printed, speech, chosen, claimed)
    changes = changes_of(printed, speech, chosen)
    wording = wording_of(changes, several=len(set(occurrence.said_by) - {None}) > 1)
    denied = any(_is_denied(speech.report.quotes[number]) for number in occurrence.quotes)
    attribution = attribution_of(claim.speaker, claimed, occurrence.said_by, denied=denied)
    return Check(
        claim=claim,
        verdict=verdict_of(wording, occurrence.found_in, attribution),
        meant=tuple(sorted(claimed)),
        occurrence=occurrence,
        wording=wording,
        attribution=attribution,
        changes=changes,
        elsewhere=tuple(_occurrence(printed, speech, alignment, claimed) for alignment in others),
        suggestions=suggest(speaker, speech.article, speech.report, claimed, occurrence.said_by)
        if claim.speaker and (not claimed or attribution == "differs")
        else (),
    )


def _is_denied(quote: Quote) -> bool:
    """Return whether the quote reports words as not said, or as untrue according to its speaker ("denied that …")."""
    denies = quote.cue is not None and quote.kind != "direct" and quote.cue.lemma in lexicon().denying
    return quote.negated != denies


def _fewest_changes(printed: PrintedQuote, speech: Speech, alignments: Sequence[Alignment]) -> Alignment:
    """Of the equally good alignments, return the first with the mildest wording class: this decides between "We" and
    "we"."""
    ranks: dict[Wording, int] = {"verbatim": 0, "edited": 1, "altered": 2}
    best, least = alignments[0], len(ranks)
    for alignment in alignments:
        if alignment.score < alignments[0].score - _AS_LIKELY:
            break
        rank = ranks[wording_of(changes_of(printed, speech, alignment), several=False)]
        if rank < least:
            best, least = alignment, rank
        if not least:
            break
    return best


def _rows(printed: PrintedQuote, speech: Speech) -> list[Row]:
    """Return the printed words as rows of the alignment."""
    rows = []
    for number, word in enumerate(printed.words):
        weight = _FUNCTION_WEIGHT if word.form in lexicon().function else _CONTENT_WEIGHT
        rows.append(
            Row(
                form=speech.forms.get(word.form, -1),
                weight=weight if word.form else 0.0,
                bracket=word.kind == "bracket",
                cut=number + 1 in printed.cuts,
            )
        )
    return rows


def _occurrence(printed: PrintedQuote, speech: Speech, alignment: Alignment, claimed: frozenset[int]) -> Occurrence:
    aligned = [(row, position) for row, position in enumerate(alignment.positions) if position is not None]
    matching = [(row, position) for row, position in aligned if printed.words[row].form == speech.words[position].form]
    quotes = tuple(
        dict.fromkeys(_quote_of_word(speech, position, claimed) for _, position in matching if speech.quotes[position])
    )
    voices = {speech.voices[position] for row, position in matching if row in printed.claimed}
    found_in: FoundIn = "quote" if voices <= {"marked"} else "narration" if voices == {"narrated"} else "paraphrase"
    return Occurrence(
        originals=tuple(_segments(speech, [position for _, position in aligned])),
        quotes=quotes,
        said_by=tuple(dict.fromkeys(speech.report.quotes[number].speaker for number in quotes)),
        found_in=found_in,
    )


def _quote_of_word(speech: Speech, position: int, claimed: frozenset[int]) -> int:
    """Return the quote that the word belongs to: among nested quotes, one by a claimed speaker, else the innermost."""
    quotes = speech.quotes[position]
    return next((number for number in quotes if speech.report.quotes[number].speaker in claimed), quotes[0])


def _segments(speech: Speech, positions: Sequence[int]) -> list[Span]:
    """Return the spans of contiguous words, ending where words are skipped."""
    spans: list[Span] = []
    last: int | None = None
    for position in positions:
        span = speech.words[position].span
        if last is not None and position == last + 1 and speech.quotes[position] == speech.quotes[last]:
            spans[-1] = Span(spans[-1].start, span.end)
        else:
            spans.append(span)
        last = position
    return spans

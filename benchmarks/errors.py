"""Write an HTML page of missed and false attributions, by category, cue and rule.

    python -m benchmarks.errors PAGE.html [--split train|everyday | --corpus FILE] [--limit N] [--jobs 2]

Reads the first 100 of PolNeAR's training articles by default: figures on development articles are valid only
until someone reads their errors. The texts belong to their publishers, so the page must be outside this repository.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.arguments import add_corpus, arguments_for, results_for
from benchmarks.mistakes import CATEGORIES, Mistake, mistakes_of
from benchmarks.pages import ROOT
from benchmarks.results import Marked, Result
from benchmarks.templated import filled
from service.input.article import Span
from training.corpora.news import Attribution, Scorer, scorer

MAX_COMMON = 15
LIMIT = 100
_ROLES = ("content", "source", "cue")  # the later one is shown where they overlap


@dataclass(frozen=True, slots=True)
class Piece:
    """Words with one role: content, source, cue, or "" for none."""

    text: str
    role: str


@dataclass(frozen=True, slots=True)
class Entry:
    """An error as shown on the page: the sentences as annotated, and as found."""

    document: str
    place: int
    kind: str
    cue: str
    rules: tuple[str, ...]
    sides: dict[str, list[Piece]]


def main() -> None:
    """Write the page that the command line selects."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("page", type=Path, help="the HTML file to write, outside this repository")
    add_corpus(arguments)
    arguments.set_defaults(split="train", limit=LIMIT)
    args = arguments.parse_args()
    if args.page.resolve().is_relative_to(ROOT.resolve()):
        arguments.error(
            f"{args.page} is in the repository, where texts of articles must not be. Choose another folder."
        )
    results = results_for(args)
    args.page.write_text(page(results, scorer(args.corpora)), encoding="utf-8")
    print(f"{args.page}: {len(results)} articles")


def page(results: Sequence[Result], scorer: Scorer) -> str:
    """Return the page as HTML."""
    mistakes = [mistake for result in results for mistake in mistakes_of(result, scorer)]
    grouped = {name: [mistake for mistake in mistakes if mistake.category == name] for name in CATEGORIES}
    return filled(
        "errors.html",
        results=len(results),
        gold=sum(len(result.gold) for result in results),
        predicted=sum(len(result.predicted) for result in results),
        errors=mistakes,
        meanings=CATEGORIES,
        grouped={name: [entry(mistake) for mistake in group] for name, group in grouped.items()},
        counted={name: counted(group) for name, group in grouped.items()},
    )


def counted(mistakes: Iterable[Mistake]) -> dict[str, list[tuple[str, int]]]:
    """Count the errors by cue lemma, cue class, kind and rule, the most frequent first."""
    mistakes = list(mistakes)
    counts = {
        "cue lemma": Counter(mistake.attributed.lemma or "(none)" for mistake in mistakes),
        "cue class": Counter(mistake.attributed.cue_class for mistake in mistakes),
        "kind": Counter(mistake.attributed.kind for mistake in mistakes),
        "rule": Counter(name for mistake in mistakes for name in sorted(set(_rules(mistake, detailed=False)))),
    }
    return {heading: counter.most_common(MAX_COMMON) for heading, counter in counts.items() if counter}


def _rules(mistake: Mistake, *, detailed: bool) -> list[str]:
    rules = [rule for marked in mistake.predicted for rule in marked.rules]
    return [f"{rule.name} ({rule.detail})" if detailed and rule.detail else rule.name for rule in rules]


def entry(mistake: Mistake) -> Entry:
    """Convert `mistake` for the page."""
    attributed = mistake.attributed
    shown = {"marked": mistake.gold} if mistake.gold is not None else {}
    for number, marked in enumerate(mistake.predicted, start=1):
        shown["found" if number == 1 else f"found {number}"] = marked
    region = sentences_of(mistake.result, shown.values())
    text = mistake.result.document["text"]
    return Entry(
        document=str(mistake.result.document["id"]),
        place=min(start for start, _ in attributed.attribution["content"]),
        kind=attributed.kind,
        cue=f"{attributed.lemma} ({attributed.cue_class})" if attributed.lemma else attributed.cue_class,
        rules=tuple(_rules(mistake, detailed=True)),
        sides={side: pieces(text, region, marked.attribution) for side, marked in shown.items()},
    )


def sentences_of(result: Result, marked: Iterable[Marked]) -> list[Span]:
    """Return the sentences that contain any part of `marked`, and the parts of `marked` outside all sentences."""
    spans = [Span(*span) for item in marked for role in _ROLES for span in item.attribution[role]]
    touched = [sentence for sentence in result.sentences if any(sentence.overlaps(span) for span in spans)]
    merged: list[Span] = []
    for span in sorted([*touched, *spans]):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def pieces(text: str, region: Iterable[Span], attribution: Attribution) -> list[Piece]:
    """Split `region` of `text` where a role of `attribution` begins or ends, with "…" for gaps."""
    roles = {offset: role for role in _ROLES for start, end in attribution[role] for offset in range(start, end)}
    parts: list[Piece] = []
    for span in region:
        if parts:
            parts.append(Piece(" … ", ""))
        for role, offsets in groupby(range(span.start, span.end), key=lambda offset: roles.get(offset, "")):
            parts.append(Piece("".join(text[offset] for offset in offsets), role))
    return parts


if __name__ == "__main__":
    main()

"""Write an HTML page of missed and false attributions, by category, cue and rule.

python -m benchmarks.errors PAGE.html [--split train|everyday | --corpus FILE] [--limit N] [--jobs 2]

Reads the first 100 of PolNeAR's training articles by default: figures on development articles are valid only
until someone reads their errors. The texts belong to their publishers, so the page must be outside this repository.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from benchmarks.arguments import add_corpus, arguments_for, results_for
from benchmarks.figures import Verdict, verdicts
from benchmarks.pages import ROOT, filled
from benchmarks.results import Marked, Result
from service.input.article import Span
from training.corpora.news import Attribution, Scorer, Spans, scorer

CATEGORIES = {
    "missed": "marked, and nothing was found there",
    "wrong-content": "found by its cue or in part, but the contents overlap by less than half",
    "merged": "one found where several are marked",
    "split": "several found where one is marked",
    "wrong-source": "found, with another source",
    "boundary": "right, but the content is not exactly the one that is marked",
    "spurious": "found, and nothing is marked there",
}
MOST = 0.5  # share of a content's letters inside another content
MAX_COMMON = 15
LIMIT = 100
_ROLES = ("content", "source", "cue")  # the later one is shown where they overlap


@dataclass(frozen=True, slots=True)
class Mistake:
    """An error: the gold attribution (None if there is none), and the predictions related to it."""

    category: str
    result: Result
    gold: Marked | None
    predicted: tuple[Marked, ...]

    @property
    def attributed(self) -> Marked:
        """The attribution that the error is counted under: the gold one, else the predicted one."""
        return self.gold if self.gold is not None else self.predicted[0]


def mistakes_of(result: Result, scorer: Scorer) -> Iterator[Mistake]:
    """Yield the errors of a document: those of gold attributions in text order, then predictions without gold."""
    gold_verdicts, predicted_verdicts = verdicts(result, scorer)
    contents = _Contents(result, scorer)
    reported: set[int] = set()
    for number, verdict in enumerate(gold_verdicts):
        category, predicted = _of_gold(contents, number, verdict, predicted_verdicts)
        if category:
            reported.update(predicted)
            yield Mistake(category, result, result.gold[number], tuple(result.predicted[p] for p in predicted))
    for number, verdict in enumerate(predicted_verdicts):
        if verdict.found or number in reported:
            continue
        containing = [g for g, gold in enumerate(gold_verdicts) if gold.found and contents.holds(g, number)]
        category = "split" if containing else "spurious"
        yield Mistake(category, result, result.gold[containing[0]] if containing else None, (result.predicted[number],))


class _Contents:
    """The letters of a document's contents, to compare them."""

    def __init__(self, result: Result, scorer: Scorer) -> None:
        text = result.document["text"]
        self.result = result
        self.gold = [scorer.letters(text, marked.attribution["content"]) for marked in result.gold]
        self.predicted = [scorer.letters(text, marked.attribution["content"]) for marked in result.predicted]

    def holds(self, gold: int, predicted: int) -> bool:
        """Return whether most of the prediction is in the gold content."""
        return _mostly(self.predicted[predicted], self.gold[gold])

    def covers(self, predicted: int, gold: int) -> bool:
        """Return whether most of the gold content is in the prediction."""
        return _mostly(self.gold[gold], self.predicted[predicted])

    def related(self, gold: int, predicted: int) -> bool:
        """Return whether the two share a letter of their contents, or a character of their cues."""
        cues = self.result.gold[gold].attribution["cue"], self.result.predicted[predicted].attribution["cue"]
        return bool(self.gold[gold] & self.predicted[predicted]) or _touch(*cues)


def _of_gold(
    contents: _Contents, gold: int, verdict: Verdict, predicted_verdicts: Sequence[Verdict]
) -> tuple[str, list[int]]:
    """Return the type of error of a gold attribution ("" for none), and the related predictions."""
    if verdict.partner is not None:
        category = "wrong-source" if not verdict.right else "" if verdict.exact else "boundary"
        return category, [verdict.partner]
    related = [number for number in range(len(predicted_verdicts)) if contents.related(gold, number)]
    merged = [number for number in related if predicted_verdicts[number].found and contents.covers(number, gold)]
    if merged:
        return "merged", merged
    parts = [number for number in related if contents.holds(gold, number)]
    if len(parts) > 1:
        return "split", parts
    unmatched = [number for number in related if not predicted_verdicts[number].found]
    return ("wrong-content", unmatched) if unmatched else ("missed", [])


def _mostly(inner: set[int], outer: set[int]) -> bool:
    return bool(inner) and len(inner & outer) >= MOST * len(inner)


def _touch(ours: Spans, theirs: Spans) -> bool:
    return any(start < other_end and other < end for start, end in ours for other, other_end in theirs)


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

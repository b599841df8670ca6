"""Measure resolved speakers on the golden articles, in which every quote has its speaker.

python -m benchmarks.speakers [--write]

Prints, separately for articles whose errors are inspected and those whose errors are not (`held_out` in their
annotation; weights and confidence are tuned on both): quotes found; correct speakers of quotes found and of all quotes;
the same by resolution; and the grouping of quotes by speaker (B-cubed). Then each wrong speaker of the inspected part,
with the rule that chose it. `--write` puts the table into docs/accuracy.md. PULLQUOTE_MODEL selects the model.

A quote is found if a returned quote overlaps its content by half (Dice, over letters and digits), or covers half of it
and has the same cue. Its speaker is correct if it has an allowed name and is aligned with the annotated speaker:
returned and annotated speakers are aligned one to one, those that share most quotes first. So two officials who are
both called "official" must be distinguished, and of a speaker who was split in two only the larger part is correct.
"""

import argparse
import os
from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.pages import write_between
from service.extraction.report import Options, Quote, Report
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.pipeline import quotes_of
from service.settings import Settings
from training.corpora.golden import NOBODY, GoldArticle, GoldQuote, called, find, golden_articles

PAGE = Path(__file__).parent.parent / "docs/accuracy.md"
RESOLUTIONS = ("name", "alias", "pronoun", "description", "continuation", "none")


class BCubed(NamedTuple):
    """Precision, recall and F1, each from 0 to 1; 0 without items."""

    precision: float
    recall: float
    f1: float


def b_cubed(pairs: Sequence[tuple[Hashable, Hashable]]) -> BCubed:
    """Return B-cubed over items, each a pair of its gold cluster and its predicted cluster.

    For each item, precision is the share of its predicted cluster that is in its gold cluster, and recall the share of
    its gold cluster that is in its predicted cluster. Both are averaged over items, so clusters count in proportion to
    their size.
    """
    if not pairs:
        return BCubed(0.0, 0.0, 0.0)
    gold, predicted, joint = Counter(g for g, _ in pairs), Counter(a for _, a in pairs), Counter(pairs)
    precision = sum(count * count / predicted[a] for (_, a), count in joint.items()) / len(pairs)
    recall = sum(count * count / gold[g] for (g, _), count in joint.items()) / len(pairs)
    return BCubed(precision, recall, 2 * precision * recall / (precision + recall))


@dataclass(frozen=True, slots=True)
class Judged:
    """A gold quote, the quote matched to it, and whether its speaker is correct."""

    article: GoldArticle
    gold: GoldQuote
    found: Quote | None
    named: str | None
    right: bool


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md too")
    args = arguments.parse_args()
    judged = judge_all(load_parser(Settings.from_environment(os.environ)))
    shown = table(figures(judged))
    print(shown)
    if args.write:
        write_between(PAGE, "speakers", shown)
    print("\nwrong, in the inspected part")
    for judgement in judged:
        if not judgement.right and not judgement.article.held_out:
            print(line(judgement))


def measure(parser: Parser) -> dict[str, dict[str, Any]]:
    """Return the figures of all golden articles, parsed by `parser`: see `figures`."""
    return figures(judge_all(parser))


def judge_all(parser: Parser) -> list[Judged]:
    """Compare every gold quote of the golden articles with the output based on `parser`."""
    return [judgement for article in golden_articles() for judgement in judge(article, _report(article, parser))]


def _report(article: GoldArticle, parser: Parser) -> Report:
    return quotes_of(read_article(article.text), parser, Options(explain=True, unattributed=True))


def judge(article: GoldArticle, report: Report) -> list[Judged]:
    """Compare each gold quote of `article`, in order, with `report`."""
    result = [find(article.text, quote, report.quotes) for quote in article.quotes]
    means = _aligned(article, report, result)
    judged = []
    for gold, quote in zip(article.quotes, result, strict=True):
        speaker = quote.speaker if quote is not None else None
        right = (
            speaker is None if gold.speaker == NOBODY else speaker is not None and means.get(speaker) == gold.speaker
        )
        named = report.speakers[speaker].name if speaker is not None else None
        judged.append(Judged(article, gold, quote, named, right))
    return judged


def _aligned(article: GoldArticle, report: Report, found: Sequence[Quote | None]) -> dict[int, str]:
    """Map speakers of `report` to gold speakers: those with an accepted name that share the most quotes."""
    shared: Counter[tuple[int, str]] = Counter()
    for gold, quote in zip(article.quotes, found, strict=True):
        if quote is None or quote.speaker is None or gold.speaker == NOBODY:
            continue
        if called(report.speakers[quote.speaker].name, article.speakers[gold.speaker]):
            shared[quote.speaker, gold.speaker] += 1
    means: dict[int, str] = {}
    for (speaker, gold_speaker), _ in sorted(shared.items(), key=lambda item: (-item[1], item[0])):
        if speaker not in means and gold_speaker not in means.values():
            means[speaker] = gold_speaker
    return means


def figures(judged: Sequence[Judged]) -> dict[str, dict[str, Any]]:
    """Return the figures of all quotes, of the tuned and of the held-out part: counts, and shares from 0 to 1.

    Each part has `articles`, `quotes`, `found`, `right`; `accuracy_found` and `accuracy_all`, the share of correct ones
    among those found and among all; `b_cubed` (precision, recall, F1 over the quotes found); and `by_resolution` with
    the same counts. An unattributed gold quote counts as found, and as correct if it has no predicted speaker.
    """
    parts = {
        "all": list(judged),
        "tuned": [judgement for judgement in judged if not judgement.article.held_out],
        "held_out": [judgement for judgement in judged if judgement.article.held_out],
    }
    return {name: _part(part) for name, part in parts.items()}


def _part(judged: Sequence[Judged]) -> dict[str, Any]:
    counts = _counts(judged)
    by_resolution = {
        name: _counts([judgement for judgement in judged if judgement.gold.resolution == name]) for name in RESOLUTIONS
    }
    pairs = []
    for number, judgement in enumerate(judged):
        if judgement.found is not None and judgement.gold.speaker != NOBODY:
            predicted_speaker = judgement.found.speaker if judgement.found.speaker is not None else f"nobody {number}"
            pairs.append(
                ((judgement.article.name, judgement.gold.speaker), (judgement.article.name, predicted_speaker))
            )
    return {
        "articles": len({judgement.article.name for judgement in judged}),
        **counts,
        "accuracy_found": counts["right"] / max(counts["found"], 1),
        "accuracy_all": counts["right"] / max(counts["quotes"], 1),
        "b_cubed": b_cubed(pairs)._asdict(),
        "by_resolution": by_resolution,
    }


def _counts(judged: Sequence[Judged]) -> dict[str, int]:
    return {
        "quotes": len(judged),
        "found": sum(judgement.found is not None or judgement.gold.speaker == NOBODY for judgement in judged),
        "right": sum(judgement.right for judgement in judged),
    }


def table(figures: dict[str, dict[str, Any]]) -> str:
    """Format the figures as a Markdown table, with a column for each part."""
    parts = [figures[name] for name in ("tuned", "held_out", "all")]
    rows: list[tuple[str, list[str]]] = [
        ("articles", [str(part["articles"]) for part in parts]),
        ("quotes", [str(part["quotes"]) for part in parts]),
        ("found", [_share(part["found"], part["quotes"]) for part in parts]),
        ("**correct speaker, of quotes found**", [f"**{part['accuracy_found']:.3f}**" for part in parts]),
        ("correct speaker, of all quotes", [f"{part['accuracy_all']:.3f}" for part in parts]),
        ("B-cubed F1 (precision, recall)", [_b_cubed(part["b_cubed"]) for part in parts]),
    ]
    for name in RESOLUTIONS:
        counts = [part["by_resolution"][name] for part in parts]
        rows.append(
            (f"resolution {name}: correct of found", [f"{count['right']} of {count['found']}" for count in counts])
        )
    head = "| | errors inspected | errors not inspected | all |\n|---|---|---|---|\n"
    return head + "\n".join(f"| {label} | {' | '.join(cells)} |" for label, cells in rows)


def _share(part: int, total: int) -> str:
    return f"{part} ({part / max(total, 1):.2f})"


def _b_cubed(figures: dict[str, float]) -> str:
    return f"{figures['f1']:.3f} ({figures['precision']:.3f}, {figures['recall']:.3f})"


def line(judgement: Judged) -> str:
    """Format an error in one line: the words, the gold speaker, the predicted one, and the rule."""
    article, gold, result = judgement.article, judgement.gold, judgement.found
    words = " ".join(article.text[gold.contents[0].start : gold.contents[0].end].split())[:60]
    gold_speaker = NOBODY if gold.speaker == NOBODY else article.speakers[gold.speaker][0]
    if result is None:
        return f"{article.name}: {words!r}: {gold_speaker} ({gold.resolution}): not found"
    rules = [f"{rule.name} {rule.detail}".strip() for rule in result.explain if rule.name.startswith("speaker-")]
    why = f" ({result.unresolved})" if result.unresolved else ""
    return (
        f"{article.name}: {words!r}: {gold_speaker} ({gold.resolution}), not {judgement.named}{why}: {'; '.join(rules)}"
    )


if __name__ == "__main__":
    main()

"""The accuracy gate: fail if a figure is below its floor, or if a floor was lowered without a reason in its commit.

    python -m benchmarks.gate [--jobs N]                    what CI runs
    python -m benchmarks.gate --raise                       raise the floors to the current figures
    python -m benchmarks.gate --lower NAME --reason "…"     lower a floor; its line goes into the commit message

Always measures the golden articles (`tests/golden`), and if they are in ../shared or the folder PULLQUOTE_CORPORA,
PolNeAR's 84 development articles, the everyday articles and the small cases. Uses the embedded model, whatever
PULLQUOTE_MODEL is.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from benchmarks import cases, everyday, speakers
from benchmarks.arguments import arguments_for
from benchmarks.figures import figures_of
from benchmarks.floors import (
    FLOORS,
    Figures,
    NoHistory,
    compare_with_floors,
    lowered,
    raised,
    read_floors,
    reason_line,
    unexplained,
    versions,
    write_floors,
)
from benchmarks.results import results_of
from benchmarks.serving import poster
from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of
from service.server.resources import cores
from service.settings import Settings
from tests.golden.judging import SEEDS, gold, judge
from training.corpora.caching_parser import CachingParser
from training.corpora.news import documents, polnear, scorer

# The floors of dev are pinned at this confidence. It was chosen on dev, so no published figure uses it.
DEV_OPTIONS = Options(statements="all", min_confidence=0.5)
PINNED = ("attribution", "content", "content_exact", "quoted_attribution", "quoted_content_exact")


def main() -> None:
    """Run the gate, and exit with 1 if a check fails."""
    arguments = arguments_for(__doc__)
    arguments.set_defaults(jobs=min(cores(), 4))
    arguments.add_argument(
        "--raise", action="store_true", dest="raises", help="raise the floors to the current figures"
    )
    arguments.add_argument("--lower", metavar="NAME", action="append", default=[], help="lower this floor")
    arguments.add_argument("--reason", help="why; for the commit message")
    args = arguments.parse_args()
    if bool(args.lower) != bool(args.reason and args.reason.strip()):
        arguments.error("--lower and --reason go together: say why the floor may go down.")
    try:
        is_open = check(measured(args), raises=args.raises, lower=args.lower, reason=args.reason or "")
    except ValueError as error:
        arguments.error(str(error))
    if not is_open:
        sys.exit("The gate failed: a figure is below its floor, or a floor was lowered without a reason.")
    print("The gate passed.")


def check(
    figures: Figures, path: Path = FLOORS, *, raises: bool = False, lower: Sequence[str] = (), reason: str = ""
) -> bool:
    """Move the floors in `path` as requested, print a line for each, and return whether all checks pass.

    Raises ValueError if a floor in `lower` cannot be lowered.
    """
    floors = read_floors(path)
    for name in lower:
        floors = lowered(floors, figures, name)
        print(f"The commit message must have this line:\n\n{reason_line(name, reason)}\n")
    if raises:
        floors = raised(floors, figures)
    if raises or lower:
        write_floors(floors, path)
    lines = compare_with_floors(floors, figures)
    complaints = lowered_without_reason(path)
    for line in (*lines, *complaints):
        print(line)
    return not complaints and all(line.holds for line in lines)


def measured(args: argparse.Namespace) -> dict[str, float]:
    """Return every pinned figure that can be measured here."""
    figures: dict[str, float] = {}
    settings = Settings()
    dev = polnear(args.corpora, "dev")
    with TemporaryDirectory() as folder:
        parses: Path = args.parses or Path(folder)
        if dev.is_file():
            results = results_of(documents(dev), settings, DEV_OPTIONS, jobs=args.jobs, parses=parses)
            figures |= dev_figures(figures_of(results, scorer(args.corpora)))
        else:
            print(f"{dev} does not exist: PolNeAR is not measured. Set PULLQUOTE_CORPORA to the folder of the corpora.")
        figures |= everyday_figures(args.corpora, parses)
        parser = CachingParser(settings, parses)
        return figures | seed_figures(parser) | speaker_figures(parser)


def everyday_figures(corpora: Path, parses: Path) -> dict[str, float]:
    """Return the figures of the everyday prose, of interviews and transcripts (`talk`) and of the small cases by kind,
    if available, and the pass rate of this project's own cases.

    Floors are minimums, so `clean` is 1 - noise, and `sure_right` is 1 - the share of wrong ones among the confident.
    """
    if not (corpora / "everyday").is_dir() or not (corpora / "cases").is_dir():
        print(f"{corpora} has no everyday/ or no cases/: they are not measured.")
        return {}
    post = poster(parses)
    prose = everyday.shares(everyday.measure(corpora, post, "prose"))
    talk = everyday.shares(everyday.measure(corpora, post, "talk"))
    table = cases.measure(corpora, post)
    own = {half.stem: cases.measure(corpora, post, files=[half]) for half in cases.OWN}
    return {
        "everyday.quoted": prose["quoted"],
        "everyday.indirect": prose["indirect"],
        "everyday.clean": 1 - prose["noise"],
        "everyday.sure_right": 1 - prose["sure_wrong"],
        "everyday.talk_quoted": talk["quoted"],
        "everyday.talk_clean": 1 - talk["noise"],
        "cases.all": cases.share(table),
        **{f"cases.{kind}": passed for kind, (passed, _) in table.items()},
        **{f"own_cases.{half}": cases.share(counts) for half, counts in own.items()},
    }


def dev_figures(figures: dict[str, Any]) -> dict[str, float]:
    """Return the pinned figures of the scorer on dev: F1, and the share of correct speakers."""
    return {f"dev.{name}": figures[name][2] for name in PINNED} | {"dev.speaker": figures["speaker"]}


def seed_figures(parser: Parser) -> dict[str, float]:
    """Return the seeds' figures: required quotes found, and articles without any forbidden quote."""
    right: list[str] = []
    clean = 0
    for name, expected in gold().items():
        article = read_article((SEEDS / name).read_text(encoding="utf-8"))
        verdict = judge(article, quotes_of(article, parser, Options()), expected)
        right += verdict.right
        clean += not verdict.forbidden
    indirect = sum(label.startswith("indirect") for label in right)
    return {
        "golden.seeds_quoted": len(right) - indirect,
        "golden.seeds_indirect": indirect,
        "golden.seeds_clean": clean,
    }


def speaker_figures(parser: Parser) -> dict[str, float]:
    """Return the share of correct speakers in the golden articles: of the quotes found, and of all."""
    figures = speakers.measure(parser)["all"]
    return {
        "golden.speakers_of_found": figures["accuracy_found"],
        "golden.speakers_of_all": figures["accuracy_all"],
    }


def lowered_without_reason(path: Path = FLOORS) -> list[str]:
    """Return a line for each floor that was lowered in the history of `path` without a reason."""
    try:
        history = versions(path)
    except NoHistory as error:
        print(f"Cannot check the history for lowered floors: {error}.")
        return []
    committed = history[-1].floors if history else {}
    for name, least in unexplained(read_floors(path), history).items():
        if committed.get(name, -1) >= least:
            print(f"note      {name}: lowered from {least}, not committed yet; say why: {reason_line(name, '…')}")
    return [
        f"LOWERED   {name}: it was {least}; restore it, or lower it with --lower and --reason"
        for name, least in unexplained(committed, history).items()
    ]


if __name__ == "__main__":
    main()

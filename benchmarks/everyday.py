"""Score everyday news with default options: quotes with their speakers, against hand-made annotation.

    python -m benchmarks.everyday [--talk] [--errors] [--min-confidence X] [--folds WORK] [--parses FOLDER]
    python -m benchmarks.everyday --folds WORK --write --step "what changed"

`eval/everyday.py`, next to the corpora, defines the figures: prose by default, interviews and transcripts with --talk.
Parses are kept, so that a second run takes seconds.

The released weights were trained on these articles too. `--folds` measures each article with models that have not seen
it, which `training.attribution.run` leaves in its work folder. `--write` puts these figures, those at each
`min_confidence`, and the small cases by kind into docs/accuracy.md.
"""

import argparse
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final
from unittest.mock import patch

from benchmarks import cases
from benchmarks.arguments import arguments_for
from benchmarks.pages import ACCURACY, add_step, steps, table, write_between
from benchmarks.serving import Post, poster
from service.extraction.attribution import attributions
from service.extraction.attribution.linear import read_models
from service.settings import Settings
from training.corpora.news import runner

STEPS: Final = Path(__file__).parent / "everyday_steps.json"
AT: Final = (0.3, 0.5, 0.6, 0.8)
TITLES: Final = (
    "quoted, with speaker", "quoted", "indirect, with speaker", "indirect", "noise", "confident errors",
)  # fmt: skip
SHARES: Final = {
    "quoted": ("right_q", "quoted"),
    "quoted_found": ("found_q", "quoted"),
    "indirect": ("right_i", "indirect"),
    "indirect_found": ("found_i", "indirect"),
    "noise": ("noise", "answers"),
    "sure_wrong": ("wrong_sure", "sure"),
}


def main() -> None:
    """Print the figures that the command line selects."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--talk", action="store_true", help="interviews and transcripts instead of prose")
    arguments.add_argument("--errors", action="store_true", help="show each error")
    arguments.add_argument("--min-confidence", type=float)
    arguments.add_argument("--options", type=_option, action="append", default=[], metavar="NAME=VALUE")
    arguments.add_argument("--folds", type=Path, metavar="WORK", help="the work folder of training.attribution.run")
    arguments.add_argument("--write", action="store_true", help="with --folds: put the figures into docs/accuracy.md")
    arguments.add_argument("--step", metavar="NAME", help="with --write: what changed")
    args = arguments.parse_args()
    if args.write and (args.folds is None or args.step is None):
        arguments.error("--write needs --folds and --step.")
    options = dict(args.options)
    if args.min_confidence is not None:
        options["min_confidence"] = args.min_confidence
    post = poster(args.parses)
    if args.write:
        write(args.step, args.folds, args.corpora, args.parses)
        return
    pages = "talk" if args.talk else "prose"
    if args.folds is None:
        counts = measure(args.corpora, post, pages, options, errors=args.errors)
    else:
        counts = measure_folds(args.folds, args.corpora, args.parses, pages, options, errors=args.errors)
    for name, (part, total) in SHARES.items():
        print(f"{name:15} {counts[part]:5} of {counts[total]:5}  {counts[part] / max(counts[total], 1):.3f}")


def measure(
    corpora: Path,
    post: Post,
    pages: str,
    options: Mapping[str, Any] | None = None,
    *,
    errors: bool = False,
    articles: Path | None = None,
) -> dict[str, int]:
    """Return the runner's counts over `pages` ("prose" or "talk") of the articles in `corpora`, or in the folder
    `articles`."""
    everyday = runner(corpora / "eval/everyday.py")

    def ask(_url: str, text: str, request_options: Mapping[str, Any]) -> dict[str, Any]:
        status, answer = post("/quotes", {"text": text, **({"options": request_options} if request_options else {})})
        if status != 200:
            raise RuntimeError(f"status {status}: {answer}")
        return answer

    everyday.ask = ask  # type: ignore[attr-defined]  # the runner's own `ask` uses a server
    counts: dict[str, int] = everyday.run(articles or corpora / "everyday", "", dict(options or {}), errors, pages)
    return counts


def measure_folds(
    work: Path,
    corpora: Path,
    parses: Path | None,
    pages: str,
    options: Mapping[str, Any] | None = None,
    *,
    errors: bool = False,
) -> Counter[str]:
    """Return the same counts, each article processed by the models in `work`/folds, and the pack in `work`/readers if
    there are any, that have not seen it."""
    from training.attribution.folds import unseen_pack  # imports scikit-learn, which takes seconds

    parts: dict[str, int] = json.loads((work / "folds/parts.json").read_text(encoding="utf-8"))
    total: Counter[str] = Counter()
    for part in sorted(set(parts.values())):
        models = read_models(work / f"folds/{part}")
        pack = unseen_pack(work, part)
        post = poster(parses, None if pack is None else Settings(model=str(pack)))
        with TemporaryDirectory() as folder, patch.object(attributions, "shipped_models", lambda models=models: models):
            for file in (corpora / "everyday").iterdir():
                if parts.get(file.stem) == part:
                    Path(folder, file.name).symlink_to(file.resolve())
            total.update(measure(corpora, post, pages, options, errors=errors, articles=Path(folder)))
    return total


def write(step: str, work: Path, corpora: Path, parses: Path | None) -> None:
    """Measure everyday prose out of fold, and the small cases, and write both into docs/accuracy.md."""
    least = {at: shares(measure_folds(work, corpora, parses, "prose", {"min_confidence": at})) for at in AT}
    add_step(
        step,
        {
            "everyday": shares(measure_folds(work, corpora, parses, "prose")),
            "cases": {kind: list(count) for kind, count in cases.measure(corpora, poster(parses)).items()},
        },
        STEPS,
    )
    history = steps(STEPS)
    write_between(ACCURACY, "everyday", everyday_table(history))
    write_between(ACCURACY, "everyday_least", least_table(least))
    write_between(ACCURACY, "cases", cases_table(history))


def everyday_table(history: Sequence[Mapping[str, Any]]) -> str:
    """Format the figures after each step."""
    rows = [(step["step"], *(step["figures"]["everyday"][name] for name in SHARES)) for step in history]
    return table(("step", *TITLES), rows)


def least_table(found: Mapping[float, Mapping[str, float]]) -> str:
    """Format the figures at each `min_confidence`."""
    return table(
        ("`min_confidence`", *TITLES), [(str(at), *(figures[name] for name in SHARES)) for at, figures in found.items()]
    )


def cases_table(history: Sequence[Mapping[str, Any]]) -> str:
    """Format the numbers of passing cases of each kind after each step."""
    kinds = sorted({kind for step in history for kind in step["figures"]["cases"]})
    rows: list[tuple[str, ...]] = []
    for kind in kinds:
        counts = [step["figures"]["cases"].get(kind) for step in history]
        rows.append((kind, *("" if count is None else f"{count[0]} of {count[1]}" for count in counts)))
    return table(("kind", *(step["step"] for step in history)), rows)


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """Return the figures by name."""
    return {name: counts[part] / max(counts[total], 1) for name, (part, total) in SHARES.items()}


def _option(argument: str) -> tuple[str, Any]:
    name, _, value = argument.partition("=")
    if not value:
        raise argparse.ArgumentTypeError(f"{argument!r} is not NAME=VALUE")
    return name, {"true": True, "false": False}.get(value, value)


if __name__ == "__main__":
    main()

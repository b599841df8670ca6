"""Everyday news against gold marked by hand: quotes and speakers as a user gets them by default.

    python -m benchmarks.everyday [--talk] [--errors] [--min-confidence X] [--parses FOLDER]

Figures are those of `eval/everyday.py` beside the corpora, which defines them: prose pages by default, interviews and
transcripts with --talk. Parses are kept, so that a second run takes seconds.
"""

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from benchmarks.arguments import arguments_for
from benchmarks.in_process import Post, poster, runner

SHARES: Final = {
    "quoted": ("right_q", "quoted"),
    "quoted_found": ("found_q", "quoted"),
    "indirect": ("right_i", "indirect"),
    "indirect_found": ("found_i", "indirect"),
    "noise": ("noise", "answers"),
    "sure_wrong": ("wrong_sure", "sure"),
}


def main() -> None:
    """Print the figures that the command line asks for."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--talk", action="store_true", help="interviews and transcripts instead of prose")
    arguments.add_argument("--errors", action="store_true", help="show each error")
    arguments.add_argument("--min-confidence", type=float)
    arguments.add_argument("--options", type=_option, action="append", default=[], metavar="NAME=VALUE")
    args = arguments.parse_args()
    options = dict(args.options)
    if args.min_confidence is not None:
        options["min_confidence"] = args.min_confidence
    post = poster(args.parses)
    counts = measure(args.corpora, post, "talk" if args.talk else "prose", options, errors=args.errors)
    for name, (part, whole) in SHARES.items():
        print(f"{name:15} {counts[part]:5} of {counts[whole]:5}  {counts[part] / max(counts[whole], 1):.3f}")


def measure(
    corpora: Path, post: Post, pages: str, options: Mapping[str, Any] | None = None, *, errors: bool = False
) -> dict[str, int]:
    """The runner's counts over `pages` ("prose" or "talk") of the articles in `corpora`."""
    everyday = runner(corpora / "eval/everyday.py")

    def ask(_url: str, text: str, asked: Mapping[str, Any]) -> dict[str, Any]:
        status, answer = post("/quotes", {"text": text, **({"options": asked} if asked else {})})
        if status != 200:
            raise RuntimeError(f"status {status}: {answer}")
        return answer

    everyday.ask = ask  # type: ignore[attr-defined]  # the runner's own asks a server
    counts: dict[str, int] = everyday.run(corpora / "everyday", "", dict(options or {}), errors, pages)
    return counts


def shares(counts: Mapping[str, int]) -> dict[str, float]:
    """The figures by name."""
    return {name: counts[part] / max(counts[whole], 1) for name, (part, whole) in SHARES.items()}


def _option(given: str) -> tuple[str, Any]:
    name, _, value = given.partition("=")
    if not value:
        raise argparse.ArgumentTypeError(f"{given!r} is not NAME=VALUE")
    return name, {"true": True, "false": False}.get(value, value)


if __name__ == "__main__":
    main()

"""Count quotes that differ between arithmetics (`service/parsing/embedded/arithmetic.py`) and between processors.

    python -m benchmarks.arithmetics [--limit N] [--write]

The golden articles and PolNeAR's development articles are processed once with each arithmetic, in a process in which
environment variables limit torch, oneDNN and MKL to an instruction set. Quotes are equal when their contents, cue,
mention and speaker name are. `--write` puts the table into docs/models.md. bfloat16 gives nearly the same with AVX-512
as with AMX: inputs are rounded alike, and sums are float32.
"""

import argparse
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final

from benchmarks.arguments import arguments_for
from benchmarks.pages import ROOT, table, write_between
from service.extraction.report import Options, Report
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.pipeline import quotes_of
from service.settings import Settings
from training.corpora.news import documents, polnear

MODELS: Final = ROOT / "docs/models.md"
AVX2: Final = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2", "MKL_ENABLE_INSTRUCTIONS": "AVX2"}
# The first is the reference.
ARITHMETICS: Final[Mapping[str, tuple[str, Mapping[str, str]]]] = {
    "`float32`": ("float32", {}),
    "`float32`, limited to AVX2": ("float32", AVX2),
    "`bf16-avx512`": ("bf16-avx512", {}),
    "`int8-vnni`": ("int8-vnni", {}),
    "`int8-avx2`": ("int8-avx2", {}),
    "`int8-avx2`, limited to AVX2": ("int8-avx2", AVX2),
}

Quotes = list[Counter[str]]  # for each article


def main() -> None:
    """Process the articles with each arithmetic, and print or write the table."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--limit", type=int, help="only the first N of PolNeAR's articles")
    arguments.add_argument(
        "--write",
        action="store_true",
        help="put the table into docs/models.md",
    )
    arguments.add_argument("--read", action="store_true", help=argparse.SUPPRESS)
    args = arguments.parse_args()
    texts = list(articles(args.corpora, args.limit))
    if args.read:
        print(json.dumps([sorted(quotes.elements()) for quotes in quotes_in(texts)]))
        return
    result = {}
    for name, (arithmetic, variables) in ARITHMETICS.items():
        print(f"{name} …", file=sys.stderr, flush=True)
        result[name] = quotes_with(arithmetic, variables, sys.argv[1:])
    text = page(result)
    print(text)
    if args.write:
        write_between(MODELS, "arithmetics", text)


def articles(corpora: Path, limit: int | None) -> Iterator[str]:
    """Yield the texts of the golden articles and of the first `limit` of PolNeAR's development articles."""
    for path in sorted((ROOT / "tests/golden").glob("*/*.txt")):
        yield path.read_text(encoding="utf-8")
    dev = polnear(corpora, "dev")
    if dev.is_file():
        yield from (str(document["text"]) for document in documents(dev, limit))


def quotes_with(arithmetic: str, variables: Mapping[str, str], options: Sequence[str]) -> Quotes:
    """Return the quotes of all articles, from a process with this arithmetic and these environment variables."""
    environment = {name: value for name, value in os.environ.items() if name not in AVX2}
    environment |= {"PULLQUOTE_ARITHMETIC": arithmetic, **variables}
    command = [sys.executable, "-m", "benchmarks.arithmetics", "--read", *options]
    run = subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return [Counter(quotes) for quotes in json.loads(run.stdout)]


def quotes_in(texts: Sequence[str]) -> Quotes:
    """Return the quotes of each of `texts`, processed with the settings of this process's environment."""
    parser = load_parser(Settings.from_environment(os.environ))
    result = []
    for text in texts:
        article = read_article(text)
        result.append(identified_quotes(quotes_of(article, parser, Options())))
    return result


def identified_quotes(report: Report) -> Counter[str]:
    """Return the quotes of `report`, each as the fields that identify it."""
    return Counter(
        json.dumps([
            quote.contents,
            quote.cue and quote.cue.span,
            quote.mention,
            None if quote.speaker is None else report.speakers[quote.speaker].name,
        ])
        for quote in report.quotes
    )  # fmt: skip


def different(first: Quotes, second: Quotes) -> int:
    """Count quotes of `first` missing from `second`, and the reverse; return the larger number."""
    missing = sum((ours - theirs).total() for ours, theirs in zip(first, second, strict=True))
    new = sum((theirs - ours).total() for ours, theirs in zip(first, second, strict=True))
    return max(missing, new)


def page(found: Mapping[str, Quotes]) -> str:
    """Format the figures as Markdown: each arithmetic compared with the first, and the two that differ most."""
    (_, reference), *others = found.items()
    total = sum(article_quotes.total() for article_quotes in reference)
    rows: list[list[str | int | float | None]] = [
        [name, count, f"{100 * count / total:.2f} %", sum(a != b for a, b in zip(reference, quotes, strict=True))]
        for name, quotes in others
        for count in [different(reference, quotes)]
    ]
    most, first, second = max((different(found[a], found[b]), a, b) for a in found for b in found if a < b)
    return (
        f"{len(reference)} articles with {total} quotes, compared with `float32` (content, cue, mention, speaker):\n\n"
        + table(["arithmetic", "different quotes", "share", "articles affected"], rows)
        + f"\n\nThe largest difference is between {first} and {second}: {most} quotes, {100 * most / total:.2f} %."
    )


if __name__ == "__main__":
    main()

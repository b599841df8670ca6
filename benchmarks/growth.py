"""Measure how time and memory grow with the length of adversarial texts.

    python -m benchmarks.growth [--shape NAME ...] [--longest 20000] [--write]

Each text is processed like a request, at several lengths, shortest first, in its own process. The exponent is the slope
of the regression line in a log-log plot: 1 is linear. Times are CPU times. `--write` puts the table into
docs/operations.md.
"""

import argparse
import base64
import json
import math
import os
import platform
import random
import resource
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.pages import write_between
from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.pipeline import answer
from service.server.resources import cores
from service.settings import Settings

ROOT: Final = Path(__file__).parent.parent
LONGEST: Final = 20_000  # code points, except for shapes with a guaranteed length
PROMISED: Final = {
    "quotation marks only": 100_000,
    "one endless sentence": 200_000,
    "one word per paragraph": 120_000,
}
SHARES: Final = (1 / 8, 1 / 4, 1 / 2, 1)  # of the longest length
LEAST: Final = {"seconds": 0.1, "mb": 5.0}  # smaller costs say nothing about growth


def _filled(pattern: str) -> Callable[[int], str]:
    return lambda length: (pattern * (length // len(pattern) + 1))[:length]


def _names(length: int) -> str:
    words = (f"{first} {last}" for first in _syllables(1) for last in _syllables(2))
    return _joined(words, ", ", length)


def _speakers(length: int) -> str:
    names = (f"{first} {last}" for first in _syllables(1) for last in _syllables(2))
    return _joined((f"“We are for it,” {name} said. He told {name} so." for name in names), "\n\n", length)


def _turns(length: int) -> str:
    names = (f"{first} {last}" for first in _syllables(1) for last in _syllables(2))
    return _joined((f"{name}: I am for it." for name in names), "\n\n", length)


def _surnames(length: int) -> str:
    letters = "bdfgklmnprst"
    names = (f"{a}a{b}e{c}o{d}".capitalize() for a in letters for b in letters for c in letters for d in letters)
    return _joined((f"{name} said so." for name in names), " ", length)


def _mentions(length: int) -> str:
    sentences = (
        "He said that she knew.",
        "Smith told Jones about it.",
        "The mayor, his aide and her son agreed.",
    )
    return _joined((sentences[number % 3] for number in range(length)), " ", length)


def _syllables(count: int) -> list[str]:
    parts = [c + v + d for c in "bdfgklmnprst" for v in "aeiou" for d in ("n", "r", "l")]
    chosen = random.Random(7).sample(parts, 150)
    return [part.capitalize() + "do" * count for part in chosen]


def _joined(items: Any, between: str, length: int) -> str:
    result, size = [], 0
    for item in items:
        result.append(item)
        size += len(item) + len(between)
        if size >= length:
            break
    return between.join(result)[:length]


def _base64(length: int) -> str:
    return base64.b64encode(random.Random(7).randbytes(length)).decode()[:length]


def _nested_quotes(length: int) -> str:
    return "“‘" * (length // 4) + "’”" * (length // 4)


PROSE: Final = (
    "The mayor, Ada Example, said on Monday that the bridge would stay closed. “We can’t open it,” she told reporters. "
    "Bob Sample, a driver, called it a scandal.\n\n"
)
SHAPES: Final[dict[str, Callable[[int], str]]] = {
    "prose, for comparison": _filled(PROSE),
    "quotation marks only": _filled('"'),
    "opening quotation marks only": _filled("“"),
    'a quoted letter, repeated: "a"': _filled('"a" '),
    "a quotation mark after each word": _filled('word" '),
    "nested quotation marks": _nested_quotes,
    "one endless sentence": _filled("and then the dog that saw the man who said "),
    "one endless word": _filled("a"),
    "one word per paragraph": _filled("Word\n\n"),
    "one letter per paragraph": _filled("x\n\n"),
    "nested reports: he said that he said that": _filled("he said that "),
    "a repeated cue: Ann says, Ann says": _filled("Ann says, "),
    "a list of names": _names,
    "a thousand speakers": _speakers,
    "thousands of surnames": _surnames,
    "many mentions of people": _mentions,
    "a table": _filled("Total\t1,204\t98.6%\t-3\t2024\n"),
    "base64": _base64,
    "Arabic, right to left": _filled("قال الوزير إن الجسر مغلق. "),
    "Chinese": _filled("市长说，这座桥将于五月重新开放。"),
    "zero-width characters": _filled("wo\u200br\u200dd\u2060 "),
    "bidirectional control characters": _filled("\u202esaid\u202c \u200f\u200e"),
    "combining characters": _filled("e\u0301\u0302\u0303\u0304"),
    "NUL characters": _filled("\0"),
    "full stops": _filled(". "),
    "colons": _filled("A: b\n"),
    "turns of an interview": _filled("Q: Why?\n\nA: I do not know.\n\n"),
    "questions without labels": _filled("Do you know?\n\nI do not.\n\n"),
    "quotes after topics": _filled("Ana Ruiz on tax: “We are old.”\n\n"),
    "turns of different speakers": _turns,
    "statements after a colon": _filled("He said:\n\nI am.\n\n"),
    "signatures of posts": _filled("I am.\n— Ann Ho (@h)\n\n"),
    "subtitles": _filled("00:00:01,000 --> 00:00:02,000\nANN: I am.\n\n"),
    "alerts in capitals": _filled("PIER TO OPEN IN MAY -MAYOR\n"),
    "one endless signature": lambda length: ("— " + "A" * length)[:length],
    "brackets": _filled("[laughs] "),
    "dashes": _filled("— "),
    "initials": _filled("J. "),
    "URLs": _filled("http://a.example/b?c=d "),
    "emoji": _filled("😀"),
}


def main() -> None:
    """Measure as the command line asks, and print or write the table."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--shape", action="append", choices=SHAPES, help="only this one; can be repeated")
    arguments.add_argument("--longest", type=int, help="code points")
    arguments.add_argument("--write", action="store_true")
    arguments.add_argument("--measure", nargs=2, metavar=("SHAPE", "LONGEST"), help=argparse.SUPPRESS)
    args = arguments.parse_args()
    if args.measure:
        print(json.dumps(measure(args.measure[0], int(args.measure[1]))))
        return
    if args.write and (args.shape or args.longest):
        arguments.error("--write measures all shapes at full length: leave out --shape and --longest.")
    rows = [row(shape, measured(shape, args.longest or PROMISED.get(shape, LONGEST))) for shape in args.shape or SHAPES]
    table = "\n".join([
        f"One thread, Python {platform.python_version()}. Seconds and memory (above that of an ordinary article) are "
        f"for the longest text. Exponents are fitted over {len(SHARES)} lengths; – where too little was measured.",
        "",
        "| text | code points | seconds | time exponent | MB | memory exponent |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
    ])  # fmt: skip
    if args.write:
        write_between(ROOT / "docs/operations.md", "growth", table)
    print(table)


def row(shape: str, runs: Sequence[dict[str, float]]) -> str:
    """Format a row of the table."""
    longest = runs[-1]
    time_by, memory_by = (
        "–" if (result := growth_exponent(runs, what)) is None else f"{result:.2f}" for what in ("seconds", "mb")
    )
    figures = (longest["length"], f"{longest['seconds']:.1f}", time_by, f"{longest['mb']:.0f}", memory_by)
    return f"| {shape} | {' | '.join(map(str, figures))} |"


def growth_exponent(runs: Sequence[dict[str, float]], what: str) -> float | None:
    """Return the exponent with which `what` grows with the length; None if it costs almost nothing."""
    points = [(run["length"], run[what]) for run in runs if run[what] >= LEAST[what]]
    return exponent(points) if len(points) >= 3 else None


def exponent(points: Sequence[tuple[float, float]]) -> float:
    """Return the slope of the regression line through the logarithms of `points`."""
    return statistics.linear_regression(*zip(*[(math.log(x), math.log(y)) for x, y in points], strict=True)).slope


def measured(shape: str, longest: int) -> list[dict[str, float]]:
    """Measure the text at each length in its own process."""
    command = [sys.executable, "-m", "benchmarks.growth", "--measure", shape, str(longest)]
    environment = {**os.environ, "OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"}
    run = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True, cwd=ROOT, env=environment)
    figures: list[dict[str, float]] = json.loads(run.stdout)
    return figures


def measure(shape: str, longest: int) -> list[dict[str, float]]:
    """Process the text at each length in this process. Returns the length, the seconds, and the additional MB."""
    parser = load_parser(Settings(workers=cores(), max_sentences=longest))
    cost(parser, PROSE * 30)
    before = _memory()
    return [
        {"length": len(text), "seconds": cost(parser, text), "mb": _memory() - before}
        for text in (SHAPES[shape](round(longest * share)) for share in SHARES)
    ]


def cost(parser: Parser, text: str) -> float:
    """Return the CPU seconds to process `text` with all options enabled."""
    began = time.process_time()
    answer(read_article(text), parser, Options(unattributed=True, furniture=True, explain=True))
    return time.process_time() - began


def _memory() -> float:
    """Return the peak memory of this process in MB (Linux reports KB)."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


if __name__ == "__main__":
    main()

"""The small cases: how many of each kind are right, and what went wrong in the others.

    python -m benchmarks.cases [--failures] [--kind KIND]... [--parses FOLDER]

The cases and what counts as right are those of `cases/` beside the corpora.
"""

import json
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

from benchmarks.arguments import arguments_for
from benchmarks.corpus import runner
from benchmarks.in_process import Post, poster

Case = dict[str, Any]


def main() -> None:
    """Print the table that the command line asks for."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--failures", action="store_true", help="show each case that does not pass")
    arguments.add_argument("--kind", action="append", default=[], help="only cases of this kind; can be repeated")
    arguments.add_argument("--without", action="append", default=[], metavar="KIND", help="leave out this kind")
    args = arguments.parse_args()
    table = measure(args.corpora, poster(args.parses), kinds=args.kind, without=args.without, failures=args.failures)
    for kind, (passed, total) in sorted(table.items()):
        print(f"{kind:24} {passed:3}/{total}")
    print(f"{'all':24} {share(table):.3f} of {sum(total for _, total in table.values())}")


def measure(
    corpora: Path,
    post: Post,
    *,
    kinds: Collection[str] = (),
    without: Collection[str] = (),
    failures: bool = False,
) -> dict[str, tuple[int, int]]:
    """For each kind of case, how many pass and how many there are."""
    check = runner(corpora / "cases/check.py")
    check.post = lambda url, body: post(url.removeprefix("in:"), body)  # type: ignore[attr-defined]
    table: dict[str, tuple[int, int]] = {}
    for case in read_cases(corpora):
        kind = case["kind"]
        if (kinds and kind not in kinds) or kind in without:
            continue
        faults, shown = check.judge(case, "in:")
        passed, total = table.get(kind, (0, 0))
        table[kind] = passed + (not faults), total + 1
        if faults and failures:
            check.show_failure(case, faults, shown)
    return table


def read_cases(corpora: Path) -> list[Case]:
    """The cases in `corpora`, in order."""
    lines = (corpora / "cases/cases.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines if line.strip()]


def share(table: Mapping[str, tuple[int, int]]) -> float:
    """The share of all cases that pass."""
    return sum(passed for passed, _ in table.values()) / max(sum(total for _, total in table.values()), 1)


if __name__ == "__main__":
    main()

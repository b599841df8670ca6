"""Count how many small cases of each kind pass, and show the failures of the others.

    python -m benchmarks.cases [--failures] [--kind KIND]... [--cases FILE]... [--parses FOLDER]

The cases, and the criteria for passing, are those of `cases/` next to the corpora. `--cases` names other files in the
same format, such as this project's own in `tests/cases`: `looked_at.jsonl`, whose failures are used to write rules, and
`held_out.jsonl`, of which only the counts are read.
"""

import json
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from benchmarks.arguments import arguments_for
from benchmarks.serving import Post, poster
from training.corpora.news import runner

OWN: Final = tuple(Path(__file__).parent.parent / f"tests/cases/{half}.jsonl" for half in ("looked_at", "held_out"))

Case = dict[str, Any]


def main() -> None:
    """Print the table that the command line selects."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--failures", action="store_true", help="show each case that does not pass")
    arguments.add_argument("--kind", action="append", default=[], help="only cases of this kind; can be repeated")
    arguments.add_argument("--without", action="append", default=[], metavar="KIND", help="leave out this kind")
    arguments.add_argument("--cases", action="append", type=Path, metavar="FILE", help="a JSONL file of cases")
    args = arguments.parse_args()
    table = measure(
        args.corpora,
        poster(args.parses),
        files=args.cases,
        kinds=args.kind,
        without=args.without,
        failures=args.failures,
    )
    for kind, (passed, total) in sorted(table.items()):
        print(f"{kind:24} {passed:3}/{total}")
    print(f"{'all':24} {share(table):.3f} of {sum(total for _, total in table.values())}")


def measure(
    corpora: Path,
    post: Post,
    *,
    files: Sequence[Path] | None = None,
    kinds: Collection[str] = (),
    without: Collection[str] = (),
    failures: bool = False,
) -> dict[str, tuple[int, int]]:
    """Return, for each kind of case, how many pass and how many there are, for `files` or those in the corpora
    folder."""
    check = runner(corpora / "cases/check.py")
    check.post = lambda url, body: post(url.removeprefix("in:"), body)  # type: ignore[attr-defined]
    table: dict[str, tuple[int, int]] = {}
    for case in read_cases(*(files or [corpora / "cases/cases.jsonl"])):
        kind = case["kind"]
        if (kinds and kind not in kinds) or kind in without:
            continue
        faults, shown = check.judge(case, "in:")
        passed, total = table.get(kind, (0, 0))
        table[kind] = passed + (not faults), total + 1
        if faults and failures:
            check.show_failure(case, faults, shown)
    return table


def read_cases(*files: Path) -> list[Case]:
    """Return the cases in `files`, in order."""
    lines = (line for file in files for line in file.read_text(encoding="utf-8").split("\n"))
    return [json.loads(line) for line in lines if line.strip()]


def share(table: Mapping[str, tuple[int, int]]) -> float:
    """Return the share of cases that pass."""
    return sum(passed for passed, _ in table.values()) / max(sum(total for _, total in table.values()), 1)


if __name__ == "__main__":
    main()

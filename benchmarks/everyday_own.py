"""The everyday articles in `tests/everyday`, written for this project, with quotes annotated in the text.

    python -m benchmarks.everyday_own [--errors] [--write] [--parses FOLDER]

Prints the figures of `eval/everyday.py` in the corpora folder for the articles whose errors are examined while rules
are written (`--errors` shows them) and for the held-out ones. `--write` puts both into docs/accuracy.md.

A file begins with lines `name: value`: the kind of page; whether it is held out (its errors are not examined while
rules are written); and the speakers, each with a key and the accepted names, the best first ("-" for no speaker). The
article follows a line `---`. `<key/cue:words>` marks what the speaker with that key said, and the cue that reports it;
`<key:words>` marks words without a cue, which continue the previous quote if the speaker is the same; `<+:words>`
always continues it. A `?` before the colon marks an optional quote.
"""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from benchmarks.arguments import arguments_for
from benchmarks.everyday import SHARES, TITLES, measure, shares
from benchmarks.pages import ACCURACY, table, write_between
from benchmarks.serving import Post, poster

ARTICLES: Final = Path(__file__).parent.parent / "tests/everyday"
_MARK: Final = re.compile(r"<(?P<key>[a-z0-9]+|\+)(?:/(?P<cue>[^:<>?]+))?(?P<optional>\?)?:|>")
_QUOTED: Final = frozenset("\"“”'‘’")


@dataclass(frozen=True, slots=True)
class OwnArticle:
    """An article and its gold quotes, in the format of `everyday/` in the corpora folder."""

    name: str
    text: str
    page: str
    held_out: bool
    quotes: tuple[dict[str, Any], ...]


@dataclass(slots=True)
class _Open:
    key: str
    cue: str | None
    optional: bool
    spans: list[list[int]] = field(default_factory=list)


def main() -> None:
    """Print the figures of both parts."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--errors", action="store_true", help="show each error of the articles that are looked at")
    arguments.add_argument("--write", action="store_true", help="put the figures into docs/accuracy.md")
    args = arguments.parse_args()
    post = poster(args.parses)
    parts = {
        held_out: measure_own(args.corpora, post, held_out=held_out, errors=args.errors and not held_out)
        for held_out in (False, True)
    }
    print(f"{'':15} {'looked at':>22} {'held out':>22}")
    for name, (part, total) in SHARES.items():
        cells = (
            f"{count[part]} of {count[total]}  {count[part] / max(count[total], 1):.3f}" for count in parts.values()
        )
        print(f"{name:15} {' '.join(f'{cell:>22}' for cell in cells)}")
    if args.write:
        names = ("looked at", "held out")
        rows: list[tuple[str | float, ...]] = [
            (name, *shares(counts).values()) for name, counts in zip(names, parts.values(), strict=True)
        ]
        write_between(ACCURACY, "everyday_own", table(("own articles", *TITLES), rows))


def measure_own(corpora: Path, post: Post, *, held_out: bool, errors: bool = False) -> dict[str, int]:
    """Return the counts of the held-out articles, or of the others, by the runner in `corpora`."""
    with TemporaryDirectory() as folder:
        for article in own_articles():
            if article.held_out == held_out:
                file = Path(folder) / f"{article.name}.txt"
                file.write_text(article.text, encoding="utf-8")
                gold = {"id": article.name, "quotes": article.quotes}
                file.with_suffix(".json").write_text(json.dumps(gold), encoding="utf-8")
        return measure(corpora, post, "prose", errors=errors, articles=Path(folder))


def own_articles(folder: Path = ARTICLES) -> list[OwnArticle]:
    """Read the articles of `folder`, sorted by name. Raises ValueError if a mark is not closed or its speaker is
    undefined."""
    return [_article(path) for path in sorted(folder.glob("*.txt"))]


def _article(path: Path) -> OwnArticle:
    head, _, marked = path.read_text(encoding="utf-8").partition("\n---\n")
    head_fields = dict(line.split(": ", 1) for line in head.splitlines())
    text, result = _unmarked(path.name, marked)
    return OwnArticle(
        name=path.stem,
        text=text,
        page=head_fields.pop("page"),
        held_out=head_fields.pop("held out") == "yes",
        quotes=tuple(_gold(path.name, number, quote, text, head_fields) for number, quote in enumerate(result, 1)),
    )


def _unmarked(name: str, marked: str) -> tuple[str, list[_Open]]:
    """Return the text without its marks, and the marked spans in code points of that text."""
    text, last = "", 0
    quotes: list[_Open] = []
    open_marks: list[tuple[_Open, int]] = []
    for mark in _MARK.finditer(marked):
        text += marked[last : mark.start()]
        last = mark.end()
        if mark.group() == ">":
            quote, start = open_marks.pop()
            quote.spans.append([start, len(text)])
            continue
        key, cue = mark["key"], mark["cue"]
        continues = bool(quotes) and (key == "+" or (cue is None and quotes[-1].key == key and not mark["optional"]))
        if not continues:
            quotes.append(_Open(key, cue, bool(mark["optional"])))
        open_marks.append((quotes[-1], len(text)))
    if open_marks:
        raise ValueError(f"{name}: the mark of {open_marks[-1][0].key!r} is not closed. Add a '>' after its words.")
    return text + marked[last:], quotes


def _gold(name: str, number: int, quote: _Open, text: str, speakers: dict[str, str]) -> dict[str, Any]:
    if quote.key not in speakers:
        raise ValueError(f"{name}: no speaker {quote.key!r}. The head of the file has {', '.join(speakers)}.")
    names = speakers[quote.key].split(" | ")
    words = " ".join(text[start:end] for start, end in quote.spans)
    direct = words[0] in _QUOTED and words[-1] in _QUOTED
    return {
        "id": number,
        "kind": "direct" if direct else "mixed" if set(words) & set('"“”') else "indirect",
        "content": quote.spans,
        "cue": quote.cue,
        "speaker": None if names == ["-"] else names[0],
        "aliases": names[1:],
        "class": "speech",
        "negated": False,
        "must": not quote.optional,
    }


if __name__ == "__main__":
    main()

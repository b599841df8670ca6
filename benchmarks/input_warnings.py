"""Count articles with warnings, by code. Most of these articles are ordinary English news and should have none.

    python -m benchmarks.input_warnings [--corpora ../shared] [--list]

Uses the everyday articles, the seeds, and PolNeAR, which contains garbled characters and some transcripts. `--list`
names each article that has a warning, and the warning.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.arguments import arguments_for
from service.input.input_warnings import find_warnings
from service.input.paragraphs import read_article
from training.corpora.news import documents, polnear


def main() -> None:
    """Print the table that the command line selects."""
    arguments = arguments_for(__doc__)
    arguments.add_argument("--list", action="store_true", help="name each article that has a warning")
    args = arguments.parse_args()
    for name, texts in _sets(args.corpora):
        counts: Counter[str] = Counter()
        articles = 0
        for article, text in texts:
            articles += 1
            for warning in find_warnings(read_article(text)):
                counts[warning.code] += 1
                if args.list:
                    print(f"{name} {article}: {warning.code}: {warning.detail}")
        print(f"{name:10} {articles:5} articles: {dict(counts) or 'no warning'}")


def _sets(corpora: Path) -> Iterator[tuple[str, Iterator[tuple[str, str]]]]:
    for folder in ("everyday", "seeds"):
        paths = sorted((corpora / folder).glob("*.txt"))
        yield folder, ((path.stem, path.read_text(encoding="utf-8")) for path in paths)
    for part in ("dev", "train"):
        yield f"PolNeAR {part}", ((document["id"], document["text"]) for document in documents(polnear(corpora, part)))


if __name__ == "__main__":
    main()

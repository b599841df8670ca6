"""The tests' own texts, for fuzzers to begin with."""

from collections.abc import Iterator

from tests.conftest import ROOT


def golden_texts() -> Iterator[str]:
    """The golden articles, in order of their names."""
    for path in sorted((ROOT / "tests" / "golden").glob("*/*.txt")):
        yield path.read_text(encoding="utf-8")


def paragraphs_of(text: str) -> Iterator[str]:
    """The pieces of `text` between blank lines."""
    return filter(None, text.split("\n\n"))

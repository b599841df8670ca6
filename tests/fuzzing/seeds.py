"""The tests' own texts, as seeds for fuzzers."""

from collections.abc import Iterator

from tests.conftest import ROOT


def golden_texts() -> Iterator[str]:
    """Yield the golden articles, sorted by name."""
    for path in sorted((ROOT / "tests" / "golden").glob("*/*.txt")):
        yield path.read_text(encoding="utf-8")


def paragraphs_of(text: str) -> Iterator[str]:
    """Yield the parts of `text` between blank lines."""
    return filter(None, text.split("\n\n"))

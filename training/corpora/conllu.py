"""A minimal CoNLL-U reader and writer that keeps `# text` consistent with the word forms."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Sentence:
    """A sentence: its comment lines, and its rows of ten columns (tokens, words and empty nodes)."""

    comments: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)

    def surface(self) -> list[list[str]]:
        """Return the rows of surface tokens: multi-word tokens once, without their words."""
        inside_tokens: set[str] = set()
        surface = []
        for row in self.rows:
            if "-" in row[0]:
                first, last = map(int, row[0].split("-"))
                inside_tokens.update(str(n) for n in range(first, last + 1))
                surface.append(row)
            elif "." not in row[0] and row[0] not in inside_tokens:
                surface.append(row)
        return surface

    def words(self) -> list[list[str]]:
        """Return the rows of syntactic words."""
        return [row for row in self.rows if row[0].isdigit()]

    def text(self) -> str:
        """Return the text of the sentence, with spaces according to MISC."""
        return "".join(
            row[1] + ("" if "SpaceAfter=No" in row[9].split("|") else " ") for row in self.surface()
        ).rstrip()

    def starts(self, unit: str) -> bool:
        """Return whether this sentence begins a new `unit` ("newpar", "newdoc")."""
        return any(line.split("=")[0].split()[1:2] == [unit] for line in self.comments)

    def write(self) -> str:
        comments = [line for line in self.comments if not line.startswith("# text =")]
        return "\n".join([*comments, f"# text = {self.text()}", *("\t".join(row) for row in self.rows)]) + "\n\n"


def read(path: Path) -> Iterator[Sentence]:
    """Yield the sentences of a CoNLL-U file."""
    sentence = Sentence()
    for line in path.read_text(encoding="utf-8").split("\n"):
        if not line:
            if sentence.rows:
                yield sentence
            sentence = Sentence()
        elif line.startswith("#"):
            sentence.comments.append(line)
        else:
            sentence.rows.append(line.split("\t"))
    if sentence.rows:
        yield sentence


def write(path: Path, sentences: Iterable[Sentence]) -> None:
    """Write `sentences` to `path`."""
    path.write_text("".join(sentence.write() for sentence in sentences), encoding="utf-8")


def raw_text(sentences: Iterable[Sentence]) -> str:
    """Return the text of `sentences`: one line per paragraph, separated by blank lines."""
    pieces: list[str] = []
    for sentence in sentences:
        if pieces:
            pieces.append("\n\n" if sentence.starts("newpar") or sentence.starts("newdoc") else " ")
        pieces.append(sentence.text())
    return "".join(pieces) + "\n"

"""The labelled blocks of `furniture_blocks.txt`, each on a small page of its own."""

from pathlib import Path
from typing import Final, NamedTuple

from service.input.article import Section

TABLE: Final = Path(__file__).with_suffix(".txt")
_SECTIONS: Final[dict[str, Section]] = {"h": "headline", "b": "body", "c": "caption", "f": "furniture"}
_HEADLINE: Final = "River cuts off the lower town"
_BEFORE: Final = "The river rose by two metres on Sunday night, and the lower town was cut off until the morning."
_AFTER: Final = "The fire brigade said nobody had been hurt, although forty people spent the night in a school."


class Labelled(NamedTuple):
    """A labelled block: its position on the page, section, kind and text, and whether it is held out."""

    place: str
    section: Section
    category: str
    text: str
    held_out: bool

    def page(self) -> str:
        """Return a page that contains the block."""
        above, amid, below = (f"{self.text}\n\n" if self.place == place else "" for place in ("above", "amid", "below"))
        return f"{_HEADLINE}\n\n{above}{_BEFORE}\n\n{amid}{_AFTER}\n\n{below}"


def labelled() -> list[Labelled]:
    """Return the labelled blocks, in order."""
    lines = [line for line in TABLE.read_text(encoding="utf-8").splitlines() if not line.startswith("#")]
    found = []
    for line in lines:
        split, place, letter, category, text = line.split("|", 4)
        found.append(Labelled(place, _SECTIONS[letter], category, text.replace("\\n", "\n"), split == "held"))
    return found

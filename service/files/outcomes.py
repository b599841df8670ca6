"""An article of a file, and what may become of it."""

from dataclasses import dataclass

from service.files.inputs import Form


@dataclass(frozen=True, slots=True)
class Sent:
    """One article as it was found. `name` is what it is called, `place` where its answer stands in a folder."""

    name: str
    form: Form
    place: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer to an article, in the format that was wanted."""

    sent: Sent
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """An article, or a file, that is not answered, and why. `size` is what was read of it, in bytes."""

    name: str
    reason: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """An article whose answer is there already. `size` is its own, in bytes."""

    size: int


Outcome = Answered | Refused | Skipped

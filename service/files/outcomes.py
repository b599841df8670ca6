"""An article of a file, and its possible outcomes."""

from dataclasses import dataclass

from service.files.inputs import Form


@dataclass(frozen=True, slots=True)
class Sent:
    """An article as read. `name` identifies it in messages; `place` is the path of its result in an output folder."""

    name: str
    form: Form
    place: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Answered:
    """An article's result, in the chosen format."""

    sent: Sent
    text: str


@dataclass(frozen=True, slots=True)
class Refused:
    """A rejected article or file, with the reason. `size` is the number of bytes read."""

    name: str
    reason: str
    size: int = 0


@dataclass(frozen=True, slots=True)
class Skipped:
    """An article whose result is up to date. `size` is its own, in bytes."""

    size: int


Outcome = Answered | Refused | Skipped

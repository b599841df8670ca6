"""Until when one article may be worked on. Whoever works in many steps asks between them."""

import math
import time
from dataclasses import dataclass
from typing import Final

from service.errors import OutOfTime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A moment of the monotonic clock, `seconds` after it was set."""

    moment: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """The deadline that is reached `seconds` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def check(self, done: int, of: int, what: str) -> None:
        """Raise `OutOfTime`, which says how far the work got, where the deadline is reached."""
        if time.monotonic() >= self.moment:
            raise OutOfTime(
                f"The article took longer than {self.seconds:g} seconds and was given up: {done} of {of} {what}. "
                "Send it in parts, or again when there is less to do.",
                math.ceil(self.seconds),
            )


NO_DEADLINE: Final = Deadline(math.inf, math.inf)

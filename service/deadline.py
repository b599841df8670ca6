"""The time limit for processing one article. Long loops check it between steps."""

import math
import time
from dataclasses import dataclass
from typing import Final

from service.errors import OutOfTime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A time on the monotonic clock, `seconds` after it was set."""

    moment: float
    seconds: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline `seconds` from now."""
        return cls(time.monotonic() + seconds, seconds)

    def check(self, done: int, of: int, what: str) -> None:
        """Raise `OutOfTime` if the deadline has passed; the message says how far the work got."""
        if time.monotonic() >= self.moment:
            raise OutOfTime(
                f"Processing the article took longer than {self.seconds:g} seconds and was stopped after "
                f"{done} of {of} {what}. Send it in parts, or retry when the load is lower.",
                math.ceil(self.seconds),
            )


NO_DEADLINE: Final = Deadline(math.inf, math.inf)

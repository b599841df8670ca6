"""Credits of photographs in captions, whose names are not people in the story: "(Ana Ruiz/Reuters)"."""

import re
from collections.abc import Sequence
from typing import Final

from service.input.article import Span

_NAME: Final = r"[A-Z][\w.'’-]{0,30}(?: [\w.'’-]{1,30}){0,4}"
_CREDIT: Final = re.compile(
    rf"(?:Credit ?){{1,2}}(?:\.\.\.|…|:)\s?{_NAME}"  # Credit...Ana Ruiz for the Pier
    rf"|\((?:(?:Photo|Picture|Image)s?(?: by|:)? )?{_NAME}\s?/\s?{_NAME}\)"  # (Ana Ruiz/The Pier)
    rf"|(?:Photo|Photograph|Picture|Image|Illustration)s?(?: by |: ?|/ ?| courtesy of ){_NAME}"  # Photo: Ana Ruiz
    rf"|{_NAME}\s?/\s?(?:AP|AFP|Getty|Reuters|Associated Press|EPA|PA|Shutterstock)\b[^\n.]{{0,30}}$",
    re.M,
)


def photo_credits(text: str) -> Sequence[Span]:
    """Return the spans of the credits in `text`, in order."""
    return [Span(*match.span()) for match in _CREDIT.finditer(text)]

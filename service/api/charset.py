"""Read the charset of a request's Content-Type."""

from typing import Final

from flask import Request
from werkzeug.exceptions import UnsupportedMediaType

from service.encodings import Encoding, encoding_of

_SHOWN: Final = 100


def charset_of(request: Request) -> Encoding | None:
    """Return the encoding of the body, or None if the Content-Type has no charset.

    Raises Werkzeug's `UnsupportedMediaType` if the charset is not a label of the WHATWG Encoding Standard.
    """
    label = request.mimetype_params.get("charset")
    if label is None:
        return None
    encoding = encoding_of(label)
    if encoding is None:
        shown = label if len(label) <= _SHOWN else f"{label[:_SHOWN]}…"
        raise UnsupportedMediaType(
            f"Unknown charset {shown}. Send UTF-8, or use a label of the WHATWG Encoding Standard."
        )
    return encoding

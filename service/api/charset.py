"""The characters of a `text/plain` body, by what its Content-Type says."""

from w3lib.encoding import http_content_type_encoding, read_bom
from werkzeug.exceptions import UnsupportedMediaType

from service.decoding import decode_text


def decode_body(body: bytes, content_type: str, charset: str | None) -> str:
    """Return the text; `charset` is what `content_type` names.

    Raises Werkzeug's `UnsupportedMediaType` for a charset nobody knows, `Invalid` where the bytes are not in it.
    """
    encoding = http_content_type_encoding(content_type)
    if encoding is None and charset is not None and read_bom(body)[0] is None:
        raise UnsupportedMediaType(f"The charset {charset[:100]} is not known; send UTF-8.")
    return decode_text(body, encoding)

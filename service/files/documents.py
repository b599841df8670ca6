"""The text of a document: PDF by pypdf, DOCX by python-docx. Both come with pullquote[files]."""

import logging
import re
from collections.abc import Iterator
from io import BytesIO
from typing import Final, Literal

from service.errors import Fault, Invalid

DocumentForm = Literal["pdf", "docx"]

_HYPHENATED: Final = re.compile(r"(?<=[a-z])-\n(?=[a-z])")
_BLANK: Final = re.compile(r"\n\s*\n")
_NAMES: Final[dict[DocumentForm, str]] = {"pdf": "PDF", "docx": "Word document"}


def read_document(content: bytes, form: DocumentForm) -> str:
    """Return the text of a document, a blank line between paragraphs as far as the document tells them apart.

    Of a PDF, words that are hyphenated at the end of a line are joined. Raises `Invalid` where the document cannot be
    read, has no text, or pullquote[files] is not installed.
    """
    try:
        text = "\n".join(_pages(content)) if form == "pdf" else "\n\n".join(_paragraphs(content))
    except ImportError:
        raise _refused(f"is a {_NAMES[form]}, and reading those needs pullquote[files].") from None
    except Invalid:
        raise
    except Exception as error:  # both libraries let through whatever a broken file makes them raise
        raise _refused(f"is no {_NAMES[form]} that can be read ({type(error).__name__}).") from None
    if not text.strip():
        raise _refused("holds no text. If its pages are pictures, run text recognition (OCR) first.")
    return text


def _pages(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs what it does not like of a file
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _refused("is protected by a password.")
    for page in reader.pages:
        text = _BLANK.sub("\n\n", page.extract_text().replace("\0", ""))
        yield _HYPHENATED.sub("", text).strip("\n")


def _paragraphs(content: bytes) -> Iterator[str]:
    """The paragraphs, and the cells of tables, in their order; headers, footers and comments are left out."""
    from docx import Document
    from docx.table import Table

    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row.cells if cell.text.strip())
        elif block.text.strip():
            yield block.text


def _refused(detail: str) -> Invalid:
    return Invalid((Fault("/text", detail),))

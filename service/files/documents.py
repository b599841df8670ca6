"""Extract the text of a document: PDF with pypdf, DOCX with python-docx, both from pullquote[files]."""

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
    """Return the text of a document, with blank lines between its paragraphs as far as they can be detected.

    In a PDF, words hyphenated at line ends are joined. Raises `Invalid` if the document cannot be read, has no text, or
    pullquote[files] is not installed.
    """
    try:
        text = "\n".join(_pages(content)) if form == "pdf" else "\n\n".join(_paragraphs(content))
    except ImportError:
        raise _refused(f"is a {_NAMES[form]}, which needs pullquote[files]. Install it.") from None
    except Invalid:
        raise
    except Exception as error:  # both libraries raise various errors for broken files
        raise _refused(f"is not a readable {_NAMES[form]} ({type(error).__name__}).") from None
    if not text.strip():
        raise _refused("has no text. If its pages are images, run text recognition (OCR) first.")
    return text


def _pages(content: bytes) -> Iterator[str]:
    from pypdf import PdfReader

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs warnings about malformed files
    reader = PdfReader(BytesIO(content))
    if reader.is_encrypted and not reader.decrypt(""):
        raise _refused("is protected by a password. Save it without one.")
    for page in reader.pages:
        text = _BLANK.sub("\n\n", page.extract_text().replace("\0", ""))
        yield _HYPHENATED.sub("", text).strip("\n")


def _paragraphs(content: bytes) -> Iterator[str]:
    """Yield the paragraphs and the cells of tables, in order; headers, footers and comments are skipped."""
    from docx import Document
    from docx.table import Table

    for block in Document(BytesIO(content)).iter_inner_content():
        if isinstance(block, Table):
            yield from (cell.text for row in block.rows for cell in row.cells if cell.text.strip())
        elif block.text.strip():
            yield block.text


def _refused(detail: str) -> Invalid:
    return Invalid((Fault("/text", detail),))

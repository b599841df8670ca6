"""PDF and DOCX, made here."""

import sys
from io import BytesIO

import pytest
from docx import Document
from pypdf import PdfWriter

from service.errors import Invalid
from service.files.articles import DocumentForm, read_document


def pdf(*lines: str, password: str | None = None) -> bytes:
    """A page with these lines, or an empty one."""
    show = " ".join(f"({line}) Tj T*" for line in lines)
    stream = f"BT /F1 12 Tf 14 TL 72 700 Td {show} ET".encode()
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
    ]
    file, places = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        places.append(len(file))
        file += b"%d 0 obj\n%s\nendobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % relative_path for relative_path in places)
    file += b"xref\n0 5\n0000000000 65535 f \n%strailer << /Size 5 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (
        table,
        len(file),
    )
    if password is None:
        return file
    writer, locked = PdfWriter(clone_from=BytesIO(file)), BytesIO()
    writer.encrypt(password, algorithm="RC4-128")
    writer.write(locked)
    return locked.getvalue()


def docx(*paragraphs: str) -> bytes:
    document, file = Document(), BytesIO()
    for paragraph in paragraphs:
        document.add_paragraph(paragraph)
    table = document.add_table(rows=1, cols=2)
    table.rows[0].cells[0].text = "in a table"
    document.save(file)
    return file.getvalue()


def test_the_paragraphs_and_tables_of_a_word_document_are_read() -> None:
    assert read_document(docx("Bridge to reopen", "", "“We lost a winter,” she said."), "docx") == (
        "Bridge to reopen\n\n“We lost a winter,” she said.\n\nin a table"
    )


def test_the_lines_of_a_pdf_are_read_and_hyphenated_words_joined() -> None:
    assert read_document(pdf("Mayor Ruth Alder said the bridge will re-", "open in May."), "pdf") == (
        "Mayor Ruth Alder said the bridge will reopen in May."
    )


@pytest.mark.parametrize(
    ("content", "form", "reason"),
    [
        (pdf(), "pdf", "has no text"),
        (pdf("secret", password="x"), "pdf", "password"),
        (b"", "pdf", "is not a readable PDF"),
        (b"%PDF-1.4 broken", "pdf", "is not a readable PDF"),
        (b"", "docx", "is not a readable Word document"),
        (b"PK\x03\x04broken", "docx", "is not a readable Word document"),
    ],
    ids=["no text", "password", "empty pdf", "broken pdf", "empty docx", "broken docx"],
)
def test_a_document_that_cannot_be_read_is_refused(content: bytes, form: DocumentForm, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        read_document(content, form)


@pytest.mark.parametrize(("form", "library"), [("pdf", "pypdf"), ("docx", "docx")])
def test_without_the_extra_a_document_is_refused(
    form: DocumentForm, library: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, library, None)
    with pytest.raises(Invalid, match=r"needs pullquote\[files\]"):
        read_document(b"", form)

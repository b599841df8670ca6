"""Process one article of a file: read it like a request body of its type, and format the result."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from schemas.line import split_line
from schemas.query import completed
from schemas.request import load_request
from service.article.page_reader import PageReader
from service.decoding import decode_html, decode_text, parse_json
from service.errors import InputError, Invalid, ModelError
from service.files.documents import read_document
from service.files.formats import FORMATS, Answer
from service.files.outcomes import Answered, Refused, Sent
from service.files.wanted import Wanted
from service.parsing.parser import Parser
from service.pipeline import quotes_of
from service.reading import article_of
from service.rendering import render
from service.settings import Settings


class Answering:
    """Processes articles one by one. The model is loaded for the first readable one."""

    def __init__(self, load: Callable[[], Parser], settings: Settings, wanted: Wanted) -> None:
        self._load = load
        self._settings = settings
        self._wanted = wanted
        self._pages = PageReader(settings.page_seconds)
        self._parser: Parser | None = None

    def answer(self, sent: Sent) -> Answered | Refused:
        """Process `sent`, or reject it; an error in one article does not affect the others.

        Raises `ModelError` if the model cannot be loaded.
        """
        try:
            return Answered(sent, self._text(sent))
        except ModelError:
            raise
        except Invalid as error:
            return Refused(sent.name, reason_of(error, sent), len(sent.content))
        except InputError as error:
            return Refused(sent.name, str(error), len(sent.content))
        except Exception as error:  # a bug, but no reason to drop the other articles
            reason = f"caused an internal error in Pullquote ({type(error).__name__}: {error}). Please report it."
            return Refused(sent.name, reason, len(sent.content))

    def _text(self, sent: Sent) -> str:
        most = self._settings.max_characters
        given = {"id": sent.name, "options": self._wanted.options}
        document, extra = document_of(sent, self._settings, self._wanted.fields)
        fields, options = load_request(completed(document, given), most)
        article = article_of(fields, self._pages, most, extra)
        if sent.form in ("pdf", "docx"):
            article = replace(article, text_found=True)
        parser = self._loaded()
        report = quotes_of(article, parser, options)
        document = render(article, report, options, parser.model)
        return FORMATS[self._wanted.format].write(Answer(article, report, options, document), self._wanted.look)

    def _loaded(self) -> Parser:
        if self._parser is None:
            self._parser = self._load()
        return self._parser


def reason_of(error: Invalid, sent: Sent) -> str:
    """Return the faults of `sent` as text, without the pointer if it stands for the whole file."""
    whole = {"jsonl": None, "html": "/html"}.get(sent.form, "/text")
    return "; ".join(fault.detail if fault.pointer == whole else str(Invalid((fault,))) for fault in error.faults)


def document_of(sent: Sent, limits: Settings, names: Mapping[str, str]) -> tuple[object, str | None]:
    """Return the request contained in the file or line, and the line's other fields. Raises `InputError`."""
    match sent.form:
        case "html":
            return {"html": decode_html(sent.content)}, None
        case "pdf" | "docx":
            return {"text": read_document(sent.content, sent.form)}, None
        case "jsonl":
            return split_line(parse_json(sent.content, limits.max_json_depth, limits.max_json_values, "line"), names)
        case _:
            return {"text": decode_text(sent.content)}, None

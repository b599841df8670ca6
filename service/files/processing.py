"""Processes one article of a file: reads it like a request body of its kind, with its corrections or printed quotes,
and formats the result."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from schemas.corrections import load_corrections
from schemas.request import completed, load_request, split_line
from schemas.verification import load_verify_request
from service.errors import InputError, Invalid, ModelError
from service.extraction.corrections import text_hash
from service.extraction.report import Corrections, Options, Report
from service.files.articles import articles_of, read_document
from service.files.inputs import FormatName, Input, InputArticle, OutputOptions, Processed, Refused, TextStyle
from service.input.article import Article
from service.input.decoding import decode_html, decode_text, parse_json
from service.input.page_reader import PageReader, ReaderStopped
from service.output.csv_table import to_csv
from service.output.marked_html import to_html
from service.output.rendering import render, to_json
from service.output.transcript import to_text
from service.parsing.parser import Parser
from service.pipeline import article_of, quotes_of, verification
from service.settings import Settings

_SUFFIX: Final = ".json"
_MAX_BYTES: Final = 5_000_000


def read_corrections(path: Path) -> tuple[Corrections, ...]:
    """Return the corrections of the file at `path`, or of each JSON file in the folder at `path`, by name.

    Raises `InputError` if a file cannot be read or does not have the format of docs/corrections.md.
    """
    if path.is_dir():
        return tuple(_read(file) for file in sorted(path.iterdir()) if file.suffix == _SUFFIX and file.is_file())
    return (_read(path),)


def _read(path: Path) -> Corrections:
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise InputError(f"{path} has more than {_MAX_BYTES} bytes, the limit of a corrections file.")
        document = json.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"{path} is not JSON in UTF-8: {error}.") from None
    try:
        return load_corrections(document)
    except Invalid as error:
        raise InputError(f"{path} is not a corrections file (docs/corrections.md): {error}.") from None


def verified(
    file: Input, printed: Sequence[dict[str, str]], load: Callable[[Settings], Parser], settings: Settings
) -> dict[str, Any] | str:
    """Return the response about the `printed` quotes and the article of `file`, or the reason why it cannot be read.

    Raises `ModelError` if the model cannot be loaded.
    """
    (input_article,) = articles_of(file, settings.max_bytes)
    if isinstance(input_article, Refused):
        return input_article.reason
    try:
        document, _ = document_of(input_article, settings, {})
        assert isinstance(document, dict)
        request = {**document, "id": input_article.name, "quotes": list(printed)}
        fields, claims, options = load_verify_request(
            request, settings.max_characters, settings.max_quotes, settings.max_quote_words
        )
        article = article_of(fields, PageReader(settings.page_seconds), settings.max_characters, form=options.form)
        if input_article.form in ("pdf", "docx"):
            article = replace(article, from_document=True)
        return verification(article, load(settings), claims, options)
    except Invalid as error:
        return reason_of(error, input_article)
    except InputError as error:
        return str(error)


@dataclass(frozen=True, slots=True)
class Answer:
    """The data available to a format. `document` is the response as JSON, checked."""

    article: Article
    report: Report
    options: Options
    document: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Format:
    """An output format. `preamble` is written once before the first result."""

    suffix: str
    write: Callable[[Answer, TextStyle], str]
    preamble: str = ""


def _csv(answer: Answer, _: TextStyle) -> str:
    return to_csv(answer.article, answer.report, answer.options.offsets, header=False)


def _text(answer: Answer, style: TextStyle) -> str:
    return to_text(answer.article, answer.report, style.width, styled=style.styled, coloured=style.coloured)


CSV_HEADER: Final = to_csv(Article(""), Report())
BOM: Final = "\ufeff"  # lets Excel detect UTF-8
FORMATS: Final[dict[FormatName, Format]] = {
    "jsonl": Format(".jsonl", lambda answer, _: to_json(answer.document) + "\n"),
    "json": Format(".json", lambda answer, _: json.dumps(answer.document, ensure_ascii=False, indent=2) + "\n"),
    "csv": Format(".csv", _csv, preamble=CSV_HEADER),
    "html": Format(".html", lambda answer, _: to_html(answer.article, answer.report)),
    "text": Format(".txt", _text),
}


def format_of(output_options: OutputOptions) -> Format:
    """Return the requested format, with a byte order mark in its header if requested."""
    form = FORMATS[output_options.format]
    return replace(form, preamble=BOM + form.preamble) if output_options.bom else form


class ArticleProcessor:
    """Processes articles one by one. The model is loaded for the first readable one."""

    def __init__(self, load: Callable[[], Parser], settings: Settings, output_options: OutputOptions) -> None:
        self._load = load
        self._settings = settings
        self._output_options = output_options
        self._pages = PageReader(settings.page_seconds)
        self._parser: Parser | None = None

    def answer(self, input_article: InputArticle) -> Processed | Refused:
        """Process `input_article`, or reject it; an error in one article does not affect the others.

        Raises `ModelError` if the model cannot be loaded.
        """
        try:
            return Processed(input_article, self._text(input_article))
        except ModelError:
            raise
        except Invalid as error:
            stopped = isinstance(error.__cause__, ReaderStopped)
            return Refused(input_article.name, reason_of(error, input_article), len(input_article.content), stopped)
        except InputError as error:
            return Refused(input_article.name, str(error), len(input_article.content))
        except Exception as error:  # a bug, but no reason to drop the other articles
            reason = f"caused an internal error in Pullquote ({type(error).__name__}: {error}). Please report it."
            return Refused(input_article.name, reason, len(input_article.content), _is_of_the_machine(error))

    def load(self) -> None:
        """Load the model. Raises `ModelError`."""
        self._loaded()

    def _text(self, input_article: InputArticle) -> str:
        most = self._settings.max_characters
        given = {"id": input_article.name, "options": self._output_options.options}
        document, extra = document_of(input_article, self._settings, self._output_options.fields)
        fields, options = load_request(completed(document, given), most)
        article = article_of(fields, self._pages, most, extra, options.form)
        if input_article.form in ("pdf", "docx"):
            article = replace(article, from_document=True)
        options = self._with_corrections(article, options)
        parser = self._loaded()
        report = quotes_of(article, parser, options)
        document = render(article, report, options, parser.model)
        return self.formatted(Answer(article, report, options, document))

    def formatted(self, answer: Answer) -> str:
        """Return the result in the chosen format."""
        return FORMATS[self._output_options.format].write(answer, self._output_options.style)

    def _with_corrections(self, article: Article, options: Options) -> Options:
        """Return `options` with the corrections that are for `article`.

        Raises `InputError` if there are none and other articles are refused.
        """
        if not self._output_options.corrections and not self._output_options.only_corrected:
            return options
        sha256 = text_hash(article)
        result = next(
            (correction for correction in self._output_options.corrections if correction.sha256 == sha256), None
        )
        if result is None and self._output_options.only_corrected:
            raise InputError(f"differs from the text that the corrections are for (SHA-256 {sha256[:12]}…).")
        return options if result is None else replace(options, corrections=result)

    def _loaded(self) -> Parser:
        if self._parser is None:
            self._parser = self._load()
        return self._parser


_NO_MEMORY: Final = "allocate memory"  # in the message of torch's RuntimeError


def _is_of_the_machine(error: Exception) -> bool:
    return isinstance(error, MemoryError | OSError) or _NO_MEMORY in str(error)


def reason_of(error: Invalid, input_article: InputArticle) -> str:
    """Return the faults of `input_article` as text, without the pointer if it stands for the whole file."""
    whole = {"jsonl": None, "html": "/html"}.get(input_article.form, "/text")
    return "; ".join(fault.detail if fault.pointer == whole else str(Invalid((fault,))) for fault in error.faults)


def document_of(input_article: InputArticle, limits: Settings, names: Mapping[str, str]) -> tuple[object, str | None]:
    """Return the request in the file or line, and the line's other fields. Raises `InputError`."""
    match input_article.form:
        case "html":
            return {"html": decode_html(input_article.content)}, None
        case "pdf" | "docx":
            return {"text": read_document(input_article.content, input_article.form)}, None
        case "jsonl":
            return split_line(
                parse_json(input_article.content, limits.max_json_depth, limits.max_json_values, "line"), names
            )
        case _:
            return {"text": decode_text(input_article.content)}, None

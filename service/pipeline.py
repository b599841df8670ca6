"""Process one article: read it, parse it, extract its quotes. The API, the command line and `pullquote` call this."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from threading import Lock
from typing import Any, Final

from schemas.request import is_english, load_request
from schemas.verification import load_verify_request
from service.errors import Fault, Invalid
from service.extraction.corrections import before_corrections, corrected, mismatches
from service.extraction.extractor import extract
from service.extraction.forms.recognition import with_form
from service.extraction.report import FormOption, Options, Report
from service.input.article import NO_DEADLINE, Article, ArticleMetadata, Deadline, Paragraph
from service.input.boilerplate import is_prose
from service.input.html_blocks import Unreadable
from service.input.input_warnings import find_warnings
from service.input.page_reader import PageReader
from service.input.paragraphs import read_article, read_page_article
from service.output.rendering import render, render_checks
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.server.request_stats import record_article, stage
from service.settings import Settings
from service.verification.verify import Claim, verify

_MAX_FAULTS: Final = 20
_WARM_UP: Final = '"It works," Ann Example said.\n\nBob Sample, a plumber, told reporters that it does.'
Request = str | Mapping[str, Any]


def quotes_of(article: Article, parser: Parser, options: Options, deadline: Deadline = NO_DEADLINE) -> Report:
    """Find who said what in `article`, with `options.corrections` applied.

    Raises `OutOfTime` soon after the deadline, and `Invalid` if the corrections are for another text.
    """
    article = with_form(article, options.form)
    corrections = options.corrections
    if corrections is not None and (faults := mismatches(article, corrections)):
        raise Invalid(tuple(Fault(f"/corrections{pointer}", detail) for pointer, detail in faults[:_MAX_FAULTS]))
    with stage("parse"):
        (parse,) = parser.parse([_with_boilerplate(article) if options.furniture else article], deadline)
    with stage("extract"):
        if corrections is None:
            report = extract(article, parse, options, deadline)
        else:
            report = extract(article, parse, before_corrections(options), deadline)
            report = corrected(article, report, corrections, options, deadline)
    record_article(article, parse, report)
    return report


def _with_boilerplate(article: Article) -> Article:
    """Return `article` with no paragraph marked as boilerplate, so that the parser reads all of it."""
    return replace(article, paragraphs=tuple(Paragraph(paragraph.span) for paragraph in article.paragraphs))


def answer(article: Article, parser: Parser, options: Options) -> dict[str, Any]:
    """Find who said what in `article` and return the JSON that openapi.yaml describes. Raises `BrokenPromise`."""
    article = with_form(article, options.form)
    return render(article, quotes_of(article, parser, options), options, parser.model)


def verification(
    article: Article, parser: Parser, claims: Sequence[Claim], options: Options, deadline: Deadline = NO_DEADLINE
) -> dict[str, Any]:
    """Verify `claims` against `article` and return the JSON that openapi.yaml describes.

    Raises `OutOfTime` soon after the deadline, and `BrokenPromise`.

    Unattributed quoted text counts as a quote here: it is not in the article's own words.
    """
    report = quotes_of(article, parser, replace(options, unattributed=True, statements="all", nested=True), deadline)
    with stage("verify"):
        checks = verify(article, report, claims, deadline)
    with stage("render"):
        return render_checks(article, report, checks, options, parser.model)


def warm_up(parser: Parser) -> None:
    """Process a small article, so that lexicons, language detection and kernels are loaded before the first request."""
    article = read_article(_WARM_UP)
    find_warnings(article)
    answer(article, parser, Options())


def article_of(
    fields: Mapping[str, Any],
    pages: PageReader,
    max_characters: int,
    extra: str | None = None,
    form: FormOption = "auto",
) -> Article:
    """Return the article of a request's `fields` (see `load_request`), with its form and its warnings.

    `extra` are the other fields of its line, as a JSON object; `form` is what the request says that the article is.

    Raises `Invalid` if a page has no article, one longer than `max_characters`, or one that is not in English.
    """
    with stage("article"):
        about = ArticleMetadata(**{name: value for name, value in fields.items() if name not in ("text", "html")})
        if "html" in fields:
            article = _page_article(fields["html"], about, pages, max_characters)
        else:
            article = read_article(fields["text"], about)
        article = with_form(article, form)
        return replace(article, warnings=find_warnings(article), extra=extra)


def _page_article(html: str, about: ArticleMetadata, pages: PageReader, max_characters: int) -> Article:
    try:
        article = read_page_article(pages.read(html), about)
    except Unreadable as error:
        raise _refused(str(error)) from error
    if len(article.text) > max_characters:
        raise _refused(
            f"has an article of {len(article.text)} characters; the limit is {max_characters}. Send it in parts."
        )
    if article.language and not is_english(article.language):
        raise _refused(
            f"declares the language '{article.language}'; only English is supported. If the "
            "declaration is wrong, send language too."
        )
    if not any(
        paragraph.section == "body" and is_prose(article.slice(paragraph.span)) for paragraph in article.paragraphs
    ):
        raise _refused(
            f"has no article: no article text was found on the page (text blocks: {len(article.paragraphs)})."
        )
    return article


def _refused(detail: str) -> Invalid:
    return Invalid((Fault("/html", detail),))


class Reader:
    """Finds and verifies quotes with one loaded model. Threads can share it: their calls run one after the other.

    `settings` has the limits and the model; without it, the defaults apply, and no environment variable is read. `load`
    replaces the model. The model is loaded for the first article, in about two seconds.
    """

    def __init__(self, settings: Settings | None = None, load: Callable[[Settings], Parser] = load_parser) -> None:
        self._settings = settings or Settings(workers=1)
        self._load = load
        self._pages = PageReader(self._settings.page_seconds)
        self._parser: Parser | None = None
        self._lock = Lock()

    def quotes(self, article: Request, **options: Any) -> dict[str, Any]:
        """Find who said what in an article, and return the JSON that `POST /quotes` responds with.

        `article` is the text, or a request as openapi.yaml describes it, with `text` or `html`; `options` are its
        options. Raises `Invalid`, whose `faults` name the fields that are wrong.
        """
        limit = self._settings.max_characters
        fields, chosen = load_request(_request(article, options), limit)
        with self._lock:
            return answer(article_of(fields, self._pages, limit), self._loaded(), chosen)

    def verify(self, article: Request, quotes: Iterable[str | Mapping[str, Any]], **options: Any) -> dict[str, Any]:
        """Verify printed `quotes` against an article, and return the JSON that `POST /quotes/verify` responds with.

        A quote is its text, or `{"text": …, "speaker": …}`. Raises `Invalid`.
        """
        printed = [{"text": quote} if isinstance(quote, str) else dict(quote) for quote in quotes]
        limits = self._settings
        fields, claims, chosen = load_verify_request(
            {**_request(article, options), "quotes": printed},
            limits.max_characters,
            limits.max_quotes,
            limits.max_quote_words,
        )
        with self._lock:
            return verification(article_of(fields, self._pages, limits.max_characters), self._loaded(), claims, chosen)

    def _loaded(self) -> Parser:
        if self._parser is None:
            self._parser = self._load(self._settings)
        return self._parser


def _request(article: Request, options: Mapping[str, Any]) -> dict[str, Any]:
    request: dict[str, Any] = {"text": article} if isinstance(article, str) else dict(article)
    together = {**request.get("options", {}), **options}
    return {**request, "options": together} if together else request

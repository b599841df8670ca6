"""A parser without a model: hand-written trees for the tests' sentences, and simple trees for any other."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.chunks import segments
from service.parsing.parser import ModelInfo, Parser
from service.parsing.tree import ROOT, Entity, EntityKind, Parse, Sentence, Word
from tests import trees

if TYPE_CHECKING:
    from service.input.page_reader import PageReader

# The texts that tests send to the service, paragraph by paragraph, with their trees and names.
TOLD: Final = "Mayor Ruth Alder told reporters that the bridge will reopen in May."
LOST: Final = "“We lost a winter,” she said."
ARTICLE: Final = f"{TOLD}\n\n{LOST}"

_KNOWN: Final[dict[str, tuple[str, dict[str, EntityKind]]]] = {
    TOLD: (
        "Mayor/PROPN/compound/Alder Ruth/PROPN/compound/Alder Alder/PROPN/nsubj/told told=tell/VERB/root"
        " reporters=reporter/NOUN/obj/told that/SCONJ/mark/reopen the/DET/det/bridge bridge/NOUN/nsubj/reopen"
        " will/AUX/aux/reopen reopen/VERB/ccomp/told in/ADP/case/May May/PROPN/obl/reopen ./PUNCT/punct/told",
        {"Ruth Alder": "person"},
    ),
    LOST: (
        "“/PUNCT/punct/lost We/PRON/nsubj/lost lost=lose/VERB/ccomp/said a/DET/det/winter winter/NOUN/obj/lost"
        " ,/PUNCT/punct/said ”/PUNCT/punct/lost she/PRON/nsubj/said/Gender=Fem|Number=Sing said=say/VERB/root"
        " ./PUNCT/punct/said",
        {},
    ),
}
_WORD: Final = re.compile(r"\w+|[^\w\s]")
_SENTENCE: Final = re.compile(r"[^.!?]*[^.!?\s][^.!?]*[.!?”\"]*")
_VERBS: Final = {"said": "say", "says": "say", "told": "tell", "asked": "ask", "thinks": "think"}


class FakeParser:
    """Returns the trees above; for other text, a tree of "X said Y" if there is such a verb, else a flat tree."""

    @property
    def model(self) -> ModelInfo:
        return ModelInfo("fake", "1")

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        return [self._parse(article) for article in articles]

    def _parse(self, article: Article) -> Parse:
        sentences: list[Sentence] = []
        entities: list[Entity] = []
        for paragraph in article.paragraphs:
            if paragraph.section == "furniture":
                continue
            text = article.slice(paragraph.span)
            if text in _KNOWN:
                written, names = _KNOWN[text]
                parse = _moved(trees.parse(text, [written], names), paragraph.span.start)
                sentences += parse.sentences
                entities += parse.entities
            else:
                sentences += _guessed(article, paragraph.span)
        return Parse(tuple(sentences), tuple(entities))


def _moved(parse: Parse, by: int) -> Parse:
    """Shift the `parse` of a paragraph to its offset in the article."""
    return Parse(
        tuple(
            Sentence(tuple(replace(word, span=_shifted(word.span, by)) for word in sentence.words))
            for sentence in parse.sentences
        ),
        tuple(replace(entity, span=_shifted(entity.span, by)) for entity in parse.entities),
    )


def _shifted(span: Span, by: int) -> Span:
    return Span(span.start + by, span.end + by)


def _guessed(article: Article, paragraph: Span) -> Iterator[Sentence]:
    for found in _SENTENCE.finditer(article.text, *paragraph):
        spans = [Span(*word.span()) for word in _WORD.finditer(article.text, *found.span())]
        forms = [article.slice(span) for span in spans]
        for start, end in segments(forms):  # split like the real parser
            if start < end:
                yield _tree(spans[start:end], forms[start:end])


def _tree(spans: Sequence[Span], forms: Sequence[str]) -> Sentence:
    verb = next((at for at, form in enumerate(forms) if at and form in _VERBS), 0)
    words = []
    for at, (span, form) in enumerate(zip(spans, forms, strict=True)):
        upos, deprel, head = "X", "dep", verb
        if at == verb:
            upos, deprel, head = ("VERB" if verb else "X"), "root", ROOT
        elif not form.isalnum():
            upos, deprel = "PUNCT", "punct"
        elif verb and at == verb - 1:
            upos, deprel = "PROPN", "nsubj"
        elif verb and at == verb + 1:
            upos, deprel = "VERB", "ccomp"
        elif verb and at > verb:
            upos, head = "NOUN", verb + 1 if verb + 1 < len(forms) and forms[verb + 1].isalnum() else verb
        words.append(Word(span, form, _VERBS.get(form, form), upos, deprel, head))
    return Sentence(tuple(words))


def need_no_torch() -> None:
    """Let this process, which has a parser without a model, identify model and processor without importing torch.

    That takes a second, and each server and command that a test starts would do it.
    """
    import service.app
    from service.parsing.embedded import arithmetic

    arithmetic.abilities = frozenset  # type: ignore[assignment]
    service.app.processor_kind = lambda: "any"  # type: ignore[assignment,attr-defined]


@cache
def shared_page_reader(seconds: float) -> "PageReader":
    """Return a reader of pages for all applications of this process: each would start a process, which takes 0.5 s."""
    from service.input.page_reader import PageReader

    return PageReader(seconds)


def need_no_detector() -> None:
    """Let this process, which reads English only, take every text for English.

    Loading the tables of languages takes 0.7 s, and each process that a test starts would do it.
    """
    import service.input.input_warnings

    service.input.input_warnings.load_detector = _English  # type: ignore[assignment]


class _English:
    def rank(self, text: str) -> list[tuple[str, float]]:
        return [("en", 1.0)]


class KeptParser:
    """Parses like `parser`, with a cache by text, paragraphs and what is unread."""

    def __init__(self, parser: Parser) -> None:
        self._parser = parser
        self._kept: dict[Any, Parse] = {}

    @property
    def model(self) -> ModelInfo:
        return self._parser.model

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        return [self._parse(article, deadline) for article in articles]

    def _parse(self, article: Article, deadline: Deadline) -> Parse:
        key = (article.text, article.paragraphs, article.skipped, article.spelling)
        if key not in self._kept:
            (self._kept[key],) = self._parser.parse([article], deadline)
        return self._kept[key]

"""The parser for a user's own Stanza models: Stanza's pipeline over an article's paragraphs.

Each article is parsed on its own, in batches of its own sentences, so its parse does not depend on other articles.
Stanza is not thread-safe: use one parser per process, one call at a time.
"""

from bisect import bisect_right
from collections.abc import Sequence
from math import inf
from pathlib import Path
from typing import Final

import stanza
from stanza.models.common.doc import Document

from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.chunks import MAX_WORDS, check_sentences, chunks_of, pieces_of, segments, spelled
from service.parsing.library_setup import no_optimizers, set_up_torch
from service.parsing.packs import LANGUAGE
from service.parsing.parser import ModelInfo
from service.parsing.stanza_types import (
    Row,
    StanzaDocument,
    StanzaEntity,
    StanzaPipeline,
    StanzaSentence,
    StanzaWord,
)
from service.parsing.tree import Entity, EntityKind, Parse, Sentence, Word

_BETWEEN: Final = "\n\n"  # between two pieces: a blank line ends a sentence
MAX_WORD_LENGTH: Final = 100  # code points of a word that the models see; its span covers all of it
# the World Health Organization, the country, information technology
_LIKE_PRONOUNS: Final = frozenset({"WHO", "US", "IT"})
_KINDS: Final[dict[str, EntityKind]] = {
    "person": "person", "PERSON": "person", "PER": "person",
    "organization": "organization", "ORG": "organization",
    "place": "place", "GPE": "place", "LOC": "place", "FAC": "place",
}  # fmt: skip


class StanzaParser:
    """Parses articles with a Stanza pipeline.

    Articles have at most `max_sentences`; sentences of more than `max_words` words are split.
    """

    def __init__(
        self,
        pipeline: StanzaPipeline,
        model: ModelInfo,
        max_sentences: float = inf,
        max_words: int = MAX_WORDS,
    ) -> None:
        self._pipeline = pipeline
        self._model = model
        self._max_sentences = max_sentences
        self._max_words = max_words

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        return self._model

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Raises `OutOfTime` soon after the deadline, and `Invalid`."""
        return [self._parse(article, deadline) for article in articles]

    def _parse(self, article: Article, deadline: Deadline) -> Parse:
        text = spelled(article)
        chunks = list(chunks_of(pieces_of(article, text), len(_BETWEEN)))
        documents = self._split(article, text, chunks, deadline)
        total = sum(map(len, documents))
        sentences: list[Sentence] = []
        entities: list[Entity] = []
        for pieces, document in zip(chunks, documents, strict=True):
            deadline.check(len(sentences), total, "sentences parsed")
            original = _Original(article, pieces)
            parsed, result = self._annotated(Document(document, _joined(text, pieces)))
            sentences += (_sentence(sentence, original) for sentence in parsed.sentences)
            entities += (
                Entity(original.span(item.start_char, item.end_char), _KINDS[item.type])
                for item in result
                if item.type in _KINDS
            )
        return Parse(tuple(sentences), tuple(entities))

    def _split(
        self, article: Article, text: str, chunks: Sequence[Sequence[Span]], deadline: Deadline
    ) -> list[list[list[Row]]]:
        """Return the sentences of each chunk, as `Document` takes them. Raises `Invalid` if there are too many."""
        documents = []
        for pieces in chunks:
            deadline.check(pieces[0].start, len(text), "characters divided into sentences")
            documents.append(self._sentences(_joined(text, pieces)))
        check_sentences(sum(map(len, documents)), self._max_sentences, article)
        return documents

    def _sentences(self, text: str) -> list[list[Row]]:
        return _within_limits(self._pipeline.processors["tokenize"].process(text), self._max_words)

    def _annotated(self, document: StanzaDocument) -> tuple[StanzaDocument, Sequence[StanzaEntity]]:
        """Annotate `document`, whose words are known. Returns it and its entities."""
        processors = self._pipeline.processors
        for name in ("mwt", "pos", "lemma", "depparse"):
            if name in processors:
                document = processors[name].process(document)
        return document, processors["ner"].process(_words_as_tokens(document)).ents if "ner" in processors else []


def _joined(text: str, pieces: Sequence[Span]) -> str:
    return _BETWEEN.join(text[start:end] for start, end in pieces)


class _Original:
    """Converts offsets into the joined pieces to offsets into the article."""

    def __init__(self, article: Article, pieces: Sequence[Span]) -> None:
        self.article = article
        self._starts: list[int] = []
        self._shifts: list[int] = []
        joined = 0
        for start, end in pieces:
            self._starts.append(joined)
            self._shifts.append(start - joined)
            joined += end - start + len(_BETWEEN)

    def span(self, start: int, end: int) -> Span:
        """Return the span in the article of a Stanza token, word or entity."""
        shift = self._shifts[bisect_right(self._starts, start) - 1]
        return Span(start + shift, end + shift)


def _sentence(sentence: StanzaSentence, original: _Original) -> Sentence:
    words = []
    for token in sentence.tokens:
        for word in token.words:
            if word.start_char is None or word.end_char is None:
                span = original.span(token.start_char, token.end_char)
            else:
                span = original.span(word.start_char, word.end_char)
            text, lemma = original.article.slice(span), word.lemma or word.text
            words.append(
                Word(span, text, lemma, _upos(word), word.deprel, word.head - 1, word.xpos or "", word.feats or "")
            )
    return Sentence(tuple(words))


def _upos(word: StanzaWord) -> str:
    """Return the word's tag, corrected for acronyms that the tagger takes for pronouns, as the encoder is uncased."""
    return "PROPN" if word.upos == "PRON" and word.text in _LIKE_PRONOUNS else str(word.upos)


def _within_limits(document: StanzaDocument, max_words: int) -> list[list[Row]]:
    """Return the tokenized sentences of `document`, with overlong sentences and words split."""
    sentences = []
    for sentence in document.sentences:
        for start, end in segments([token.text for token in sentence.tokens], max_words):
            sentences.append([
                {
                    "id": (number,), "text": token.text[:MAX_WORD_LENGTH], "misc": token.misc,
                    "start_char": token.start_char, "end_char": token.end_char,
                }
                for number, token in enumerate(sentence.tokens[start:end], start=1)
            ])  # fmt: skip
    return sentences


def _words_as_tokens(document: StanzaDocument) -> StanzaDocument:
    """Return `document` with every word as a token: the encoder was trained on "Obama" and "'s" as separate tokens."""
    renumbered: StanzaDocument = Document(
        [
            [
                {
                    "id": (number,), "text": word.text,
                    "start_char": word.parent.start_char if word.start_char is None else word.start_char,
                    "end_char": word.parent.end_char if word.end_char is None else word.end_char,
                }
                for number, word in enumerate(sentence.words, start=1)
            ]
            for sentence in document.sentences
        ],
        document.text,
    )  # fmt: skip
    return renumbered


def open_stanza_models(folder: Path, package: str, threads: int) -> tuple[StanzaPipeline, ModelInfo]:
    """Load models in Stanza's own layout."""
    set_up_torch(threads)
    with no_optimizers():
        pipeline = stanza.Pipeline(
            LANGUAGE, dir=str(folder), package=package, processors="tokenize,mwt,pos,lemma,depparse,ner",
            download_method=None, use_gpu=False, logging_level="ERROR",
        )  # fmt: skip
    return pipeline, ModelInfo(f"stanza {LANGUAGE} {package}", stanza.__version__)

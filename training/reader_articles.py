"""Annotated articles as training data of the reader."""

from collections.abc import Iterator
from itertools import accumulate
from pathlib import Path

from service.extraction.attribution.lexicons import ATTITUDE
from service.extraction.attribution.sentence_view import SentenceView
from service.input.characters import straighten
from service.parsing.embedded.reader import quotation_flags
from training.attribution.gold import golds_of, places_of
from training.attribution.parses import CorpusDocument
from training.corpora import conllu
from training.reader_examples import CueGold, ReaderArticle


def reader_article(document: CorpusDocument) -> ReaderArticle:
    """Convert a parsed article. Attributions without a cue or content are skipped."""
    page = document.parsed
    sentences = page.parse.sentences
    starts = [0, *accumulate(len(sentence.words) for sentence in sentences)]
    paragraphs = [page.paragraph_at(sentence.span.start) for sentence in sentences]
    kinds: list[str | None] = []
    attitudes: set[int] = set()
    for index, sentence in page.parse.numbered():
        view = SentenceView(page, index)
        masked = view.masked
        attitudes |= {starts[index] + place for place, kind in enumerate(view.classes) if kind in ATTITUDE}
        kinds += [
            f"{mask} {word.xpos}" if mask.startswith("<") and mask.endswith(">") and len(mask) > 2 else None
            for mask, word in zip(masked, sentence.words, strict=True)
        ]
    sentence_starts = [sentence.span.start for sentence in sentences]
    golds: dict[int, CueGold] = {}
    for gold, marked in zip(golds_of(document), document.attributions, strict=True):
        if gold is None:
            continue
        cue = starts[gold.cue[0]] + gold.cue[1]
        content, source = (
            frozenset(starts[index] + place for index, place in places_of(page.parse, sentence_starts, spans))
            for spans in (marked["content"], marked.get("source", []))
        )
        if cue not in golds or len(content) > len(golds[cue].content):
            golds[cue] = CueGold(cue, content, source)
    words = [word.text for sentence in sentences for word in sentence.words]
    word_paragraphs = [
        paragraph for paragraph, sentence in zip(paragraphs, sentences, strict=True) for _ in sentence.words
    ]
    return ReaderArticle(
        document.id,
        tuple(map(straighten, words)),
        tuple(len(sentence.words) for sentence in sentences),
        tuple(paragraphs),
        tuple(quotation_flags(words, word_paragraphs)),
        tuple(kinds),
        tuple(golds.values()),
        frozenset(attitudes - golds.keys()) if document.everyday else frozenset(),
    )


def treebank_articles(file: Path) -> Iterator[ReaderArticle]:
    """Yield the documents of a treebank, which have no annotated attributions."""
    sentences: list[conllu.Sentence] = []
    for sentence in conllu.read(file):
        if sentence.starts("newdoc") and sentences:
            yield _treebank_article(sentences)
            sentences = []
        sentences.append(sentence)
    yield _treebank_article(sentences)


def _treebank_article(sentences: list[conllu.Sentence]) -> ReaderArticle:
    name = next(line.split(" = ")[1] for line in sentences[0].comments if line.startswith("# newdoc id"))
    paragraphs = list(accumulate(int(sentence.starts("newpar")) for sentence in sentences))
    words = [[row[1] for row in sentence.words()] for sentence in sentences]
    flat = [word for own in words for word in own]
    of_words = [paragraph for paragraph, own in zip(paragraphs, words, strict=True) for _ in own]
    return ReaderArticle(
        name,
        tuple(map(straighten, flat)),
        tuple(map(len, words)),
        tuple(paragraphs),
        tuple(quotation_flags(flat, of_words)),
        (None,) * len(flat),
        (),
        annotated=False,
    )

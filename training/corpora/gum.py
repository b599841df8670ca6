"""GUM's documents as articles with their own trees and coreference annotation (`Entity=`)."""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from service.extraction.attribution.attributions import attributions_of
from service.extraction.document import build_document
from service.extraction.quotations.continuations import link
from service.extraction.report import MIN_RESOLUTION_SCORE, Options
from service.extraction.speakers.coreference import resolve_mentions
from service.extraction.speakers.mentions import Mention as ResolvedMention
from service.extraction.speakers.referents import Coreference
from service.input.article import Article, Paragraph, Span
from service.parsing.tree import ROOT, Entity, Parse, Sentence, SentenceIndex, Word, WordKey
from training.corpora.conllu import Sentence as Rows
from training.corpora.conllu import raw_text, read
from training.corpora.named_mentions import Mention, head_of, names

GENRES = "news,bio,interview,court,speech,voyage"
_BRACKET = re.compile(r"\((\d+)-(\w+)[^()]*(\))?|(\d+)\)")


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A document: its text, its trees, and the gold entity of each phrase (`meant`), by the position of its head."""

    name: str
    article: Article
    parse: Parse
    meant: dict[WordKey, int]


def gum_documents(corpora: Path, split: str, genres: frozenset[str]) -> Iterator[CorpusDocument]:
    """Yield the documents of GUM's `split` in `genres` ("news", "bio", …)."""
    rows: list[Rows] = []
    for sentence in read(corpora / f"treebanks/gum/{split}.conllu"):
        if sentence.starts("newdoc") and rows:
            yield from _in_genres(rows, genres)
            rows = []
        rows.append(sentence)
    yield from _in_genres(rows, genres)


def _in_genres(rows: list[Rows], genres: frozenset[str]) -> Iterator[CorpusDocument]:
    name = next(line.split(" = ")[1] for line in rows[0].comments if line.startswith("# newdoc id"))
    if name.split("_")[1] in genres:
        yield _document(name, rows)


def _document(name: str, rows: list[Rows]) -> CorpusDocument:
    text = raw_text(rows)
    sentences: list[Sentence] = []
    entities: list[Entity] = []
    meant: dict[WordKey, int] = {}
    cursor = 0
    for number, sentence_rows in enumerate(rows):
        words = _words(text, sentence_rows, cursor)
        cursor = words[-1].span.end
        sentences.append(Sentence(tuple(words)))
        for start, end, kind in names(sentence_rows):
            span = Span(words[start].span.start, words[end - 1].span.end)
            entities.append(Entity(span, kind))  # type: ignore[arg-type]  # `names` returns only these three kinds
        meant |= {(SentenceIndex(number), head): entity for head, entity in _heads(sentence_rows)}
    lines = [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    article = Article(text=text, paragraphs=tuple(map(Paragraph, lines)))
    return CorpusDocument(
        name,
        article,
        Parse(tuple(sentences), tuple(sorted(entities, key=lambda entity: entity.span))),
        meant,
    )


def _words(text: str, sentence: Rows, cursor: int) -> list[Word]:
    """Return the words of `sentence`, located in `text` from `cursor`; words that do not concatenate to their token
    share its span."""
    rows = sentence.words()
    spans: list[Span] = []
    for token in sentence.surface():
        start = text.index(token[1], cursor)
        cursor = start + len(token[1])
        first, _, last = token[0].partition("-")
        forms = [row[1] for row in rows[int(first) - 1 : int(last or first)]]
        at = start
        for form in forms:
            concatenated = "".join(forms) == token[1]
            spans.append(Span(at, at + len(form)) if concatenated else Span(start, cursor))
            at += len(form)
    return [
        Word(
            span=span,
            text=text[span.start : span.end],
            lemma=row[2],
            upos=row[3],
            deprel=row[7],
            head=int(row[6]) - 1 if row[6] != "0" else ROOT,
            xpos=row[4],
            feats=row[5].strip("_"),
        )
        for row, span in zip(rows, spans, strict=True)
    ]


def _heads(sentence: Rows) -> Iterator[tuple[int, int]]:
    """Yield the head and the entity number of each mention within the sentence; of two with one head, the outer
    last."""
    words = sentence.words()
    open_mentions: dict[str, list[int]] = {}
    for position, row in enumerate(words):
        for value in row[9].split("|"):
            if not value.startswith("Entity="):
                continue
            for number, _, closed, closing in _BRACKET.findall(value):
                if closed:
                    yield position, int(number)
                elif closing and open_mentions.get(closing):
                    mention = Mention(open_mentions[closing].pop(), position + 1, "")
                    yield head_of(words, mention), int(closing)
                elif number:
                    open_mentions.setdefault(number, []).append(position)


class Phrase(NamedTuple):
    """A phrase with a gold antecedent: its place, and whether it is resolved correctly (None if left open)."""

    key: WordKey
    mention: ResolvedMention
    right: bool | None


def read_document(document: CorpusDocument) -> Coreference:
    """Analyse `document` on its gold trees."""
    page = build_document(document.article, document.parse)
    return resolve_mentions(
        document.article, document.parse, link(page, *attributions_of(page, MIN_RESOLUTION_SCORE), Options())
    )


def phrases_of(document: CorpusDocument, coref: Coreference) -> Iterator[Phrase]:
    """Yield the evaluable phrases of `document`, in text order."""
    stands_for = _stands_for(coref, document)
    seen_entities: set[int] = set()
    for key in sorted(document.meant):
        entity = document.meant[key]
        mention, has_antecedent = coref.mentions.get(key), entity in seen_entities
        seen_entities.add(entity)
        if mention is None or not has_antecedent:
            continue
        result = coref.resolutions.get(key)
        right: bool | None = None
        if result is not None and result.referent is not None:
            others = Counter(stands_for[result.referent])
            others[entity] -= 1  # not the phrase itself
            right = others[entity] > 0 and others[entity] == max(others.values())
        yield Phrase(key, mention, right)


def _stands_for(coref: Coreference, document: CorpusDocument) -> dict[int, list[int]]:
    """Return the gold entities of each referent's phrases."""
    entities: dict[int, list[int]] = defaultdict(list)
    for key, result in coref.resolutions.items():
        if result.referent is not None and key in document.meant:
            entities[result.referent].append(document.meant[key])
    return entities

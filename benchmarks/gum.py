"""GUM's documents as articles with their own trees and coreference annotation (`Entity=`)."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from service.input.article import Article, Paragraph, Span
from service.parsing.tree import ROOT, Entity, Parse, Sentence, Word
from training.conllu import Sentence as Rows
from training.conllu import raw_text, read
from training.named_mentions import Mention, head_of, names

_BRACKET = re.compile(r"\((\d+)-(\w+)[^()]*(\))?|(\d+)\)")
Key = tuple[int, int]  # a sentence's index and a word's index in it


@dataclass(frozen=True, slots=True)
class CorpusDocument:
    """A document: its text, its trees, and the entity of each phrase, by the place of its head."""

    name: str
    article: Article
    parse: Parse
    meant: dict[Key, int]


def gum_documents(corpora: Path, split: str, genres: frozenset[str]) -> Iterator[CorpusDocument]:
    """Yield the documents of GUM's `split` in `genres` ("news", "bio", …)."""
    rows: list[Rows] = []
    for sentence in read(corpora / f"treebanks/gum/{split}.conllu"):
        if sentence.starts("newdoc") and rows:
            yield from _wanted(rows, genres)
            rows = []
        rows.append(sentence)
    yield from _wanted(rows, genres)


def _wanted(rows: list[Rows], genres: frozenset[str]) -> Iterator[CorpusDocument]:
    name = next(line.split(" = ")[1] for line in rows[0].comments if line.startswith("# newdoc id"))
    if name.split("_")[1] in genres:
        yield _document(name, rows)


def _document(name: str, rows: list[Rows]) -> CorpusDocument:
    text = raw_text(rows)
    sentences: list[Sentence] = []
    entities: list[Entity] = []
    meant: dict[Key, int] = {}
    cursor = 0
    for number, one in enumerate(rows):
        words = _words(text, one, cursor)
        cursor = words[-1].span.end
        sentences.append(Sentence(tuple(words)))
        for start, end, kind in names(one):
            span = Span(words[start].span.start, words[end - 1].span.end)
            entities.append(Entity(span, kind))  # type: ignore[arg-type]  # `names` returns only these three kinds
        meant |= {(number, head): entity for head, entity in _heads(one)}
    lines = [Span(match.start(), match.end()) for match in re.finditer(r"[^\n]+", text)]
    article = Article(text=text, paragraphs=tuple(map(Paragraph, lines)))
    return CorpusDocument(
        name, article, Parse(tuple(sentences), tuple(sorted(entities, key=lambda one: one.span))), meant
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
        inside = [row[1] for row in rows[int(first) - 1 : int(last or first)]]
        at = start
        for form in inside:
            whole = "".join(inside) == token[1]
            spans.append(Span(at, at + len(form)) if whole else Span(start, cursor))
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
    opened: dict[str, list[int]] = {}
    for position, row in enumerate(words):
        for value in row[9].split("|"):
            if not value.startswith("Entity="):
                continue
            for number, _, closed, closing in _BRACKET.findall(value):
                if closed:
                    yield position, int(number)
                elif closing and opened.get(closing):
                    mention = Mention(opened[closing].pop(), position + 1, "")
                    yield head_of(words, mention), int(closing)
                elif number:
                    opened.setdefault(number, []).append(position)

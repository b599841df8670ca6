"""Hand-written parses for tests, short enough to read.

A sentence is its words in order, each written `form/UPOS/deprel/head`, white space between them:

    Watson/PROPN/nsubj/told told=tell/VERB/root Yonhap/PROPN/obj/told ./PUNCT/punct/told

- `head` names the governor by its form (the nearest word so spelled, the earlier of two as near) or by its 1-based
  position, as CoNLL-U does; the root has none.
- `form=lemma` gives a lemma; without one it is the form, in lower case unless the word is a PROPN.
- Two more fields may follow: feats and xpos (`she/PRON/nsubj/said/Gender=Fem|Number=Sing/PRP`).
- A word whose form is itself `/` or `=` or holds a slash is written with `\\u2215` and `\\ua78a` in place of them.

Spans are found in the article's own text, so the text is given once, as a reader would see it, and cannot disagree.
"""

from collections.abc import Iterable, Mapping, Sequence

from service.input.article import Article, Paragraph, Span
from service.parsing.tree import ROOT, Entity, EntityKind, Parse, Sentence, Word


def article(text: str) -> Article:
    """An article of `text`, each of its non-empty lines a paragraph."""
    paragraphs, start = [], 0
    for line in text.split("\n"):
        if line.strip():
            left = start + len(line) - len(line.lstrip())
            paragraphs.append(Paragraph(Span(left, left + len(line.strip()))))
        start += len(line) + 1
    return Article(text=text, paragraphs=tuple(paragraphs))


def parse(text: str, sentences: Sequence[str], entities: Mapping[str, EntityKind] | None = None) -> Parse:
    """The parse of `text` whose `sentences` are written as above; every place where a key of `entities` stands in
    the text is an entity. Raises ValueError where a word or a head is not found."""
    trees, cursor = [], 0
    for written in sentences:
        tree = sentence(text, written, cursor)
        cursor = tree.span.end
        trees.append(tree)
    named = [Entity(span, kind) for form, kind in (entities or {}).items() for span in occurrences(text, form)]
    return Parse(tuple(trees), tuple(sorted(named, key=lambda entity: entity.span)))


def sentence(text: str, written: str, start: int = 0) -> Sentence:
    """One sentence as written above, its words looked up in `text` from `start` on."""
    fields = [token.split("/") for token in written.split()]
    forms = [_restored(parts[0].partition("=")[0]) for parts in fields]
    words = []
    for position, parts in enumerate(fields):
        form = forms[position]
        found = text.find(form, start)
        if found < 0:
            raise ValueError(f"{form!r} does not stand in the text after offset {start}: {text[start : start + 60]!r}")
        start = found + len(form)
        upos, deprel = parts[1], parts[2]
        lemma = _restored(parts[0].partition("=")[2]) or (form if upos == "PROPN" else form.lower())
        words.append(
            Word(
                span=Span(found, start),
                text=form,
                lemma=lemma,
                upos=upos,
                deprel=deprel,
                head=_head(parts[3] if len(parts) > 3 else "", position, forms),
                feats=parts[4] if len(parts) > 4 else "",
                xpos=parts[5] if len(parts) > 5 else "",
            )
        )
    return Sentence(tuple(words))


def occurrences(text: str, form: str) -> Iterable[Span]:
    """Every place where `form` stands in `text`, in order."""
    found = text.find(form)
    while found >= 0:
        yield Span(found, found + len(form))
        found = text.find(form, found + len(form))


def span_of(text: str, form: str, nth: int = 1) -> Span:
    """The `nth` place (from 1) where `form` stands in `text`. Raises ValueError where there are fewer."""
    spans = list(occurrences(text, form))
    if len(spans) < nth:
        raise ValueError(f"{form!r} stands {len(spans)} times in {text!r}, not {nth}")
    return spans[nth - 1]


def _head(written: str, position: int, forms: Sequence[str]) -> int:
    if not written or written == "0":
        return ROOT
    named = [at for at, form in enumerate(forms) if form == _restored(written) and at != position]
    if named:
        return min(named, key=lambda at: abs(at - position))
    if written.isdigit() and int(written) <= len(forms):
        return int(written) - 1
    raise ValueError(f"head {written!r} of word {position + 1} ({forms[position]!r}) is not in the sentence")


def _restored(form: str) -> str:
    return form.replace("\u2215", "/").replace("\ua78a", "=")

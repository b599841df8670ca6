"""Measure coreference on GUM, on its own trees and without a model.

    python -m benchmarks.coreference [--split train] [--genres news,bio,…] [--corpora ../shared] [--wrong N] [--write]

Scores each third-person pronoun, each definite or possessive description and the source of each attribution. A phrase
is correct if most other phrases of the referent that it was resolved to have the same entity in GUM. Phrases without an
annotation, and first mentions of their entity, are not scored. Rules are tuned on train only.
"""

import argparse
import os
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from benchmarks.pages import write_between
from benchmarks.speakers import PAGE
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.pronouns import HE, IT, SHE, THEY
from service.extraction.speakers.referents import Coreference
from service.parsing.tree import WordKey
from training.corpora.gum import GENRES, CorpusDocument, gum_documents, phrases_of, read_document

PHRASES = ("he, she", "it", "they", "description")
KINDS = (*PHRASES, "source: name", *(f"source: {kind}" for kind in PHRASES))


class Case(NamedTuple):
    """A phrase: its kind, whether it is resolved correctly (None if left open), and its place."""

    kind: str
    right: bool | None
    shown: str


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--corpora", type=Path, default=Path(os.environ.get("PULLQUOTE_CORPORA", "../shared")))
    arguments.add_argument("--split", choices=("train", "dev", "test"), default="train")
    arguments.add_argument("--genres", default=GENRES)
    arguments.add_argument("--write", action="store_true", help="put the table into docs/accuracy.md; dev only")
    arguments.add_argument("--wrong", type=int, default=0, help="print N wrong ones of each kind; train only")
    args = arguments.parse_args()
    genres = frozenset(args.genres.split(","))
    cases = [case for document in gum_documents(args.corpora, args.split, genres) for case in cases_of(document)]
    print(table(cases))
    if args.write and args.split == "dev":
        write_between(PAGE, "coreference", table(cases))
    for kind in KINDS if args.split == "train" else ():
        wrong = [case for case in cases if case.kind == kind and not case.right]
        for case in wrong[: args.wrong]:
            print(f"\n{kind}: {case.shown}")


def table(cases: list[Case]) -> str:
    """Format the numbers of correct, wrong and open phrases of each kind, and the share of correct ones, as
    Markdown."""
    rows = ["| | correct | wrong | unresolved | accuracy |", "|---|---|---|---|---|"]
    for kind in KINDS:
        count = Counter(case.right for case in cases if case.kind == kind)
        share = f"{count[True] / count.total():.3f}" if count else ""
        rows.append(f"| {kind} | {count[True]} | {count[False]} | {count[None]} | {share} |")
    return "\n".join(rows)


def cases_of(document: CorpusDocument) -> Iterator[Case]:
    """Yield the evaluable phrases of `document`, in text order, by kind."""
    coref = read_document(document)
    for key, mention, right in phrases_of(document, coref):
        result = coref.resolutions.get(key)
        rule = f"{result.rule} {result.detail}" if result is not None else "no phrase"
        shown = f"{document.name} {_shown(document, key)} → {rule}"
        for kind in _kinds(coref, key, mention):
            yield Case(kind, right, shown)


def _kinds(coref: Coreference, key: WordKey, mention: Mention) -> Iterator[str]:
    kind = ""
    if mention.form == "pronoun":
        groups = {"he, she": HE | SHE, "it": IT, "they": THEY}
        kind = next((name for name, words in groups.items() if mention.role in words), "")
    elif mention.form == "noun" and mention.determiner in {"definite", "possessive"}:
        kind = "description" if mention.kind in {"person", "organization", "group"} else ""
    if kind:
        yield kind
    if key in coref.sources and (kind or mention.form == "name"):
        yield f"source: {kind or 'name'}"


def _shown(document: CorpusDocument, key: WordKey) -> str:
    """Return the sentence, with the phrase's head in brackets."""
    sentence = document.parse.sentences[key[0]]
    span, text = sentence.words[key[1]].span, document.article.text
    sentence_span = sentence.span
    return (
        f"{text[sentence_span.start : span.start]}[{text[span.start : span.end]}]{text[span.end : sentence_span.end]}"
    )


if __name__ == "__main__":
    main()

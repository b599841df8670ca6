"""How the embedded parser differs from Stanza's own pipeline on the same models, for docs/models.md:

python -m tests.parsing.equality

Tokens and sentences come from our own rules (`parsing/tokenization`), and differ from Stanza's network in places. A
pack's light tagger is not one of Stanza's models and is left out here; `training.compare_taggers` compares it with
Stanza's tagger.
"""

from collections import Counter
from collections.abc import Container, Iterator, Sequence
from typing import Any, Final

from benchmarks.pages import ROOT, table, write_between
from service.input.article import Article, Span
from service.input.paragraphs import read_article
from service.parsing.embedded.embedded_parser import EmbeddedParser, open_pack
from service.parsing.packs import embedded_folder, read_pack
from service.parsing.parser import ModelInfo, Parser
from service.parsing.stanza_parser import StanzaParser
from service.parsing.tree import Parse, Sentence, Word
from tests.parsing.stanza_pipeline import stanza_pipeline

FEATURES: Final = ("Number", "Polarity")  # those that the embedded parser computes
_WHERE: Final = {kind: f"{kind}, in sentences with the same words" for kind in ("tags", "lemmas", "arcs", "entities")}


def golden_articles() -> list[Article]:
    """Return the golden articles."""
    paths = sorted((ROOT / "tests/golden").glob("*/*.txt"))
    return [read_article(path.read_text(encoding="utf-8")) for path in paths]


def through_stanza() -> Parser:
    """Return a parser that runs Stanza's pipeline on the pack."""
    return StanzaParser(stanza_pipeline(read_pack(embedded_folder())), ModelInfo("en_news through Stanza", "1"))


def with_its_tagger() -> Parser:
    """Return the embedded parser with Stanza's tagger, in float32."""
    pack = read_pack(embedded_folder())
    pack.encoder.pop("light_tagger", None)
    return EmbeddedParser(*open_pack(pack, 1))


def both_parses(articles: Sequence[Article]) -> list[tuple[Parse, Parse]]:
    """Return each article's parse by Stanza and by the embedded parser."""
    stanza_parser, embedded = through_stanza(), with_its_tagger()
    return [(stanza_parser.parse([article])[0], embedded.parse([article])[0]) for article in articles]


def words_of(sentences: Sequence[Sentence]) -> Iterator[tuple[Word, Word | None]]:
    """Yield each word with its head, None for a root."""
    for sentence in sentences:
        for word in sentence.words:
            yield word, sentence.words[word.head] if word.head >= 0 else None


def features(word: Word) -> tuple[str, ...]:
    return tuple(one for one in word.feats.split("|") if one.partition("=")[0] in FEATURES)


def facts(parse: Parse, same_words: Container[tuple[Span, ...]]) -> dict[str, Counter[Any]]:
    """Return the facts of a parse by kind, each with its span in the text.

    Facts about words are included only for sentences with the same words in both parses.
    """
    state = [sentence for sentence in parse.sentences if spans(sentence) in same_words]
    words = list(words_of(state))
    within = [sentence.span for sentence in state]
    return {
        "sentences": Counter(sentence.span for sentence in parse.sentences),
        "words": Counter(word.span for word, _ in words_of(parse.sentences)),
        "tags": Counter((word.span, word.upos, word.xpos, features(word)) for word, _ in words),
        "lemmas": Counter((word.span, word.lemma) for word, _ in words),
        "arcs": Counter((word.span, head.span if head else None, word.deprel) for word, head in words),
        "entities": Counter(one for one in parse.entities if any(s.start <= one.span.start < s.end for s in within)),
    }


def spans(sentence: Sentence) -> tuple[Span, ...]:
    return tuple(word.span for word in sentence.words)


def different(pairs: Sequence[tuple[Parse, Parse]]) -> dict[str, tuple[int, int]]:
    """Count Stanza's facts that the embedded parser lacks, and all of Stanza's facts, by kind."""
    found: dict[str, tuple[int, int]] = {}
    for stanza, embedded in pairs:
        same = set(map(spans, stanza.sentences)) & set(map(spans, embedded.sentences))
        theirs, ours = facts(stanza, same), facts(embedded, same)
        for kind, counted in theirs.items():
            missing, all_of_them = found.get(kind, (0, 0))
            found[kind] = missing + (counted - ours[kind]).total(), all_of_them + counted.total()
    return found


def main() -> None:
    """Write the table."""
    rows = [(_WHERE.get(kind, kind), *counts) for kind, counts in different(both_parses(golden_articles())).items()]
    text = table(["", "different", "of"], rows)
    print(text)
    write_between(ROOT / "docs/models.md", "equality", text)


if __name__ == "__main__":
    main()

"""Label news with the wide pack, as training data for the narrow one.

    python -m training.silver --work ../work --corpora ../shared --pack ../work/wide

The treebanks are small and contain little news. So the narrow pack is also trained on the wide pack's output for
PolNeAR's train articles (Buciluǎ et al., 2006, Model Compression): trees, tags and names, without PolNeAR's own
annotation. Writes `data/silver.conllu`, with names in MISC as `Name=B-person`.
"""

import argparse
from collections.abc import Iterator
from pathlib import Path

from service.input.article import Span
from service.input.characters import straighten
from service.input.paragraphs import read_article
from service.parsing.chunks import chunks_of, pieces_of, spelled
from service.parsing.load import load_parser
from service.parsing.tree import Parse
from service.settings import Settings
from training.corpora import conllu
from training.corpora.conllu import Sentence
from training.corpora.news import documents, polnear


def main() -> None:
    """Run the command line."""
    args = news_arguments(__doc__).parse_args()
    parser = load_parser(Settings(model=str(args.pack), workers=2))
    result: list[Sentence] = []
    for document in documents(polnear(args.corpora, "train")):
        result += sentences(parser.parse([read_article(str(document["text"]))])[0])
    conllu.write(args.work / "data/silver.conllu", result)
    print(f"{len(result)} sentences, {sum(len(sentence.words()) for sentence in result)} words")


def news_arguments(description: str | None) -> argparse.ArgumentParser:
    """Return the argument parser of a step that uses the wide pack's output for news; `description` is its module's
    docstring."""
    arguments = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--corpora", type=Path, default=Path("../shared"))
    arguments.add_argument("--pack", type=Path, default=Path("../work/wide"), help="the wide pack")
    return arguments


def news_chunks(corpora: Path) -> Iterator[tuple[str, list[Span]]]:
    """Yield PolNeAR's train articles in the form used at run time: the text, and the pieces that are split together."""
    for document in documents(polnear(corpora, "train")):
        article = read_article(str(document["text"]))
        text = spelled(article)
        for spans in chunks_of(pieces_of(article, text)):
            yield text, spans


def sentences(parse: Parse) -> Iterator[Sentence]:
    """Yield the sentences of `parse` as CoNLL-U, with straight quotes as at run time and one word per token."""
    kinds = {}
    for entity in parse.entities:
        kinds[entity.span.start] = (entity.span.end, entity.kind)
    for sentence in parse.sentences:
        rows, until, kind = [], 0, ""
        for number, word in enumerate(sentence.words, 1):
            name = "O"
            if word.span.start < until:
                name = f"I-{kind}"
            elif word.span.start in kinds:
                until, kind = kinds[word.span.start]
                name = f"B-{kind}"
            rows.append(
                [str(number), straighten(word.text), straighten(word.lemma), word.upos, word.xpos, word.feats or "_",
                 str(word.head + 1), word.deprel, "_", f"Name={name}"]
            )  # fmt: skip
        yield Sentence([], rows)


if __name__ == "__main__":
    main()

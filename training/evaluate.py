"""Evaluate a pack end to end, from raw text, and write `scores.json`, which `training.pack` puts in the manifest.

    python -m training.evaluate --work ../work --pack service/parsing/packs/en_news

The text goes through Pullquote's own parser, including paragraphs, straightening and splitting, so this measures what
the service does. Words, tags and trees are scored by the CoNLL 2018 scorer that ships with Stanza, names by exact span
and kind.
"""

import argparse
import io
import json
import re
from collections.abc import Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import Final

from stanza.models.common.utils import ud_scores

from service.input.article import Article, Paragraph, Span
from service.parsing.embedded.embedded_parser import EmbeddedParser, open_pack
from service.parsing.embedded.words import Form
from service.parsing.packs import check_files, read_pack
from service.parsing.tree import Entity, Parse
from training.corpora import conllu
from training.corpora.named_mentions import names
from training.prepare import TREEBANKS
from training.recipe import recipe

METRICS = ("Tokens", "Sentences", "Words", "UPOS", "XPOS", "Lemmas", "UAS", "LAS")
_RECIPE: Final = recipe("evaluate")
BARS: Final[dict[str, float]] = _RECIPE["bars"]  # minimum scores on test


def main() -> None:
    """Score on the treebanks' dev or test set, print a table, and report the scores below the minimum."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--pack", type=Path, default=Path("service/parsing/packs/en_news"))
    arguments.add_argument("--splits", nargs="*", default=["dev", "test"])
    arguments.add_argument("--threads", type=int, default=2)
    args = arguments.parse_args()
    pack = read_pack(args.pack)
    check_files(pack)
    parser = EmbeddedParser(*open_pack(pack, args.threads))
    scores = {}
    for bank in TREEBANKS:
        for split in args.splits:
            row = scores[f"{bank.upper()} {split}"] = score(parser, args.work / "data", f"{bank}.{split}")
            print(f"{bank} {split}:", ", ".join(f"{metric} {value:.2f}" for metric, value in row.items()), flush=True)
            for metric, bar in BARS.items() if split == "test" else ():
                if row.get(metric, bar) < bar:
                    print(f"  BELOW THE MINIMUM: {metric} {row[metric]:.2f}, minimum {bar:.2f}")
    (args.work / "scores.json").write_text(json.dumps(scores, indent=2) + "\n", encoding="utf-8")


def score(parser: EmbeddedParser, data: Path, name: str) -> dict[str, float]:
    """Return F1 in percent for each metric on `name`, and for names if the treebank has them."""
    text = (data / f"{name}.txt").read_text(encoding="utf-8")
    article = Article(text, tuple(Paragraph(Span(*match.span())) for match in re.finditer(r"[^\n]+", text)))
    (parse,) = parser.parse([article])
    forms = [sentence for chunk in parser.split(article) for sentence in chunk]
    result = ud_scores(str(data / f"{name}.conllu"), io.StringIO(to_conllu(parse, forms, text)))
    row = {metric: 100 * result[metric].f1 for metric in METRICS}
    gold = set(gold_names(data / f"{name}.conllu", text))
    if gold:
        row["Names"] = 100 * f1(gold, set(parse.entities))
    return row


def to_conllu(parse: Parse, forms: Sequence[Sequence[Form]], text: str) -> str:
    """Return `parse` as CoNLL-U, with every token as in `text`; `forms` are its words as the models saw them."""
    lines: list[str] = []
    converted_end = 0  # end of the text converted so far
    for sentence, sentence_forms in zip(parse.sentences, forms, strict=True):
        lines += unparsed_rows(text[converted_end : sentence.span.start])
        converted_end = sentence.span.end
        rows = zip(sentence.words, sentence_forms, strict=True)
        number = 1
        for token, group in groupby(rows, key=lambda row: row[1].token):
            words = list(group)
            form = text[token.start : token.end]
            if len(words) > 1:
                lines.append(f"{number}-{number + len(words) - 1}\t{form}" + "\t_" * 8)
            for word, part in words:
                columns = (
                    number, form if len(words) == 1 else part.text, word.lemma, word.upos, word.xpos or "_",
                    word.feats or "_", word.head + 1, word.deprel, "_", "_",
                )  # fmt: skip
                lines.append("\t".join(map(str, columns)))
                number += 1
        lines.append("")
    lines += unparsed_rows(text[converted_end:])
    return "\n".join(lines) + "\n"


def unparsed_rows(gap: str) -> Iterator[str]:
    """Yield rows for text that is not parsed, such as paragraphs of punctuation: the scorer needs every character."""
    for mark in gap.split():
        yield f"1\t{mark}\t_\tPUNCT\t_\t_\t0\troot\t_\t_"
        yield ""


def gold_names(file: Path, text: str) -> Iterator[Entity]:
    """Yield GUM's named entities with their spans in `text`."""
    position = 0
    for sentence in conllu.read(file):
        spans = {}
        for row in sentence.surface():
            position = text.index(row[1], position)
            first, _, last = row[0].partition("-")
            start = position
            for number in range(int(first), int(last or first) + 1):
                form = next(word[1] for word in sentence.words() if word[0] == str(number)) if last else row[1]
                spans[number] = Span(start, start + len(form))
                start += len(form)
            position += len(row[1])
        for mention in names(sentence):
            yield Entity(Span(spans[mention.start + 1].start, spans[mention.end].end), mention.kind)  # type: ignore[arg-type]


def f1(gold: set[Entity], found: set[Entity]) -> float:
    """Return the harmonic mean of precision and recall."""
    return 2 * len(gold & found) / (len(gold) + len(found))


if __name__ == "__main__":
    main()

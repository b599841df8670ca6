"""Extend the lemmatizer's dictionary by verbs and nouns of a lexicon of English that the treebanks lack.

    python -m training.lemma_lexicon --work ../work

News has many verb forms that the treebanks lack, and generating their lemmas character by character often fails
("noting" became "not", "alleging" "alleg"), even for verbs of speech. LemmInflect (Jascob, 2019) includes the
inflections of the SPECIALIST Lexicon of the United States' National Library of Medicine. The treebanks' lemmas take
precedence, and forms with several lemmas in the lexicon stay unknown.

Writes `narrow/lemmatizer/en_news_lemmatizer.pt`.
"""

import argparse
import csv
import gzip
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path

from stanza.models.lemma.trainer import Trainer

from training.corpora import conllu
from training.corpora.conllu import Sentence

MODEL = "lemmatizer/en_news_lemmatizer.pt"
LEXICON = "lemma_lu.csv.gz"
PARTS = {"verb": "VERB", "noun": "NOUN"}

Lexeme = tuple[str, str]  # a form and its universal part of speech


def main() -> None:
    """Read the lemmatizer and write it with a larger dictionary."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    args = arguments.parse_args()
    with (resources.files("lemminflect") / "resources" / LEXICON).open("rb") as file:
        lemmas = new_lemmas(gzip.decompress(file.read()).decode(), conllu.read(args.work / "data/train.conllu"))
    trainer = Trainer(model_file=str(args.work / MODEL), device="cpu")
    for (form, part), lemma in lemmas:
        trainer.pos_dict.setdefault(part, {})[form] = lemma
    (args.work / "narrow" / MODEL).parent.mkdir(parents=True, exist_ok=True)
    trainer.save(str(args.work / "narrow" / MODEL))
    print(f"{len(lemmas)} words added")


def new_lemmas(lexicon: str, treebanks: Iterable[Sentence]) -> list[tuple[Lexeme, str]]:
    """Return the verbs and nouns of `lexicon` (lines of a form, its part of speech, its lemmas separated by `/`) that
    are not in `treebanks`, each with its lemma."""
    known = {(row[1], row[3]) for sentence in treebanks for row in sentence.words()}
    return [(lexeme, lemma) for lexeme, lemma in _entries(lexicon) if lexeme not in known]


def _entries(lexicon: str) -> Iterator[tuple[Lexeme, str]]:
    for form, part, lemmas in csv.reader(lexicon.splitlines()):
        if part in PARTS and form.isalpha() and form.islower() and "/" not in lemmas:
            yield (form, PARTS[part]), lemmas


if __name__ == "__main__":
    main()

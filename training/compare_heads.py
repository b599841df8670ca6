"""Compare a pack's light heads with its tagger and entity recognizer from Stanza, on gold words of the dev sets.

    python -m training.compare_heads --work ../work --pack FOLDER [--light FOLDER]

Prints the share of right tags, F1 of names by exact span and kind, how often persons and organizations are mistaken for
each other, and the CPU time of a word, all on the same encoder states. `--light` is the folder in which
`training.train_light_heads` has written the heads, if they are not in the pack.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final, Protocol

import safetensors.torch
import torch

from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.embedded.embedded_parser import open_pack
from service.parsing.embedded.entities import Name, NameFinder
from service.parsing.embedded.light_heads import from_weights, names_of
from service.parsing.embedded.subwords import States, WordEncoder
from service.parsing.embedded.tagger import Tag, Tagger
from service.parsing.packs import read_pack
from training.corpora import conllu
from training.light_heads_data import VOCABULARY, WEIGHTS, Annotated, annotated, chunks
from training.prepare import TREEBANKS

BETWEEN: Final = frozenset({("person", "organization"), ("organization", "person")})


class Tags(Protocol):
    """A head that tags words."""

    def tag(self, words: Sequence[str], states: States) -> list[Tag]: ...


class Names(Protocol):
    """A head that finds names."""

    def find(self, words: Sequence[str], states: States) -> list[list[Name]]: ...


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--pack", type=Path, default=Path("service/parsing/packs/en_news"))
    arguments.add_argument("--light", type=Path)
    arguments.add_argument("--threads", type=int, default=1)
    args = arguments.parse_args()
    pipeline, encoder, _, light, _ = open_pack(read_pack(args.pack), args.threads, arithmetic())
    if args.light is not None:
        vocabulary = json.loads((args.light / VOCABULARY).read_bytes())
        light = from_weights(safetensors.torch.load_file(args.light / WEIGHTS), vocabulary)
    if light is None:
        raise SystemExit(f"{args.pack} has no light heads. Name the folder of trained ones with --light.")
    processors = pipeline.processors
    heads: dict[str, tuple[Tags, Names]] = {
        "Stanza's": (Tagger(processors["pos"].trainer), NameFinder(processors["ner"].trainers[0])),
        "light": light,
    }
    for bank in TREEBANKS:
        dev = list(map(annotated, conllu.read(args.work / f"data/{bank}.dev.conllu")))
        encoded = [(some, encode(encoder, some)) for some in chunks(dev)]
        for name, (tagger, finder) in heads.items():
            row = scores(tagger, finder, encoded)
            told = ", ".join(f"{metric} {value:.2f}" for metric, value in row.items())
            print(f"{bank} dev, {name} heads: {told}", flush=True)


@torch.inference_mode()
def encode(encoder: WordEncoder, sentences: Sequence[Annotated]) -> States:
    """Return the states of the sentences' words."""
    return encoder.encode([one.words for one in sentences])


@torch.inference_mode()
def scores(tagger: Tags, finder: Names, encoded: Sequence[tuple[Sequence[Annotated], States]]) -> dict[str, float]:
    """Return the scores of two heads, in percent, and their CPU times in µs a word."""
    count: Counter[str] = Counter()
    times: Counter[str] = Counter()
    for sentences, states in encoded:
        words = [word for one in sentences for word in one.words]
        begin = time.thread_time_ns()
        tags = tagger.tag(words, states)
        middle = time.thread_time_ns()
        names = finder.find(words, states)
        times += Counter(tags=middle - begin, names=time.thread_time_ns() - middle)
        count["words"] += len(words)
        for found, right in zip(tags, (tag for one in sentences for tag in one.tags), strict=True):
            count["UPOS"] += found.upos == right[0]
            count["XPOS"] += found.xpos == right[1]
            count["features"] += found.feats == right[2]
        for one, of_sentence in zip(sentences, names, strict=True):
            if one.names is not None:
                count += of_names(set(names_of(one.names)), set(of_sentence))
    row = {metric: 100 * count[metric] / count["words"] for metric in ("UPOS", "XPOS", "features")}
    if count["gold"]:
        row["Names"] = 200 * count["right"] / (count["gold"] + count["found"])
        row["persons for organizations or the reverse"] = count["confused"]
    return row | {f"µs of {name}": spent / 1000 / count["words"] for name, spent in times.items()}


def of_names(gold: set[Name], found: set[Name]) -> Counter[str]:
    """Count the names of a sentence: right, and with the wrong one of the two kinds that can speak."""
    kinds = {(name.start, name.end): name.kind for name in gold}
    confused = sum((kinds.get((name.start, name.end)), name.kind) in BETWEEN for name in found)
    return Counter(gold=len(gold), found=len(found), right=len(gold & found), confused=confused)


if __name__ == "__main__":
    main()

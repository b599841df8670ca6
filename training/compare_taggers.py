"""Compare the light tagger with a pack's tagger from Stanza, on gold words of the dev sets.

    python -m training.compare_taggers --work ../work --pack FOLDER

Prints the share of right tags and the CPU time of a word, both on the same encoder states. The light tagger is the one
that `training.train_light_tagger` has written in the work folder.
"""

import argparse
import json
import time
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

import safetensors.torch
import torch

from service.parsing.embedded.arithmetic import arithmetic
from service.parsing.embedded.embedded_parser import open_pack
from service.parsing.embedded.light_tagger import LightTagger
from service.parsing.embedded.taggers import Tag, Tagger
from service.parsing.embedded.words import States, WordEncoder
from service.parsing.packs import read_pack
from training.corpora import conllu
from training.pack import LIGHT_TAGGER
from training.prepare import TREEBANKS
from training.train_light_tagger import TaggedSentence, chunks, tagged


class AnyTagger(Protocol):
    """A head that tags words."""

    def tag(self, words: Sequence[str], states: States) -> list[Tag]: ...


def main() -> None:
    """Run the command line."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--pack", type=Path, default=Path("service/parsing/packs/en_news"))
    arguments.add_argument("--threads", type=int, default=1)
    args = arguments.parse_args()
    pack = read_pack(args.pack)
    pack.encoder.pop("light_tagger", None)  # with one, Stanza's would not be loaded
    pipeline, encoder, *_ = open_pack(pack, args.threads, arithmetic())
    taggers: dict[str, AnyTagger] = {
        "Stanza's tagger": Tagger(pipeline.processors["pos"].trainer),
        "light tagger": trained(args.work),
    }
    for bank in TREEBANKS:
        dev = list(map(tagged, conllu.read(args.work / f"data/{bank}.dev.conllu")))
        encoded = [(some, encode(encoder, some)) for some in chunks(dev)]
        for name, tagger in taggers.items():
            row = ", ".join(f"{metric} {value:.2f}" for metric, value in scores(tagger, encoded).items())
            print(f"{bank} dev, {name}: {row}", flush=True)


def trained(folder: Path) -> LightTagger:
    """Return the light tagger in `folder`."""
    weights = safetensors.torch.load_file(folder / LIGHT_TAGGER["weights"])
    return LightTagger.load(weights, json.loads((folder / LIGHT_TAGGER["vocabulary"]).read_bytes()))


@torch.inference_mode()
def encode(encoder: WordEncoder, sentences: Sequence[TaggedSentence]) -> States:
    """Return the states of the sentences' words."""
    return encoder.encode([sentence.words for sentence in sentences])


@torch.inference_mode()
def scores(tagger: AnyTagger, encoded: Sequence[tuple[Sequence[TaggedSentence], States]]) -> dict[str, float]:
    """Return the share of right tags, in percent, and the CPU time in µs a word."""
    count: Counter[str] = Counter()
    spent = 0
    for sentences, states in encoded:
        words = [word for sentence in sentences for word in sentence.words]
        begin = time.thread_time_ns()
        tags = tagger.tag(words, states)
        spent += time.thread_time_ns() - begin
        count["words"] += len(words)
        for result, (upos, xpos, feats) in zip(
            tags, (tag for sentence in sentences for tag in sentence.tags), strict=True
        ):
            count["UPOS"] += result.upos == upos
            count["XPOS"] += result.xpos == xpos
            count["features"] += result.feats == feats
    row = {metric: 100 * count[metric] / count["words"] for metric in ("UPOS", "XPOS", "features")}
    return row | {"µs a word": spent / 1000 / count["words"]}


if __name__ == "__main__":
    main()

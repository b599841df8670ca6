"""Build a pack from the trained models: what run time needs, in half precision, with a manifest and a model card.

With `--narrow`, it includes the encoder's activation ranges for int8 arithmetic.

    python -m training.pack --work ../work --to service/parsing/packs/en_news

Optimizer states, paths of the training machine, and vocabularies that the models do not use are dropped. The scores in
the manifest and the card come from `training.evaluate`, which needs a pack: so a pack is built, evaluated, and built
again with its scores. The models are identical both times, byte for byte.
"""

import argparse
import hashlib
import json
import random
import shutil
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load_file, save_file

from training.card import write_card
from training.encoder import HEAD_SIZE
from training.freeze_encoder import ENCODER
from training.input_ranges import with_ranges
from training.recipe import recipe

VERSION = "1.3"
READER: Final = "reader.safetensors"
JOINT: Final = "reader.safetensors"  # the reader after joint training
ADAPTED: Final = "adapted.safetensors"  # the reader trained further on everyday articles, if it was
LIGHT_TAGGER: Final = {"weights": "light_tagger.safetensors", "vocabulary": "light_tagger.json"}
PIECES: Final = "pieces.json"
UNCHANGED: Final = ("tokenize", "mwt", "lemma")  # by joint training
_RECIPE: Final = recipe("pack")
SEED: Final[int] = _RECIPE["seed"]
ROWS: Final[int] = _RECIPE["rows"]  # sentences that determine the activation ranges
QUERY = "encoder.layer.0.attention.self.query.weight"
WIDE = {
    "tokenize": "tokenizer/en_news_tokenizer.pt",
    "mwt": "tokenizer/en_news_mwt.pt",
    "pos": "tagger/en_news_tagger.pt",
    "lemma": "lemmatizer/en_news_lemmatizer.pt",
    "depparse": "frozen/depparse.pt",
    "ner": "ner/en_news_ner.pt",
}
NARROW = WIDE | {
    "tokenize": "narrow/tokenizer/en_news_tokenizer.pt",
    "pos": "narrow/tagger/en_news_tagger.pt",
    "lemma": "narrow/lemmatizer/en_news_lemmatizer.pt",
    "depparse": "narrow/parser/en_news_parser.pt",
    "ner": "narrow/ner/en_news_ner.pt",
}
UNREAD = {"depparse": ("word", "lemma", "char"), "pos": ("word",), "ner": ("delta",)}  # unused vocabularies
LICENCES = {
    "encoder": "Apache-2.0 (all-MiniLM-L6-v2), fine-tuned on the treebanks, narrowed, and fine-tuned again",
    "UD English EWT": "CC BY-SA 4.0",
    "UD English GUM": "annotations CC BY 4.0; texts CC BY and CC BY-SA",
    "LemmInflect": "MIT, with the inflections of the SPECIALIST Lexicon (National Library of Medicine)",
    "pack": "CC BY-SA 4.0",
}


def main() -> None:
    """Write the pack's folder."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--to", type=Path, default=Path("service/parsing/packs/en_news"))
    arguments.add_argument("--narrow", action="store_true", help="pack the narrow encoder and the heads on it")
    arguments.add_argument("--further", type=Path, help="the pack that `train_together` trained further")
    args = arguments.parse_args()
    work, folder = args.work, args.to
    folder.mkdir(parents=True, exist_ok=True)
    models = {}
    for processor, file in (NARROW if args.narrow else WIDE).items():
        models[processor] = f"{processor}.pt"
        if args.further is not None and processor in UNCHANGED:
            copied(args.further / f"{processor}.pt", folder)
            continue
        model = torch.load(work / file, map_location="cpu", weights_only=True)
        torch.save(slimmed(model, processor), folder / f"{processor}.pt")
    weights = load_file(work / ("narrow" if args.narrow else "frozen") / "encoder.safetensors")
    weights = {name: values.half() for name, values in weights.items()}
    rows = work / ("apart" if args.further is None else "further") / "rows.pt"
    save_file(with_ranges(weights, some_rows(rows)) if args.narrow else weights, folder / "encoder.safetensors")
    own: dict[str, Any] = {}
    optional: list[str] = []
    if args.narrow:
        adapted = work / "narrow" / ADAPTED
        reader = load_file(adapted if adapted.exists() else work / "narrow" / JOINT)
        save_file({name: values.half() for name, values in reader.items()}, folder / READER)
        own["reader"] = READER
        optional.append(READER)
    if args.narrow and fits(work / LIGHT_TAGGER["vocabulary"], folder / "encoder.safetensors"):
        own["light_tagger"] = LIGHT_TAGGER
        optional += LIGHT_TAGGER.values()
        for name in LIGHT_TAGGER.values():
            copied(work / name, folder)
    copied(work / "frozen/tokenizer.json" if args.further is None else args.further / PIECES, folder, PIECES)
    (folder / "resources.json").write_text("{}\n", encoding="utf-8")  # Stanza's pipeline opens this file
    scores = work / "scores.json"
    manifest: dict[str, Any] = {
        "name": "en_news", "version": VERSION, "language": "en", "stanza": metadata.version("stanza"),
        "encoder": {
            "name": ENCODER, "weights": "encoder.safetensors", "pieces": PIECES,
            "heads": len(weights[QUERY]) // HEAD_SIZE,
            "layers": sum(name.endswith(".query.weight") for name in weights) + 1,  # the embeddings count as one
        }
        | own,
        "models": models, "licences": LICENCES,
        "scores": json.loads(scores.read_text(encoding="utf-8")) if scores.exists() else {},
        "files": {},
    }  # fmt: skip
    for name in sorted([*models.values(), *optional, "encoder.safetensors", PIECES, "resources.json"]):
        (folder / name).chmod(0o644)  # safetensors creates files readable only by their owner
        content = (folder / name).read_bytes()
        manifest["files"][name] = {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    (folder / "manifest.json").write_text(json.dumps(manifest, indent=2) + "\n", encoding="utf-8")
    write_card(folder / "MODEL_CARD.md", manifest)
    print(f"{folder}: {sum(entry['bytes'] for entry in manifest['files'].values()) / 2**20:.1f} MiB")


def fits(light_tagger: Path, encoder: Path) -> bool:
    """Return whether there is a light tagger, with this vocabulary, that was trained on this encoder."""
    if not light_tagger.exists():
        return False
    content = json.loads(light_tagger.read_bytes())
    same: bool = content["encoder"] == hashlib.sha256(encoder.read_bytes()).hexdigest()
    if not same:
        print(f"{light_tagger} was trained on another encoder and is left out. Run training.train_light_tagger again.")
    return same


def copied(file: Path, folder: Path, name: str | None = None) -> None:
    """Copy `file` into `folder`, unless it is there already."""
    to = folder / (name or file.name)
    if not to.exists() or not to.samefile(file):
        shutil.copyfile(file, to)


def some_rows(file: Path) -> list[list[int]]:
    """Return some of the sentences, as subwords, that the training before used, from its `file`."""
    rows: list[list[int]] = torch.load(file)
    return random.Random(SEED).sample(rows, ROWS)


def slimmed(checkpoint: dict[str, Any], processor: str) -> dict[str, Any]:
    """Return `checkpoint` with half-precision weights, without optimizers, paths and unused vocabularies."""
    kept = {name: value for name, value in checkpoint.items() if "optimizer" not in name and "scheduler" not in name}
    if isinstance(kept["model"], dict):
        kept["model"] = {
            name: values.half() if values.is_floating_point() else values for name, values in kept["model"].items()
        }
    kept["config"] = {
        name: None if isinstance(value, str) and ("/" in value or "\\" in value) else value
        for name, value in kept["config"].items()
    }
    for name in UNREAD.get(processor, ()):
        vocabulary = kept["vocab"].get(name)
        if vocabulary:
            vocabulary["_id2unit"] = vocabulary["_id2unit"][:4]  # Stanza's special units: padding, unknown, empty, root
            vocabulary["_unit2id"] = {unit: number for number, unit in enumerate(vocabulary["_id2unit"])}
    return kept


if __name__ == "__main__":
    main()

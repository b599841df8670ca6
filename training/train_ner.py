"""Train named entity recognition (persons, organizations, places): Stanza's tagger over the frozen encoder.

    python -m training.train_ner --work ../work [--narrow]

GUM's named mentions (`training.corpora.named_mentions`) become tags on syntactic words, not tokens: "Obama's" is two
words, and only the first is the name. At run time the parser passes words, too. All layers of the encoder are mixed, as
the upper ones are specialized in syntax, and a character model sees case, which the encoder does not. With `--narrow`,
the tagger uses the narrow encoder, is half as wide, and is also trained on silver data.
"""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

import torch
from stanza.models import ner_tagger
from stanza.models.ner import trainer

from training.corpora import conllu
from training.corpora.conllu import Sentence
from training.corpora.named_mentions import names
from training.freeze_encoder import ENCODER, LAYERS
from training.frozen import decay_linearly, folders, head_arguments, training_data, use_frozen_encoder
from training.recipe import recipe

_RECIPE: Final = recipe("train_ner")
RATE: Final[float] = _RECIPE["rate"]
WIDE: Final[dict[str, int]] = _RECIPE["wide"]
NARROW: Final[dict[str, int]] = _RECIPE["narrow"]
BATCH: Final[int] = _RECIPE["batch"]  # sentences


def main() -> None:
    """Write the tags and train; the best model on dev is `ner/en_news_ner.pt`, in `apart/` with `--narrow`."""
    arguments = head_arguments(__doc__, steps=2000, interval=250)
    arguments.add_argument("--narrow", action="store_true")
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision("medium")
    data, encoder, models = args.work / "data", *folders(args.work, args.narrow, "ner")
    write_tagged(training_data(data, args.narrow), models / "train.json")
    write_tagged(conllu.read(data / "gum.dev.conllu"), models / "dev.json")
    use_frozen_encoder(trainer, args.work, encoder, LAYERS)
    decay_linearly(trainer.Trainer, RATE, args.steps)
    options = {
        "train_file": models / "train.json", "eval_file": models / "dev.json", "save_dir": models,
        "save_name": "en_news_ner.pt", "shorthand": "en_news",
        "bert_model": ENCODER, "bert_hidden_layers": LAYERS, "word_emb_dim": 0,
        "char_emb_dim": 32, "num_layers": 1, **(NARROW if args.narrow else WIDE),
        "dropout": 0.4, "word_dropout": 0.02, "optim": "adam", "lr": RATE, "lr_decay": 0, "min_lr": 0,
        "batch_size": BATCH, "max_batch_words": 1200, "max_steps": args.steps, "max_steps_no_improve": args.steps,
        "eval_interval": args.eval_interval, "log_step": 50,
    }  # fmt: skip
    switches = ["--no_pretrain", "--no_input_transform"]
    ner_tagger.main([*switches, *(str(part) for name, value in options.items() for part in (f"--{name}", value))])


def write_tagged(sentences: Iterable[Sentence], file: Path) -> None:
    """Write GUM's and silver sentences in Stanza's format for entity tagging: words with BIO tags."""
    content = []
    for sentence in sentences:
        tags = tags_of(sentence)
        if tags is not None:
            content.append([{"text": word[1], "ner": tag} for word, tag in zip(sentence.words(), tags, strict=True)])
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


def tags_of(sentence: Sentence) -> list[str] | None:
    """Return the BIO tag of each word of a GUM or silver sentence; None for a sentence without name annotation."""
    words = sentence.words()
    if words[0][9].startswith("Name="):
        return [word[9].removeprefix("Name=") for word in words]
    if not any(line.startswith("# sent_id = GUM") for line in sentence.comments):
        return None
    tags = ["O"] * len(words)
    for start, end, kind in names(sentence):
        tags[start:end] = [f"B-{kind}", *[f"I-{kind}"] * (end - start - 1)]
    return tags


if __name__ == "__main__":
    main()

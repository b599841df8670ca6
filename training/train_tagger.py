"""Train Stanza's tagger of parts of speech and features over the frozen encoder.

    python -m training.train_tagger --work ../work [--narrow]

The encoder is uncased, so a small character model complements it. The classifiers of features are a third of Stanza's
usual size, which saves time and costs no accuracy that matters to extraction. With `--narrow`, the tagger uses the
narrow encoder, is half as wide, and is also trained on silver data.
"""

from typing import Final

import torch
from stanza.models import tagger
from stanza.models.pos import trainer

from training.corpora import conllu
from training.corpora.conllu import Sentence
from training.freeze_encoder import ENCODER
from training.frozen import decay_linearly, folders, head_arguments, training_data, use_frozen_encoder
from training.recipe import recipe

_RECIPE: Final = recipe("train_tagger")
RATE: Final[float] = _RECIPE["rate"]
LAYERS: Final[int] = _RECIPE["layers"]
WIDE: Final[dict[str, int]] = _RECIPE["wide"]
NARROW: Final[dict[str, int]] = _RECIPE["narrow"]
BATCH: Final[int] = _RECIPE["batch"]  # sentences
FEATURES = ("Number", "Polarity")  # the ones used at run time and present in silver data


def main() -> None:
    """Train; the best model on dev is `tagger/en_news_tagger.pt`, in `apart/` with `--narrow`."""
    arguments = head_arguments(__doc__, steps=1800, interval=600)
    arguments.add_argument("--narrow", action="store_true")
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision("medium")
    data, encoder, models = args.work / "data", *folders(args.work, args.narrow, "tagger")
    conllu.write(models / "train.conllu", map(plain, training_data(data, args.narrow)))
    conllu.write(models / "dev.conllu", map(plain, conllu.read(data / "dev.conllu")))
    use_frozen_encoder(trainer, args.work, encoder, LAYERS)
    decay_linearly(trainer.Trainer, RATE, args.steps)
    options = {
        "train_file": models / "train.conllu", "eval_file": models / "dev.conllu",
        "save_dir": models, "save_name": "en_news_tagger.pt", "lang": "en", "shorthand": "en_news",
        "bert_model": ENCODER, "bert_hidden_layers": LAYERS, "word_emb_dim": 0, "word_cutoff": 100,
        "char_emb_dim": 32, "num_layers": 1, **(NARROW if args.narrow else WIDE),
        "composite_deep_biaff_hidden_dim": 32, "tag_emb_dim": 16,
        "dropout": 0.33, "word_dropout": 0.05, "lr": RATE, "batch_size": BATCH,
        "max_steps": args.steps, "max_steps_before_stop": args.steps, "eval_interval": args.eval_interval,
        "log_step": 50,
    }  # fmt: skip
    switches = ["--no_pretrain", "--no_second_optim", "--fix_eval_interval"]
    tagger.main([*switches, *(str(part) for name, value in options.items() for part in (f"--{name}", value))])


def plain(sentence: Sentence) -> Sentence:
    """Return `sentence` with only the features `FEATURES`, and an empty MISC."""
    rows = []
    for row in sentence.rows:
        feats = "|".join(value for value in row[5].split("|") if value.startswith(FEATURES)) or "_"
        rows.append([*row[:5], feats, *row[6:9], "_"])
    return Sentence([], rows)


if __name__ == "__main__":
    main()

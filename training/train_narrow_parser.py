"""Train Stanza's parser over the narrow encoder, half as wide as the first parser.

    python -m training.train_narrow_parser --work ../work

It is trained on the treebanks and on the wide pack's output for news (`training.silver`). As in
`training.train_parser`, relations are scored only for the gold heads during training.
"""

from typing import Final

import torch
from stanza.models import parser
from stanza.models.depparse import trainer

from training.corpora import conllu
from training.freeze_encoder import ENCODER
from training.frozen import decay_linearly, folders, head_arguments, training_data, use_frozen_encoder
from training.recipe import recipe
from training.train_parser import score_gold_heads_only
from training.train_tagger import plain

_RECIPE: Final = recipe("train_narrow_parser")
RATE: Final[float] = _RECIPE["rate"]
LAYERS: Final[int] = _RECIPE["layers"]
BATCH: Final[int] = _RECIPE["batch"]  # words


def main() -> None:
    """Train; the best model on dev is `apart/parser/en_news_parser.pt`."""
    args = head_arguments(__doc__, steps=1800, interval=600).parse_args()
    torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision("medium")
    data, encoder, models = args.work / "data", *folders(args.work, True, "parser")
    conllu.write(models / "train.conllu", map(plain, training_data(data, True)))
    use_frozen_encoder(trainer, args.work, encoder, LAYERS)
    score_gold_heads_only()
    decay_linearly(trainer.Trainer, RATE, args.steps)
    options = {
        "train_file": models / "train.conllu", "eval_file": data / "dev.conllu",
        "save_dir": models, "save_name": "en_news_parser.pt", "lang": "en", "shorthand": "en_news",
        "bert_model": ENCODER, "bert_hidden_layers": LAYERS, "word_emb_dim": 0, "tag_emb_dim": 0,
        "deep_biaff_hidden_dim": 64, "num_layers": 1, "hidden_dim": 112, "dropout": 0.25, "word_dropout": 0.05,
        "batch_size": BATCH, "optim": "adam", "lr": RATE, "eval_interval": args.eval_interval,
        "max_steps": args.steps, "max_steps_before_stop": args.steps, "log_step": 50,
    }  # fmt: skip
    switches = "--no_pretrain --no_char --no_linearization --no_distance --no_plateau --no_second_optim".split()
    parser.main([*switches, *(str(part) for name, value in options.items() for part in (f"--{name}", value))])


if __name__ == "__main__":
    main()

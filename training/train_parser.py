"""Train Stanza's parser and fine-tune its encoder, fast enough for two cores.

    python -m training.train_parser --work ../work

The model, its data loader, its evaluation and its checkpoints are Stanza's (`stanza.models.parser`). Three things
differ, and none of them changes what the trained model computes:

- during training, relations are scored only for the gold heads. Stanza scores every pair and then selects the gold
  ones, which gives the same loss for several times the memory and computation;
- matrix products use bfloat16 if the processor supports it (weights and sums stay float32);
- learning rates are warmed up and decay linearly to a twentieth, by step, so that a resumed run continues unchanged.

The same command resumes an interrupted run from Stanza's checkpoint.
"""

import argparse
from pathlib import Path
from typing import Any, Final

import torch
from stanza.models import parser
from stanza.models.common.vocab import VOCAB_PREFIX_SIZE
from stanza.models.depparse.model import GraphParser
from stanza.models.depparse.trainer import Trainer

from training.recipe import recipe

_RECIPE: Final = recipe("train_parser")
LEARNING_RATE: Final[float] = _RECIPE["learning_rate"]
ENCODER_SHARE: Final[float] = _RECIPE["encoder_share"]  # the encoder's learning rate relative to the rest
ENCODER_FROZEN_STEPS: Final[int] = _RECIPE["encoder_frozen_steps"]
WARMUP_STEPS: Final[int] = _RECIPE["warmup_steps"]
FINAL_SHARE: Final[float] = _RECIPE["final_share"]


def main() -> None:
    """Train the parser and its encoder; the best model on dev is `parser/en_news_parser.pt`."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    arguments.add_argument("--steps", type=int, default=3440, help="10 epochs of 344 batches")
    arguments.add_argument("--threads", type=int, default=2)
    args = arguments.parse_args()
    torch.set_num_threads(args.threads)
    torch.set_float32_matmul_precision("medium")
    score_gold_heads_only()
    follow_schedule(args.steps)
    options = {
        "train_file": args.work / "data/train.conllu", "eval_file": args.work / "data/dev.conllu",
        "save_dir": args.work / "parser", "save_name": "en_news_parser.pt", "bert_model": args.work / "encoder",
        "lang": "en", "shorthand": "en_news",
        "word_emb_dim": 0, "tag_emb_dim": 0, "deep_biaff_hidden_dim": 128, "num_layers": 1, "hidden_dim": 200,
        "dropout": 0.33, "word_dropout": 0.1, "batch_size": 1000, "optim": "adam", "lr": LEARNING_RATE,
        "bert_learning_rate": ENCODER_SHARE, "bert_start_finetuning": 0, "bert_warmup_steps": 0,
        "eval_interval": 344, "max_steps": args.steps, "max_steps_before_stop": args.steps,
    }  # fmt: skip
    switches = "--bert_finetune --no_pretrain --no_char --no_linearization --no_distance --no_plateau".split()
    switches.append("--no_second_optim")
    parser.main([*switches, *(str(part) for name, value in options.items() for part in (f"--{name}", value))])


def score_gold_heads_only() -> None:
    """Replace the training loss of Stanza's graph parser by the same loss computed only over gold arcs."""
    whole_forward = GraphParser.forward

    def forward(self: Any, word: Any, word_mask: Any, *rest: Any) -> Any:
        if not self.training:
            return whole_forward(self, word, word_mask, *rest)
        *_, head, deprel, _word_orig_idx, _sentlens, _wordlens, _text = rest
        states = self.embed(word, word_mask, *rest)
        arcs = self.unlabeled(self.drop(states), self.drop(states)).squeeze(3)
        arcs = arcs.masked_fill(torch.eye(arcs.size(1), dtype=torch.bool).unsqueeze(0), -float("inf"))[:, 1:]
        arcs = arcs.masked_fill(word_mask.unsqueeze(1), -float("inf"))
        real = ~word_mask[:, 1:]
        loss = self.crit(arcs[real], head[real])

        scorer = self.deprel
        dependents = scorer.dropout(scorer.hidden_func(scorer.W1(self.drop(states))))[:, 1:][real]
        governors = scorer.dropout(scorer.hidden_func(scorer.W2(self.drop(states))))
        governors = torch.gather(governors, 1, head.unsqueeze(2).expand(-1, -1, governors.size(2)))[real]
        bilinear = scorer.scorer.W_bilin
        dependents, governors = with_one(dependents), with_one(governors)
        products = (dependents @ bilinear.weight.flatten(1)).view(len(dependents), *bilinear.weight.shape[1:])
        relations = (products * governors.unsqueeze(2)).sum(1) + bilinear.bias
        loss = loss + self.crit(relations, deprel[real] - VOCAB_PREFIX_SIZE)
        return loss / real.sum(), []

    GraphParser.forward = forward


def with_one(rows: torch.Tensor) -> torch.Tensor:
    """Append a constant 1 to each of `rows`: the bias column of a biaffine form."""
    return torch.cat([rows, rows.new_ones(*rows.shape[:-1], 1)], -1)


def follow_schedule(steps: int) -> None:
    """Set the learning rates before each update by the number of steps done."""
    update = Trainer.update

    def scheduled_update(self: Any, batch: Any, eval: bool = False) -> Any:
        for name, optimizer in self.optimizer.items():
            of_encoder = name.startswith("bert")
            for group in optimizer.param_groups:
                group["lr"] = (
                    LEARNING_RATE * share(self.global_step, steps, of_encoder) * (ENCODER_SHARE if of_encoder else 1)
                )
        return update(self, batch, eval)

    Trainer.update = scheduled_update


def share(step: int, steps: int, of_encoder: bool) -> float:
    """Return the share of the peak learning rate at `step` of `steps`."""
    start = ENCODER_FROZEN_STEPS if of_encoder else 0
    if step <= start:
        return 0.0
    warmup = min(1.0, (step - start) / WARMUP_STEPS)
    return warmup * max(FINAL_SHARE, 1 - step / steps)


if __name__ == "__main__":
    main()

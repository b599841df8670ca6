"""Split the trained parser into its fine-tuned encoder, which is frozen, and its head.

    python -m training.freeze_encoder --work ../work

From here on, the encoder does not change: the tagger and the entity recognizer are trained on top of it, and all three
share it at run time. Writes `frozen/encoder.safetensors`, `frozen/tokenizer.json` and `frozen/depparse.pt`.
"""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from training.encoder import Encoder, WordPieces

ENCODER = "en_news_encoder"  # the name by which the pack's models request the encoder from Stanza
LAYERS = 7  # the hidden states of six layers and of the embeddings below them
PREFIX = "bert_model."


def main() -> None:
    """Split the parser's file."""
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--work", type=Path, default=Path("../work"))
    args = arguments.parse_args()
    work: Path = args.work
    frozen = work / "frozen"
    frozen.mkdir(exist_ok=True)
    checkpoint = torch.load(work / "parser/en_news_parser.pt", map_location="cpu", weights_only=True)
    weights, head = split(checkpoint["model"])
    save_file(weights, frozen / "encoder.safetensors")
    checkpoint["model"] = head
    checkpoint["config"] |= {"bert_model": ENCODER, "bert_finetune": False}
    torch.save(checkpoint, frozen / "depparse.pt")
    pieces = json.loads((work / "encoder/tokenizer.json").read_text(encoding="utf-8")) | {
        "truncation": None,
        "padding": None,
    }
    (frozen / "tokenizer.json").write_text(
        json.dumps(pieces, ensure_ascii=False, separators=(",", ":")), encoding="utf-8"
    )
    check_same_as_bert(work / "encoder", frozen / "tokenizer.json")
    print(f"{frozen}: {sum(values.numel() for values in weights.values()):,} parameters in the encoder")


def split(model: dict[str, Tensor]) -> tuple[dict[str, Tensor], dict[str, Tensor]]:
    """Return the encoder's weights under their own names, without the unused pooler; and the rest."""
    encoder = {
        name.removeprefix(PREFIX): values.contiguous()
        for name, values in model.items()
        if name.startswith(PREFIX) and ".pooler." not in name and not name.endswith("position_ids")
    }
    return encoder, {name: values for name, values in model.items() if not name.startswith(PREFIX)}


def check_same_as_bert(published: Path, tokenizer: Path) -> None:
    """Exit if our encoder, with the published weights, does not compute what Hugging Face's BERT computes."""
    from transformers import BertModel

    words = [["Parliament", "meets", "again", "on", "Monday", "."], ["Yes", "!"]]
    pieces = WordPieces(tokenizer)(words, is_split_into_words=True, padding="longest")
    ids, mask = torch.tensor(pieces["input_ids"]), torch.tensor(pieces["attention_mask"])
    weights, _ = split({PREFIX + name: values for name, values in load_file(published / "model.safetensors").items()})
    our_states = Encoder(weights, LAYERS)(ids, mask).hidden_states
    with torch.no_grad():
        bert_states = (
            BertModel.from_pretrained(published)
            .eval()(ids, attention_mask=mask, output_hidden_states=True)
            .hidden_states
        )
    for layer, (our_layer, bert_layer) in enumerate(zip(our_states, bert_states, strict=True)):
        difference = float((our_layer - bert_layer)[mask.bool()].abs().max())
        if difference > 1e-4:
            raise SystemExit(f"Layer {layer} of the encoder differs from BERT's by {difference:.2g}.")


if __name__ == "__main__":
    main()

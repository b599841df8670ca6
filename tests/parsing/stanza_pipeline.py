"""A pack run by Stanza itself: its `Pipeline`, with an encoder that behaves like Hugging Face's.

`training/encoder.py` is that encoder. It has the pack's weights, but not the code used at run time.
"""

from typing import Any

import safetensors.torch
import stanza
import torch
from stanza.models.common.foundation_cache import BertRecord, FoundationCache

from service.parsing.embedded.embedded_parser import PROCESSORS
from service.parsing.packs import LANGUAGE, Pack
from training.encoder import Encoder, WordPieces


def stanza_pipeline(pack: Pack) -> Any:
    """Return Stanza's pipeline with the models of `pack`, in float32."""
    torch.set_float32_matmul_precision("highest")
    stored = safetensors.torch.load_file(pack.path(pack.encoder["weights"]))
    weights = {name: values.float() for name, values in stored.items() if ".input_" not in name}
    layers = sum(name.endswith("intermediate.dense.weight") for name in weights)
    cache = FoundationCache()
    cache.bert[pack.encoder["name"]] = BertRecord(
        Encoder(weights, layers + 1), WordPieces(pack.path(pack.encoder["pieces"])), {}
    )
    options = {f"{processor}_model_path": str(pack.path(pack.models[processor])) for processor in PROCESSORS}
    return stanza.Pipeline(
        LANGUAGE, dir=str(pack.folder), package=None, processors=dict.fromkeys(PROCESSORS, "default"),
        allow_unknown_language=True, foundation_cache=cache, ner_forward_charlm_path="", ner_backward_charlm_path="",
        ner_pretrain_path="", download_method=None, use_gpu=False, logging_level="ERROR", **options,
    )  # fmt: skip

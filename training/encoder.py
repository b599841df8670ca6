"""The transformer encoder shared by the tagger, the parser and the entity recognizer of a pack: MiniLM and its
tokenizer, and the ranges of its activations.

Stanza requests the hidden states of a batch once for each model that uses the encoder. Here a sentence is encoded once
and cached until `forget`, so the other models reuse it. Both classes implement the calls that Stanza makes
(`stanza.models.common.bert_embedding`), and load without Hugging Face's library, whose import alone takes seconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from types import SimpleNamespace
from typing import Any, TypeVar

import safetensors.torch
import tokenizers
import torch
from torch import Tensor, nn
from torch.nn import functional

Row = TypeVar("Row", bound=Sequence[int])
HEAD_SIZE = 32  # size of each attention head of MiniLM
PIECES_AT_ONCE = 2048  # padded input at once: enough to keep a core busy, few enough for its cache
# key and value have the query's input
LINEAR_LAYERS = ("attention.self.query", "attention.output.dense", "intermediate.dense", "output.dense")
AT_ONCE = 64  # rows

Ranges = dict[str, Tensor]


def half_precision() -> torch.autocast:
    """Return a context in which products are computed in bfloat16: on a GPU, and on processors with instructions for
    it; on others, bfloat16 is slower than float32."""
    device = torch.get_default_device().type
    enabled = device != "cpu" or torch.cpu.get_capabilities().get("avx512_bf16", False)
    return torch.autocast(device, torch.bfloat16, enabled=enabled)


class WordPieces:
    """A subword tokenizer with the interface that Stanza expects of a Hugging Face tokenizer."""

    model_max_length = 512

    def __init__(self, file: Path) -> None:
        self._tokenizer = tokenizers.Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()

    def __call__(
        self, texts: Sequence[Any], is_split_into_words: bool = False, padding: str = "", **_unused: object
    ) -> "Pieces":
        """Encode raw texts, or lists of words; with any `padding`, to the length of the longest."""
        return Pieces(self._tokenizer.encode_batch(texts, is_pretokenized=is_split_into_words), bool(padding))


class Pieces(dict[str, list[list[int]]]):
    """A batch of encoded texts: `input_ids` and `attention_mask`."""

    def __init__(self, encodings: Sequence[tokenizers.Encoding], padded: bool) -> None:
        width = max(map(len, encodings)) if padded else 0
        super().__init__(
            input_ids=[encoding.ids + [0] * (width - len(encoding)) for encoding in encodings],
            attention_mask=[encoding.attention_mask + [0] * (width - len(encoding)) for encoding in encodings],
        )
        self._encodings = encodings

    @property
    def input_ids(self) -> list[list[int]]:
        """The subwords of each text."""
        return self["input_ids"]

    def word_ids(self, batch_index: int = 0) -> list[int | None]:
        """Return the word of each subword of a text; None for special tokens."""
        word_ids: list[int | None] = self._encodings[batch_index].word_ids
        return word_ids


class Layer(nn.Module):
    """A transformer layer, with the parameter names of BERT."""

    def __init__(self, size: int, attended: int, inner: int) -> None:
        super().__init__()
        self.heads = attended // HEAD_SIZE
        self.attention = nn.ModuleDict(
            {
                "self": nn.ModuleDict({part: nn.Linear(size, attended) for part in ("query", "key", "value")}),
                "output": nn.ModuleDict(
                    {"dense": nn.Linear(attended, size), "LayerNorm": nn.LayerNorm(size, eps=1e-12)}
                ),
            }
        )
        self.intermediate = nn.ModuleDict({"dense": nn.Linear(size, inner)})
        self.output = nn.ModuleDict({"dense": nn.Linear(inner, size), "LayerNorm": nn.LayerNorm(size, eps=1e-12)})

    def forward(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the next states of a batch of rows; `mask` is true where a row has subwords."""
        states = self._add_and_norm(self.attention["output"], self.attended(states, mask), states)
        return self._add_and_norm(self.output, functional.gelu(self.intermediate["dense"](states)), states)

    def attended(self, states: Tensor, mask: Tensor | None) -> Tensor:
        """Return the concatenated outputs of the attention heads, before they are mixed."""
        projections: Any = self.attention["self"]
        query, key, value = (
            projections[part](states).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for part in ("query", "key", "value")
        )
        return functional.scaled_dot_product_attention(query, key, value, attn_mask=mask).transpose(1, 2).flatten(2)

    @staticmethod
    def _add_and_norm(part: Any, new: Tensor, old: Tensor) -> Tensor:
        summed: Tensor = part["LayerNorm"](part["dense"](new) + old)
        return summed


class Encoder(nn.Module):
    """A frozen BERT that caches what it has encoded. `kept` is the number of last layers that are used."""

    _hf_peft_config_loaded = False  # read by Stanza

    def __init__(self, weights: dict[str, Tensor], kept: int, dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        words = weights["embeddings.word_embeddings.weight"]
        attended = weights["encoder.layer.0.attention.self.query.weight"].shape[0]
        inner = weights["encoder.layer.0.intermediate.dense.weight"].shape[0]
        layers = sum(name.endswith("intermediate.dense.weight") for name in weights)
        size = words.shape[1]
        with torch.device("meta"):  # the weights come from the file; initializing others first would cost a second
            self.embeddings = nn.ModuleDict(
                {
                    "word_embeddings": nn.Embedding(len(words), size),
                    "position_embeddings": nn.Embedding(WordPieces.model_max_length, size),
                    "token_type_embeddings": nn.Embedding(2, size),
                    "LayerNorm": nn.LayerNorm(size, eps=1e-12),
                }
            )
            modules = nn.ModuleList(Layer(size, attended, inner) for _ in range(layers))
            self.encoder = nn.ModuleDict({"layer": modules})
        self.load_state_dict({name: values.to(dtype) for name, values in weights.items()}, assign=True)
        self.requires_grad_(False).eval()
        self.config = SimpleNamespace(hidden_size=size, num_hidden_layers=layers)
        self._kept = kept
        self._cache: dict[tuple[int, ...], Tensor] = {}

    @classmethod
    def load(cls, file: Path, kept: int, dtype: torch.dtype) -> "Encoder":
        """Read the weights from a safetensors file."""
        return cls(safetensors.torch.load_file(file), kept, dtype)

    def forget(self) -> None:
        """Clear the cache: frees memory, and removes any trace of earlier input."""
        self._cache.clear()

    def train(self, mode: bool = True) -> "Encoder":
        """Stay in evaluation mode."""
        return super().train(False)

    def forward(self, input_ids: Tensor, attention_mask: Tensor, **_unused: object) -> SimpleNamespace:
        """Return the last `kept` layers' states for each subword of each row, as `hidden_states`, lowest layer
        first."""
        lengths = attention_mask.sum(1).tolist()
        rows = [tuple(ids[:length]) for ids, length in zip(input_ids.tolist(), map(int, lengths), strict=True)]
        self._fill_cache(row for row in dict.fromkeys(rows) if row not in self._cache)
        states = torch.zeros(self._kept, *input_ids.shape, self.config.hidden_size)
        for position, row in enumerate(rows):
            states[:, position, : len(row)] = self._cache[row]
        return SimpleNamespace(hidden_states=tuple(states))

    def _fill_cache(self, rows: Any) -> None:
        for batch, ids, lengths in batches(rows, PIECES_AT_ONCE):
            states = torch.stack(self._encode(ids, lengths))
            for position, row in enumerate(batch):
                self._cache[row] = states[:, position, : len(row)].clone()

    def _encode(self, ids: Tensor, lengths: Tensor) -> list[Tensor]:
        parts: Any = self.embeddings
        width = ids.shape[1]
        states = parts["word_embeddings"](ids) + parts["position_embeddings"].weight[:width]
        states = parts["LayerNorm"](states + parts["token_type_embeddings"].weight[0])
        is_subword = torch.arange(width) < lengths[:, None]
        mask = None if bool(is_subword.all()) else is_subword[:, None, None, :]
        layers: Any = self.encoder["layer"]
        layer_states = [states]
        for layer in layers:
            layer_states.append(layer(layer_states[-1], mask))
        return layer_states[-self._kept :]


def batches(rows: Iterable[Row], most: int) -> Iterator[tuple[list[Row], Tensor, Tensor]]:
    """Group rows of similar length, longest first, with at most `most` subwords including padding. Yields the rows,
    their subwords and their lengths."""
    remaining = sorted(rows, key=len)
    while remaining:
        width = len(remaining[-1])
        count = max(1, most // width)
        batch, remaining = remaining[-count:], remaining[:-count]
        ids = torch.zeros(len(batch), width, dtype=torch.long)
        for position, row in enumerate(batch):
            ids[position, : len(row)] = torch.tensor(row)
        yield batch, ids, torch.tensor([len(row) for row in batch])


def with_ranges(weights: Mapping[str, Tensor], rows: Iterable[Sequence[int]]) -> dict[str, Tensor]:
    """Return `weights` with the ranges of the activations while `rows` are encoded in float32."""
    encoder = Encoder({name: values.float() for name, values in weights.items()}, 0)
    ranges: dict[str, Ranges] = {}
    modules = dict(encoder.named_modules())
    layers: Any = encoder.encoder["layer"]
    for name in (f"encoder.layer.{layer}.{part}" for layer in range(len(layers)) for part in LINEAR_LAYERS):
        modules[name].register_forward_pre_hook(partial(update_ranges, ranges.setdefault(name, {})))
    with torch.no_grad():
        for batch in batches_of_equal_length(rows):
            encoder._encode(batch, torch.full((len(batch),), batch.shape[1]))
    extended = dict(weights)
    for name, values in ranges.items():
        extended |= {f"{name}.input_{part}": values[part] for part in ("low", "high")}
        extended[f"{name}.input_mean"] = values["sum"] / values["count"]
    return extended


def batches_of_equal_length(rows: Iterable[Sequence[int]]) -> Iterable[Tensor]:
    """Group rows of equal length, so that none is padded: [rows, subwords]."""
    for _, group in groupby(sorted(rows, key=len), len):
        yield from torch.tensor(list(group)).split(AT_ONCE)  # type: ignore[no-untyped-call]


def update_ranges(ranges: Ranges, _map: nn.Module, inputs: tuple[Tensor]) -> None:
    """Record the ranges of a batch of activations [rows, subwords, inputs]."""
    states = inputs[0].flatten(0, 1)
    low, high = torch.aminmax(states, dim=0)
    if not ranges:
        ranges |= {"low": low, "high": high, "sum": torch.zeros_like(low), "count": torch.zeros(())}
    ranges["low"], ranges["high"] = torch.minimum(ranges["low"], low), torch.maximum(ranges["high"], high)
    ranges["sum"] += states.sum(0)
    ranges["count"] += len(states)

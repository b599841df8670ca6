"""The parts of Stanza's objects that the parsers read, as protocols: Stanza has no types of its own.

Networks (`trainer`) stay untyped here; `service/parsing/embedded` reads their tensors.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

Row = dict[str, Any]  # a token as `Document` takes it: "id", "text", "start_char", "end_char", "misc"


class StanzaToken(Protocol):
    """A token: a span of the text, with one or more words ("don't")."""

    text: str
    misc: str | None
    start_char: int
    end_char: int
    words: Sequence["StanzaWord"]


class StanzaWord(Protocol):
    """A syntactic word. `head` counts from 1, 0 is the root. Offsets are None inside a token of several words."""

    text: str
    lemma: str | None
    upos: str | None
    xpos: str | None
    feats: str | None
    deprel: str
    head: int
    start_char: int | None
    end_char: int | None
    parent: StanzaToken


class StanzaSentence(Protocol):
    """A sentence: its tokens, and its words in the order of the tree."""

    tokens: Sequence[StanzaToken]
    words: Sequence[StanzaWord]


class StanzaEntity(Protocol):
    """A named entity, with its kind in the model's own names ("PER", "person")."""

    type: str
    start_char: int
    end_char: int


class StanzaDocument(Protocol):
    """A processed text. `ents` is set by the entity recognizer."""

    text: str
    sentences: Sequence[StanzaSentence]
    ents: Sequence[StanzaEntity]


class StanzaProcessor(Protocol):
    """A step of the pipeline. `trainer` holds its network, `trainers` those of several models."""

    trainer: Any
    trainers: Sequence[Any]

    def process(self, document: StanzaDocument | str) -> StanzaDocument:
        """Annotate `document`, or tokenize a text."""
        ...


class StanzaPipeline(Protocol):
    """The loaded models, by the name of their step ("tokenize", "pos" …)."""

    processors: Mapping[str, StanzaProcessor]

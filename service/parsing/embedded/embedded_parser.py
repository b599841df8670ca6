"""The parser of the embedded model pack: Stanza's models with a faster runner.

One step per call: tokens, words, one encoding of each sentence, and the heads on it. Each article is parsed on its own,
in batches of its own sentences, so its parse does not depend on other articles. Not thread-safe.
"""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from itertools import chain, islice
from math import inf
from types import SimpleNamespace
from typing import Final

import safetensors.torch
import stanza
import torch
from stanza.models.common.foundation_cache import BertRecord, FoundationCache
from torch import Tensor

from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.chunks import MAX_WORDS, check_sentences, chunks_of, pieces_of, spelled
from service.parsing.embedded.arithmetic import FLOAT32, Arithmetic, named
from service.parsing.embedded.article_reader import ArticleReader
from service.parsing.embedded.dependencies import DependencyParser
from service.parsing.embedded.encoder import INPUTS, Encoder
from service.parsing.embedded.lemmas import Lemmatizer
from service.parsing.embedded.light_tagger import LightTagger, open_light_tagger
from service.parsing.embedded.reader import Reader, quotation_flags
from service.parsing.embedded.taggers import EntityRecognizer, Tag, Tagger
from service.parsing.embedded.words import Form, MultiWords, WordEncoder
from service.parsing.library_setup import no_optimizers, set_up_torch
from service.parsing.packs import LANGUAGE, Pack
from service.parsing.parser import ModelInfo
from service.parsing.stanza_types import StanzaPipeline
from service.parsing.tokenization.sentences import split_sentences
from service.parsing.tree import Entity, EntityKind, Parse, ReaderOutput, Sentence, Word

# the World Health Organization, the country, information technology
_LIKE_PRONOUNS: Final = frozenset({"WHO", "US", "IT"})
_KINDS: Final[dict[str, EntityKind]] = {"person": "person", "organization": "organization", "place": "place"}


PROCESSORS: Final = ("tokenize", "mwt", "pos", "lemma", "depparse", "ner")


class EmbeddedParser:
    """Parses articles with the models of a pack.

    Articles have at most `max_sentences`; sentences of more than `max_words` tokens are split.
    """

    def __init__(
        self,
        pipeline: StanzaPipeline,
        encoder: WordEncoder,
        reader: ArticleReader | None,
        light_tagger: LightTagger | None,
        model: ModelInfo,
        max_sentences: float = inf,
        max_words: int = MAX_WORDS,
    ) -> None:
        """Take over the models of Stanza's `pipeline`, loaded from a pack.

        `reader` is optional. Without a `light_tagger`, Stanza's tagger is used.
        """
        processors = pipeline.processors
        self._model = model
        self._encoder = encoder
        self._reader = reader
        self._max_sentences = max_sentences
        self._max_words = max_words
        used = named(model.arithmetic)
        ranges = encoder.ranges if used.heads else None
        self._multiwords = MultiWords(processors["mwt"])
        self._tagger = light_tagger or Tagger(processors["pos"].trainer)
        self._names = EntityRecognizer(processors["ner"].trainers[0], used, ranges)
        self._lemmatizer = Lemmatizer(processors["lemma"].trainer)
        self._dependencies = DependencyParser(processors["depparse"].trainer, used, ranges)

    @property
    def model(self) -> ModelInfo:
        """The parser's model."""
        return self._model

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        """Return a parse for each article, in order. Raises `OutOfTime` soon after the deadline, and `Invalid`."""
        return [self._parse(article, deadline) for article in articles]

    def split(self, article: Article, deadline: Deadline = NO_DEADLINE) -> list[list[list[Form]]]:
        """Return the words of each sentence of each chunk of `article`. Raises like `parse`."""
        text = spelled(article)
        chunks = []
        with torch.inference_mode():
            for pieces in chunks_of(pieces_of(article, text)):
                deadline.check(pieces[0].start, len(text), "characters divided into sentences")
                chunks.append(self._multiwords.split(split_sentences(text, pieces), self._max_words))
        check_sentences(sum(map(len, chunks)), self._max_sentences, article)
        return chunks

    def _parse(self, article: Article, deadline: Deadline) -> Parse:
        chunks = self.split(article, deadline)
        total = sum(map(len, chunks))
        sentences: list[Sentence] = []
        entities: list[Entity] = []
        states: list[Tensor] = []
        for chunk in chunks:
            check = partial(deadline.check, len(sentences), total, "sentences parsed")
            check()
            with torch.inference_mode():
                parsed, result, mixed = self._parse_chunk(article, chunk, check)
            sentences += parsed
            entities += result
            states += mixed
        return Parse(tuple(sentences), tuple(entities), self._reading(article, sentences, states, deadline))

    def _reading(
        self, article: Article, sentences: Sequence[Sentence], states: Sequence[Tensor], deadline: Deadline
    ) -> ReaderOutput | None:
        """Read the whole article, whose words have these states; None without a reader."""
        if self._reader is None or not sentences:
            return None
        starts = [paragraph.span.start for paragraph in article.paragraphs]
        lengths = [len(sentence.words) for sentence in sentences]
        paragraphs = [bisect_right(starts, sentence.span.start) - 1 for sentence in sentences]
        of_words = [paragraph for paragraph, length in zip(paragraphs, lengths, strict=True) for _ in range(length)]
        quoted = quotation_flags([word.text for sentence in sentences for word in sentence.words], of_words)
        with torch.inference_mode():
            check = partial(deadline.check, len(sentences), len(sentences), "sentences parsed")
            return self._reader.read(torch.cat(list(states)), torch.tensor(quoted), lengths, paragraphs, check)

    def _parse_chunk(
        self, article: Article, sentences: Sequence[Sequence[Form]], check: Callable[[], None]
    ) -> tuple[list[Sentence], list[Entity], list[Tensor]]:
        """Return the sentences and entities of a chunk, and with a reader, the states of all its words as it reads
        them."""
        text, words = article.text, [form.text for sentence in sentences for form in sentence]
        states = self._encoder.encode([[form.text for form in sentence] for sentence in sentences])
        tags = [_corrected(word, tag) for word, tag in zip(words, self._tagger.tag(words, states), strict=True)]
        lemmas = self._lemmatizer.lemmas([(word, tag.upos) for word, tag in zip(words, tags, strict=True)])
        arcs = chain.from_iterable(self._dependencies.parse(states, check))
        parsed_words = (
            Word(form.span, text[slice(*form.span)], lemma, tag.upos, arc.deprel, arc.head - 1, tag.xpos, tag.feats)
            for form, lemma, tag, arc in zip(chain.from_iterable(sentences), lemmas, tags, arcs, strict=True)
        )
        parsed = [Sentence(tuple(islice(parsed_words, len(sentence)))) for sentence in sentences]
        entities = [
            Entity(Span(sentence[name.start].span.start, sentence[name.end - 1].span.end), _KINDS[name.kind])
            for sentence, names in zip(sentences, self._names.find(words, states), strict=True)
            for name in names
        ]
        return parsed, entities, [] if self._reader is None else [states.of_words(self._reader.mix)]


def _corrected(word: str, tag: Tag) -> Tag:
    """Correct the tag of an acronym that the tagger takes for a pronoun, as the encoder is uncased."""
    return tag._replace(upos="PROPN") if tag.upos == "PRON" and word in _LIKE_PRONOUNS else tag


def open_pack(
    pack: Pack, threads: int, arithmetic: Arithmetic = FLOAT32
) -> tuple[StanzaPipeline, WordEncoder, ArticleReader | None, LightTagger | None, ModelInfo]:
    """Load a verified pack. Returns the pipeline, the shared encoder, the reader and the light tagger (if the pack has
    them) and the model's name.

    With a light tagger, Stanza's tagger is not loaded. Uses `arithmetic`, or float32 if that is quantized and the pack
    has no activation ranges.
    """
    set_up_torch(threads)
    weights = safetensors.torch.load_file(pack.path(pack.encoder["weights"]))
    if arithmetic.quantized and not any(name.endswith(f".input_{INPUTS[0]}") for name in weights):
        arithmetic = FLOAT32
    encoder = Encoder(weights, pack.encoder["heads"], arithmetic)
    cache = FoundationCache()
    cache.bert[pack.encoder["name"]] = BertRecord(_Shape(encoder.size), None, {})
    light_tagger = open_light_tagger(pack)
    processors = [processor for processor in PROCESSORS if processor != "pos" or light_tagger is None]
    options = {f"{processor}_model_path": str(pack.path(pack.models[processor])) for processor in processors}
    with no_optimizers():
        pipeline = stanza.Pipeline(
            LANGUAGE, dir=str(pack.folder), package=None, processors=dict.fromkeys(processors, "default"),
            allow_unknown_language=True, foundation_cache=cache, ner_forward_charlm_path="",
            ner_backward_charlm_path="", ner_pretrain_path="", download_method=None, use_gpu=False,
            logging_level="ERROR", lemma_pretagged=True, depparse_pretagged=True, **options,
        )  # fmt: skip
    model = ModelInfo(pack.name, pack.version, arithmetic.name)
    words = WordEncoder(encoder, pack.path(pack.encoder["pieces"]))
    return pipeline, words, _open_reader(pack, encoder.size, arithmetic), light_tagger, model


def _open_reader(pack: Pack, size: int, arithmetic: Arithmetic) -> ArticleReader | None:
    file = pack.encoder.get("reader")
    if file is None:
        return None
    reader = Reader(size, pack.encoder["layers"])
    weights = safetensors.torch.load_file(pack.path(file))
    reader.load_state_dict({name: values.float() for name, values in weights.items()})
    return ArticleReader(reader.requires_grad_(False).eval(), arithmetic)


class _Shape(torch.nn.Module):
    """Stands in for the encoder while Stanza loads a model built on it. Never run."""

    def __init__(self, size: int) -> None:
        super().__init__()
        self.config = SimpleNamespace(hidden_size=size)

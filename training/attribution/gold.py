"""Convert gold annotation to the units of the choices: words of sentences, and quoted spans."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from service.extraction.attribution.word_sets import WordSet
from service.extraction.document import Document
from service.parsing.tree import Parse, Sentence, SentenceIndex, WordKey
from training.attribution.parses import CorpusDocument

Spans = list[list[int]]


@dataclass(frozen=True)
class Gold:
    """A gold attribution with a cue. `cue` is the place of the cue's head; `content` and `source` are the annotated
    words in the cue's sentence. `elsewhere`: some content is in other sentences; `sourced`: it has a source, in any
    sentence."""

    cue: WordKey
    content: WordSet
    source: WordSet
    elsewhere: bool
    sourced: bool


def golds_of(document: CorpusDocument) -> list[Gold | None]:
    """Return the document's attributions, in order; None for one without a cue."""
    starts = [sentence.span.start for sentence in document.parsed.parse.sentences]
    return [_gold(document.parsed.parse, starts, marked) for marked in document.attributions]


def _gold(parse: Parse, starts: list[int], marked: dict[str, Spans]) -> Gold | None:
    cue = places_of(parse, starts, marked.get("cue", []))
    if not cue:
        return None
    index = cue[0][0]
    sentence = parse.sentences[index]
    content = places_of(parse, starts, marked["content"])
    source = places_of(parse, starts, marked.get("source", []))
    return Gold(
        cue=(index, _head(sentence, [position for number, position in cue if number == index])),
        content=_words(sentence, index, content),
        source=_words(sentence, index, source),
        elsewhere=any(number != index for number, _ in content),
        sourced=bool(source),
    )


def _head(sentence: Sentence, cue: list[int]) -> int:
    """Return the cue's head: of its words with a governor outside it, the first verb, else the first word."""
    tops = [position for position in cue if sentence.words[position].head not in cue]
    return next((position for position in tops if sentence.words[position].upos == "VERB"), tops[0])


def _words(sentence: Sentence, index: int, places: list[WordKey]) -> WordSet:
    return sum(
        1 << position for number, position in places if number == index and sentence.words[position].upos != "PUNCT"
    )


def places_of(parse: Parse, starts: list[int], spans: Spans) -> list[WordKey]:
    """Return the words that overlap `spans`."""
    result = []
    for start, end in spans:
        index = max(0, bisect_right(starts, start) - 1)
        while index < len(starts) and starts[index] < end:
            for position, word in enumerate(parse.sentences[index].words):
                if word.span.start < end and word.span.end > start:
                    result.append((SentenceIndex(index), position))
            index += 1
    return result


def quoted_span_cues(document: CorpusDocument, golds: list[Gold | None]) -> list[WordKey | str | None]:
    """For each quoted span, return the cue of the smallest content that contains half of its letters; None
    without one, `"uncued"` if that content has no cue."""
    contents = [letters(document.text, marked["content"]) for marked in document.attributions]
    result: list[WordKey | str | None] = []
    for quoted_span in document.parsed.quoted_spans:
        span_letters = letters(document.text, [quoted_span.span])
        holding = [
            (len(content), number)
            for number, content in enumerate(contents)
            if 2 * len(span_letters & content) >= len(span_letters) > 0
        ]
        gold = golds[min(holding)[1]] if holding else None
        result.append(gold.cue if gold is not None else "uncued" if holding else None)
    return result


def letters(text: str, spans: Iterable[Sequence[int]]) -> frozenset[int]:
    """Return the offsets of the letters and digits in `spans`."""
    return frozenset(offset for start, end in spans for offset in range(start, end) if text[offset].isalnum())


def sizes(document: Document, index: int) -> list[int]:
    """Return the number of letters and digits of each word of a sentence."""
    return [sum(map(str.isalnum, word.text)) for word in document.parse.sentences[index].words]

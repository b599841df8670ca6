"""Who is told: "told *the Herald*", "said to *reporters*"."""

from service.article.article import Span
from service.extraction.cues import FoundCue
from service.extraction.learned.wordsets import WordSet
from service.extraction.sources import phrase_span
from service.parsing.tree import Sentence


def find_addressee(sentence: Sentence, cue: FoundCue, source: int | None, content: WordSet) -> Span | None:
    """The object of tell, ask and their like, or "to …" beside another verb of saying; never the source, nor a word of
    the `content`."""
    if cue.cue_class in {"tell", "ask"}:
        head = sentence.child(cue.head, "iobj", "obj")
    else:
        head = next(
            (
                child
                for child in sentence.children(cue.head)
                if sentence.words[child].relation == "obl" and _introduced_by_to(sentence, child)
            ),
            None,
        )
    return None if head is None or head == source or content >> head & 1 else phrase_span(sentence, head)


def _introduced_by_to(sentence: Sentence, position: int) -> bool:
    case = sentence.child(position, "case", "mark")
    return case is not None and sentence.words[case].text.lower() == "to"

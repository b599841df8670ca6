"""Recognize the form of an article (prose, interview, transcript, …) and the passages that its layout sets apart."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.forms.capitals import find_alerts, in_capitals, is_in_capitals, truecase
from service.extraction.forms.name_spelling import spelled_as_name
from service.extraction.forms.set_off import find_set_off, lines_outside
from service.extraction.forms.signs import Line, lines_of
from service.extraction.forms.subtitles import find_subtitles
from service.extraction.forms.turns import Conversation, find_turns, find_unlabelled_turns
from service.extraction.report import FormOption
from service.input.article import Article, ArticleForm, Paragraph, Passage, Span

_STATEMENT: Final = 4  # minimum number of words of a sentence in capitals
_CLOCK: Final = r"\d{1,2}[.:]\d{2}\s?(?:[ap]\.?m\.?\b)?"
_ZONE: Final = r"(?:\s?(?:GMT|UTC|BST|CET|CEST|IST|E[SD]?T|P[SD]?T|C[SD]T|AE[SD]T))?"
_TIME: Final = re.compile(
    rf"(?:updated?(?: at)?\s+)?(?:{_CLOCK}{_ZONE}|\d{{1,2}} ?(?:[hm]|min(?:ute)?s?|hours?) ago)\s*(?:[-–—|:]\s|\Z)",
    re.I,
)
_MIN_POSTS: Final = 3  # of a live blog
_POSTS_SHARE: Final = 0.08  # of its lines
_CONVERSATIONS: Final = frozenset({"interview", "transcript"})


def with_form(article: Article, form: FormOption = "auto") -> Article:
    """Return `article` with its form, its passages, and the spans to leave out of sentences.

    Takes time linear in the text. An article whose form is known is returned unchanged. `form` is the form given in the
    request; "auto" recognizes it from the text.
    """
    if article.form is not None:
        return article
    if article.spelling is None:
        article = replace(article, spelling=spelled_as_name(article.text))
    if form == "prose":
        return replace(article, form="prose")
    cues = find_subtitles(article) if form in {"auto", "subtitles"} else None
    if cues is not None:
        return cues
    lines = lines_of(article)
    capitals = in_capitals(article.text)
    conversation = (
        find_turns(lines, declared=form in _CONVERSATIONS)
        or find_unlabelled_turns(lines)
        or Conversation("prose", (), ())
    )
    recognized: ArticleForm = conversation.form if form == "auto" else form
    set_off, signatures = find_set_off(
        lines, sorted(span for passage in conversation.passages for span in passage.speech)
    )
    taken = sorted(span for passage in (*conversation.passages, *set_off) for span in passage.speech)
    free = lines_outside(lines, taken)
    alerts = (
        find_alerts([lines[at] for at in sorted(free)])
        if (capitals and not conversation.passages) or form == "alert"
        else []
    )
    passages = tuple(sorted((*conversation.passages, *set_off, *alerts), key=lambda passage: passage.speech[0]))
    if form == "auto" and recognized == "prose":
        recognized = "alert" if alerts else "live-blog" if _is_live_blog(lines) else "prose"
    return replace(
        article,
        form=recognized,
        spelling=truecase(article.text, lines) if capitals else article.spelling,
        passages=passages,
        skipped=tuple(sorted((*conversation.skipped, *signatures))),
        paragraphs=_read_as_body(article.paragraphs, passages, _statements(lines) if capitals else ()),
    )


def _statements(lines: Sequence[Line]) -> list[Span]:
    """Return the lines of an article in capitals that can be sentences, even if they look like headings."""
    return [line.span for line in lines if is_in_capitals(line.text) and len(line.text.split()) >= _STATEMENT]


def _read_as_body(
    paragraphs: Sequence[Paragraph], passages: Sequence[Passage], statements: Sequence[Span]
) -> tuple[Paragraph, ...]:
    """Return the paragraphs with those that contain speech, or `statements`, marked as body text."""
    spoken = iter(sorted([*(span for passage in passages for span in passage.speech), *statements]))
    span: Span | None = next(spoken, None)
    result = []
    for paragraph in paragraphs:
        while span is not None and span.end <= paragraph.span.start:
            span = next(spoken, None)
        if span is not None and span.overlaps(paragraph.span) and paragraph.section != "body":
            paragraph = replace(paragraph, section="body")
        result.append(paragraph)
    return tuple(result)


def _is_live_blog(lines: Sequence[Line]) -> bool:
    """Return whether at least three paragraphs begin with the time of a post."""
    times = sum(_TIME.match(line.text) is not None for line in lines)
    return times >= _MIN_POSTS and times >= _POSTS_SHARE * len(lines)

"""Recognize the form of an article: prose, interview, transcript, and the passages that its layout sets apart."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from service.extraction.forms.lines import lines_of
from service.extraction.forms.set_off import find_set_off
from service.extraction.forms.turns import Talk, find_turns
from service.extraction.forms.unlabelled import find_unlabelled_turns
from service.extraction.report import FormOption
from service.input.article import Article, ArticleForm, Paragraph, Passage, Span

_TALKS: Final = frozenset({"interview", "transcript"})


def with_form(article: Article, form: FormOption = "auto") -> Article:
    """Return `article` with its form, its passages, and the spans that no sentence contains.

    Takes time linear in the text. An article whose form is known is returned as it is. `form` is what the sender says
    that it is; "auto" lets the text decide.
    """
    if article.form is not None:
        return article
    if form == "prose":
        return replace(article, form="prose")
    lines = lines_of(article)
    talk = find_turns(lines, wanted=form in _TALKS) or find_unlabelled_turns(lines) or Talk("prose", (), ())
    recognized: ArticleForm = talk.form if form == "auto" else form
    set_off, signatures = find_set_off(lines, sorted(span for passage in talk.passages for span in passage.speech))
    passages = tuple(sorted((*talk.passages, *set_off), key=lambda passage: passage.speech[0]))
    return replace(
        article,
        form=recognized,
        passages=passages,
        unread=tuple(sorted((*talk.unread, *signatures))),
        paragraphs=_read_as_body(article.paragraphs, passages),
    )


def _read_as_body(paragraphs: Sequence[Paragraph], passages: Sequence[Passage]) -> tuple[Paragraph, ...]:
    """Return the paragraphs with those that contain speech marked as body text, whatever they look like."""
    spoken = iter(sorted(span for passage in passages for span in passage.speech))
    span: Span | None = next(spoken, None)
    found = []
    for paragraph in paragraphs:
        while span is not None and span.end <= paragraph.span.start:
            span = next(spoken, None)
        if span is not None and span.overlaps(paragraph.span) and paragraph.section != "body":
            paragraph = replace(paragraph, section="body")
        found.append(paragraph)
    return tuple(found)

"""Find passages that the layout sets off: block quotes, statements and lists after a colon, posts, signed texts.

They are found by structure alone. A signature, a credit or a label names the speaker, or the sentence before the
passage, which `spoken_passages.py` reads.
"""

import re
from collections.abc import Sequence
from typing import Final

from service.extraction.forms.labels import read_label_line
from service.extraction.forms.letters import (
    DASH,
    QUOTED,
    SIGNED,
    Found,
    Run,
    find_address,
    find_letters,
    find_letters_page,
    find_statements,
    is_item,
    opens_letter,
    signature_in,
    speaker_below,
    speech_of,
    trimmed,
    writer_below,
)
from service.extraction.forms.signs import Line, has_reporting_verb, has_signs_of_speech, in_first_person, is_note
from service.extraction.forms.topics import find_named_quotes, find_topics
from service.input.article import Passage, Span

_HANDLE: Final = re.compile(
    rf"(?P<dash>{DASH})?(?P<name>[^()\n@]{{1,80}}?)\s*\(\s?@\w{{1,40}}\s?\)(?P<date>[\s,·•|–—-]*[^\n]{{0,60}})\Z"
)
_INLINE: Final = re.compile(
    r"\s(?P<dash>—|–|―|--)\s{0,2}(?P<name>[^()\n@—–]{1,60}?)\s*\(\s?@\w{1,40}\s?\)(?P<date>[^\n]{0,40})\Z"
)
_LABELLED: Final = re.compile(r"(?P<name>[^()\n@:]{1,60}?)\s*\(\s?@\w{1,40}\s?\)(?P<gap>:\s{1,3})(?=\S)")
_SHARED: Final = re.compile(r"A post shared by (?P<name>[^(\n@]{1,80}?)\s*\(\s?@[\w.]{1,40}\s?\)", re.I)
_VIEW: Final = re.compile(r"view this post on \w+", re.I)
_SIGNED_QUOTE: Final = re.compile(
    rf"(?:\w{{4,10}} of the \w{{3,10}}: )?(?P<quote>[“\"‘].{{2,1000}}[”\"’])\s{{0,3}}{SIGNED.pattern}"
)
_FROM: Final = re.compile(
    r"(?:(?:A |The )?(?:[Ss]tatement|[Mm]essage|[Cc]omment|[Rr]esponse|[Rr]eply|[Ll]etter|[Rr]emarks|[Ee]mail) )?"
    r"(?:[Ff]rom|[Bb]y) (?P<name>[A-Z][^:\n]{1,100}):\Z"
)
_ON: Final = re.compile(r"(?P<name>[A-Z][^:\n]{1,80}?) on [^:\n]{3,80}:\Z")
_OPEN: Final = re.compile(r"[“\"]")
_INTRODUCES: Final = re.compile(r":[”\"']?\Z")
_LEADS_AWAY: Final = re.compile(
    r"\b(?:below|above|here):\Z|\A(?:listen|watch|see|read|click|sign up|subscribe)\b", re.I
)
_WORD: Final = re.compile(r"[^\W_]+")
_PULLED: Final = 6  # words of a pull quote that the text has, too
_MAX_LINES: Final = 12  # of an unquoted statement
_MAX_ITEMS: Final = 40
_ERROR_IN_MARKUP: Final = 0.08
_ERROR_IN_POST: Final = 0.03
_ERROR_IN_SIGNED: Final = 0.1
_ERROR_IN_SPEECH: Final = 0.12  # words after "said:" in the first or second person
_ERROR_IN_PLAIN: Final = 0.3


def find_set_off(lines: Sequence[Line], taken: Sequence[Span]) -> tuple[list[Passage], list[Span]]:
    """Return the passages set off in `lines`, in text order, and the spans of their signatures.

    Lines that overlap `taken`, the turns of an interview in text order, are skipped.
    """
    free = lines_outside(lines, taken)
    passages: list[Passage] = []
    skipped: list[Span] = []
    used: set[int] = set()
    for finder in (
        _posts,
        find_address,
        _blockquotes,
        find_letters,
        find_letters_page,
        find_statements,
        _signed,
        find_topics,
        find_named_quotes,
        _introduced,
    ):
        for run, passage, signature in finder(lines):
            indices = range(run.first, run.end)
            if not passage.speech or not used.isdisjoint(indices) or not all(at in free for at in indices):
                continue
            used.update(indices)
            passages.append(passage)
            skipped += [signature] if signature is not None else []
    return sorted(passages, key=lambda passage: passage.speech[0]), skipped


def lines_outside(lines: Sequence[Line], taken: Sequence[Span]) -> frozenset[int]:
    """Return the indices of the lines that overlap none of the sorted spans `taken`."""
    free, at = set(), 0
    for number, line in enumerate(lines):
        while at < len(taken) and taken[at].end <= line.span.start:
            at += 1
        if at == len(taken) or not taken[at].overlaps(line.span):
            free.add(number)
    return frozenset(free)


def _posts(lines: Sequence[Line]) -> Found:
    """Yield posts: the lines above a signature "— Name (@handle) date", up to a blank line or the start of the block
    quote, and the text after a label "Name (@handle):"."""
    for at, line in enumerate(lines):
        shared = _SHARED.match(line.text)
        match = shared or _HANDLE.match(line.text)
        if match is not None and (shared or match["dash"] or line.dashed or line.paragraph.credit):
            first = _first_of_post(lines, at)
            if shared and not (first and _VIEW.search(lines[first - 1].text)):
                continue
            name = trimmed(line, match.span("name"))
            if first < at and name is not None:
                speech = speech_of(lines[first:at])
                yield (
                    Run(first, at + 1),
                    Passage.labelled("post", speech, name, _ERROR_IN_POST),
                    line.span,
                )
            continue
        labelled = _LABELLED.match(line.text)
        if labelled is not None:
            name = trimmed(line, labelled.span("name"))
            spoken = Span(line.span.start + labelled.end(), line.span.end)
            label = Span(line.span.start, line.span.start + labelled.start("gap") + 1)
            yield Run(at, at + 1), Passage.labelled("post", (spoken,), name, _ERROR_IN_POST), label
            continue
        inline = _INLINE.search(line.text)
        if inline is not None and any(map(str.isalnum, line.text[: inline.start()])):
            name = trimmed(line, inline.span("name"))
            spoken = Span(line.span.start, line.span.start + len(line.text[: inline.start()].rstrip()))
            signature = Span(line.span.start + inline.start(), line.span.end)
            yield Run(at, at + 1), Passage.labelled("post", (spoken,), name, _ERROR_IN_POST), signature


def _first_of_post(lines: Sequence[Line], at: int) -> int:
    """Return the index of the first line of the post whose signature is line `at`."""
    blockquote = lines[at].paragraph.blockquote or (lines[at - 1].paragraph.blockquote if at else 0)
    first = at
    while first > 0 and at - first < _MAX_LINES:
        above = lines[first - 1]
        if blockquote and above.paragraph.blockquote != blockquote:
            break
        if not blockquote and first < at and lines[first].after_blank:
            break
        if (above.heading and not above.text) or _VIEW.search(above.text):
            break
        first -= 1
    return first


def _blockquotes(lines: Sequence[Line]) -> Found:
    """Yield block quotes, in HTML or Markdown, with a credit or after a line that introduces them."""
    others = [line for line in lines if not _is_blockquote(line)]
    at, said_elsewhere = 0, _beginnings(others) if len(others) < len(lines) else frozenset()
    while at < len(lines):
        end = at + 1
        if not _is_blockquote(lines[at]):
            at = end
            continue
        while end < len(lines) and _same_quote(lines[end - 1], lines[end]):
            end += 1
        credits = [index for index in range(at, end) if lines[index].paragraph.credit]
        last = credits[0] if credits else end
        signature = lines[last] if credits else lines[end - 1]
        name = signature_in(signature, needs_dash=not credits) if last > at and (credits or end - at > 1) else None
        last = last if credits else end - 1 if name is not None else end
        if name is not None:
            speech = speech_of(lines[at:last])
            yield Run(at, end), Passage.labelled("block", speech, name, _ERROR_IN_MARKUP), signature.span
        elif at > 0 and last > at and _can_introduce(lines[at - 1]) and not _is_pulled(lines[at], said_elsewhere):
            introduction = lines[at - 1].paragraph.span
            speech = speech_of(lines[at:last])
            yield (
                Run(at, end),
                Passage.introduced_by(introduction, speech, _ERROR_IN_MARKUP),
                None,
            )
        at = end


def _beginnings(lines: Sequence[Line]) -> frozenset[tuple[str, ...]]:
    """Return all runs of a few words in `lines`, in lower case."""
    words = [_WORD.findall(line.text.lower()) for line in lines]
    return frozenset(tuple(line[at : at + _PULLED]) for line in words for at in range(len(line) - _PULLED + 1))


def _is_pulled(line: Line, said_elsewhere: frozenset[tuple[str, ...]]) -> bool:
    """Return whether the line, the first of a block quote, repeats words of the article: a pull quote."""
    return tuple(_WORD.findall(line.text.lower())[:_PULLED]) in said_elsewhere


def _is_blockquote(line: Line) -> bool:
    return bool(line.paragraph.blockquote) or line.marker == ">"


def _same_quote(first: Line, second: Line) -> bool:
    if first.paragraph.blockquote or second.paragraph.blockquote:
        return first.paragraph.blockquote == second.paragraph.blockquote
    return first.marker == second.marker == ">"


def _can_introduce(line: Line) -> bool:
    """Return whether the line before a block quote is prose that can name its speaker."""
    return (
        not line.boilerplate
        and (bool(_INTRODUCES.search(line.text)) or len(line.text.split()) > 3)
        and not line.heading
    )


def _signed(lines: Sequence[Line]) -> Found:
    """Yield signed texts, in quotation marks or not: letters, comments and statements, "— Ann Cole, mayor"."""
    yield from _signed_on_line_or_below(lines)
    alone = [(at, name) for at, line in enumerate(lines) if at and (name := signature_in(line, needs_dash=True))]
    below = [(at, name) for at in range(1, len(lines)) if (name := writer_below(lines, at)) is not None]
    signatures = sorted({*alone, *(below if len(below) > 1 else ())})
    for at, name in signatures:
        if QUOTED.match(lines[at - 1].text) and not lines[at - 1].boilerplate and lines[at].text.count(" "):
            yield _signed_block(lines, at - 1, at, name)
    signatures = [(at, name) for at, name in signatures if not QUOTED.match(lines[at - 1].text)]
    for number, (at, name) in enumerate(signatures):
        before = signatures[number - 1][0] + 1 if number else 0
        first = _first_of_signed(lines, at, before, several=len(signatures) > 1)
        if first is None or first < before or lines[first].boilerplate:
            continue
        if in_first_person(" ".join(line.text for line in lines[first:at])):
            yield _signed_block(lines, first, at, name)


def _signed_on_line_or_below(lines: Sequence[Line]) -> Found:
    """Yield quotations with their signature on the same line, or with the speaker's name on the next."""
    for at, line in enumerate(lines):
        match = None if line.boilerplate else _SIGNED_QUOTE.match(line.text)
        name = None if match is None else trimmed(line, match.span("name"))
        if match is not None and name is not None and any(map(str.isalnum, match["quote"])):
            quote = Span(line.span.start + match.start("quote"), line.span.start + match.end("quote"))
            signature = Span(line.span.start + match.start("dash"), line.span.end)
            yield Run(at, at + 1), Passage.labelled("block", (quote,), name, _ERROR_IN_SIGNED), signature
        name_below = speaker_below(lines, at)
        if name_below is not None:
            yield _signed_block(lines, at, at + 1, name_below)


def _first_of_signed(lines: Sequence[Line], at: int, before: int, *, several: bool) -> int | None:
    """Return the first line, from line `before` on, of the unquoted text that line `at` signs; None if it signs none.

    With `several` signatures, the text is in the first person as far as it reaches; else a blank line begins it.
    """
    first = at - 1
    if several:
        while (
            first > before
            and not _ends_above(lines[first - 1])
            and at - first < _MAX_LINES
            and in_first_person(lines[first - 1].text)
        ):
            first -= 1
    elif lines[at].after_blank:
        return first if first and _INTRODUCES.search(lines[first - 1].text) else None
    else:
        while first > before and not lines[first].after_blank and at - first < _MAX_LINES:
            first -= 1
    return first


def _signed_block(lines: Sequence[Line], first: int, signature: int, name: Span) -> tuple[Run, Passage, Span]:
    """Return the block quote of the lines from `first` to the line `signature`."""
    speech = speech_of(lines[first:signature])
    passage = Passage.labelled("block", speech, name, _ERROR_IN_SIGNED)
    return Run(first, signature + 1), passage, lines[signature].span


def _ends_above(line: Line) -> bool:
    return line.heading or line.boilerplate or bool(_INTRODUCES.search(line.text)) or has_reporting_verb(line.text)


def _introduced(lines: Sequence[Line]) -> Found:
    """Yield the text after a line that ends with a colon: quoted paragraphs, a list, or an unquoted statement."""
    for at, line in enumerate(lines[:-1]):
        if line.boilerplate or not _INTRODUCES.search(line.text) or _LEADS_AWAY.search(line.text):
            continue
        above = at + (opens_letter(lines[at + 1]) and at + 2 < len(lines))
        end = _end_of_statement(lines, above)
        if end == above + 1:
            continue
        block = lines[above + 1 : end]
        listed = block[0].paragraph.listed or (len(block) > 1 and not QUOTED.match(block[0].text) and is_item(block[0]))
        label = _label_of(line)
        if label is not None and not QUOTED.match(block[0].text) and not _FROM.match(line.text):
            continue
        quoted = bool(QUOTED.match(block[0].text))
        error_probability = (
            _ERROR_IN_SPEECH
            if quoted or has_signs_of_speech(" ".join(item.text for item in block))
            else _ERROR_IN_PLAIN
        )
        speech = speech_of(block)
        passage = (
            Passage.introduced_by(line.paragraph.span, speech, error_probability, listed=listed)
            if label is None
            else Passage.labelled("block", speech, label, error_probability)
        )
        yield Run(at + 1, end), passage, None


def _label_of(line: Line) -> Span | None:
    """Return the name in "From Chairwoman Ann Cole:" and "Ann Cole, mayor:", lines that are nothing but a label."""
    match = _FROM.match(line.text) or _ON.match(line.text)
    start, label_text = (match.start("name"), match["name"]) if match is not None else (0, line.text[:-1])
    label = read_label_line(label_text, line.span.start + start)
    return label.name if label is not None and label.kind == "name" and not (label.single and match is None) else None


def _end_of_statement(lines: Sequence[Line], at: int) -> int:
    """Return the index after the last line that line `at` introduces; `at` + 1 if it introduces none."""
    following = lines[at + 1]
    if following.boilerplate and not following.paragraph.listed:
        return at + 1
    end = at + 2
    if following.paragraph.listed:
        while (
            end < len(lines)
            and lines[end].paragraph.listed
            and lines[end].marker == following.marker
            and end - at <= _MAX_ITEMS
        ):
            end += 1
        return end
    items = _end_of_items(lines, at + 1)
    if items > at + 2:
        return items
    if _OPEN.match(following.text):
        if not QUOTED.match(following.text):
            return at + 1
        while (
            end < len(lines) and QUOTED.match(lines[end].text) and not lines[end].boilerplate and end - at <= _MAX_ITEMS
        ):
            end += 1
        return end
    if (
        following.heading
        or is_note(following.text)
        or (has_reporting_verb(following.text) and not in_first_person(following.text))
    ):
        return at + 1
    if following.text.endswith(":") or not any(mark in following.text for mark in ".!?"):
        return at + 1
    while end < len(lines) and end - at <= _MAX_LINES and _continues(lines[end]):
        end += 1
    return end


def _end_of_items(lines: Sequence[Line], first: int) -> int:
    """Return the index after a list without markers: short and quoted lines, at least two of them quoted."""
    end = first
    while end < len(lines) and end - first < _MAX_ITEMS and (QUOTED.match(lines[end].text) or is_item(lines[end])):
        end += 1
    while end > first and not QUOTED.match(lines[end - 1].text):
        end -= 1
    quoted = sum(QUOTED.match(line.text) is not None for line in lines[first:end])
    return end if quoted > 1 else first


def _continues(line: Line) -> bool:
    """Return whether the line can be a further paragraph of a statement in the first person."""
    plain = not (line.heading or line.boilerplate or line.paragraph.listed or _OPEN.search(line.text))
    return plain and in_first_person(line.text) and not has_reporting_verb(line.text) and not is_note(line.text)

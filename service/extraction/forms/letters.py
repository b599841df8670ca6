"""Addresses by one person, letters, and quotes with their speaker's name on the line below."""

import re
from collections.abc import Sequence
from typing import Final

from service.extraction.forms.labels import read_label_line
from service.extraction.forms.lines import Line
from service.extraction.forms.signatures import QUOTED, Found, Run, is_item, signature_in, speech_of
from service.extraction.forms.signs import in_first_person, is_note, reports
from service.input.article import Passage, Span

_SALUTATION: Final = re.compile(
    r"(?:(?:Dear )?(?:Sirs?|Madam|Sir or Madam|Editor)|SIR)(?:\s?[—–,:]\s*|\s-\s)(?=\S|\Z)"
    r"|Dear [^,:.!?\n]{2,60}[,:]?\Z"
)
_CLOSING: Final = re.compile(
    r"(?:Yours(?: very)?(?: sincerely| faithfully| truly| respectfully| ever)?|(?:Yours )?[Ss]incerely(?: yours)?"
    r"|Respectfully(?: yours)?|(?:With )?(?:[Kk]ind|[Bb]est|[Ww]arm)(?:est)? (?:regards|wishes)|Regards"
    r"|In solidarity)[,.]?\Z"
)
_MOST_SIGNED: Final = 3  # lines below the name in a letter
_ADDRESS: Final = re.compile(
    r"(?:(?:Full )?[Tt]ext of )?(?:the )?(?:[Rr]emarks|[Ss]peech|[Aa]ddress|[Ss]tatement|[Mm]essage)"
    r"(?: as delivered)? (?:by|from) "
    r"(?P<name>(?:[Tt]he )?[A-Z][\w.'’-]*(?: (?:of |for )?[A-Z][\w.'’-]*){0,6})"
    r"(?=(?:,| (?:at|on|to|in|before|after|about|regarding|during)) |\Z)"
)
_FEWEST: Final = 2  # paragraphs of an address
_MOST_LINES: Final = 40  # of a letter
_DOUBT: Final = 0.1


def opens_letter(line: Line) -> bool:
    """Return whether the line is a salutation and nothing else: "Dear colleagues,"."""
    opening = _SALUTATION.match(line.text)
    return opening is not None and opening.end() == len(line.text)


def find_address(lines: Sequence[Line]) -> Found:
    """Yield the article as one address, if its first line says whose it is: "Remarks by Mayor Ann Cole at the pier".

    Half of its paragraphs or more are in the first person, and few report.
    """
    match = _ADDRESS.match(lines[0].text) if lines else None
    spoken = [line for line in lines[1:] if not line.furniture and not line.heading and not is_note(line.text)]
    personal = sum(in_first_person(line.text) for line in spoken)
    reporting = sum(reports(line.text) for line in spoken)
    if match is None or len(spoken) < _FEWEST or personal * 2 < len(spoken) or reporting * 4 >= len(spoken):
        return
    start = lines[0].span.start
    label = read_label_line(match["name"], start + match.start("name"))
    if label is not None and label.name is not None and label.kind == "name":
        yield (
            Run(1, lines.index(spoken[-1]) + 1),
            Passage("block", speech_of(spoken), label.name, label.name, doubt=_DOUBT),
            None,
        )


def find_letters(lines: Sequence[Line]) -> Found:
    """Yield letters: what stands between "Dear Mayor," and "Yours sincerely" with a name, or after "Sir –", up to a
    line with a name."""
    at = 0
    while at < len(lines):
        opening = None if lines[at].furniture else _SALUTATION.match(lines[at].text)
        found = None if opening is None else _letter(lines, at, opening.end())
        if found is None:
            at += 1
            continue
        yield found
        at = found[0].end


def _letter(lines: Sequence[Line], at: int, start: int) -> tuple[Run, Passage, Span | None] | None:
    """Return the letter whose salutation opens line `at`, and whose words begin at character `start` of that line."""
    begins = start < len(lines[at].text)
    closed = False
    for end in range(at + 1, min(len(lines), at + _MOST_LINES)):
        line = lines[end]
        if line.furniture or _SALUTATION.match(line.text):
            return None
        closing = _CLOSING.match(line.text)
        if closing is not None:
            closed = True
            last = end
            continue
        named = signature_in(line, needs_dash=False)
        full = named is not None and " " in line.text[named.start - line.span.start : named.end - line.span.start]
        if named is None or not (
            closed or (full and line.text[-1] not in ".!?:" and (begins or _ends_letter(lines, at, end)))
        ):
            if closed:
                return None
            continue
        last = last if closed else end
        after = end + 1  # the writer's office and place
        while after < len(lines) and after - end <= _MOST_SIGNED and not lines[after].apart and is_item(lines[after]):
            after += 1
        first = Span(lines[at].span.start + start, lines[at].span.end)
        speech = (*((first,) if begins else ()), *speech_of(lines[at + 1 : last]))
        signature = Span(lines[last].span.start, lines[after - 1].span.end)
        return Run(at, after), Passage("block", speech, named, named, doubt=_DOUBT), signature
    return None


def _ends_letter(lines: Sequence[Line], at: int, end: int) -> bool:
    """Return whether line `end`, a name alone, signs a letter in the first person that line `at` opens.

    An office stands directly below it, or nothing.
    """
    last = end + 1 == len(lines) or (not lines[end + 1].apart and is_item(lines[end + 1]))
    return last and end > at + 1 and any(in_first_person(line.text) for line in lines[at + 1 : end])


def writer_below(lines: Sequence[Line], at: int) -> Span | None:
    """Return the name in line `at`, "Ann Cole, Northport", if it stands directly below a text in the first person."""
    line = lines[at]
    if line.apart or line.furniture or line.text[-1] in '.!?:;”"' or not in_first_person(lines[at - 1].text):
        return None
    name = signature_in(line, needs_dash=False) if "," in line.text and lines[at - 1].text[-1] in ".!?" else None
    return name if name is not None and " " in line.text[: name.end - line.span.start] else None


def speaker_below(lines: Sequence[Line], at: int) -> Span | None:
    """Return the full name at the start of the line directly below line `at`, which is in quotation marks."""
    if at + 1 == len(lines) or lines[at + 1].apart or lines[at].furniture or not QUOTED.match(lines[at].text):
        return None
    below = lines[at + 1]
    name = None if below.text[-1] in '.!?:;”"' else signature_in(below, needs_dash=False)
    full = name is not None and " " in below.text[name.start - below.span.start : name.end - below.span.start]
    return name if full and not reports(below.text) else None

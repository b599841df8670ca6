"""Signatures, and the texts they end: letters, speeches by one person, quotes with the name on the line below."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.forms.labels import read_label_line
from service.extraction.forms.signs import Line, has_reporting_verb, in_first_person, is_note
from service.extraction.wordlists import person_words, word_list
from service.input.article import Passage, Span

DASH: Final = r"(?:—|–|―|--?)\s{0,2}"
SIGNED: Final = re.compile(
    rf"(?P<dash>{DASH})"
    r"(?P<name>[A-Z][\w.'’-]{0,40}(?: (?:(?:de|da|del|van|von|der|bin|al|la|le) )?[A-Z][\w.'’-]{0,40}){0,4})"
    r"(?P<office>(?:,| \(| of | from )[^\n]{1,120})?\Z"
)
QUOTED: Final = re.compile(r"\W{0,2}[“\"‘'«].*[”\"’'»]\W{0,2}\Z", re.S)
_ITEM_WORDS: Final = 12
_SALUTATION: Final = re.compile(
    r"(?:(?:Dear )?(?:Sirs?|Madam|Sir or Madam|Editor)|SIR)(?:\s?[—–,:]\s*|\s-\s)(?=\S|\Z)"
    r"|Dear [^,:.!?\n]{2,60}[,:]?\Z|To (?:the|our|my|all) [^,:.!?\n]{2,60}[,:]\Z"
)
_CLOSING: Final = re.compile(
    r"(?:Yours(?: very)?(?: sincerely| faithfully| truly| respectfully| ever)?|(?:Yours )?[Ss]incerely(?: yours)?"
    r"|Respectfully(?: yours)?|(?:With )?(?:[Kk]ind|[Bb]est|[Ww]arm)(?:est)? (?:regards|wishes)|Regards"
    r"|In solidarity)[,.]?\Z"
)
_MAX_LINES_BELOW_NAME: Final = 3  # lines below the name in a letter
_ADDRESS: Final = re.compile(
    r"(?:(?:Full )?[Tt]ext of )?(?:the )?(?:[Rr]emarks|[Ss]peech|[Aa]ddress|[Ss]tatement|[Mm]essage)"
    r"(?: as delivered)? (?:by|from) "
    r"(?P<name>(?:[Tt]he )?[A-Z][\w.'’-]*(?: (?:of |for )?[A-Z][\w.'’-]*){0,6})"
    r"(?=(?:,| (?:at|on|to|in|before|after|about|regarding|during)) |\Z)"
)
_STATEMENT: Final = re.compile(
    r"(?:(?:A|An|The) )?(?:(?:[Ff]ull|[Jj]oint|[Oo]pen|[Pp]ublic|[Oo]fficial) )*"
    r"(?:[Ss]tatement|[Ll]etter|[Mm]essage|[Aa]pology|[Aa]ppeal)"
    r"(?: (?:on|to|from|by|of|about|regarding)\b[^.!?\n]*|:[^.\n]*)?\Z"
)
_IN_FULL: Final = re.compile(r"\b(?:statement|letter|message|text|email|apology|memo)\b[^.\n]{0,40} in full\W*\Z", re.I)
_PAGE: Final = re.compile(
    r"(?:(?:Your|Readers['’]?|Our readers['’]) )?[Ll]etters?(?: to the [Ee]ditor| page| of the (?:day|week))?"
    r"(?:\s?[:|–—-] [^\n]{1,80})?\Z"
)
_PLACE: Final = re.compile(r",? ?[A-Z][\w.'’-]+(?:,? [A-Z][\w.'’-]+){0,3}\Z")
_MIN_PARAGRAPHS: Final = 2  # paragraphs of an address
_MAX_LINES: Final = 40  # of a letter
_ERROR_PROBABILITY: Final = 0.1


@dataclass(frozen=True, slots=True)
class Run:
    """Consecutive lines, by the index of the first and of the one after the last."""

    first: int
    end: int


Found = Iterator[tuple[Run, Passage, Span | None]]  # lines, the passage in them, and its signature


def signature_in(line: Line, *, needs_dash: bool) -> Span | None:
    """Return the name in a signature "— Ann Cole, mayor", or in a block quote's credit."""
    match = SIGNED.match(line.text)
    if match is None and (line.dashed or not needs_dash):
        match = re.match(SIGNED.pattern.replace(f"(?P<dash>{DASH})", ""), line.text)
    return None if match is None else trimmed(line, match.span("name"))


def is_item(line: Line) -> bool:
    """Return whether the line can be an item of a list: a few words without a full stop."""
    return len(line.text.split()) <= _ITEM_WORDS and line.text[-1] not in ".!?:" and not line.boilerplate


def speech_of(lines: Sequence[Line]) -> tuple[Span, ...]:
    """Return a span for each line that has words, or for lines of one paragraph together."""
    spans: list[Span] = []
    paragraph = -1
    for line in lines:
        if not any(map(str.isalnum, line.text)):
            continue
        if line.paragraph_index == paragraph:
            spans[-1] = Span(spans[-1].start, line.span.end)
        else:
            spans.append(line.span)
        paragraph = line.paragraph_index
    return tuple(spans)


def trimmed(line: Line, offsets: tuple[int, int]) -> Span | None:
    """Return the span of the letters at `offsets` in the line, without symbols and white space at its ends."""
    start, end = offsets
    while start < end and not line.text[start].isalnum():
        start += 1
    while end > start and not (line.text[end - 1].isalnum() or line.text[end - 1] == "."):
        end -= 1
    return Span(line.span.start + start, line.span.start + end) if start < end else None


def opens_letter(line: Line) -> bool:
    """Return whether the line is a salutation and nothing else: "Dear colleagues,"."""
    opening = _SALUTATION.match(line.text)
    return opening is not None and opening.end() == len(line.text)


def find_address(lines: Sequence[Line]) -> Found:
    """Yield the article as one speech, if its first line names the speaker: "Remarks by Mayor Ann Cole at the pier".

    At least half of its paragraphs are in the first person, and few have a reporting verb.
    """
    match = _ADDRESS.match(lines[0].text) if lines else None
    spoken = [line for line in lines[1:] if not line.boilerplate and not line.heading and not is_note(line.text)]
    personal = sum(in_first_person(line.text) for line in spoken)
    reporting = sum(has_reporting_verb(line.text) for line in spoken)
    if match is None or len(spoken) < _MIN_PARAGRAPHS or personal * 2 < len(spoken) or reporting * 4 >= len(spoken):
        return
    start = lines[0].span.start
    label = read_label_line(match["name"], start + match.start("name"))
    if label is not None and label.name is not None and label.kind == "name":
        yield (
            Run(1, lines.index(spoken[-1]) + 1),
            Passage.labelled("block", speech_of(spoken), label.name, _ERROR_PROBABILITY),
            None,
        )


def find_statements(lines: Sequence[Line]) -> Found:
    """Yield statements in full: the lines from "Statement on the bridge" or "The letter in full:" to a name with an
    office, on the same line or below it."""
    for at, line in enumerate(lines):
        if not ((at == 0 and _STATEMENT.match(line.text)) or _IN_FULL.search(line.text)):
            continue
        places = range(at + 2, min(len(lines), at + _MAX_LINES))
        end = next((place for place in places if _signature_lines(lines, place)), None)
        name = None if end is None else signature_in(lines[end], needs_dash=False)
        if end is None or name is None:
            continue
        first = at + 1 + opens_letter(lines[at + 1])
        spoken, after = lines[first:end], end + _signature_lines(lines, end)
        personal = any(in_first_person(item.text) for item in spoken)
        if personal and not any(item.boilerplate or has_reporting_verb(item.text) for item in spoken):
            yield (
                Run(first, after),
                Passage.labelled("block", speech_of(spoken), name, _ERROR_PROBABILITY),
                Span(lines[end].span.start, lines[after - 1].span.end),
            )


def _signature_lines(lines: Sequence[Line], at: int) -> int:
    """Return the number of lines of a signature with an office that begins at line `at`, 0 if none does."""
    if _has_office(lines[at]):
        return 1
    name = signature_in(lines[at], needs_dash=False)
    if name is None or name.end != lines[at].span.end or " " not in lines[at].text or at + 1 == len(lines):
        return 0
    below = lines[at + 1]
    return 2 if not below.after_blank and is_item(below) and _names_office(below.text) else 0


def find_letters(lines: Sequence[Line]) -> Found:
    """Yield letters: the lines from "Dear Mayor," or "Sir –" to "Yours sincerely" and a name, or to a name alone."""
    at = 0
    while at < len(lines):
        opening = _SALUTATION.match(lines[at].text)
        if opening is not None and lines[at].boilerplate and not opens_letter(lines[at]):
            opening = None  # a short line can be taken for the page's
        result = None if opening is None else _letter(lines, at, opening.end())
        if result is None:
            at += 1
            continue
        yield result
        at = result[0].end


def _letter(lines: Sequence[Line], at: int, start: int) -> tuple[Run, Passage, Span | None] | None:
    """Return the letter whose salutation opens line `at` and whose text begins at character `start` of that line."""
    starts_on_line = start < len(lines[at].text)
    closed = False
    for end in range(at + 1, min(len(lines), at + _MAX_LINES)):
        line = lines[end]
        if (line.boilerplate and not _has_office(line)) or _SALUTATION.match(line.text):
            return None
        closing = _CLOSING.match(line.text)
        if closing is not None:
            closed = True
            last = end
            continue
        name = signature_in(line, needs_dash=False)
        full = name is not None and " " in line.text[name.start - line.span.start : name.end - line.span.start]
        if name is None or not (
            closed or (full and line.text[-1] not in ".!?:" and (starts_on_line or _ends_letter(lines, at, end)))
        ):
            if closed:
                return None
            continue
        last = last if closed else end
        signature_end = end + 1  # the writer's office and place
        while (
            signature_end < len(lines)
            and signature_end - end <= _MAX_LINES_BELOW_NAME
            and not lines[signature_end].after_blank
            and is_item(lines[signature_end])
        ):
            signature_end += 1
        first = Span(lines[at].span.start + start, lines[at].span.end)
        speech = (*((first,) if starts_on_line else ()), *speech_of(lines[at + 1 : last]))
        signature = Span(lines[last].span.start, lines[signature_end - 1].span.end)
        return (
            Run(at, signature_end),
            Passage.labelled("block", speech, name, _ERROR_PROBABILITY),
            signature,
        )
    return None


def find_letters_page(lines: Sequence[Line]) -> Found:
    """Yield the letters on a page of them, "Your letters": the lines above each full name with a place."""
    if not lines or not _PAGE.match(lines[0].text):
        return
    first = at = 1
    while at < len(lines):
        below = _writer_lines(lines, at)
        if not below:
            at += 1
            continue
        while first < at and is_item(lines[first]):
            first += 1  # the topic above a letter
        name = signature_in(lines[at], needs_dash=False)
        spoken = lines[first:at]
        if name is not None and spoken and spoken[-1].text.rstrip("”\"’'")[-1:] in {".", "!", "?"}:
            yield (
                Run(first, at + below),
                Passage.labelled("block", speech_of(spoken), name, _ERROR_PROBABILITY),
                Span(lines[at].span.start, lines[at + below - 1].span.end),
            )
        first = at = at + below


def _writer_lines(lines: Sequence[Line], at: int) -> int:
    """Return the number of lines of a full name and a place that begin at line `at`, 0 if there is none."""
    name = signature_in(lines[at], needs_dash=False)
    if name is None or " " not in lines[at].text[: name.end - lines[at].span.start] or not is_item(lines[at]):
        return 0
    rest = lines[at].text[name.end - lines[at].span.start :]
    if rest:
        return int(rest.startswith(",") and _PLACE.match(rest) is not None)
    below = at + 1 < len(lines) and not lines[at + 1].text.startswith(("Sir", "Dear"))
    return 2 if below and is_item(lines[at + 1]) and _PLACE.match(lines[at + 1].text) else 0


def _has_office(line: Line) -> bool:
    """Return whether the line is a full name with an office: "Ruth Alder, Mayor of Northport"."""
    name = signature_in(line, needs_dash=False)
    if name is None or " " not in line.text[: name.end - line.span.start].strip():
        return False
    return _names_office(line.text[name.end - line.span.start :])


def _names_office(text: str) -> bool:
    """Return whether a word of `text` is an office, and none of the press: "Mayor of Northport"."""
    words = set(text.lower().replace(",", " ").split())
    office = any(word in person_words().roles or word in person_words().titles for word in words)
    return office and not words & word_list("forms", "press")


def _ends_letter(lines: Sequence[Line], at: int, end: int) -> bool:
    """Return whether line `end`, a name alone, signs a letter in the first person that line `at` opens.

    It is the article's last line, or an office stands directly below it.
    """
    last = end + 1 == len(lines) or (not lines[end + 1].after_blank and is_item(lines[end + 1]))
    return last and end > at + 1 and any(in_first_person(line.text) for line in lines[at + 1 : end])


def writer_below(lines: Sequence[Line], at: int) -> Span | None:
    """Return the name in line `at`, "Ann Cole, Northport", if it stands directly below a text in the first person."""
    line = lines[at]
    if line.after_blank or line.boilerplate or line.text[-1] in '.!?:;”"' or not in_first_person(lines[at - 1].text):
        return None
    name = signature_in(line, needs_dash=False) if "," in line.text and lines[at - 1].text[-1] in ".!?" else None
    return name if name is not None and " " in line.text[: name.end - line.span.start] else None


def speaker_below(lines: Sequence[Line], at: int) -> Span | None:
    """Return the full name at the start of the line directly below line `at`, which is in quotation marks."""
    if at + 1 == len(lines) or lines[at + 1].after_blank or lines[at].boilerplate or not QUOTED.match(lines[at].text):
        return None
    below = lines[at + 1]
    name = None if below.text[-1] in '.!?:;”"' else signature_in(below, needs_dash=False)
    full = name is not None and " " in below.text[name.start - below.span.start : name.end - below.span.start]
    return name if full and not has_reporting_verb(below.text) else None

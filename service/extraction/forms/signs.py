"""Lines of an article, and what their surface says: speech or other text, questions, stage directions, notes."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.forms.labels import label_words
from service.input.article import Article, Paragraph, Span
from service.input.blocks import LINE, LINE_BREAK

_MARKER: Final = re.compile(r"[^\s\w]{1,2}[ \t\u00a0]*\Z")
_MAX_MARKER: Final = 6
_DASHES: Final = frozenset({"—", "–", "―", "-", "--", "——"})
_FIRST_PERSON: Final = re.compile(
    r"\b(?:I|I['’](?:m|d|ve|ll)|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself|[Ww]e|[Ww]e['’](?:re|d|ve|ll)|[Uu]s|[Oo]urs?)\b"
)
_TALK: Final = re.compile(
    rf"{_FIRST_PERSON.pattern}|\b[Yy]ou(?:r|rs|['’](?:re|d|ve|ll))?\b|\?"
    r"|\A\W*(?:[Yy]es|[Nn]o|[Yy]eah|[Ww]ell|[Tt]hanks?|[Rr]ight|[Aa]bsolutely|[Ss]ure|[Oo]k|[Oo]kay|[Ee]xactly|[Oo]h"
    r"|[Gg]ood (?:morning|afternoon|evening))\b"
)
_PERSONAL: Final = re.compile(
    r"\b(?:I|I['’](?:m|d|ve|ll)|[Mm]e|[Mm]y|[Mm]ine|[Mm]yself)\b"
    r"|\A\W*(?:[Yy]es|[Nn]o|[Yy]eah|[Ww]ell|[Tt]hanks?|[Aa]bsolutely|[Oo]h)[,.!]"
)
_TALK_IN_CAPITALS: Final = re.compile(
    r"\b(?:I|I['’](?:M|D|VE|LL)|ME|MY|MINE|WE|WE['’](?:RE|D|VE|LL)|OURS?|YOU|YOURS?|YOU['’](?:RE|D|VE|LL))\b|\?"
    r"|\A\W*(?:YES|NO|YEAH|WELL|THANKS?|RIGHT|ABSOLUTELY|SURE|OKAY|OH|GOOD (?:MORNING|AFTERNOON|EVENING))\b"
)
_QUOTED: Final = re.compile(r"[“\"][^“”\"]{0,2000}(?:[”\"]|\Z)")
_REPORTS: Final = re.compile(
    r"\b(?:said|says|asked|asks|told|tells|added|adds|replied|replies|claims|argues|insists|confirms|accuses)\b"
)
_CLOCK: Final = re.compile(
    r"(?:END )?\d{1,2}:\d{2}(?::\d{2})?(?: [AaPp]\.?[Mm]\.?)?(?: [A-Z]{2,4})?\.?|[AP]\.M\.(?: [A-Z]{2,4})?"
)
_EXAMINATION: Final = re.compile(r"(?:(?:FURTHER )?(?:RE-?)?(?:DIRECT|CROSS)[- ]?)?EXAMINATION\W*\Z")
_DIRECTION: Final = re.compile(r"[(\[][^()\[\]\n]{1,80}[)\]]|\*[^*\n]{1,40}\*")
SEARCHED: Final = 600  # code points of a turn that are searched for signs of speech
MAX_QUESTION: Final = 600  # code points
_TITLED_WORDS: Final = 5
_TITLED: Final = 0.7  # share of words with a capital in a headline
_INTRODUCTION: Final = 2000  # code points of a line of the introduction
_NAME: Final = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+){1,3}")


@dataclass(frozen=True, slots=True)
class Line:
    """A line without surrounding white space.

    `after_blank`: a blank line, or the article's start, precedes it. `marker`: the bullet, dash or ">" before it, which
    is not part of the paragraph.
    """

    span: Span
    text: str
    paragraph_index: int
    paragraph: Paragraph
    after_blank: bool
    marker: str = ""

    @property
    def dashed(self) -> bool:
        """Whether the line begins after a dash, as signatures do."""
        return self.marker in _DASHES

    @property
    def boilerplate(self) -> bool:
        """Whether the page added the line to the article."""
        return self.paragraph.section == "furniture"

    @property
    def heading(self) -> bool:
        """Whether the line is a headline or a heading in the text."""
        return self.paragraph.section == "headline"


def lines_of(article: Article) -> list[Line]:
    """Return the lines of the article's paragraphs in order, in time linear in the text."""
    return list(_lines(article))


def _lines(article: Article) -> Iterator[Line]:
    end = 0
    for number, paragraph in enumerate(article.paragraphs):
        for match in LINE.finditer(article.text, *paragraph.span):
            line = match[0]
            start = match.start() + len(line) - len(line.lstrip())
            stripped = line.strip()
            if stripped:
                after_blank = not end or len(LINE_BREAK.findall(article.text, end, start)) != 1
                end = start + len(stripped)
                marker = _MARKER.search(article.text, max(0, start - _MAX_MARKER), start)
                yield Line(
                    Span(start, end), stripped, number, paragraph, after_blank, marker[0].strip() if marker else ""
                )


def has_signs_of_speech(text: str) -> bool:
    """Return whether `text` begins like speech: in the first or second person, with a question or a "yes"."""
    beginning = text[:SEARCHED]
    return (_TALK_IN_CAPITALS if beginning.isupper() else _TALK).search(beginning) is not None


def is_personal(text: str) -> bool:
    """Return whether `text` begins like one person's speech, not like the editors' report or advice.

    It has "I", "me" or "my", opens with a "yes", or is in quotation marks. "We", "our" and "you" can be the editors'.
    """
    beginning = text[:SEARCHED].strip()
    outside = _QUOTED.sub("", beginning)
    return not any(map(str.isalnum, outside)) or _PERSONAL.search(outside) is not None


def in_first_person(text: str) -> bool:
    """Return whether `text` has a first person outside quotation marks."""
    return _FIRST_PERSON.search(_QUOTED.sub("", text)) is not None


def has_reporting_verb(text: str) -> bool:
    """Return whether `text` has a reporting verb outside quotation marks."""
    return _REPORTS.search(_QUOTED.sub("", text)) is not None


def is_headline_style(text: str) -> bool:
    """Return whether the line is in title case: most of at least five words begin with a capital."""
    words = [word for word in text.split() if word[:1].isalpha()]
    return len(words) >= _TITLED_WORDS and sum(word[0].isupper() for word in words) >= _TITLED * len(words)


def is_question(line: Line) -> bool:
    """Return whether the line ends with a question mark."""
    return len(line.text) <= MAX_QUESTION and line.text.rstrip('”"*_ ').endswith("?")


def is_direction(text: str) -> bool:
    """Return whether the line is a stage direction or a technical note in brackets: "(APPLAUSE)", "[Laughter.]"."""
    bare = text.strip("*_ ")
    if bare[:1] not in "([" or bare[-1:] not in ")]." or len(bare) > 120:
        return False
    inside = bare.strip("()[]. ")
    return inside.isupper() or label_words().directions.search(inside) is not None


def is_note(text: str) -> bool:
    """Return whether the line is an editor's note, "This interview was edited", or a heading of a court record."""
    if _CLOCK.fullmatch(text[:40]) or _EXAMINATION.match(text):
        return True
    beginning = text.lstrip("*_[(—–- ").lower()[:60]
    return beginning.startswith(label_words().notes) or beginning.rstrip(" *_.—–-#") in {
        "ends",
        "end",
        "end transcript",
        "transcript ends",
    }


def is_inline_direction(text: str) -> bool:
    """Return whether the words in brackets are a stage direction within a turn: laughter, applause."""
    inside = text.strip("()[]*. ").lower()
    return inside in label_words().manners or (
        len(inside.split()) <= 5 and label_words().directions.search(inside) is not None
    )


def split_at_directions(span: Span, text: str) -> tuple[list[Span], list[Span]]:
    """Split `span`, whose characters are `text`, at its stage directions.

    Returns the spans of speech, and those of the directions.
    """
    spoken, directions = [], []
    start = 0
    for match in _DIRECTION.finditer(text):
        if is_inline_direction(match[0]):
            spoken.append((start, match.start()))
            directions.append(Span(span.start + match.start(), span.start + match.end()))
            start = match.end()
    spoken.append((start, len(text)))
    return [
        Span(span.start + begin + len(part) - len(part.lstrip()), span.start + begin + len(part.rstrip()))
        for begin, end in spoken
        if any(map(str.isalnum, part := text[begin:end]))
    ], directions


def names_in_introduction(lines: Sequence[Line]) -> frozenset[str]:
    """Return the names of several words in an introduction, and the last word of each, in lower case."""
    names = {
        name.lower() for line in lines if not line.boilerplate for name in _NAME.findall(line.text[:_INTRODUCTION])
    }
    return frozenset(names | {name.split()[-1] for name in names})

"""Text in capitals: news agency alerts of one line each, and truecasing for the parser.

The parser's treebanks have hardly any text in capitals. The truecased text has exactly as many characters as the
original, so the same offsets apply to both.
"""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.forms.labels import label_words
from service.extraction.forms.signs import Line
from service.extraction.wordlists import known_bodies, nations, organization_words, person_words, word_list
from service.input.article import Passage, Span

_SHARE: Final = 0.6  # minimum share of capitals among the cased letters of an article in capitals
_MIN_LETTERS: Final = 12  # minimum number of cased letters of such an article
_WORD: Final = re.compile(r"[^\W_]+(?:\.[^\W_]+)*\.?(?=\W|\Z)|[^\W_]+")
_BETWEEN: Final = frozenset({" ", "'", "’"})  # characters between a title, or a possessive "S", and a name
_VOWELS: Final = re.compile("[AEIOUY]")
_MAX_ALERT: Final = 300  # code points of an alert
_MAX_SOURCE_WORDS: Final = 6  # of a source
_MIN_STATEMENT_WORDS: Final = 2  # of the statement
_MIN_WORDS_BEFORE_SOURCE: Final = 4  # ... before a colon and the source
_ERROR_PROBABILITY: Final = 0.15
_DASH: Final = re.compile(r"(?P<said>\S.*?)\s+[-–—]{1,2}(?P<space>\s?)(?P<source>[^\s\-–—:][^\-–—:]{1,60})\*?\Z")
_COLON: Final = re.compile(r"(?P<source>[^\s:][^:]{1,60}):\s+(?P<said>\S.*)\Z")
_SOURCE_LAST: Final = re.compile(r"(?P<said>\S.*[^\s:]):\s+(?P<source>[^\s:][^:]{1,60})\Z")
_OWNER: Final = re.compile(r"['’][Ss]?\s+(?P<name>[^\W\d_][\w.'’-]+)\Z")
_SPEAKING: Final = re.compile(r"(?:['’]S|[A-Z.]+) (?P<name>[A-Z][A-Z'’-]+) (?:SAYS|SAID|SEES|TELLS|ADDS|WARNS)\b")


def in_capitals(text: str) -> bool:
    """Return whether the text as a whole is written in capitals."""
    upper, lower = sum(map(str.isupper, text)), sum(map(str.islower, text))
    return upper + lower >= _MIN_LETTERS and upper >= _SHARE * (upper + lower)


def is_in_capitals(line: str) -> bool:
    """Return whether a line has several capitals and no lower-case letter."""
    return line.isupper() and sum(map(str.isupper, line)) >= _MIN_LETTERS // 2


def truecase(text: str, lines: Sequence[Line]) -> str:
    """Return `text` with those of `lines` that are in capitals in lower case, except for likely names."""
    casing = _casing_elsewhere(lines)
    pieces, end = [], 0
    for line in lines:
        if is_in_capitals(line.text):
            pieces += [text[end : line.span.start], _truecase_line(line.text, casing)]
            end = line.span.end
    return "".join([*pieces, text[end:]])


def _casing_elsewhere(lines: Sequence[Line]) -> Mapping[str, str]:
    """Return the spelling of each word inside the lines that are not in capitals, by its lower-case form."""
    casing: dict[str, str] = {}
    for line in lines:
        if not is_in_capitals(line.text):
            for match in list(_WORD.finditer(line.text))[1:]:
                casing[match[0].lower()] = match[0]
    return casing


def _truecase_line(line: str, casing: Mapping[str, str]) -> str:
    words = list(_WORD.finditer(line))
    lower = [match[0].lower().rstrip(".") for match in words]
    characters = list(line)
    for at, match in enumerate(words):
        truecased = _truecase_word(line, words, lower, at, casing)
        if len(truecased) == len(match[0]):
            characters[match.start() : match.end()] = truecased
    return "".join(characters)


def _truecase_word(
    line: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int, casing: Mapping[str, str]
) -> str:
    """Return one word of a line in capitals, truecased."""
    word, lowered = words[at][0], lower[at]
    if lowered in casing:
        return casing[lowered] + word[len(casing[lowered]) :]
    if lowered in _bodies():
        return _bodies()[lowered] + word[len(lowered) :]
    if (
        "." in word[:-1]
        or word == "I"
        or (
            not _VOWELS.search(word)
            and len(word) > 1
            and word.isalpha()
            and lowered not in word_list("forms", "capitals_function_words")
        )
    ):
        return word
    if lowered == "may" and at and lower[at - 1] in word_list("forms", "before_month"):
        return word[0] + word[1:].lower()
    if lowered in word_list("forms", "capitals_function_words") or lowered in word_list("forms", "capitals_reporting"):
        return word.lower()
    capitalized = word[0] + word[1:].lower()
    people = person_words()
    if lowered in people.given or lowered in nations() or lowered in organization_words().calendar:
        return capitalized
    common = lowered in people.titles or lowered in people.roles or lowered in organization_words().heads
    if at == 0 or (not common and _is_name(line, words, lower, at)):
        return capitalized
    return word.lower()


def _is_name(line: str, words: Sequence[re.Match[str]], lower: Sequence[str], at: int) -> bool:
    """Return whether an unknown word is a name: after a title or a given name, or before a reporting verb or colon."""
    people = person_words()
    before = lower[at - 1] if line[words[at - 1].end() : words[at].start()] in _BETWEEN else ""
    if before not in word_list("forms", "capitals_function_words") and (
        before in people.honorifics or before in people.given or before in people.titles or before in people.roles
    ):
        return (
            lower[at] not in cue_lexicon().verbs
            and lower[at] not in word_list("forms", "capitals_reporting")
            and not lower[at].endswith(("s", "ed", "ing"))
        )
    if before == "s" and words[at - 1].start() > 0 and line[words[at - 1].start() - 1] in "'’":
        return line[words[at].end() : words[at].end() + 1] == ":" or (
            at + 1 < len(words) and lower[at + 1] in word_list("forms", "capitals_reporting")
        )
    says = (
        at + 1 < len(words)
        and lower[at + 1] in word_list("forms", "capitals_reporting")
        and line[words[at].end() : words[at + 1].start()] == " "
    )
    return says and not lower[at].endswith("s")


@cache
def _bodies() -> dict[str, str]:
    """Return the spelling of well-known names with several capitals, by their lower-case form: NATO, PayPal."""
    businesses, other_bodies = known_bodies()
    names = (name for name in sorted(businesses | other_bodies) if name.isalpha())
    return {name.lower(): name for name in names if sum(map(str.isupper, name)) > 1}


def find_alerts(lines: Sequence[Line]) -> list[Passage]:
    """Return the alerts among `lines`: the source follows a dash or a colon, or precedes a colon."""
    alerts = [line for line in lines if is_in_capitals(line.text) and len(line.text) <= _MAX_ALERT]
    speaking = frozenset(match["name"].lower() for line in alerts for match in _SPEAKING.finditer(line.text))
    result = []
    for line in alerts:
        match = _DASH.match(line.text) or _COLON.match(line.text)
        if match is not None and _is_alert(match, speaking):
            result.append(_passage(line, match))
            continue
        source_last = _SOURCE_LAST.match(line.text)  # "TALKS TO RESUME ON THURSDAY: SOURCES"
        if (
            source_last is not None
            and _words(source_last["said"]) >= _MIN_WORDS_BEFORE_SOURCE
            and _is_alert(source_last, speaking)
        ):
            result.append(_passage(line, source_last))
    return result


def _is_alert(match: re.Match[str], speaking: frozenset[str]) -> bool:
    """Return whether `match` is a statement and its source, rather than a topic, a score or a hyphenated name.

    `speaking` are the names that have a reporting verb in another alert.
    """
    source = match["source"].strip(" *").lower()
    words = source.replace("’", "'").split()
    if len(words) > _MAX_SOURCE_WORDS or _words(match["said"]) < _MIN_STATEMENT_WORDS or any(map(str.isdigit, source)):
        return False
    topics = (label_words().others | cue_lexicon().topics) - cue_lexicon().labels
    if words[0] in topics or any(word in word_list("forms", "alert_reporting") for word in words):
        return False
    glued = "space" in match.re.groupindex and not match["space"]
    return source in speaking or _is_source(source, words) or (glued and len(words) <= _MAX_SOURCE_WORDS // 2)


def _words(text: str) -> int:
    return sum(any(map(str.isalpha, word)) for word in text.split())


def _is_source(source: str, words: Sequence[str]) -> bool:
    """Return whether the words name a person, an office, an organization or unnamed sources."""
    people, bodies = person_words(), organization_words()
    singular = [word.removesuffix("s") if word not in people.roles else word for word in words]
    last = singular[-1]
    named = _OWNER.search(source) is not None or words[0].rstrip(".") in people.titles | people.honorifics.keys()
    offices = last in people.roles or last in people.titles - people.fields or words[-1] in cue_lexicon().labels
    institutions = last in bodies.heads or words[-1] in bodies.media or last in bodies.collectives
    return named or offices or institutions or (words[0] in people.given and len(words) > 1)


def _passage(line: Line, match: re.Match[str]) -> Passage:
    said, source = match.span("said"), match.span("source")
    end = source[0] + len(match["source"].rstrip(" *"))
    begin = source[0] + len(match["source"]) - len(match["source"].lstrip("* "))
    label = Span(line.span.start + begin, line.span.start + end)
    owner = _OWNER.search(line.text[begin:end])
    name = label if owner is None else Span(label.start + owner.start("name"), label.end)
    start = said[0] + len(match["said"]) - len(match["said"].lstrip("* "))
    speech = Span(line.span.start + start, line.span.start + said[1])
    return Passage("alert", (speech,), label, name, error_probability=_ERROR_PROBABILITY, listed=True)

"""Find news agency alerts, one line in capitals each: "BRIDGE TO REOPEN IN MAY -MAYOR", "CENTRAL BANK'S ORLO: …"."""

import re
from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.forms.capitals import is_in_capitals
from service.extraction.forms.labels import label_words
from service.extraction.forms.lines import Line
from service.extraction.wordlists import organization_words, person_words
from service.input.article import Passage, Span

_LONGEST: Final = 300  # code points of an alert
_MOST_WORDS: Final = 6  # of a source
_FEWEST_WORDS: Final = 2  # of the statement
_FEWEST_BEFORE: Final = 4  # ... before a colon and the source
_DOUBT: Final = 0.15
_DASH: Final = re.compile(r"(?P<said>\S.*?)\s+[-–—]{1,2}(?P<space>\s?)(?P<source>[^\s\-–—:][^\-–—:]{1,60})\*?\Z")
_COLON: Final = re.compile(r"(?P<source>[^\s:][^:]{1,60}):\s+(?P<said>\S.*)\Z")
_SOURCE_LAST: Final = re.compile(r"(?P<said>\S.*[^\s:]):\s+(?P<source>[^\s:][^:]{1,60})\Z")
_OWNER: Final = re.compile(r"['’][Ss]?\s+(?P<name>[^\W\d_][\w.'’-]+)\Z")
_SPEAKING: Final = re.compile(r"(?:['’]S|[A-Z.]+) (?P<name>[A-Z][A-Z'’-]+) (?:SAYS|SAID|SEES|TELLS|ADDS|WARNS)\b")
_SAYS: Final = frozenset("says said sees tells told adds warns calls".split())


def find_alerts(lines: Sequence[Line]) -> list[Passage]:
    """Return the alerts among `lines`: the source follows a dash or a colon, or precedes a colon."""
    alerts = [line for line in lines if is_in_capitals(line.text) and len(line.text) <= _LONGEST]
    speaking = frozenset(match["name"].lower() for line in alerts for match in _SPEAKING.finditer(line.text))
    found = []
    for line in alerts:
        match = _DASH.match(line.text) or _COLON.match(line.text)
        if match is not None and _is_alert(match, speaking):
            found.append(_passage(line, match))
            continue
        source_last = _SOURCE_LAST.match(line.text)  # "TALKS TO RESUME ON THURSDAY: SOURCES"
        if (
            source_last is not None
            and _words(source_last["said"]) >= _FEWEST_BEFORE
            and _is_alert(source_last, speaking)
        ):
            found.append(_passage(line, source_last))
    return found


def _is_alert(match: re.Match[str], speaking: frozenset[str]) -> bool:
    """Return whether `match` is a statement and its source, rather than a topic, a score or a hyphenated name.

    `speaking` are the names that have a reporting verb in another alert.
    """
    source = match["source"].strip(" *").lower()
    words = source.replace("’", "'").split()
    if len(words) > _MOST_WORDS or _words(match["said"]) < _FEWEST_WORDS or any(map(str.isdigit, source)):
        return False
    topics = (label_words().others | cue_lexicon().topics) - cue_lexicon().labels
    if words[0] in topics or any(word in _SAYS for word in words):
        return False
    glued = "space" in match.re.groupindex and not match["space"]
    return source in speaking or _is_source(source, words) or (glued and len(words) <= _MOST_WORDS // 2)


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
    return Passage("alert", (speech,), label, name, doubt=_DOUBT, listed=True)

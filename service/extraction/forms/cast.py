"""Decide which labels of an article begin turns.

An article is an interview or a transcript when its labels recur, alternate, or cannot be anything else. Lists of facts,
prices, scores and topics have labels too; what they do not have is speech after most of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from service.extraction.forms.labels import Label, read_label, read_label_line
from service.extraction.forms.lines import Line
from service.extraction.forms.signs import is_personal, is_titled, names_before, reports, shows_talk

_RECURRING: Final = 0.4  # share of turns with such signs, where labels recur
_DISTINCT: Final = 0.5  # ... and where no label recurs
_FEWEST_BARE: Final = 2  # questions "Q Why?", so that "A Yes" is an answer
_PERSONAL: Final = 0.3  # share of such turns that have to be in the first person singular or in quotation marks
_OFFICIAL: Final = 0.15  # ... and where all labels are in capitals, with titles or full names
_LATE: Final = 8  # lines before the label of a speech by one person: title, place, time
_PARAGRAPHS: Final = 4  # of such a speech
_MINE: Final = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]yself)\b")
_YOURS: Final = re.compile(r"\b[Yy]ou(?:r|rs|rself)?\b")
_AGED: Final = re.compile(r"(?:, |\()(?:aged )?[1-9]\d\)?(?:,|\Z)")
_LABEL_LINES: Final = 4  # labels on lines of their own, where one recurs
_TURNS: Final = 2  # turns of one speaker, and speakers
_DENSE: Final = 0.4  # share of lines from the first label to the last that begin a turn, where no label recurs


def find_cast(lines: Sequence[Line], *, wanted: bool = False) -> dict[int, Label]:
    """Return the labels that begin turns, by the index of their line; empty if the article is no interview.

    `wanted` is whether the sender says that it is one; then two labels of any kind are enough.
    """
    read = {at: label for at, line in enumerate(lines) if (label := read_label(line.text, line.span.start)) is not None}
    read = _named_in_brackets(lines, read)
    headlines = {at for at in read if lines[at].heading and is_titled(lines[at].text)}
    turns = {label.key for at, label in read.items() if at not in headlines}
    read = {at: label for at, label in read.items() if at not in headlines or label.key in turns}
    if not wanted and _is_advice(lines, read):
        return {}
    cast = _cast(lines, {at: label for at, label in read.items() if label.style != "period"}, wanted=wanted)
    if not cast:
        periods = {at: label for at, label in read.items() if label.style == "period" or label.kind != "name"}
        cast = _recurring(lines, periods, least=3)
    return cast or _label_lines(lines)


def _named_in_brackets(lines: Sequence[Line], labels: Mapping[int, Label]) -> dict[int, Label]:
    """Return the labels, those with an office alone with the name that brackets give it elsewhere.

    "GUEST (LYDIA FROST): …", then "GUEST: …".
    """
    words = {
        at: lines[at].text[label.span.start - lines[at].span.start : label.span.end - lines[at].span.start].lower()
        for at, label in labels.items()
    }
    holders = {
        words[at].partition("(")[0].strip(): label
        for at, label in labels.items()
        if label.kind == "name" and words[at].endswith(")")
    }
    return {
        at: label
        if (holder := holders.get(words[at])) is None
        else replace(label, kind="name", name=holder.name, key=holder.key, sure=True)
        for at, label in labels.items()
    }


def _cast(lines: Sequence[Line], labels: Mapping[int, Label], *, wanted: bool) -> dict[int, Label]:
    """Return the labels, by line, that begin turns; empty if the article is no interview."""
    bare = sum(label.style == "bare" and label.kind == "question" for label in labels.values())
    if bare < _FEWEST_BARE:
        labels = {at: label for at, label in labels.items() if label.style != "bare" or label.kind == "question"}
    asked = [label for label in labels.values() if label.kind == "question"]
    answered = [label for label in labels.values() if label.kind == "answer"]
    counts = Counter(label.key for label in labels.values())
    if (
        len(asked) >= 2
        or (asked and (answered or any(label.sure for label in labels.values() if label.kind != "question")))
        or len(answered) >= 2
    ):
        strong = {
            at: label
            for at, label in labels.items()
            if label.kind in {"question", "answer"} or label.sure or counts[label.key] > 1
        }
        return _completed(lines, labels, strong)
    official = {at: label for at, label in labels.items() if label.sure and label.capitals}
    if len(official) == 1 and len(labels) == 1:
        return official if _is_speech(lines, min(official)) else {}
    if len(labels) < 2:
        return {}
    if wanted:
        return dict(labels)
    recurring = _recurring(lines, labels, least=3)
    if recurring:
        found = _completed(lines, labels, recurring)
        surnames = _short_forms(label.key for label in found.values())
        return found if len({_person_of(label.key, surnames) for label in found.values()}) >= _TURNS else {}
    if len({label.key for label in official.values()}) >= _TURNS and _talking(lines, official) >= _DISTINCT:
        return _completed(lines, labels, official)
    introduced = names_before(lines[: min(labels)])
    certain = {
        at: label
        for at, label in labels.items()
        if label.sure or label.person or label.capitals or label.key in introduced
    }
    sure = {at: label for at, label in labels.items() if at in certain or not label.single}
    if len(sure) < 2 or len({label.key for label in sure.values()}) < 2:
        return {}
    if len(sure) < _DENSE * (max(sure) + 1 - min(sure)):
        return {}
    least = _DISTINCT if len(certain) == len(sure) else 1.0
    if all(label.sure for label in sure.values()):
        return _completed(lines, labels, sure)
    if _talking(lines, sure) >= least and _personal(lines, sure) >= _PERSONAL:
        return _completed(lines, labels, sure)
    return {}


def _is_advice(lines: Sequence[Line], labels: Mapping[int, Label]) -> bool:
    """Return whether questions and answers are a page's advice: readers ask "Can I …?", and it answers "You can".

    Questions that follow each other, and numbered ones that ask no "you", are a quiz.
    """
    others = any(label.kind not in {"question", "answer"} for label in labels.values())
    labels = {at: label for at, label in labels.items() if label.kind in {"question", "answer"}}
    advice = talk = answers = numbered = 0
    for (at, label), told in zip(sorted(labels.items()), _turns(lines, labels), strict=True):
        asks = label.kind == "question"
        answers += not asks
        numbered += asks and any(map(str.isdigit, lines[at].text[: label.start - lines[at].span.start]))
        mine, yours = _MINE.search(told) is not None, _YOURS.search(told) is not None
        if mine and not asks:
            return False
        advice += mine if asks else yours and not mine
        talk += (yours and not mine) if asks else mine
    asked = len(labels) - answers
    if numbered == asked >= _TURNS and not talk and not others:
        return answers >= _TURNS or sum(at + 1 in labels for at in labels) >= asked - 1
    return answers >= _TURNS and advice > talk


def _is_speech(lines: Sequence[Line], at: int) -> bool:
    """Return whether the label at line `at` begins the speech of one person that fills the article."""
    spoken = [line for line in lines[at:] if not line.furniture and not line.heading]
    if at > _LATE or len(spoken) < _PARAGRAPHS:
        return False
    return sum(shows_talk(line.text) and not reports(line.text) for line in spoken) >= _DISTINCT * len(spoken)


def _recurring(lines: Sequence[Line], labels: Mapping[int, Label], *, least: int) -> dict[int, Label]:
    """Return the labels of an article in which two speakers or more take turns and one of them speaks again."""
    known = _short_forms(label.key for label in labels.values())
    counts = Counter(_person_of(label.key, known) for label in labels.values())
    again = {
        at: label
        for at, label in labels.items()
        if counts[_person_of(label.key, known)] > 1 or label.sure or label.person or label.key in known
    }
    if len(labels) < least or len(again) < _TURNS or len(counts) < _TURNS or max(counts.values(), default=0) < _TURNS:
        return {}
    official = all(
        (label.capitals and (label.sure or not label.single or label.key in known))
        or counts[_person_of(label.key, known)] > 1
        for label in again.values()
    )
    share = _OFFICIAL if official and any(label.sure for label in again.values()) else _RECURRING
    return again if _talking(lines, again) >= share else {}


def _completed(lines: Sequence[Line], labels: Mapping[int, Label], strong: Mapping[int, Label]) -> dict[int, Label]:
    """Return `strong` with the other labels that name somebody.

    These are names of the introduction, surnames and initials of names in other labels, and, in the same spelling as
    most labels, names in capitals, names of several words, and names of one word directly between two turns.
    """
    if not strong:
        return {}
    named = [label for label in strong.values() if label.kind in {"name", "role"}]
    capitals = sum(label.capitals for label in named) * 2 > len(named) if named else None
    first, last = min(strong), max(strong)
    known = _short_forms(label.key for label in labels.values()) | names_before(lines[: min(labels)])
    initials = {_initials_of(label.key) for label in named} | {label.key for label in named}
    found = dict(strong)
    for at, label in labels.items():
        if at in strong or label.kind not in {"name", "role"}:
            continue
        if label.key in known or (" " in label.key and _initials_of(label.key) in initials):
            found[at] = label
        elif capitals is None or label.capitals == capitals:
            beside = at - 1 in labels and at + 1 in labels
            if label.capitals or (first < at and not label.single) or (first < at < last and beside):
                found[at] = label
    return dict(sorted(found.items()))


def _person_of(key: str, surnames: frozenset[str]) -> str:
    """Return the surname for a name whose surname is among `surnames`, so that "Ann Cole" and "Cole" count as one."""
    last = key.split()[-1]
    return last if last in surnames else key


def _short_forms(keys: Iterable[str]) -> frozenset[str]:
    """Return the surnames of the names in `keys`."""
    return frozenset(key.split()[-1] for key in keys if " " in key)


def _initials_of(key: str) -> str:
    return "".join(word[0] for word in key.split())


def _label_lines(lines: Sequence[Line]) -> dict[int, Label]:
    """Return the labels that fill a line, without colon, where each of two speakers or more speaks twice.

    Labels with a colon that name one of these speakers are among them. Labels with an age need not recur.
    """
    read = {
        at: label
        for at, line in enumerate(lines)
        if (line.apart or line.heading or at == 0)
        and (label := read_label_line(line.text, line.span.start)) is not None
    }
    found = {at: label for at, label in read.items() if at + 1 < len(lines) and at + 1 not in read}
    counts = Counter(label.key for label in found.values())
    cast = {at: label for at, label in found.items() if counts[label.key] > 1 or label.sure}
    speaking = {label.key for label in cast.values()}
    recur = max(counts.values(), default=0) >= _TURNS and len(speaking) >= _TURNS and len(cast) >= _LABEL_LINES
    if not recur or _talking(lines, cast) < _DISTINCT:
        aged = {at: label for at, label in found.items() if _AGED.search(lines[at].text)}
        personal = sum(map(is_personal, _turns(lines, aged)))
        return aged if len(aged) >= _TURNS and personal >= _DISTINCT * len(aged) else {}
    colons = {
        at: label for at, line in enumerate(lines) if (label := read_label(line.text, line.span.start)) is not None
    }
    cast |= {at: label for at, label in colons.items() if label.style == "colon" and label.key in speaking}
    return dict(sorted(cast.items()))


def _talking(lines: Sequence[Line], labels: Mapping[int, Label]) -> float:
    """Return the share of the turns that show signs of speech."""
    return sum(map(shows_talk, _turns(lines, labels))) / max(len(labels), 1)


def _personal(lines: Sequence[Line], labels: Mapping[int, Label]) -> float:
    """Return the share of the turns that are one person's speech, ask "you", or have a label that shows a speaker."""
    personal = 0
    for (_, label), told in zip(sorted(labels.items()), _turns(lines, labels), strict=True):
        asks = told.rstrip('”" ').endswith("?") and _YOURS.search(told) is not None
        personal += label.sure or label.capitals or label.described or asks or is_personal(told)
    return personal / max(len(labels), 1)


def _turns(lines: Sequence[Line], labels: Mapping[int, Label]) -> Iterator[str]:
    """Yield the beginning of each turn, in text order."""
    starts = sorted(labels)
    for at, following in zip(starts, [*starts[1:], starts[-1] + 4] if starts else [], strict=True):
        told = lines[at].text[labels[at].start - lines[at].span.start :]
        yield " ".join([told, *(line.text for line in lines[at + 1 : min(following, at + 4)])])

"""Decide which labels of an article begin turns.

An article is an interview or a transcript when its labels recur, alternate, or can only name speakers. Lists of facts,
prices, scores and topics have labels too, but most of those are not followed by speech.
"""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from service.extraction.forms.labels import Label, read_label, read_label_line
from service.extraction.forms.signs import (
    Line,
    has_reporting_verb,
    has_signs_of_speech,
    is_headline_style,
    is_personal,
    names_in_introduction,
)

_RECURRING: Final = 0.4  # minimum share of turns with signs of speech, where labels recur
_DISTINCT: Final = 0.5  # ... and where no label recurs
_MIN_BARE_QUESTIONS: Final = 2  # questions "Q Why?", so that "A Yes" is an answer
_LEAST_PERSONAL: Final = 0.3  # minimum share of those turns in the first person singular or in quotation marks
_OFFICIAL: Final = 0.15  # ... and where all labels are in capitals, with titles or full names
_LATE: Final = 8  # maximum number of lines before the label of a speech by one person: title, place, time
_PARAGRAPHS: Final = 4  # minimum number of paragraphs of such a speech
_FIRST_PERSON: Final = re.compile(r"\b(?:I|[Mm]e|[Mm]y|[Mm]yself)\b")
_SECOND_PERSON: Final = re.compile(r"\b[Yy]ou(?:r|rs|rself)?\b")
_CLAUSE: Final = re.compile(r"[\s“\"‘']*(?:I|[Ww]e|[Yy]ou|[Tt]hey|[Hh]e|[Ss]he|[Ii]t|[Tt]here)\b")
_AGED: Final = re.compile(r"(?:, |\()(?:aged )?[1-9]\d\)?(?:,|\Z)")
_OUTLET: Final = re.compile(r"\b(?:to|with|for|by) (?:the )?([A-Z][\w’'-]+(?: [A-Z][\w’'-]+){1,3})")  # who asks
_WORD: Final = re.compile(r"[^\W\d_]+")
_LONG_WORD: Final = 12  # characters of a code
_FACT_WORDS: Final = 6  # maximum number of words of a fact after a label
_LONG_PARAGRAPH: Final = 15  # words
_ENDS: Final = frozenset(".?!…”\"’'")
_LABEL_LINES: Final = 4  # minimum number of labels that fill a line, where one recurs
_MIN_LABELS: Final = 3  # where one recurs
_TURNS: Final = 2  # minimum number of speakers, and of turns of one of them
_DENSE: Final = 0.4  # minimum share of lines, from the first label to the last, that begin a turn if no label recurs


def find_turn_labels(lines: Sequence[Line], *, declared: bool = False) -> dict[int, Label]:
    """Return the labels that begin turns, by the index of their line; empty if the article is not an interview.

    With `declared`, the request says that it is one, and two labels of any kind are enough.
    """
    outlets = frozenset(
        name.lower() for line in lines[:_LATE] if not line.boilerplate for name in _OUTLET.findall(line.text)
    )
    labels = {
        at: label
        for at, line in enumerate(lines)
        if (label := read_label(line.text, line.span.start, outlets)) is not None
    }
    labels = _without_facts(lines, _named_in_brackets(lines, labels))
    headlines = {at for at in labels if lines[at].heading and is_headline_style(lines[at].text)}
    speaker_keys = {label.key for at, label in labels.items() if at not in headlines}
    labels = {at: label for at, label in labels.items() if at not in headlines or label.key in speaker_keys}
    if not declared and _is_advice(lines, labels):
        return {}
    turn_labels = _labels_of_turns(
        lines, {at: label for at, label in labels.items() if label.style != "period"}, declared=declared
    )
    if not turn_labels:
        periods = {at: label for at, label in labels.items() if label.style == "period" or label.kind != "name"}
        turn_labels = _recurring(lines, periods)
    return turn_labels or _label_lines(lines)


def _named_in_brackets(lines: Sequence[Line], labels: Mapping[int, Label]) -> dict[int, Label]:
    """Return the labels, with the name added to those that repeat only the office of an earlier label.

    "GUEST (LYDIA FROST): …" names the speaker of "GUEST: …".
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
        else replace(label, kind="name", name=holder.name, key=holder.key, certain=True)
        for at, label in labels.items()
    }


def _without_facts(lines: Sequence[Line], labels: Mapping[int, Label]) -> dict[int, Label]:
    """Return the labels, except those of facts, such as "Filling: goose down" in reviews of sleeping bags.

    After most of these are a few words without a full stop, and then a heading or a long paragraph; a code; or words
    about the person of the label.
    """
    turns, facts = Counter(label.key for label in labels.values()), Counter[str]()
    for at, label in labels.items():
        after = lines[at].text[label.start - lines[at].span.start :]
        words = after.split()
        if _is_code(after) or _is_about(label.key, after):
            facts[label.key] += 1
            continue
        short = 0 < len(words) <= _FACT_WORDS and words[-1][-1] not in _ENDS
        if short and at + 1 < len(lines) and at + 1 not in labels:
            facts[label.key] += lines[at + 1].heading or len(lines[at + 1].text.split()) >= _LONG_PARAGRAPH
    return {at: label for at, label in labels.items() if facts[label.key] * 2 <= turns[label.key]}


def _is_code(text: str) -> bool:
    """Return whether the text is one long word with digits or signs, such as a checksum or a path."""
    word = text.strip()
    return len(word) >= _LONG_WORD and " " not in word and not word.strip(".!?…—-").isalpha()


def _is_about(key: str, text: str) -> bool:
    """Return whether a name of the label is in its text, which is not in the first person: "Ann Cole: Ann writes …"."""
    names = {word for word in key.split() if len(word) > 1}
    return " " in key and _FIRST_PERSON.search(text) is None and bool(names & set(_WORD.findall(text.lower())))


def _labels_of_turns(lines: Sequence[Line], labels: Mapping[int, Label], *, declared: bool) -> dict[int, Label]:
    """Return the labels, by line, that begin turns; empty if the article is not an interview."""
    labels = _without_bare_answers(labels)
    if _has_questions_and_answers(labels.values()):
        return _with_similar_labels(lines, labels, _strong(labels))
    official = {at: label for at, label in labels.items() if label.certain and label.capitals}
    if len(labels) == len(official) == 1:
        return official if _is_speech(lines, min(official)) else {}
    if len(labels) < 2:
        return {}
    if declared:
        return dict(labels)
    recurring = _recurring(lines, labels)
    if recurring:
        result = _with_similar_labels(lines, labels, recurring)
        return result if _number_of_speakers(result.values()) >= _TURNS else {}
    if len({label.key for label in official.values()}) >= _TURNS and _share_of_speech(lines, official) >= _DISTINCT:
        return _with_similar_labels(lines, labels, official)
    return _single_turns(lines, labels)


def _without_bare_answers(labels: Mapping[int, Label]) -> Mapping[int, Label]:
    """Return the labels without "A" before a capital, the article at the start of a line, unless "Q" recurs too."""
    bare_questions = sum(label.style == "bare" and label.kind == "question" for label in labels.values())
    if bare_questions >= _MIN_BARE_QUESTIONS:
        return labels
    return {at: label for at, label in labels.items() if label.style != "bare" or label.kind == "question"}


def _has_questions_and_answers(labels: Collection[Label]) -> bool:
    """Return whether "Q" or "A" recurs, or somebody answers a "Q"."""
    questions = sum(label.kind == "question" for label in labels)
    answers = sum(label.kind == "answer" for label in labels)
    if questions >= 2 or answers >= 2:
        return True
    return questions > 0 and (answers > 0 or any(label.certain for label in labels if label.kind != "question"))


def _strong(labels: Mapping[int, Label]) -> dict[int, Label]:
    """Return the labels that name a speaker by their form or because they recur."""
    counts = Counter(label.key for label in labels.values())
    return {
        at: label
        for at, label in labels.items()
        if label.kind in {"question", "answer"} or label.certain or counts[label.key] > 1
    }


def _are_links(lines: Sequence[Line], labels: Mapping[int, Label]) -> bool:
    """Return whether the text after most labels is no sentence, as in links to other stories: "STRESS: How to cope"."""
    after = [lines[at].text.rstrip() for at, label in labels.items() if label.start < lines[at].span.end]
    return sum(text[-1] not in _ENDS for text in after) * 2 > len(after)


def _number_of_speakers(labels: Iterable[Label]) -> int:
    """Return the number of different speakers; a surname is that of the full name in another label."""
    keys = [label.key for label in labels]
    surnames = _surnames(keys)
    return len({_surname_or_key(key, surnames) for key in keys})


def _single_turns(lines: Sequence[Line], labels: Mapping[int, Label]) -> dict[int, Label]:
    """Return the labels, by line, that begin turns in an article in which nobody speaks twice."""
    introduced = names_in_introduction(lines[: min(labels)])
    certain = {
        at for at, label in labels.items() if label.certain or label.person or label.capitals or label.key in introduced
    }
    confident = {at: label for at, label in labels.items() if at in certain or not label.single}
    if len({label.key for label in confident.values()}) < _TURNS:
        return {}
    if len(confident) < _DENSE * (max(confident) + 1 - min(confident)) or _are_links(lines, confident):
        return {}
    if _is_exchange(lines, confident):
        return confident
    least = _DISTINCT if len(certain) == len(confident) else 1.0
    is_talk = _share_of_speech(lines, confident) >= least and _share_in_person(lines, confident) >= _LEAST_PERSONAL
    if is_talk or all(label.certain for label in confident.values()):
        return _with_similar_labels(lines, labels, confident)
    return {}


def _is_exchange(lines: Sequence[Line], labels: Mapping[int, Label]) -> bool:
    """Return whether every line is a clause after a full name, and half of them are speech: "Ana Ruiz: We came first."
    – "Tom Bell: They did ask."."""
    full = all(label.kind == "name" and not label.single for label in labels.values())
    whole = all(at in labels for at, line in enumerate(lines) if not line.boilerplate and line.text.strip())
    clauses = all(
        _CLAUSE.match(turn) and turn.rstrip('”"’ ').endswith((".", "?", "!")) for turn in _turns(lines, labels)
    )
    return full and whole and clauses and _share_of_speech(lines, labels) >= _DISTINCT


def _is_advice(lines: Sequence[Line], labels: Mapping[int, Label]) -> bool:
    """Return whether the questions and answers are advice, "Can I …?" – "You can …", or a quiz.

    In a quiz, questions follow each other, or are numbered and do not address anyone as "you".
    """
    has_speakers = any(label.kind not in {"question", "answer"} for label in labels.values())
    labels = {at: label for at, label in labels.items() if label.kind in {"question", "answer"}}
    advice = conversation = answers = numbered = 0
    for (at, label), turn in zip(sorted(labels.items()), _turns(lines, labels), strict=True):
        is_question = label.kind == "question"
        answers += not is_question
        numbered += is_question and any(map(str.isdigit, lines[at].text[: label.start - lines[at].span.start]))
        first_person, second_person = _FIRST_PERSON.search(turn) is not None, _SECOND_PERSON.search(turn) is not None
        if first_person and not is_question:
            return False
        advice += first_person if is_question else second_person and not first_person
        conversation += (second_person and not first_person) if is_question else first_person
    questions = len(labels) - answers
    if numbered == questions >= _TURNS and not conversation and not has_speakers:
        return answers >= _TURNS or sum(at + 1 in labels for at in labels) >= questions - 1
    return answers >= _TURNS and advice > conversation


def _is_speech(lines: Sequence[Line], at: int) -> bool:
    """Return whether the label at line `at` begins the speech of one person that fills the article."""
    spoken = [line for line in lines[at:] if not line.boilerplate and not line.heading]
    if at > _LATE or len(spoken) < _PARAGRAPHS:
        return False
    return sum(
        has_signs_of_speech(line.text) and not has_reporting_verb(line.text) for line in spoken
    ) >= _DISTINCT * len(spoken)


def _recurring(lines: Sequence[Line], labels: Mapping[int, Label]) -> dict[int, Label]:
    """Return the labels of an article in which at least two speakers take turns and one of them speaks twice."""
    surnames = _surnames(label.key for label in labels.values())
    counts = Counter(_surname_or_key(label.key, surnames) for label in labels.values())
    repeated = {
        at: label
        for at, label in labels.items()
        if counts[_surname_or_key(label.key, surnames)] > 1 or label.certain or label.person or label.key in surnames
    }
    if (
        len(labels) < _MIN_LABELS
        or len(repeated) < _TURNS
        or len(counts) < _TURNS
        or max(counts.values(), default=0) < _TURNS
    ):
        return {}
    official = all(
        (label.capitals and (label.certain or not label.single or label.key in surnames))
        or counts[_surname_or_key(label.key, surnames)] > 1
        for label in repeated.values()
    )
    share = _OFFICIAL if official and any(label.certain for label in repeated.values()) else _RECURRING
    return repeated if _share_of_speech(lines, repeated) >= share else {}


def _with_similar_labels(
    lines: Sequence[Line], labels: Mapping[int, Label], strong: Mapping[int, Label]
) -> dict[int, Label]:
    """Return `strong` with the other labels that name a speaker.

    These are names from the introduction, and surnames and initials of names in other labels. If they are capitalized
    as most labels are, names in capitals, names of several words, and single words between two turns count too.
    """
    if not strong:
        return {}
    named = [label for label in strong.values() if label.kind in {"name", "role"}]
    capitals = sum(label.capitals for label in named) * 2 > len(named) if named else None
    first, last = min(strong), max(strong)
    known_names = _surnames(label.key for label in labels.values()) | names_in_introduction(lines[: min(labels)])
    initials = {_initials_of(label.key) for label in named} | {label.key for label in named}
    result = dict(strong)
    for at, label in labels.items():
        if at in strong or label.kind not in {"name", "role"}:
            continue
        if label.key in known_names or (" " in label.key and _initials_of(label.key) in initials):
            result[at] = label
        elif capitals is None or label.capitals == capitals:
            between_turns = at - 1 in labels and at + 1 in labels
            if label.capitals or (first < at and not label.single) or (first < at < last and between_turns):
                result[at] = label
    return dict(sorted(result.items()))


def _surname_or_key(key: str, surnames: frozenset[str]) -> str:
    """Return the surname of `key` if it is among `surnames`, else `key`: "Ann Cole" and "Cole" are one speaker."""
    last = key.split()[-1]
    return last if last in surnames else key


def _surnames(keys: Iterable[str]) -> frozenset[str]:
    """Return the surnames of the names in `keys`."""
    return frozenset(key.split()[-1] for key in keys if " " in key)


def _initials_of(key: str) -> str:
    return "".join(word[0] for word in key.split())


def _label_lines(lines: Sequence[Line]) -> dict[int, Label]:
    """Return the labels that fill a line, without a colon, if at least two speakers recur.

    Labels with a colon that name one of these speakers are included. Labels with an age need not recur.
    """
    labels = {
        at: label
        for at, line in enumerate(lines)
        if (line.after_blank or line.heading or at == 0)
        and "(@" not in line.text  # the credit of a post
        and (label := read_label_line(line.text, line.span.start)) is not None
    }
    result = {at: label for at, label in labels.items() if at + 1 < len(lines) and at + 1 not in labels}
    counts = Counter(label.key for label in result.values())
    turn_labels = {at: label for at, label in result.items() if counts[label.key] > 1 or label.certain}
    speakers = {label.key for label in turn_labels.values()}
    recurs = max(counts.values(), default=0) >= _TURNS and len(speakers) >= _TURNS and len(turn_labels) >= _LABEL_LINES
    is_talk = recurs and _share_of_speech(lines, turn_labels) >= _DISTINCT
    if not is_talk or _share_in_person(lines, turn_labels) < _LEAST_PERSONAL:
        aged = {at: label for at, label in result.items() if _AGED.search(lines[at].text)}
        personal_turns = sum(map(is_personal, _turns(lines, aged)))
        return aged if len(aged) >= _TURNS and personal_turns >= _DISTINCT * len(aged) else {}
    colons = {
        at: label for at, line in enumerate(lines) if (label := read_label(line.text, line.span.start)) is not None
    }
    turn_labels |= {at: label for at, label in colons.items() if label.style == "colon" and label.key in speakers}
    return dict(sorted(turn_labels.items()))


def _share_of_speech(lines: Sequence[Line], labels: Mapping[int, Label]) -> float:
    """Return the share of the turns that show signs of speech."""
    return sum(map(has_signs_of_speech, _turns(lines, labels))) / max(len(labels), 1)


def _share_in_person(lines: Sequence[Line], labels: Mapping[int, Label]) -> float:
    """Return the share of the turns that are one person's speech, ask "you", or have the label of a speaker."""
    personal_turns = 0
    for (_, label), turn in zip(sorted(labels.items()), _turns(lines, labels), strict=True):
        asks_reader = turn.rstrip('”" ').endswith("?") and _SECOND_PERSON.search(turn) is not None
        personal_turns += label.certain or label.capitals or label.described or asks_reader or is_personal(turn)
    return personal_turns / max(len(labels), 1)


def _turns(lines: Sequence[Line], labels: Mapping[int, Label]) -> Iterator[str]:
    """Yield the beginning of each turn, in text order."""
    starts = sorted(labels)
    for at, following in zip(starts, [*starts[1:], starts[-1] + 4] if starts else [], strict=True):
        first_line = lines[at].text[labels[at].start - lines[at].span.start :]
        yield " ".join([first_line, *(line.text for line in lines[at + 1 : min(following, at + 4)])])

"""Read speakers' labels: "Q:", "Ann Cole:", "SEN. ANN COLE (D-OH):", "THE COURT:", "Mr. Cole.", a name on its own line.

Each label is read from one line, without a parse. `turn_labels.py` decides whether the labels begin turns.
"""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import Final, Literal

from service.extraction.attribution.lexicons import cue_lexicon
from service.extraction.wordlists import organization_words, person_words, word_list
from service.input.article import Span

LabelKind = Literal["question", "answer", "name", "role"]
Style = Literal["colon", "space", "bare", "period", "line"]

_MAX_LABEL: Final = 120  # code points of a label
_MAX_NAME_WORDS: Final = 6  # words of a name with its titles
_TIME: Final = r"[\[(]?(?:\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4},? {1,2})?\d{1,2}:\d{2}(?::\d{2})?(?:[.,]\d{1,3})?[\])]?"
_LEAD: Final = rf"(?:{_TIME}\s{{0,3}}[-–—]?\s{{0,3}})?(?:>>+\s{{0,3}})?(?:\*\*|__)?(?:[-–—•]\s{{1,3}})?"
_STRONG: Final = r"(?:\*\*|__)?"
_QUESTION: Final = re.compile(
    rf"{_LEAD}(?P<label>(?i:Q(?:uestion)?|A(?:ns(?:wer)?)?)(?:\s?#?\d{{1,2}})?){_STRONG}"
    rf"(?:\s?:{_STRONG}\s*|\.{_STRONG}\s+|\s[-–—](?=\s)\s*|(?P<space>\s{{2,}}|\t\s*))"
)
_BARE: Final = re.compile(rf"{_LEAD}(?P<label>[QA]){_STRONG}(?:\s(?=[\"“‘(\[A-Z—–])|(?<=Q)(?=[A-Z][a-z'’]+\s[a-z]))")
_NUMBERED: Final = re.compile(r"Q\s?\d{1,4}\.?\s+(?=[A-Z][^:.?!\n]{1,50}:\s)")  # of a committee: "Q12 Chair: …"
_EXAMINED: Final = re.compile(
    r"(?:[A-Z]+ )?(?:EXAMINATION )?BY (?:MR|MS|MRS|MISS|DR)\.? (?P<label>[A-Z][A-Z'’-]+):?\s*\Z"
)
_SWORN: Final = re.compile(
    r"(?:(?P<label>[A-Z][A-Z.'’-]*(?: [A-Z][A-Z.'’-]*){1,4}),?\s+)?"
    r"(?:(?:was |being |is )?(?:called|recalled|produced) as a witness|(?:having|after|was|being)\b.{0,20}\bsworn)\b"
)
_COLON: Final = re.compile(
    rf"{_LEAD}(?P<label>[^:\n(\[*]{{1,70}}(?:[(\[][^)\]\n]{{0,60}}[)\]][^:\n(\[*]{{0,40}}){{0,3}}){_STRONG}:{_STRONG}"
    r"(?:\s+|(?=[\"“‘(\[—–…]|[A-Z][\w’']*[ ,])|\Z)"
)
_WHOLE_LINE: Final = re.compile(rf"{_LEAD}(?P<label>\S.{{0,{_MAX_LABEL}}}\Z)")
_PERIOD: Final = re.compile(
    r"(?P<label>(?:Mr|Mrs|Ms|Miss|Dr|Sen|Senator|Rep|Representative|Chairman|Chairwoman|Chair|Secretary|The|Judge"
    r"|Justice|Ambassador|General|Admiral|Mayor|Governor|Director|Commissioner)\.?"
    r"(?: (?:[A-Z]\.|[A-Z][\w'’-]*)){1,3}(?: of [A-Z][a-z]+| pro tempore)?)"
    r"\. {1,3}(?=[A-Z\"“\[(])"
)
_DASHED_OFFICE: Final = re.compile(r"\s+(?:--|[—–-])\s+")
_HOLDER: Final = re.compile(
    r"The (?:[A-Z][\w'’-]+|of|for|the|and)(?: [\w'’-]+){0,8} \((?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3})\)"
)
_BRACKETED: Final = re.compile(r"[^()]{1,40}\((?P<name>[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3})(?:, [^()]{1,60})?\)")
_POSSESSIVE_ENDING: Final = re.compile(r"['’]s(?=\s|\Z)")
_BRACKET: Final = re.compile(r"[(\[](?P<inside>[^)\]]*)[)\]]")
_CLOCK: Final = re.compile(rf"\s*{_TIME}(?:\s?[-–—]+>?\s?{_TIME})?\s*\Z")
_PARTY: Final = re.compile(
    r"[DRIL](?:emocrat|epublican|ndependent)?(?:\W[\w. ]{2,20})?|Con|Lab|LD|Lib Dem|SNP|DUP|PC|Green|Ind|Reform"
)
_NAME_WORD: Final = re.compile(r"(?:Mc|Mac|O['’]|[A-Z]['’])?[A-Z][\w'’.\-]*|[A-Z]\.?(?:[A-Z]\.?){0,3}")
_OFFICE_WORDS: Final = frozenset("of the for and".split())
_NUMBER: Final = re.compile(r"#?(?:\d{1,2}|[A-D]|one|two|three|four|five)", re.I)


@dataclass(frozen=True, slots=True)
class Label:
    """The label at the start of a line.

    `span` covers the label without its colon; `name` the speaker's name without titles and brackets, None for "Q" and
    "A". `start` is where the speech begins. Labels with the same `key` name the same speaker. A label is `certain` if
    its form alone shows that it names a speaker: a title, a party, "(voice-over)". It is a `person` if it begins with a
    known given name.
    """

    kind: LabelKind
    style: Style
    span: Span
    name: Span | None
    start: int
    key: str
    certain: bool = False
    person: bool = False
    capitals: bool = False

    @property
    def described(self) -> bool:
        """Whether an office, an age or a place follows the name."""
        return self.name is not None and self.name.end < self.span.end

    @property
    def single(self) -> bool:
        """Whether the name is one word."""
        return " " not in self.key


@dataclass(frozen=True, slots=True)
class LabelWords:
    """Words of labels, and of text that looks like a label, in lower case. `labels.toml` describes each list."""

    questions: frozenset[str]
    answers: frozenset[str]
    roles: frozenset[str]
    manners: frozenset[str]
    directions: re.Pattern[str]
    others: frozenset[str]
    notes: tuple[str, ...]
    announcements: tuple[str, ...]


@cache
def _words_before_names() -> frozenset[str]:
    """Return the words that can come before a name in a label."""
    people = person_words()
    return people.titles | people.honorifics.keys() | (people.roles.keys() - people.given.keys()) | {"the"}


@cache
def label_words() -> LabelWords:
    """Load `labels.toml`. Cached."""
    table = tomllib.loads(files("service.extraction.forms").joinpath("labels.toml").read_text(encoding="utf-8"))
    return LabelWords(
        questions=frozenset(table["questions"]),
        answers=frozenset(table["answers"]),
        roles=frozenset(table["roles"]),
        manners=frozenset(table["manners"]),
        directions=re.compile(rf"\b(?:{'|'.join(map(re.escape, table['directions']))})\b", re.I),
        others=frozenset(table["others"].split()),
        notes=tuple(table["notes"]),
        announcements=tuple(table["announcements"]),
    )


def read_label(line: str, start: int, outlets: frozenset[str] = frozenset()) -> Label | None:
    """Return the label at the beginning of `line`, whose first character is at `start` in the text, or None.

    `outlets` are names of publications that the introduction says ask, in lower case: "She spoke to the Pier Review."
    """
    match = _NUMBERED.match(line)
    if match is not None and (named := read_label(line[match.end() :], start + match.end(), outlets)) is not None:
        return named
    match = _QUESTION.match(line)
    if match is not None:
        is_question = match["label"][0] in "Qq"
        if is_question or match["label"][0] == "A":
            return _question_or_answer(match, start, "space" if match["space"] else "colon", is_question=is_question)
    match = _BARE.match(line)
    if match is not None:
        return _question_or_answer(match, start, "bare", is_question=match["label"] == "Q")
    match = _COLON.match(line)
    if match is not None:
        return _name_label(start, match, "colon", outlets)
    match = _PERIOD.match(line)
    return _name_label(start, match, "period") if match is not None else None


def read_examiner(line: str, start: int) -> Span | None:
    """Return the name of the examiner in a heading of a court record: "CROSS-EXAMINATION BY MS. FROST:"."""
    match = _EXAMINED.match(line)
    return Span(start + match.start("label"), start + match.end("label")) if match is not None else None


def read_oath(line: str, start: int) -> tuple[bool, Span | None]:
    """Return whether a line of a court record says that a witness is sworn, and the witness's name, if given.

    "LYDIA FROST, having been first duly sworn, testified as follows:"
    """
    match = _SWORN.match(line)
    if match is None or match["label"] is None:
        return match is not None, None
    return True, Span(start + match.start("label"), start + match.end("label"))


def read_label_line(line: str, start: int) -> Label | None:
    """Return the label that fills `line`, without a colon: a name, a role or "Q", perhaps with a time or brackets."""
    if len(line) > _MAX_LABEL or line[-1:] in '.!?;,:”"…':
        return None
    stripped = _CLOCK.sub("", line.strip("*_ "))
    if stripped in {"Q", "A"}:
        at = start + line.index(stripped)
        kind: LabelKind = "question" if stripped == "Q" else "answer"
        return Label(kind, "line", Span(at, at + 1), None, start + len(line), f"({kind})", certain=True)
    match = _WHOLE_LINE.match(line)
    if match is None or not stripped:
        return None
    return _name_label(start, match, "line")


def _question_or_answer(match: re.Match[str], start: int, style: Style, *, is_question: bool) -> Label:
    span = Span(start + match.start("label"), start + match.end("label"))
    kind: LabelKind = "question" if is_question else "answer"
    return Label(kind, style, span, None, start + match.end(), f"({kind})", certain=True)


def _name_label(start: int, match: re.Match[str], style: Style, outlets: frozenset[str] = frozenset()) -> Label | None:
    """Return the label in the group `label` of `match`, or None if it names no one."""
    label = match["label"]
    label_start, end = start + match.start("label"), start + match.end()
    plain = _CLOCK.sub("", _BRACKET.split(label)[0]).rstrip(" ,*_-–—")
    if not plain or any(mark in plain for mark in "!?;…"):
        return None
    bracketed = _BRACKETED.fullmatch(label.strip())
    if bracketed is not None and _has_name_in_brackets(plain, bracketed["name"]):
        return _holder_label(bracketed, label_start, end, style)
    span = Span(label_start, label_start + len(plain))
    words, lower = label_words(), _without_article(plain)
    if lower in words.questions | words.answers:
        kind: LabelKind = "question" if lower in words.questions else "answer"
        return Label(kind, style, span, span if lower in words.roles else None, end, f"({kind})", certain=True)
    if (holder := _HOLDER.match(label)) is not None:
        return _holder_label(holder, label_start, end, style)
    first, office, dashed = _divided_label(plain)
    if role := _role(first):
        name = Span(label_start, label_start + len(first))
        return Label("role", style, span, name, end, role, certain=True, capitals=first.isupper())
    brackets = [result["inside"].strip() for result in _BRACKET.finditer(label)]
    result = _person(first, office, brackets, span, end, style, outlets)
    return replace(result, certain=True) if result is not None and dashed and style == "line" else result


def _without_article(words: str) -> str:
    return words.lower().removeprefix("the ")


def _has_name_in_brackets(plain: str, name: str) -> bool:
    """Return whether the words in brackets after a role are its holder's name: "GUEST (LYDIA FROST)"."""
    words = label_words()
    is_role = _without_article(plain) in words.questions | words.answers or _role(plain) is not None
    return is_role and name.lower() not in words.manners | words.roles


def _holder_label(match: re.Match[str], label_start: int, end: int, style: Style) -> Label:
    """Return the label of a role or office whose holder is the group `name` of `match`."""
    span = Span(label_start, label_start + match.end())
    name = Span(label_start + match.start("name"), label_start + match.end("name"))
    return Label("name", style, span, name, end, match["name"].lower(), certain=True, capitals=match["name"].isupper())


def _divided_label(plain: str) -> tuple[str, str, bool]:
    """Return the name, the office after it, and whether a dash divides them: "Ann Cole, mayor", "Ann Cole — mayor"."""
    first, _, office = plain.partition(",")
    dashed = _DASHED_OFFICE.search(first)
    if dashed is not None:
        first, office = first[: dashed.start()], first[dashed.end() :]
    if suffix := re.match(r"\s(?:Jr|Sr|II|III|IV)\.?", office, re.I):
        first, office = first + "," + suffix[0], office[suffix.end() :].lstrip(", ")
    return first, office.strip(), dashed is not None


def _role(words: str) -> str | None:
    """Return the key of a label that is a role: "the court", "unidentified male", "speaker 2"."""
    parts = words.lower().split()
    if parts and parts[0] == "the":
        parts = parts[1:]
    roles = label_words().roles
    if len(parts) > 1 and _NUMBER.fullmatch(parts[-1]) and " ".join(parts[:-1]) in roles:
        return " ".join(parts)
    return " ".join(parts) if " ".join(parts) in roles else None


def _person(
    first: str, office: str, brackets: list[str], span: Span, end: int, style: Style, outlets: frozenset[str]
) -> Label | None:
    """Return the label of a named person or organization, or None."""
    words = first.split()
    if not _can_be_name(first, words):
        return None
    lower = [word.lower().rstrip(".") for word in words]
    title_count = _title_count(words, lower)
    name_words = lower[title_count:]
    if len(name_words) > _MAX_NAME_WORDS or not words[title_count][0].isupper():
        return None
    people = person_words()
    has_given_name = name_words[0] in people.given and len(name_words) > 1
    is_expected = has_given_name or title_count > 0 or " ".join(lower) in outlets
    if not is_expected and _is_other(name_words):
        return None
    if words[0].lower() in reporting_forms() and not has_given_name:
        return None  # "Continued Cole: …"
    capitals = first.isupper() and sum(map(str.isalpha, first)) > 1
    if not _is_office(office, capitals=capitals) or (_is_phrase(lower) and not capitals):
        return None
    is_role = title_count == 0 and all(
        word in people.titles or word in people.roles or word in _OFFICE_WORDS for word in lower
    )
    name_start = span.start + [word.start() for word in re.finditer(r"\S+", first)][title_count]
    return Label(
        "role" if is_role else "name",
        style,
        span,
        Span(name_start, span.start + len(first.rstrip())),
        end,
        " ".join(name_words).rstrip("."),
        certain=title_count > 0 or _shows_speaker(brackets) or (capitals and (bool(office) or has_given_name)),
        person=has_given_name,
        capitals=capitals,
    )


def _can_be_name(text: str, words: Sequence[str]) -> bool:
    """Return whether the words before a colon can be titles and a name, judged by their letters and number."""
    if not words or len(words) > _MAX_NAME_WORDS + 2 or words[-1] in _OFFICE_WORDS:
        return False
    if any(map(str.isdigit, text)) or not any(map(str.isupper, text)) or _POSSESSIVE_ENDING.search(text):
        return False
    lower_case = word_list("forms", "label_particles") | _OFFICE_WORDS | {"&"}
    return all(_NAME_WORD.fullmatch(word.rstrip(",")) or word in lower_case for word in words)


def _title_count(words: Sequence[str], lower: Sequence[str]) -> int:
    """Return the number of titles before the name, 0 if the words are an office: "Prime Minister", "Press
    Secretary"."""
    count = 0
    while count < len(words) - 1 and lower[count] in _words_before_names():
        count += 1
    last, people = words[-1].lower(), person_words()
    return 0 if count == len(words) - 1 and (last in people.titles or last in people.roles) else count


def _is_other(name_words: Sequence[str]) -> bool:
    """Return whether the words are known to begin a line that is not speech: "Update: …", "Monday: …"."""
    others = label_words().others
    return name_words[0] in others or name_words[-1] in others | organization_words().calendar


def _is_phrase(lower: Sequence[str]) -> bool:
    """Return whether small words join words that are no office: "Off the Grid", unlike "Minister for Harbours"."""
    people = person_words()
    joined = any(word in _OFFICE_WORDS for word in lower[1:])
    return joined and people.titles.union(people.roles, people.honorifics).isdisjoint(lower)


def _shows_speaker(brackets: Sequence[str]) -> bool:
    """Return whether the words in brackets show that a label names a speaker: "(voice-over)", "(D-OH)"."""
    return any(inside.lower() in label_words().manners or _PARTY.fullmatch(inside) for inside in brackets)


def _is_office(office: str, *, capitals: bool) -> bool:
    """Return whether the words after the name and a comma can be an office: "mayor of Ashfield", "CNN HOST"."""
    words = office.split()
    if not words:
        return True
    if len(words) > 12 or reporting_forms().intersection(word.lower() for word in words):
        return False
    if len(words) > 1 and words[0].isnumeric() and not words[1].startswith("year"):
        return False  # an amount: "Oat bread, 2 slices"
    return not capitals or office.isupper() or office.islower() or any(word[0].isupper() for word in words)


@cache
def reporting_forms() -> frozenset[str]:
    """Return forms of frequent reporting verbs. Words before a colon that contain one are not a label."""
    lemmas = cue_lexicon().verbs
    forms = set(word_list("forms", "reporting_forms"))
    forms |= {f"{lemma}d" if lemma.endswith("e") else f"{lemma}ed" for lemma in lemmas}
    forms |= {f"{lemma[:-1]}ied" for lemma in lemmas if lemma.endswith("y")}
    return frozenset(forms | {f"{lemma}s" for lemma in lemmas if len(lemma) > 4})

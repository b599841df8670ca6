"""Read speakers' labels: "Q:", "Ann Cole:", "SEN. ANN COLE (D-OH):", "THE COURT:", "Mr. Cole.", a name on its own line.

Each label is read from one line, without a parse. `turn_labels.py` decides whether the labels begin turns.
"""

import re
import tomllib
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
    r"(?:\s+|(?=[\"“‘(\[—–…])|\Z)"
)
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
_POSSESSIVE: Final = re.compile(r"['’]s(?=\s|\Z)")
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
    match = re.match(rf"{_LEAD}(?P<label>\S.{{0,{_MAX_LABEL}}}\Z)", line)
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
    label_start = start + match.start("label")
    brackets = [result["inside"].strip() for result in _BRACKET.finditer(label)]
    plain = _CLOCK.sub("", _BRACKET.split(label)[0]).rstrip(" ,*_-–—")
    end = start + match.end()
    if not plain or any(mark in plain for mark in "!?;…"):
        return None
    lower = plain.lower().removeprefix("the ")
    words = label_words()
    bracketed = _BRACKETED.fullmatch(label.strip())
    names_person = bracketed is not None and bracketed["name"].lower() not in words.manners | words.roles
    if bracketed is not None and names_person and (lower in words.questions | words.answers or _role(plain)):
        # "GUEST (LYDIA FROST):"
        name_span = (label_start + bracketed.start("name"), label_start + bracketed.end("name"))
        label_span, key = Span(label_start, label_start + bracketed.end()), bracketed["name"].lower()
        capitals = bracketed["name"].isupper()
        return Label("name", style, label_span, Span(*name_span), end, key, certain=True, capitals=capitals)
    if lower in words.questions | words.answers:
        kind: LabelKind = "question" if lower in words.questions else "answer"
        span = Span(label_start, label_start + len(plain))
        return Label(kind, style, span, span if lower in words.roles else None, end, f"({kind})", certain=True)
    first, _, office = plain.partition(",")
    dashed = _DASHED_OFFICE.search(first)
    if dashed is not None:
        first, office = first[: dashed.start()], first[dashed.end() :]
    if suffix := re.match(r"\s(?:Jr|Sr|II|III|IV)\.?", office, re.I):
        first, office = first + "," + suffix[0], office[suffix.end() :].lstrip(", ")
    span = Span(label_start, label_start + len(plain))
    holder = _HOLDER.match(label)
    if holder is not None:
        name_span = (label_start + holder.start("name"), label_start + holder.end("name"))
        label_span = Span(label_start, label_start + holder.end())
        return Label("name", style, label_span, Span(*name_span), end, holder["name"].lower(), certain=True)
    role = _role(first)
    if role:
        return Label(
            "role",
            style,
            span,
            Span(label_start, label_start + len(first)),
            end,
            role,
            certain=True,
            capitals=first.isupper(),
        )
    result = _person(first, office.strip(), brackets, span, end, style, outlets)
    return replace(result, certain=True) if result is not None and dashed is not None and style == "line" else result


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
    lower = [word.lower().rstrip(".") for word in words]
    people, calendar = person_words(), organization_words().calendar
    if (
        not words
        or len(words) > _MAX_NAME_WORDS + 2
        or any(map(str.isdigit, first))
        or not any(map(str.isupper, first))
    ):
        return None
    if not all(
        _NAME_WORD.fullmatch(word.rstrip(","))
        or word in word_list("forms", "label_particles") | _OFFICE_WORDS
        or word == "&"
        for word in words
    ):
        return None
    capitals = first.isupper() and sum(map(str.isalpha, first)) > 1
    title_count = 0
    while title_count < len(words) - 1 and lower[title_count] in _words_before_names():
        title_count += 1
    if 0 < title_count == len(words) - 1 and (words[-1].lower() in people.titles or words[-1].lower() in people.roles):
        title_count = 0  # "Prime Minister", "Press Secretary": an office, no name
    if not words[title_count][0].isupper() or len(words) - title_count > _MAX_NAME_WORDS or words[-1] in _OFFICE_WORDS:
        return None
    name_words = lower[title_count:]
    others = label_words().others
    has_given_name = name_words[0] in people.given and len(name_words) > 1
    if (
        not has_given_name
        and not title_count
        and " ".join(lower) not in outlets
        and (name_words[0] in others or name_words[-1] in others or name_words[-1] in calendar)
    ):
        return None
    if words[0].lower() in reporting_forms() and not has_given_name:
        return None  # "Continued Cole: …"
    if not _is_office(office, capitals=capitals) or _POSSESSIVE.search(first):
        return None
    spelled_out = any(word in _OFFICE_WORDS for word in lower[1:])  # "Off the Grid", unlike "Minister for Harbours"
    if spelled_out and not capitals and not people.titles.union(people.roles, people.honorifics).intersection(lower):
        return None
    manner = any(inside.lower() in label_words().manners for inside in brackets)
    party = any(_PARTY.fullmatch(inside) for inside in brackets)
    certain = (
        bool(title_count and title_count < len(words))
        or manner
        or party
        or (capitals and bool(office))
        or (capitals and has_given_name)
    )
    starts = [result.start() for result in re.finditer(r"\S+", first)]
    name = Span(span.start + starts[title_count], span.start + len(first.rstrip()))
    role = title_count == 0 and all(
        word in people.titles or word in people.roles or word in _OFFICE_WORDS for word in lower
    )
    return Label(
        "role" if role else "name", style, span, name, end, " ".join(name_words).rstrip("."),
        certain=certain, person=has_given_name, capitals=capitals,
    )  # fmt: skip


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

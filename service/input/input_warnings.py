"""Checks for reasons why quotes are likely to be missed: language, capitals, form, encoding, truncation.

Each check is a function from the article to a sentence for users, or None, in time linear in the text. The language is
detected with py3langid, whose model is in its package: its tables are kept in a sixth of the memory, with exactly the
same results.
"""

import re
import tomllib
from array import array
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, Final

import numpy as np
from ftfy.badness import BADNESS_RE
from numpy.typing import NDArray
from py3langid.langid import MODEL_DIR, MODEL_FILE, LanguageIdentifier
from py3langid.modelio import load_model

from service.input.article import Article, InputWarning, WarningCode

_BYTES: Final = 256
# Short English texts are often classified as Nigerian Pidgin. The model also has a class for text in no language.
_ENGLISH: Final = frozenset({"en", "pcm"})
_NO_LANGUAGE: Final = "zxx"
_UNLIKELY: Final = 0.01  # maximum probability of English; measured by benchmarks/input_warnings.py
_MIN_BYTES: Final = 40  # bytes of letters in UTF-8: 40 Latin letters, 20 Cyrillic, 14 Chinese
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_MAX_CHARACTERS: Final = 2000  # characters used; more take time and do not change the result


class SparseTransitions:
    """The transitions of a byte automaton: what py3langid reads at `row * 256 + byte` of one array.

    States are n-grams of bytes, and most transitions of a state are those of the last byte alone. A row keeps only the
    bytes at which it differs from the row after its last byte.
    """

    def __init__(self, transitions: NDArray[np.unsignedinteger[Any]], row_of: NDArray[np.unsignedinteger[Any]]) -> None:
        """Take the `transitions` [rows × 256], to numbers of states, and the row of each state.

        The first state is 0.
        """
        rows = transitions.reshape(-1, _BYTES)
        last = np.zeros(len(row_of), np.uint8)  # the last byte of each state; with several, any of them
        last[rows] = np.arange(_BYTES, dtype=np.uint8)
        base = np.zeros(len(rows), np.uint8)
        base[row_of] = last
        usual = rows[row_of[rows[row_of[0]]]]
        differs = rows != usual[base]
        self._usual = array("I", usual.astype(np.uint32).tobytes())
        self._base = base.tobytes()
        self._bytes = np.nonzero(differs)[1].astype(np.uint8).tobytes()
        self._targets = array("I", rows[differs].astype(np.uint32).tobytes())
        self._starts = array("I", _starts(differs).tobytes())

    def __getitem__(self, place: int) -> int:
        row, byte = place >> 8, place & 255
        found = self._bytes.find(byte, self._starts[row], self._starts[row + 1])
        target: int = self._usual[self._base[row] << 8 | byte] if found < 0 else self._targets[found]
        return target


class SparseTable:
    """The log-probabilities of each feature in each language [features, languages], indexed by arrays of features.

    A row keeps the languages in which the feature was seen; in the others, it has the language's lowest value.
    """

    def __init__(self, table: NDArray[np.floating[Any]]) -> None:
        self._lowest = table.min(0)
        seen = table != self._lowest
        self._languages = np.nonzero(seen)[1].astype(np.min_scalar_type(table.shape[1]))
        self._values = table[seen]
        self._starts = _starts(seen)

    def __getitem__(self, features: NDArray[np.intp]) -> NDArray[np.floating[Any]]:
        first = self._starts[features].astype(np.intp)
        counts = self._starts[features + 1].astype(np.intp) - first
        before = np.cumsum(counts) - counts
        kept = np.arange(counts.sum()) + np.repeat(first - before, counts)
        rows = np.repeat(np.arange(len(features)) * len(self._lowest), counts)
        result = np.tile(self._lowest, len(features))
        result[rows + self._languages[kept]] = self._values[kept]
        return result.reshape(len(features), -1)


def _starts(kept: NDArray[np.bool_]) -> NDArray[np.uint32]:
    """Return the number of kept values before each row, and before the end."""
    return np.concatenate([[0], np.cumsum(kept.sum(1))]).astype(np.uint32)


def load_identifier() -> LanguageIdentifier:
    """Load py3langid's model, with probabilities that sum to 1. Takes a second."""
    table, priors, languages, transitions, rows, features = load_model(MODEL_DIR / MODEL_FILE)
    identifier = LanguageIdentifier(
        SparseTable(table), priors, languages, SparseTransitions(np.asarray(transitions), np.asarray(rows)),
        array("i", features), norm_probs=True, tk_row=rows,
    )  # fmt: skip
    identifier._rowbase = array("I", identifier._rowbase)  # a list takes ten times the memory
    return identifier


def other_language(text: str) -> str | None:
    """Return the language code (ISO 639) of `text`, or None if it can be English or is unknown.

    Only the beginning of `text` is used. Takes at most a few milliseconds.
    """
    sample = text[:_MAX_CHARACTERS]
    letters = "".join(character for character in sample if character.isalpha())
    if len(letters.encode("utf-8", "replace")) < _MIN_BYTES:
        return None
    code = _language(sample)
    uncapitalized = _WORD.sub(lambda word: "" if word[0][0].isupper() else word[0], sample)
    if code is None or (_LETTER.search(uncapitalized) and _language(uncapitalized) is None):  # only names are foreign
        return None
    return code


def _language(sample: str) -> str | None:
    ranked = load_detector().rank(sample.lower())
    likeliest = str(ranked[0][0])
    if likeliest in _ENGLISH or likeliest == _NO_LANGUAGE:
        return None
    english = sum(likelihood for code, likelihood in ranked if code in _ENGLISH)
    return likeliest if english < _UNLIKELY else None


@cache
def load_detector() -> LanguageIdentifier:
    """Return the detector, loading it on the first call, in about a second. It takes 13 MB.

    A server calls this before it forks its workers, so that they share the memory.
    """
    return load_identifier()


_CAPITALS: Final = 0.6  # share of cased letters; texts with capitalized headlines and acronyms stay far below
_MIN_CASED: Final = 60  # minimum number of cased letters for this check
_MIN_LOWER: Final = 200  # minimum number of letters without any capital
_LABEL: Final = re.compile(
    r"\W{0,3}(?P<label>Q|A|[A-Z][A-Z .'’\-()]{1,50}|[A-Z][\w.'’\-]*(?: [A-Z(][\w.'’\-)]*){0,4})\W{0,2}:(?=[\s*]|$)"
)
_MIN_TURNS: Final = 3
_TURNS: Final = 0.25  # share of body paragraphs that begin with a label in capitals or a repeated label
_LAST_BLOCKS: Final = 3  # number of final blocks searched for a paywall notice
_PROSE_WORDS: Final = 8
_LONG: Final = 25  # words; a longer line is not a title
_SENTENCE_END: Final = re.compile(r"[.!?][”’\"')]{0,2}\s+(?=[\w“‘\"'])")  # followed by another sentence, not a sign-off
_MID_SENTENCE: Final = re.compile(r"(?:\s[a-z](?:[\w'’-]*\w)?|\w[,;]|\s[“‘\"])\s*\Z")
_ELLIPSIS: Final = re.compile(r"(?:…|\.{3,}|\[\+\d+ chars\])\s*\Z")  # the last form is NewsAPI's
_NOT_A_WORD: Final = re.compile(r"[^\w\s]+")


def find_warnings(article: Article) -> tuple[InputWarning, ...]:
    """Return what users should know before relying on the quotes of `article`, in the order of the codes."""
    checks: tuple[tuple[WarningCode, Callable[[Article], str | None]], ...] = (
        ("language", _not_english),
        ("capitals", _capitals),
        ("form", _form),
        ("encoding", _encoding),
        ("truncated", _truncated),
    )
    result = ((code, check(article)) for code, check in checks)
    return tuple(InputWarning(code, detail) for code, detail in result if detail is not None)


def _not_english(article: Article) -> str | None:
    code = other_language("\n\n".join(_body(article)) or article.text)
    if code is None:
        return None
    name = _lexicon()["languages"].get(code)
    shown = f"{name} ({code})" if name else f"the language with the code {code}"
    return f"The text is probably in {shown}. Only English is supported; send the article in English."


def _capitals(article: Article) -> str | None:
    upper = sum(map(str.isupper, article.text))
    lower = sum(map(str.islower, article.text))
    if upper + lower >= _MIN_CASED and upper >= _CAPITALS * (upper + lower):
        return f"{upper / (upper + lower):.0%} of the letters are capitals. Names are found less reliably in such text."
    if lower >= _MIN_LOWER and not upper:
        return "The text has no capital letters. Names are found less reliably in such text."
    return None


def _form(article: Article) -> str | None:
    if article.passages:
        return None
    body = _body(article)
    labels = Counter(match["label"] for match in map(_LABEL.match, body) if match)
    turns = sum(number for label, number in labels.items() if number > 1 or label.isupper())
    if turns < _MIN_TURNS or turns < _TURNS * len(body):
        return None
    return (
        f"The text looks like a transcript or an interview: {turns} of {len(body)} paragraphs begin with a speaker's "
        "label. Check who is named as the speaker."
    )


def _encoding(article: Article) -> str | None:
    lost = article.text.count("\ufffd")
    if lost:
        times = "once" if lost == 1 else f"{lost} times"
        return (
            f"The replacement character U+FFFD occurs {times}: characters were lost. Check the encoding of the source."
        )
    garbled = None if article.text.isascii() else BADNESS_RE.search(article.text)
    if garbled is None:
        return None
    return (
        f"The text was probably decoded with the wrong encoding: “{_printable(garbled[0])}” at character "
        f"{garbled.start()}. Check the encoding of the source."
    )


def _truncated(article: Article) -> str | None:
    lines = [article.slice(paragraph.span) for paragraph in article.paragraphs]
    for line in lines[-_LAST_BLOCKS:]:
        words = _NOT_A_WORD.sub("", line).casefold()
        if words.startswith(_paywall_starts()) and not any(word in words for word in _lexicon()["button_words"]):
            return "The article seems to end at a paywall. Send its full text."
    body = _body(article)
    last = body[-1] if body else ""
    if _ELLIPSIS.search(last) and len(last.split()) >= _PROSE_WORDS:
        return "The article ends in an ellipsis, as excerpts do. Send its full text."
    return "The article ends in the middle of a sentence. Send its full text." if _breaks_off(last) else None


def _breaks_off(last: str) -> bool:
    """Return whether the paragraph `last` ends in mid-sentence and is not a title, caption or label."""
    words = last.split()
    if len(words) < _PROSE_WORDS or _MID_SENTENCE.search(last) is None:
        return False
    prose = len(words) >= _LONG or _SENTENCE_END.search(last) is not None
    return prose or words[-1][-1] in ",;" or words[-1] in _lexicon()["open_words"]


def _body(article: Article) -> Sequence[str]:
    return [article.slice(paragraph.span) for paragraph in article.paragraphs if paragraph.section == "body"]


def _printable(text: str) -> str:
    return "".join(character if character.isprintable() else f"\\x{ord(character):02x}" for character in text[:20])


@cache
def _lexicon() -> dict[str, Any]:
    return tomllib.loads(files("service.input").joinpath("warnings.toml").read_text(encoding="utf-8"))


@cache
def _paywall_starts() -> tuple[str, ...]:
    return tuple(_lexicon()["paywall_starts"])

"""Detects texts that are not in English with py3langid, whose model is in its package.

Works offline.
"""

import re
from functools import cache
from typing import Final

from py3langid.langid import MODEL_FILE, LanguageIdentifier

# Short English texts are often classified as Nigerian Pidgin. The model also has a class for text in no language.
_ENGLISH: Final = frozenset({"en", "pcm"})
_NO_LANGUAGE: Final = "zxx"
_UNLIKELY: Final = 0.01  # maximum probability of English; measured by benchmarks/input_warnings.py
_SHORTEST: Final = 40  # bytes of letters in UTF-8: 40 Latin letters, 20 Cyrillic, 14 Chinese
_WORD: Final = re.compile(r"[^\W\d_][\w'’-]*")
_LETTER: Final = re.compile(r"[^\W\d_]")
_LONGEST: Final = 2000  # characters used; more take time and do not change the result


def other_language(text: str) -> str | None:
    """Return the language code (ISO 639) of `text`, or None if it can be English or is unknown.

    Only the beginning of `text` is used. Takes at most a few milliseconds.
    """
    sample = text[:_LONGEST]
    letters = "".join(character for character in sample if character.isalpha())
    if len(letters.encode("utf-8", "replace")) < _SHORTEST:
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
    """Return the detector, loading it on the first call, in about a second. It takes 75 MB.

    A server calls this before it forks its workers, so that they share the memory.
    """
    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)

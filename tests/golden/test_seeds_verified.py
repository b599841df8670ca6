"""Verifying the seeds' gold quotes: verbatim, with another speaker, and with a changed word."""

from typing import Any

import pytest

from service.extraction.report import Options, Report
from service.input.article import Article
from service.input.paragraphs import read_article
from service.parsing.parser import Parser
from service.pipeline import quotes_of
from service.verification.verify import Check, Claim, verify
from tests.golden.judging import SEEDS, gold

pytestmark = pytest.mark.model

Seed = tuple[Article, Report, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def seeds(kept_parser: Parser) -> list[Seed]:
    """Each seed with its report and its required gold quotes."""
    found = []
    for name, wanted in gold().items():
        article = read_article((SEEDS / name).read_text(encoding="utf-8"))
        report = quotes_of(article, kept_parser, Options(unattributed=True))
        found.append((article, report, [entry for entry in wanted["quotes"] if entry["must"]]))
    return found


def printed(entry: dict[str, Any]) -> str:
    return " ".join(entry["content"])


def checked(seeds: list[Seed], *, quoted: bool, text: Any = printed, speaker: Any = None) -> list[Check]:
    """Return the checks of the gold quotes with (or without) quotation marks, printed as `text` by `speaker`."""
    found: list[Check] = []
    for article, report, entries in seeds:
        chosen = [entry for entry in entries if (entry["kind"] != "indirect") == quoted]
        claims = [Claim(text(entry), speaker or entry["speaker"]) for entry in chosen]
        found += verify(article, report, claims)
    return found


def test_marked_quotes_verify_as_verbatim_with_their_speaker(seeds: list[Seed]) -> None:
    found = checked(seeds, quoted=True)
    assert [(one.claim, one.verdict, one.changes) for one in found if one.verdict != "verbatim"] == []
    assert len(found) == 13


def test_marked_quotes_of_another_speaker_are_detected(seeds: list[Seed]) -> None:
    found = checked(seeds, quoted=True, speaker="Jane Doe")
    assert [(one.claim, one.verdict) for one in found if one.verdict != "speaker-differs"] == []
    assert all(one.wording == "verbatim" for one in found)


def test_marked_quotes_with_a_changed_word_are_altered(seeds: list[Seed]) -> None:
    def changed(entry: dict[str, Any]) -> str:
        whole = printed(entry)
        longest = max((word for word in whole.split() if word.isalpha()), key=len)
        return whole.replace(longest, "xylophone", 1)

    found = checked(seeds, quoted=True, text=changed)
    assert [(one.claim, one.verdict) for one in found if one.verdict != "altered"] == []


def test_indirect_quotes_in_marks_are_not_quotes(seeds: list[Seed]) -> None:
    found = checked(seeds, quoted=False, text=lambda entry: f"“{printed(entry)}”")
    assert {one.verdict for one in found} <= {"paraphrase", "narration", "speaker-differs"}
    assert {one.wording for one in found} == {"verbatim"}
    assert sum(one.verdict == "paraphrase" for one in found) >= 16  # as many as test_seeds requires
    assert len(found) == 20

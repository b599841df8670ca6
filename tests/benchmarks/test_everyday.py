"""Everyday articles, our own and others, and small cases are evaluated by the runners of the corpora."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks import cases, everyday
from benchmarks.everyday_own import own_articles
from tests.doubles import ARTICLE
from training.corpora.news import everyday as everyday_documents

SPOKEN = {"content": "the bridge will reopen in May", "kind": "indirect", "speaker": "Ruth Alder"}
HEAD = "page: wire\nheld out: no\ncole: Ann Cole | Cole\nnobody: -\n---\n"


def report(*quotes: tuple[str, str], confidence: float = 0.9) -> dict[str, Any]:
    """A report on `ARTICLE`: the indirect content and the speaker's name of each quote."""
    return {
        "quotes": [
            {
                "id": f"q{number}",
                "kind": "indirect",
                "text": content,
                "contents": [_span(content)],
                "cue": None,
                "speaker": f"s{number}",
                "continues": None,
                "via": None,
                "negated": False,
                "confidence": confidence,
            }
            for number, (content, _) in enumerate(quotes)
        ],
        "speakers": [
            {"id": f"s{number}", "name": name, "aliases": [], "kind": "person"}
            for number, (_, name) in enumerate(quotes)
        ],
    }


def _span(words: str) -> dict[str, Any]:
    start = ARTICLE.index(words)
    return {"start": start, "end": start + len(words), "text": words}


@pytest.fixture
def corpora(shared: Path, tmp_path: Path) -> Path:
    """The runners, with one article and one case of our own."""
    for name in ("eval/everyday.py", "cases/check.py"):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text((shared / name).read_text(encoding="utf-8"), encoding="utf-8")
    content = _span(SPOKEN["content"])
    gold = {
        "quotes": [
            {
                "kind": "indirect",
                "content": [[content["start"], content["end"]]],
                "cue": [17, 21],
                "mention": [0, 16],
                "speaker": "Ruth Alder",
                "aliases": [],
                "class": "speech",
                "negated": False,
                "must": True,
            }
        ]
    }
    (tmp_path / "everyday").mkdir()
    (tmp_path / "everyday/bridge.json").write_text(json.dumps(gold), encoding="utf-8")
    (tmp_path / "everyday/bridge.txt").write_text(ARTICLE, encoding="utf-8")
    case = {"id": "bridge", "kind": "control", "text": ARTICLE, "expect": [SPOKEN], "why": "she is named"}
    (tmp_path / "cases/cases.jsonl").write_text(json.dumps(case) + "\n", encoding="utf-8")
    return tmp_path


RIGHT = (SPOKEN["content"], "Ruth Alder")
NOISE = ("told reporters", "Ruth Alder")


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ([RIGHT], {"indirect": 1.0, "noise": 0.0, "sure_wrong": 0.0}),
        ([RIGHT, NOISE], {"indirect": 1.0, "noise": 0.5, "sure_wrong": 0.5}),
        ([(SPOKEN["content"], "Tom Bell")], {"indirect": 0.0, "indirect_found": 1.0, "noise": 0.0, "sure_wrong": 1.0}),
        ([], {"indirect": 0.0, "indirect_found": 0.0, "noise": 0.0, "sure_wrong": 0.0}),
    ],
    ids=["right", "noise besides", "another person", "nothing"],
)
def test_everyday_figures_come_from_the_runner(
    corpora: Path, found: list[tuple[str, str]], expected: dict[str, float]
) -> None:
    figures = everyday.shares(everyday.measure(corpora, lambda path, body: (200, report(*found)), "prose"))
    assert {name: figures[name] for name in expected} == expected


def test_everyday_options_are_sent(corpora: Path) -> None:
    sent: list[dict[str, Any]] = []

    def post(path: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        sent.append(body)
        return 200, report(RIGHT)

    everyday.measure(corpora, post, "prose", {"min_confidence": 0.7})
    assert sent == [{"text": ARTICLE, "options": {"min_confidence": 0.7}}]


@pytest.mark.parametrize(("found", "passed"), [([RIGHT], 1), ([RIGHT, NOISE], 0), ([], 0)])
def test_cases_pass_without_wrong_or_extra_quotes(corpora: Path, found: list[tuple[str, str]], passed: int) -> None:
    table = cases.measure(corpora, lambda path, body: (200, report(*found)))
    assert table == {"control": (passed, 1)}
    assert cases.share(table) == passed


@pytest.mark.parametrize("file", cases.OWN, ids=lambda file: file.stem)
def test_own_cases_have_the_format_of_the_shared_ones(file: Path) -> None:
    fields = {
        "id",
        "kind",
        "text",
        "html",
        "expect",
        "forbid",
        "forbid_speakers",
        "extra_ok",
        "verify",
        "verdicts",
        "why",
    }
    rows = cases.read_cases(file)
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        assert set(row) <= fields
        assert ("text" in row) != ("html" in row)
        assert ("expect" in row) != ("verify" in row)
        source = " ".join(row.get("text", "").split())
        for item in row.get("expect", []) if source else []:
            assert all(piece.strip() in source for piece in " ".join(item["content"].split()).split("…")), row["id"]


def test_cases_of_named_files_are_measured(corpora: Path, tmp_path: Path) -> None:
    file = tmp_path / "own.jsonl"
    file.write_text(json.dumps({"id": "own", "kind": "deeds", "text": ARTICLE, "expect": [], "why": ""}) + "\n")
    assert cases.measure(corpora, lambda path, body: (200, report(RIGHT)), files=[file]) == {"deeds": (0, 1)}


def test_kinds_of_cases_can_be_left_out(corpora: Path) -> None:
    assert cases.measure(corpora, lambda path, body: (200, report(RIGHT)), without=["control"]) == {}


def test_everyday_articles_convert_to_polnear_documents(corpora: Path) -> None:
    content = _span(SPOKEN["content"])
    assert list(everyday_documents(corpora)) == [
        {
            "id": "bridge",
            "text": ARTICLE,
            "attributions": [{"source": [[0, 16]], "cue": [[17, 21]], "content": [[content["start"], content["end"]]]}],
        }
    ]


def test_half_of_the_articles_are_held_out() -> None:
    articles = own_articles()
    assert len(articles) >= 16
    assert sum(article.held_out for article in articles) * 2 == len(articles)
    assert all(len(article.text.split()) >= 120 and len(article.quotes) >= 5 for article in articles)
    assert not any(mark in article.text for article in articles for mark in "<>")


def test_marks_become_spans_with_their_speakers(tmp_path: Path) -> None:
    marked = 'Cole said <cole/said:it "works">. <cole/said:"No,"> she said. <cole:"Yes."> <nobody?:Maybe.>'
    (tmp_path / "one.txt").write_text(HEAD + marked, encoding="utf-8")
    (article,) = own_articles(tmp_path)
    assert article.text == 'Cole said it "works". "No," she said. "Yes." Maybe.'
    tables = [
        ([article.text[start:end] for start, end in quote["content"]], quote["kind"], quote["speaker"], quote["must"])
        for quote in article.quotes
    ]
    assert tables == [
        (['it "works"'], "mixed", "Ann Cole", True),
        (['"No,"', '"Yes."'], "direct", "Ann Cole", True),
        (["Maybe."], "indirect", None, False),
    ]
    assert article.quotes[0]["aliases"] == ["Cole"]


@pytest.mark.parametrize(
    ("marked", "message"),
    [("Cole said <cole/said:it works.", "not closed"), ("Cole said <roe/said:it works>.", "no speaker 'roe'")],
)
def test_invalid_mark_is_rejected(tmp_path: Path, marked: str, message: str) -> None:
    (tmp_path / "one.txt").write_text(HEAD + marked, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        own_articles(tmp_path)

"""Our own everyday articles: complete, and parsed from their marks."""

from pathlib import Path

import pytest

from benchmarks.everyday_own import own_articles

HEAD = "page: wire\nheld out: no\ncole: Ann Cole | Cole\nnobody: -\n---\n"


def test_half_of_the_articles_are_held_out() -> None:
    articles = own_articles()
    assert len(articles) >= 16
    assert sum(article.held_out for article in articles) * 2 == len(articles)
    assert all(len(article.text.split()) >= 250 and len(article.quotes) >= 10 for article in articles)
    assert not any(mark in article.text for article in articles for mark in "<>")


def test_marks_become_spans_with_their_speakers(tmp_path: Path) -> None:
    marked = 'Cole said <cole/said:it "works">. <cole/said:"No,"> she said. <cole:"Yes."> <nobody?:Maybe.>'
    (tmp_path / "one.txt").write_text(HEAD + marked, encoding="utf-8")
    (article,) = own_articles(tmp_path)
    assert article.text == 'Cole said it "works". "No," she said. "Yes." Maybe.'
    told = [
        ([article.text[start:end] for start, end in quote["content"]], quote["kind"], quote["speaker"], quote["must"])
        for quote in article.quotes
    ]
    assert told == [
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

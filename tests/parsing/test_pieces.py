"""Which parts of an article the parser reads, and how they are split."""

import pytest

from service.input.article import Article, Paragraph, Span
from service.parsing.chunks import CHUNK, MAX_PIECE_LENGTH, MAX_WORDS, chunks_of, pieces_of, segments, spelled


def pieces(text: str, *paragraphs: tuple[int, int], section: str = "body") -> list[str]:
    article = Article(text, tuple(Paragraph(Span(*span), section) for span in paragraphs))  # type: ignore[arg-type]
    read = spelled(article)
    return [read[start:end] for start, end in pieces_of(article, read)]


def test_normalization_keeps_every_offset() -> None:
    text = "“It’s\nfine,” she\u00a0said…\r\n\tReally\u200b?"
    assert spelled(Article(text)) == '"It\'s fine," she said…   Really ?'
    assert len(spelled(Article(text))) == len(text)


def test_a_paragraph_is_one_piece_without_its_outer_white_space() -> None:
    assert pieces("One.\n\n Two\nlines. \n", (0, 4), (5, 18)) == ["One.", "Two lines."]


def test_boilerplate_and_blank_paragraphs_are_skipped() -> None:
    assert pieces("Share this", (0, 10), section="furniture") == []
    assert pieces(" \u200b ", (0, 3), (1, 1)) == []


def test_paragraph_of_punctuation_is_skipped() -> None:
    assert pieces('"" -- *** ""', (0, 12)) == []
    assert pieces('"?" 7', (0, 5)) == ['"?" 7']


@pytest.mark.parametrize("sentence", ["A short one ends here. ", "no end of any sentence in sight ", "x"])
def test_very_long_paragraph_is_split_without_loss(sentence: str) -> None:
    text = sentence * (3 * MAX_PIECE_LENGTH // len(sentence))
    found = pieces(text, (0, len(text)))
    assert len(found) >= 3
    assert max(map(len, found)) <= MAX_PIECE_LENGTH
    assert "".join(found).replace(" ", "") == text.replace(" ", "")


def test_very_long_paragraph_is_split_after_a_sentence() -> None:
    text = "A short one ends here. " * 400
    assert all(piece.endswith("here.") for piece in pieces(text, (0, len(text))))


def test_long_article_has_several_chunks_of_whole_pieces() -> None:
    paragraphs = [Span(start, start + 698) for start in range(0, 700 * 30, 700)]
    assert list(chunks_of(paragraphs[:11], 2)) == [paragraphs[:11]]
    chunks = list(chunks_of(paragraphs, 2))
    assert [piece for chunk in chunks for piece in chunk] == paragraphs
    assert [len(chunk) for chunk in chunks] == [11, 11, 8]
    assert list(chunks_of([Span(0, CHUNK + 1), Span(CHUNK + 3, CHUNK + 4)], 2)) == [
        [Span(0, CHUNK + 1)],
        [Span(CHUNK + 3, CHUNK + 4)],
    ]
    assert list(chunks_of([], 2)) == []


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["word"] * 3, [(0, 3)]),
        (["word"] * MAX_WORDS, [(0, MAX_WORDS)]),
        (["word"] * (MAX_WORDS + 1), [(0, MAX_WORDS), (MAX_WORDS, MAX_WORDS + 1)]),
        (["word"] * 150 + [","] + ["word"] * 100, [(0, 151), (151, 251)]),
        (["word"] * 20 + [","] + ["word"] * 200, [(0, MAX_WORDS), (MAX_WORDS, 221)]),
    ],
)
def test_sentence_is_split_after_a_mark_or_at_the_limit(words: list[str], expected: list[tuple[int, int]]) -> None:
    assert list(segments(words)) == expected

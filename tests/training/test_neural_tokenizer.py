"""The neural tokenizer processes each character once, in windows, with correct offsets."""

from hypothesis import given
from hypothesis import strategies as st

from service.input.article import Span
from training.neural_tokenizer import _piece, _windows


@given(st.lists(st.integers(1, 500), min_size=1, max_size=5))
def test_each_character_is_classified_once_with_context(lengths: list[int]) -> None:
    windows = [window for piece in _windows(lengths) for window in piece]
    decided = [place for window in windows for place in range(window.first, window.last)]
    assert decided == list(range(sum(lengths)))
    assert all(window.start <= window.first < window.last <= window.end for window in windows)
    assert len({window.end - window.start for piece in _windows([500]) for window in piece}) == 1


@given(st.text(st.sampled_from("ab \n\t\u00a0\u0085\u3000é😀"), min_size=1))
def test_spaces_are_collapsed_and_offsets_kept(text: str) -> None:
    piece = _piece(f"__{text}", Span(2, 2 + len(text)))
    assert "  " not in piece.letters
    for letter, place in zip(piece.letters, piece.places.tolist(), strict=True):
        assert letter == f"__{text}"[place] or letter == " "
    assert [letter for letter in text if not letter.isspace()] == [letter for letter in piece.letters if letter != " "]

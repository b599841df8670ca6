"""What counts as an equal response on another processor."""

from typing import Any

import pytest

from tests.nearly import nearly


@pytest.mark.parametrize(
    ("one", "other", "whether"),
    [
        ({"confidence": 0.955}, {"confidence": 0.965}, True),
        ({"confidence": 0.955}, {"confidence": 0.855}, False),
        ({"start": 4}, {"start": 5}, False),
        ({"text": "a"}, {"text": "b"}, False),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, False),
        ([1, [0.5]], [1, [0.51]], True),
        ([1], [1, 2], False),
        (1, True, False),
        ("Alder (0.971): yes\n", "Alder (0.968): yes\n", True),
        ("Alder (0.971): yes\n", "Alder (0.968): no\n", False),
        ("version 0.1.0 of 3", "version 0.1.0 of 4", False),
        (None, 0.0, False),
    ],
)
def test_only_confidences_can_differ_slightly(one: Any, other: Any, whether: bool) -> None:
    assert nearly(one, other) is whether

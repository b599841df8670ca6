"""Counting quotes that differ between arithmetics."""

from collections import Counter

from benchmarks.arithmetics import different, page


def test_changed_quote_counts_once() -> None:
    one, other = [Counter(["a", "b"]), Counter(["c"])], [Counter(["a", "B"]), Counter(["c", "d"])]
    assert different(one, other) == 2
    assert different(other, one) == 2
    assert different(one, one) == 0


def test_table_compares_each_way_with_the_first() -> None:
    found = {"x": [Counter(["a", "b"])], "y": [Counter(["a", "c"])], "z": [Counter(["d", "e"])]}
    written = page(found)
    assert "1 articles with 2 quotes" in written
    assert "| y          |                1 |  50.00 % |                 1 |" in written
    assert "and z: 2 quotes, 100.00 %" in written

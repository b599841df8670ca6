"""An invariant that does not hold, to test the fuzzer itself."""


def check(data: bytes) -> None:
    """Fail if the data contains a b."""
    assert data != b"b"

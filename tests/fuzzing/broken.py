"""A promise that does not hold, for the test of the fuzzer itself."""


def check(data: bytes) -> None:
    """Fail where there is a b, and nothing else."""
    assert data != b"b"

"""Markers of slow tests by path (see `markers` in pyproject.toml)."""

from typing import Final

KINDS: Final = {
    "model": (  # so that `make test-fast` imports neither torch nor Stanza
        "benchmarks/test_speed_floor.py", "parsing/test_embedded.py", "parsing/test_encoder.py",
        "parsing/test_equality.py", "parsing/test_hostile_model.py",
        "parsing/test_light_tagger.py", "parsing/test_reader.py",
    ),
    "server": (
        "input/test_page_reader.py", "archive/test_archive.py", "archive/test_parts.py", "archive/test_storage.py",
        "attacks/", "benchmarks/test_load.py", "commands/test_extract_process.py",
        "commands/test_serve.py", "test_memory.py", "test_metrics.py", "test_server.py", "test_server_logs.py",
        "test_staying_up.py", "test_tracing.py",
    ),
    "clients": ("clients/",),
    "ray": ("archive/test_cluster.py",),
    "spark": ("archive/test_spark.py",),
    "fuzz": (
        "contract/test_fuzz.py", "extraction/test_promises.py", "fuzzing/",
        "verification/test_promises.py",
    ),
    "training": ("training/",),
    "growth": ("benchmarks/test_growth.py",),
}  # fmt: skip


def kinds_of(path: str) -> list[str]:
    """Return the kinds of the tests in a file, given its path within `tests`."""
    return [kind for kind, places in KINDS.items() if path.startswith(places)]

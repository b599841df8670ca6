"""Metadata of rows: what can be read is repaired, what cannot is dropped with a warning, and no article is refused."""

import json
from typing import Any

import pytest

pytest.importorskip("pyarrow", reason="pullquote[archive] is not installed")

from schemas.request import load_request, split_line
from service.archive.cells import fingerprint, with_readable_metadata
from service.errors import Invalid
from service.files.inputs import InputArticle


def line(**fields: Any) -> InputArticle:
    return InputArticle("a", "jsonl", "a", json.dumps({"text": "Fine.", **fields}).encode())


def read(article: InputArticle, **fields: str) -> tuple[dict[str, Any], list[dict[str, str]]]:
    """The fields of the request as the child process reads them, and the warnings."""
    readable, warnings = with_readable_metadata(article, fields)
    request, _ = split_line(json.loads(readable.content), fields)
    loaded, _ = load_request(request, 1000)
    del loaded["text"]
    return loaded, warnings


@pytest.mark.parametrize(
    ("field", "value", "expected"),
    [
        ("url", "", None),
        ("url", " https://example.org/a ", "https://example.org/a"),
        ("published_at", "2020-01-01 12:00:00", "2020-01-01T12:00:00Z"),
        ("published_at", "2020-01-01 12:00:00 UTC", "2020-01-01T12:00:00Z"),
        ("published_at", "2020-01-01T12:00:00+0130", "2020-01-01T12:00:00+01:30"),
        ("published_at", "2020-01-01 12:00", "2020-01-01T12:00:00Z"),
        ("language", "en_US", "en-US"),
        ("language", "en_GB.UTF-8", "en-GB"),
        ("language", "English", "en"),
        ("language", "und", None),
        ("id", 7.0, "7"),
        ("id", 7.5, "7.5"),
        ("title", "  ", None),
        ("byline", None, None),
    ],
)
def test_metadata_is_repaired_without_a_warning(field: str, value: Any, expected: str | None) -> None:
    loaded, warnings = read(line(**{field: value}))
    assert (loaded.get(field), warnings) == (expected, [])


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("url", "no address"),
        ("published_at", "last Tuesday"),
        ("published_at", "2020-02-30"),
        ("language", "?"),
        ("id", ["a"]),
        ("id", "x" * 201),
        ("title", {"rendered": "A title"}),
        ("byline", True),
    ],
)
def test_unreadable_metadata_is_dropped_with_a_warning(field: str, value: Any) -> None:
    loaded, (warning,) = read(line(**{field: value}))
    assert field not in loaded
    assert warning["code"] == "metadata"
    assert warning["detail"].startswith(f"{field} ")


def test_metadata_is_found_under_the_name_of_its_column() -> None:
    loaded, warnings = read(line(link="none", url="https://example.org"), url="link")
    assert loaded == {}
    assert [warning["detail"].split()[0] for warning in warnings] == ["link"]


def test_declared_other_language_still_refuses_the_article() -> None:
    with pytest.raises(Invalid, match="must be English"):
        read(line(language="fr"))


def test_fingerprint_covers_all_fields_of_an_article() -> None:
    articles = [line(), line(title="A"), line(outlet="A"), InputArticle("a", "text", "a", line().content)]
    assert len({fingerprint(article) for article in articles}) == 4
    assert fingerprint(line()) == fingerprint(InputArticle("other", "jsonl", "other", line().content))

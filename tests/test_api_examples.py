"""The examples of docs/api.md and docs/clients.md run against the real service with the output shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from service.api.responses import MEDIA_TYPES
from service.app import create_app
from service.settings import Settings
from tests.api_examples import API, CLIENTS, Example, examples, printed, put_files, service
from tests.doubles import FakeParser
from tests.nearly import nearly_printed


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with service() as found:
        yield found


@pytest.mark.model
@pytest.mark.parametrize(
    "example",
    [*examples(API), *examples(CLIENTS)],
    ids=lambda example: f"{example.page.stem}-{example.language}-{example.line}",
)
def test_example_prints_what_the_page_shows(example: Example, address: str, tmp_path: Path) -> None:
    if example.missing:
        pytest.skip(f"{example.missing} is not installed, so this example cannot be run")
    put_files(tmp_path)
    output = printed(example, address, tmp_path)
    if example.output is None:
        assert '"type":"/openapi.json#' not in output, "the page does not show that this is refused"
    else:
        assert nearly_printed(example.output, output), "python -m tests.api_examples writes them again"


@pytest.mark.parametrize("language", ["sh", "python", "js"])
def test_there_are_examples_in_each_language(language: str) -> None:
    code = "".join(example.code for example in examples(API) if example.language == language)
    assert "/quotes" in code
    assert "/quotes/batch" in code


def test_examples_cover_each_media_type_and_endpoint() -> None:
    code = "".join(example.code for example in examples(API))
    assert not [media_type for media_type in MEDIA_TYPES if media_type not in code]
    rules = create_app(Settings(), FakeParser()).url_map.iter_rules()
    addresses = [rule.rule for rule in rules if "POST" in (rule.methods or set())]
    assert not [address for address in addresses if f"{address} " not in code and f'{address}"' not in code]

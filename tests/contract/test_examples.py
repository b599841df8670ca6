"""The responses in openapi.yaml are those that the service gives."""

import pytest

from service.api.quotes import NDJSON
from service.output.media_types import JSON, MEDIA_TYPES
from service.parsing.parser import Parser
from tests.contract_examples import OTHERS, READINESS, answered, shown
from tests.nearly import nearly


@pytest.mark.model
def test_contract_examples_match_the_service(embedded_parser: Parser) -> None:
    assert {*shown()} >= {*MEDIA_TYPES, NDJSON, READINESS, *(f"{JSON}:{example}" for example in OTHERS)}
    assert nearly(shown(), answered(embedded_parser)), "python -m tests.contract_examples writes them anew"

"""The golden articles in full: the speaker of each quote."""

import pytest

from benchmarks.speakers import measure
from service.parsing.parser import Parser

RIGHT_OF_FOUND = 0.90  # required by issue 3; `python -m benchmarks.speakers` prints what is reached

pytestmark = [pytest.mark.model, pytest.mark.timeout(900)]  # twenty articles; seconds each on a busy machine


def test_found_quotes_have_the_right_speaker(kept_parser: Parser) -> None:
    figures = measure(kept_parser)
    assert figures["all"]["accuracy_found"] >= RIGHT_OF_FOUND, figures["all"]
    assert figures["all"]["found"] >= 0.9 * figures["all"]["quotes"]

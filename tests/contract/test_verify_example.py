"""The verifications that openapi.yaml and docs/api.md show are those that the service answers."""

from typing import get_args

import pytest

from service.parsing.parser import Parser
from service.verification.changes import ChangeKind
from service.verification.meaning import Meaning
from service.verification.verify import Attribution, FoundIn, Verdict, Wording
from tests.nearly import nearly
from tests.verify_example import (
    PAGE,
    answered,
    asked_by_contract,
    asked_by_page,
    shown_by_contract,
    shown_by_page,
)


@pytest.mark.model
def test_verify_examples_match_the_service(embedded_parser: Parser) -> None:
    told = "python -m tests.verify_example writes them anew"
    assert nearly(shown_by_contract(), answered(asked_by_contract(), embedded_parser)), told
    assert nearly([shown_by_page()], answered(asked_by_page(), embedded_parser)["checks"]), told


@pytest.mark.parametrize("choices", [Verdict, ChangeKind, Meaning, Attribution, FoundIn, Wording], ids=str)
def test_page_names_every_value_of_a_response(choices: object) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert not [choice for choice in get_args(choices) if choice not in page]


def test_page_lists_each_verdict_and_change_kind_once() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Verify\n")[2].partition("\n## ")[0]
    rows = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted([*get_args(Verdict), *get_args(ChangeKind)])

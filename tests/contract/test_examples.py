"""The responses in openapi.yaml, and the verifications in docs/api.md, are those of the service."""

from typing import get_args

import pytest

from service.api.quotes import NDJSON
from service.api.responses import JSON, MEDIA_TYPES
from service.parsing.parser import Parser
from service.verification.changes import ChangeKind
from service.verification.meaning import Meaning
from service.verification.verify import Attribution, FoundIn, Verdict, Wording
from tests.contract_examples import OTHERS, READINESS, answered, shown
from tests.nearly import nearly
from tests.verify_example import (
    PAGE,
    asked_by_contract,
    asked_by_page,
    shown_by_contract,
    shown_by_page,
)
from tests.verify_example import (
    answered as verified,
)


@pytest.mark.model
def test_contract_examples_match_the_service(embedded_parser: Parser) -> None:
    assert {*shown()} >= {*MEDIA_TYPES, NDJSON, READINESS, *(f"{JSON}:{example}" for example in OTHERS)}
    assert nearly(shown(), answered(embedded_parser)), "python -m tests.contract_examples writes them again"


@pytest.mark.model
def test_verify_examples_match_the_service(embedded_parser: Parser) -> None:
    hint = "python -m tests.verify_example writes them again"
    assert nearly(shown_by_contract(), verified(asked_by_contract(), embedded_parser)), hint
    assert nearly([shown_by_page()], verified(asked_by_page(), embedded_parser)["checks"]), hint


@pytest.mark.parametrize("choices", [Verdict, ChangeKind, Meaning, Attribution, FoundIn, Wording], ids=str)
def test_page_names_every_value_of_a_response(choices: object) -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert not [choice for choice in get_args(choices) if choice not in page]


def test_page_lists_each_verdict_and_change_kind_once() -> None:
    section = PAGE.read_text(encoding="utf-8").partition("## Verify\n")[2].partition("\n## ")[0]
    rows = [line.split("`")[1] for line in section.splitlines() if line.startswith("| `")]
    assert sorted(rows) == sorted([*get_args(Verdict), *get_args(ChangeKind)])

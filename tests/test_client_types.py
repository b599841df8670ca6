"""The clients' types are those of the contract."""

import json
import tomllib
from pathlib import Path

import pytest

import service
from tests.client_types import REQUESTS, RESPONSES, contract, files, reachable
from tests.conftest import ROOT


@pytest.mark.parametrize("path", files(), ids=lambda path: path.name)
def test_client_types_are_written_from_the_contract(path: Path) -> None:
    same = path.read_text(encoding="utf-8") == files()[path]
    assert same, f"{path.relative_to(ROOT)} differs from openapi.yaml: run python -m tests.client_types"


def test_schemas_come_after_those_they_refer_to() -> None:
    names = reachable(contract(), RESPONSES)
    assert names.index("Span") < names.index("Quote") < names.index("Report")
    assert len(set(names)) == len(names)


def test_no_object_is_in_both_requests_and_responses() -> None:
    both = set(reachable(contract(), REQUESTS)) & set(reachable(contract(), RESPONSES))
    assert not [name for name in both if "properties" in contract()[name]]  # Python has one class for each


def test_clients_have_the_version_of_the_service() -> None:
    python = tomllib.loads((ROOT / "clients" / "python" / "pyproject.toml").read_text(encoding="utf-8"))
    typescript = json.loads((ROOT / "clients" / "typescript" / "package.json").read_text(encoding="utf-8"))
    assert python["project"]["version"] == typescript["version"] == service.__version__

"""Every package that is installed is under a licence that may be, and in docs/licences.md."""

import pytest

from benchmarks.pages import read_between
from tests.licences import PAGE, Package, installed, may_be, page


@pytest.mark.server
def test_installed_packages_have_allowed_licences() -> None:
    assert [one for one in installed() if not may_be(one)] == []


@pytest.mark.parametrize(
    ("licence", "allowed"),
    [
        ("MIT", True),
        ("Mozilla Public License 2.0 (MPL 2.0)", True),
        ("DFSG approved; MIT License", True),
        ("Apache-2.0 OR GPL-3.0-only", True),
        ("MPL-2.0 AND (Apache-2.0 OR MIT)", True),
        ("MIT AND GPL-3.0-only", False),
        ("GPL-3.0-only", False),
        ("AGPL-3.0-or-later OR SSPL-1.0", False),
        ("MIT; Proprietary", False),
        ("UNKNOWN", False),
        ("", False),
    ],
)
def test_licence_expressions_are_evaluated(licence: str, allowed: bool) -> None:
    assert may_be(Package("some-package", licence)) is allowed


def test_installed_packages_are_listed() -> None:
    # An environment may have more (an editor's tools) or less (another system), but what both have is told alike.
    listed = set(read_between(PAGE, "licences").splitlines())
    names = {line.split(" | ")[0] for line in listed}
    state = [line for line in page(installed()).splitlines() if line.startswith("| ")]
    assert [line for line in state if line not in listed and line.split(" | ")[0] in names] == []
    assert {"| flask", "| torch", "| stanza", "| udtools"} <= names

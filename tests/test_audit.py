"""The audit fails on a finding of pip-audit, and on a package under a licence that is not allowed."""

import subprocess

import pytest

from benchmarks.pages import read_between
from tests import audit
from tests.licences import PAGE, Package, installed, may_be, page

FOUND = {"name": "flask", "version": "0.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["0.2"], "aliases": ["CVE-1"]}]}
GOOD = {"name": "click", "version": "8", "vulns": []}
SKIPPED = {"name": "torch", "skip_reason": "Dependency not found"}


def test_vulnerability_fails_and_names_the_fixed_version() -> None:
    report, failed = audit.verdict([FOUND, GOOD, SKIPPED])
    assert failed
    assert "flask 0.1 has PYSEC-1; fixed in 0.2." in report
    assert "2 versions asked after, 1 known vulnerabilities; 1 SKIPPED." in report


def test_accepted_vulnerability_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ACCEPTED", {"CVE-1": "not reached"})
    assert audit.verdict([FOUND]) == ("audit: 1 versions asked after, 0 known vulnerabilities; 0 SKIPPED.", False)


@pytest.mark.parametrize("found", [None, [], [SKIPPED]])
def test_missing_advisories_skip_the_audit(found: list[dict[str, str]] | None) -> None:
    report, failed = audit.verdict(found)
    assert report.startswith("audit: SKIPPED.")
    assert not failed


def test_unfinished_audit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("pip-audit", 1)

    monkeypatch.setattr("subprocess.run", too_long)
    assert audit.audited() is None


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


@pytest.mark.slow
def test_installed_packages_are_listed() -> None:
    # An environment may have more (an editor's tools) or less (another system) than is listed.
    listed = set(read_between(PAGE, "licences").splitlines())
    names = {line.split(" | ")[0] for line in listed}
    state = [line for line in page(installed()).splitlines() if line.startswith("| ")]
    assert [line for line in state if line not in listed and line.split(" | ")[0] in names] == []
    assert {"| flask", "| torch", "| stanza", "| udtools"} <= names

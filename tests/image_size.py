"""Measure what a container image would hold, where there is no container engine:

    python -m tests.image_size

The packages that `pullquote` needs without extras are copied from this environment (with PyTorch's CPU build, as with
PULLQUOTE_TORCH_INDEX), slimmed by slim.sh as in the Dockerfile, and run. The base image has BASE_MB more.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Final

from packaging.requirements import Requirement

from tests.conftest import ROOT
from tests.licences import needed_by
from tests.test_project import pyproject

BASE_MB: Final = 131  # python:3.11-slim-bookworm, unpacked
LIMIT_MB: Final = 900
_CALL: Final = """
import sys
sys.path[:] = [path for path in sys.path if "site-packages" not in path or path == sys.argv[1]]
import pullquote
text = "“We lost a winter,” Mayor Ruth Alder told reporters."
page = f"<html lang=en><title>Bridge</title><article><p>{text}</p><p>The bridge will reopen.</p></article></html>"
for article in (text, {"html": page}):
    report = pullquote.quotes(article, explain=True)
    print(report["speakers"][0]["name"], len(report["quotes"]))
print(pullquote.verify(text, ["We lost the winter"])["checks"][0]["verdict"])
import gunicorn.app.base, service.app, service.cli, service.parsing.stanza_parser, stanza
"""


def main() -> None:
    """Print the sizes, and whether what is left runs."""
    with tempfile.TemporaryDirectory(dir="/var/tmp") as folder:
        before, after = slimmed(Path(folder))
        print(f"packages: {before} MB, slimmed: {after} MB; with the base image of {BASE_MB} MB: {after + BASE_MB} MB")
        print(called(Path(folder)), end="")


def slimmed(folder: Path) -> tuple[int, int]:
    """Copy the packages into `folder` and slim them there; returns the megabytes before and after."""
    site = folder / "lib" / f"python3.{sys.version_info.minor}" / "site-packages"
    site.mkdir(parents=True)
    for place, names in _files().items():
        # tar keeps the times, so that the compiled modules are up to date, and copies 30,000 files faster than Python.
        listed = folder / "files"
        listed.write_text("".join(f"{name}\n" for name in names), encoding="utf-8")
        packing = subprocess.Popen(["tar", "-c", "-f", "-", "-C", place, "-T", listed], stdout=subprocess.PIPE)
        subprocess.run(["tar", "-x", "-f", "-", "-C", site], stdin=packing.stdout, check=True)
        assert packing.wait() == 0
        listed.unlink()
    for package in ("pullquote", "schemas", "service"):
        shutil.copytree(ROOT / package, site / package)
    before = megabytes(folder)
    subprocess.run(["sh", ROOT / "slim.sh", folder], check=True)
    return before, megabytes(folder)


def _files() -> dict[Path, list[str]]:
    """Return the packages' files, relative to the folders that they are installed in."""
    result: dict[Path, list[str]] = {}
    for name in _needed():
        package = metadata.distribution(name)
        place = Path(str(package.locate_file("")))
        for file in package.files or ():
            if not str(file).startswith("..") and (place / file).is_file():
                result.setdefault(place, []).append(str(file))
    return result


def _needed() -> Iterator[str]:
    seen: set[str] = set()
    requirements: list[str] = pyproject()["project"]["dependencies"]  # type: ignore[assignment]
    for requirement in map(Requirement, requirements):
        yield from needed_by(requirement.name, {*requirement.extras, ""}, seen)


def megabytes(folder: Path) -> int:
    """Return the size of all files of `folder` on disk, in millions of bytes, as container engines count."""
    blocks = sum(path.lstat().st_blocks for path in folder.rglob("*"))
    return round(blocks * 512 / 1_000_000)


def called(folder: Path) -> str:
    """Return what a program prints that uses the packages in `folder` and no others."""
    (site,) = folder.glob("lib/python3.*/site-packages")
    base: str = sys._base_executable  # type: ignore[attr-defined]  # an interpreter without this environment's packages
    environ = {**os.environ, "PYTHONPATH": str(site), "PYTHONDONTWRITEBYTECODE": "1", "OMP_NUM_THREADS": "1"}
    command = [base, "-s", "-c", _CALL, str(site)]
    run = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=300, check=False)
    assert run.returncode == 0, run.stderr
    return run.stdout


if __name__ == "__main__":
    main()

"""clients/python and clients/typescript, as they are installed, against a running service."""

import json
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path
from typing import Final

import pytest

from tests.api_examples import ADDRESS, CLIENTS
from tests.clients.tools import CALLS, HERE, node_tool, python_tool, run
from tests.conftest import ROOT

TYPESCRIPT: Final = ROOT / "clients" / "typescript"


@pytest.fixture(scope="module")
def built() -> Path:
    """The TypeScript client, built. Skips without node or TypeScript."""
    run(node_tool("tsc"), "-p", TYPESCRIPT)
    return TYPESCRIPT


def test_the_python_client_s_wheel_is_typed_and_calls_the_service(
    tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    source = shutil.copytree(ROOT / "clients" / "python", tmp_path / "source")
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    installed = tmp_path / "installed"
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        wheel.extractall(installed)
    shutil.copy(CALLS / "python_client.py", installed / "calls.py")
    run(python_tool("mypy"), "--strict", "--follow-imports=silent", "calls.py", folder=installed)
    assert run(python_tool("python"), "calls.py", address, sent, folder=installed).splitlines() == expected


def test_the_typescript_client_passes_its_own_tests(built: Path) -> None:
    run("node", "--test", "test/", folder=built)


def test_the_typescript_client_is_typed_and_calls_the_service(
    built: Path, tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    program = (CALLS / "typescript_client.ts").read_text(encoding="utf-8")
    assert printed_by(program, tmp_path, built, address, sent).splitlines() == expected


def test_the_typescript_example_prints_what_the_page_shows(built: Path, tmp_path: Path, address: str) -> None:
    page = CLIENTS.read_text(encoding="utf-8")
    found = re.search(r"^```ts\n(.*?)^```\n\n```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)
    assert found
    assert printed_by(found[1].replace(ADDRESS, address), tmp_path, built) == found[2]


def printed_by(program: str, folder: Path, client: Path, *arguments: str) -> str:
    """What a TypeScript program that imports the client prints."""
    modules = folder / "node_modules"
    modules.mkdir()
    (modules / "pullquote-client").symlink_to(client)
    for name in ("@types", "undici-types"):
        (modules / name).symlink_to(HERE / "node_modules" / name)
    options = {"strict": True, "target": "es2022", "lib": ["es2022", "dom"], "module": "node16", "types": ["node"]}
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": options, "include": ["calls.ts"]}))
    (folder / "package.json").write_text('{"type": "module"}')
    (folder / "calls.ts").write_text(program, encoding="utf-8")
    run(node_tool("tsc"), "-p", folder)
    return run("node", folder / "calls.js", *arguments)

"""The tools that read openapi.yaml as its consumers do: where `make contract` has put them, and how they are run."""

import shutil
import subprocess
from pathlib import Path
from typing import Final

import pytest

from tests.conftest import ROOT

HERE: Final = ROOT / "tests" / "clients"
CALLS: Final = HERE / "calls"
CONTRACT: Final = ROOT / "openapi.yaml"
_PYTHON_TOOLS: Final = ROOT / ".venv-clients" / "bin"
_NODE_TOOLS: Final = HERE / "node_modules" / ".bin"
_OLDEST_NODE: Final = 20
_JARS: Final = ("jackson-core", "jackson-databind", "jackson-annotations", "jakarta-annotation-api")
_DEBIAN_JARS: Final = Path("/usr/share/java")


def run(*command: str | Path, folder: Path = ROOT, seconds: float = 240) -> str:
    """What `command` prints; where it fails, the test fails with that."""
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=seconds, check=False)
    shown = " ".join(map(str, command))
    assert done.returncode == 0, f"{shown} ends with {done.returncode}:\n{done.stdout}{done.stderr}"
    return done.stdout


def python_tool(name: str) -> Path:
    """A command of tests/clients/requirements.txt. Skips the test where it is not installed."""
    found = _PYTHON_TOOLS / name
    if not found.exists():
        pytest.skip(f"{name} is not installed; make contract installs it")
    return found


def node_tool(name: str) -> Path:
    """A command of tests/clients/package.json. Skips the test without node, or where it is not installed."""
    if shutil.which("node") is None:
        pytest.skip("no node on the PATH; apt-get install nodejs npm")
    version = run("node", "--version").strip()
    if int(version[1:].partition(".")[0]) < _OLDEST_NODE:
        pytest.skip(f"node is {version}; Redocly and others need {_OLDEST_NODE} or newer")
    found = _NODE_TOOLS / name
    if not found.exists():
        pytest.skip(f"{name} is not installed; make contract installs it where there is npm")
    return found


def java_tool(name: str) -> str:
    """`java` or `javac`. Skips the test where it is not installed."""
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"no {name} on the PATH; apt-get install default-jdk-headless")
    return found


def class_path() -> str:
    """Debian's jars of what a generated Java client needs, but jackson-datatype-jsr310: see tests/clients/java."""
    jars = [_DEBIAN_JARS / f"{name}.jar" for name in _JARS]
    if not all(jar.exists() for jar in jars):
        needed = "libjackson2-databind-java libjakarta-annotation-api-java"
        pytest.skip(f"no Jackson in {_DEBIAN_JARS}; apt-get install {needed}")
    return ":".join(map(str, jars))


def generated(generator: str, folder: Path, *options: str) -> Path:
    """`folder`, with the client that openapi-generator's `generator` makes of the contract."""
    java_tool("java")
    generator_cli = python_tool("openapi-generator-cli")
    run(generator_cli, "generate", "-i", CONTRACT, "-g", generator, "-o", folder, *options)
    return folder

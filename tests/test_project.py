"""Rules for the whole project: imports, dependencies and their pins, files in a wheel and an image, commands."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Sequence, Set
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
import yaml

import service
from tests.conftest import ROOT

OURS = {"pullquote", "pullquote_client", "service", "schemas", "tests", "training", "benchmarks", "quotes_command"}
PARSER_LIBRARIES = {"stanza", "torch", "transformers", "tokenizers", "safetensors"}
LARGEST_FILE = 1_000_000
LONGEST_MODULE = 400


def tracked() -> list[Path]:
    """The files under version control, relative to the top."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a git clone: the list of tracked files is unknown")
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).exists()]


def modules(*folders: str) -> list[Path]:
    """Every Python file of the packages, relative to the top."""
    found = [path.relative_to(ROOT) for folder in folders for path in sorted((ROOT / folder).rglob("*.py"))]
    return [path for path in found if not path.is_relative_to("tests/clients/calls")]  # they import generated clients


@cache
def nodes_of(module: Path) -> Sequence[ast.AST]:
    """Return the nodes of its syntax tree, which several tests read."""
    return tuple(ast.walk(ast.parse((ROOT / module).read_text(encoding="utf-8"))))


@cache
def imported(module: Path) -> frozenset[str]:
    """The full names of all that `module` imports, at its top or anywhere else."""
    names = set()
    for node in nodes_of(module):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"{module} imports relatively; write the full name, as everywhere else"
            names |= {str(node.module)} | {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(names)


def top_level(names: Set[str]) -> set[str]:
    return {name.partition(".")[0] for name in names}


def requirement_names(requirements: list[str]) -> set[str]:
    return {re.split(r"[^\w.-]", requirement)[0].lower() for requirement in requirements}


def pyproject() -> dict[str, dict[str, object]]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def distributions_imported_by(*folders: str) -> set[str]:
    known = top_level(frozenset().union(*map(imported, modules(*folders))))
    foreign = known - set(sys.stdlib_module_names) - OURS
    installed = {**packages_distributions(), "opentelemetry": ["opentelemetry-api"]}  # several share its name
    return {installed.get(name, [name])[0].lower().replace("_", "-") for name in foreign}


def runtime_dependencies() -> set[str]:
    return requirement_names(pyproject()["project"]["dependencies"])  # type: ignore[arg-type]


def all_dependencies() -> set[str]:
    extras: dict[str, list[str]] = pyproject()["project"]["optional-dependencies"]  # type: ignore[assignment]
    return runtime_dependencies().union(*map(requirement_names, extras.values()))


# --- import rules: docs/architecture.md


def test_layers_import_only_allowed_modules() -> None:
    # Not a test for each module: pytest takes longer for 200 tests than they do.
    for module in modules("pullquote", "service", "schemas"):
        known = imported(module)
        libraries = top_level(known)
        ours = {name for name in known if name.startswith(("service", "schemas"))}
        if not module.is_relative_to("service/parsing"):
            assert not libraries & PARSER_LIBRARIES, f"{module}: only service/parsing imports the parser's libraries"
        if not module.is_relative_to("service/api") and module != Path("service/app.py"):
            assert not libraries & {"flask", "werkzeug"}, f"{module}: only service/api and service/app.py import Flask"
        if module.is_relative_to("service/extraction"):
            allowed = ("service.extraction", "service.input", "service.parsing.tree")
            foreign = {name for name in ours if not name.startswith(allowed)}
            assert foreign <= {"service.parsing"}, module
        if module.is_relative_to("service/input"):
            assert all(name.startswith(("service.input", "service.errors")) for name in ours), module


def test_speakers_are_resolved_by_one_public_function() -> None:
    used = {
        name
        for path in modules("service", "schemas")
        if not path.is_relative_to("service/extraction/speakers")
        for name in imported(path)
        if name.startswith("service.extraction.speakers.")
    }
    values = {"Cast", "Resolved"}
    public = {name for name in used if ".speakers.names" not in name}  # names are compared in verification too
    assert public == {"service.extraction.speakers.resolve"} | {
        f"service.extraction.speakers.resolve.{name}" for name in {"resolve"} | values
    }


def test_training_does_not_import_benchmarks_or_tests() -> None:
    found = {str(path): top_level(imported(path)) & {"benchmarks", "tests"} for path in modules("training")}
    assert not {path: names for path, names in found.items() if names}


def test_the_package_imports_neither_training_nor_benchmarks() -> None:
    found = {path: top_level(imported(path)) for path in modules("pullquote", "service", "schemas")}
    assert not [str(path) for path, names in found.items() if names & {"benchmarks", "tests", "training"}]


def test_only_an_entry_point_reads_the_environment() -> None:
    readers = {"environ", "environb", "getenv"}
    found = []
    for module in modules("pullquote", "service", "schemas"):
        attributes = [node for node in nodes_of(module) if isinstance(node, ast.Attribute)]
        read = [node for node in attributes if node.attr in readers]
        updated = {id(node.value) for node in attributes if node.attr == "update"}
        read = [node for node in read if id(node) not in updated]  # what is written for a library to read is not read
        # `request.environ` is WSGI's, not the process's.
        found += [f"{module}:{node.lineno}" for node in read if ast.unparse(node) != "request.environ"]
        found += [f"{module}: {name}" for name in imported(module) & {f"os.{name}" for name in readers}]
    assert {place.partition(":")[0] for place in found} <= {"service/cli.py"}, found


def test_modules_are_short() -> None:
    paths = modules("pullquote", "service", "schemas")
    lengths = {str(path): len((ROOT / path).read_text(encoding="utf-8").splitlines()) for path in paths}
    assert not {path: length for path, length in lengths.items() if length > LONGEST_MODULE}


# --- dependencies


def test_every_dependency_is_explained() -> None:
    text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"\*\*([\w.-]+)\*\*: ", text))
    assert explained == all_dependencies()


def test_imports_match_the_declared_dependencies() -> None:
    imported_here = distributions_imported_by("pullquote", "service", "schemas")
    assert (
        imported_here - {"mcp", "opentelemetry-api", "openpyxl", "pyarrow", "pydantic", "pypdf", "python-docx", "ray"}
        == runtime_dependencies()
    )


def test_only_archives_import_the_archive_extra() -> None:
    knowing = [
        path for path in modules("pullquote", "service", "schemas") if {"pyarrow", "ray"} & top_level(imported(path))
    ]
    assert {path.parent for path in knowing} == {Path("service/archive"), Path("pullquote")}
    assert [path for path in knowing if path.parent == Path("pullquote")] == [Path("pullquote/arrow.py")]


def test_one_machine_needs_no_ray() -> None:
    knowing = [path for path in modules("pullquote", "service", "schemas") if "ray" in top_level(imported(path))]
    assert knowing == [Path("service/archive/ray_engine.py")]


def test_only_files_know_what_only_their_extra_brings() -> None:
    libraries = {"docx", "openpyxl", "pypdf"}
    knowing = [path for path in modules("pullquote", "service", "schemas") if libraries & top_level(imported(path))]
    assert knowing == [Path("service/files/articles.py")]


def test_only_the_mcp_server_imports_the_mcp_extra() -> None:
    knowing = [
        path for path in modules("pullquote", "service", "schemas") if {"mcp", "pydantic"} & top_level(imported(path))
    ]
    assert knowing == [Path("service/commands/mcp_server.py")]


def test_only_tracing_imports_the_tracing_extra() -> None:
    knowing = [
        path for path in modules("pullquote", "service", "schemas") if "opentelemetry" in top_level(imported(path))
    ]
    assert knowing == [Path("service/server/tracing.py")]


def test_development_imports_are_declared() -> None:
    assert distributions_imported_by("tests", "benchmarks", "training") <= all_dependencies()


def test_every_dependency_is_pinned() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert all(re.fullmatch(r"[\w.-]+==[\w.]+", pin) for pin in pins), "exact versions of the public registry's, only"
    assert all_dependencies() <= {pin.partition("==")[0].lower().replace("_", "-") for pin in pins}


# --- files


def test_no_file_names_a_package_registry() -> None:
    # Each machine has its own package sources. The names are assembled here, so that this file does not contain them.
    hosts = [
        "pypi.{}",
        "pypi.python.{}",
        "pythonhosted.{}",
        "registry.npmjs.{}",
        "deb.debian.{}",
        "download.pytorch.{}",
    ]
    names = re.compile("|".join(re.escape(host.format("org")) for host in hosts).encode())
    assert not [str(path) for path in tracked() if (ROOT / path).is_file() and names.search((ROOT / path).read_bytes())]


def test_only_the_model_is_large() -> None:
    packs = Path("service/parsing/packs")
    sizes = {path: (ROOT / path).stat().st_size for path in tracked() if not path.is_relative_to(packs)}
    assert not {str(path): size for path, size in sizes.items() if size > LARGEST_FILE}


@pytest.mark.slow
def test_wheel_contains_every_file_the_service_reads(tmp_path: Path) -> None:
    source = tmp_path / "source"
    needed = [path for path in tracked() if path.parts[0] in {"pullquote", "service", "schemas"}]
    for path in (*needed, *map(Path, ("openapi.yaml", "pyproject.toml", "README.md", "LICENSE", "NOTICE"))):
        (source / path).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / path, source / path, follow_symlinks=False)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(tmp_path)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=source, check=True, capture_output=True)
    with zipfile.ZipFile(next(tmp_path.glob("*.whl"))) as wheel:
        missing = {path.as_posix() for path in needed} - set(wheel.namelist())
        assert not missing
        assert wheel.read("service/openapi.yaml") == (ROOT / "openapi.yaml").read_bytes()


# --- commands


def test_ci_runs_make_test() -> None:
    assert re.search(r"^make test\b", (ROOT / ".ci/run").read_text(encoding="utf-8"), re.MULTILINE)


@pytest.mark.skipif(not shutil.which("make"), reason="make is not installed")
def test_make_help_lists_every_command() -> None:
    phony = re.findall(r"^\.PHONY: ([\w-]+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    shown = subprocess.run(["make", "help"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert re.findall(r"^  make ([\w-]+)", shown, re.MULTILINE) == phony


@pytest.mark.parametrize(
    ("index", "answers", "asked"),
    [
        ("", True, ["usual"]),
        ("https://cpu.example/whl", True, ["cpu", "usual"]),
        ("https://cpu.example/whl", False, ["cpu", "usual"]),
    ],
    ids=["no CPU index", "a CPU index", "a CPU index that does not answer"],
)
def test_install_tries_the_cpu_index_first(index: str, answers: bool, asked: list[str], tmp_path: Path) -> None:
    log, python = tmp_path / "log", tmp_path / "python"
    python.write_text(
        f"""#!/bin/sh
case "$*" in
    "-c import torch") exit 1 ;;
    *--index-url*) echo "cpu $*" >>{log}; exit {0 if answers else 1} ;;
    *) echo "usual $*" >>{log} ;;
esac
"""
    )
    python.chmod(0o755)
    subprocess.run(
        ["sh", ROOT / "install.sh", python, "-e", "."],
        env={"PATH": "/usr/bin:/bin", "PULLQUOTE_TORCH_INDEX": index},
        check=True,
        capture_output=True,
    )
    calls = log.read_text().splitlines()
    assert [call.split()[0] for call in calls] == asked
    assert all(re.search(r" torch==[\d.]+( |$)", call) for call in calls)
    assert calls[-1].endswith(" -e .")


@pytest.mark.skipif(not shutil.which("hadolint", path=Path(sys.executable).parent), reason="hadolint is not installed")
def test_the_linter_accepts_the_dockerfile() -> None:
    linted = subprocess.run(
        [Path(sys.executable).with_name("hadolint"), "Dockerfile"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert linted.returncode == 0, linted.stdout


def test_dockerignore_admits_every_copied_file() -> None:
    lines = (ROOT / "Dockerfile").read_text(encoding="utf-8").splitlines()
    copied = {
        name for line in lines if line.startswith("COPY ") and "--from" not in line for name in line.split()[1:-1]
    }
    let_in = {line[1:] for line in (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines() if line[:1] == "!"}
    assert copied == let_in


# --- for contributors and users of a release


def test_the_citation_names_the_current_version() -> None:
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == service.__version__
    assert f"## [{citation['version']}] - {citation['date-released']}" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_public_ci_covers_ci_and_every_supported_python() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/ci.yml").read_text(encoding="utf-8"))["jobs"]
    assert {"run": "bash .ci/run"} in jobs["pinned"]["steps"]
    assert jobs["python"]["strategy"]["matrix"]["python"] == ["3.12", "3.13"]
    assert any("--resolution lowest-direct" in step.get("run", "") for step in jobs["lowest"]["steps"])


@pytest.mark.parametrize("name", ["wrong-quote", "missed-quote"])
def test_issue_forms_ask_for_text_and_version(name: str) -> None:
    form = yaml.safe_load((ROOT / f".github/ISSUE_TEMPLATE/{name}.yml").read_text(encoding="utf-8"))
    required = {field["id"] for field in form["body"] if field.get("validations", {}).get("required")}
    assert {"text", "version"} <= required

"""Clients that well-known generators make of openapi.yaml: each passes its language's type checker and calls a running
service for `/quotes`, `/quotes/verify` and `/quotes/batch`.
"""

import json
import shutil
from pathlib import Path
from typing import Final

from tests.clients.tools import CALLS, CONTRACT, HERE, class_path, generated, java_tool, node_tool, python_tool, run

_JAVA_OPTIONS: Final = "useSingleRequestParameter=true,openApiNullable=false,useJakartaEe=true,annotationLibrary=none"
_TYPESCRIPT: Final = {
    "strict": True, "target": "es2022", "lib": ["es2022", "dom"],
    "module": "node16", "types": ["node"], "outDir": "built",
}  # fmt: skip


def test_openapi_python_client_is_typed_and_calls_the_service(
    tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    run(python_tool("openapi-python-client"), "generate", "--path", CONTRACT, "--output-path", tmp_path / "client")
    python_calls(tmp_path / "client", "openapi_python_client.py", address, sent, expected)


def test_openapi_generator_python_is_typed_and_calls_the_service(
    tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    python_calls(generated("python", tmp_path / "client"), "openapi_generator.py", address, sent, expected)


def test_openapi_generator_typescript_is_typed_and_calls_the_service(
    tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    node_tool("tsc")
    generated("typescript-fetch", tmp_path / "generated")
    typescript_calls(tmp_path, "typescript_fetch.ts", address, sent, expected)


def test_openapi_typescript_is_typed_and_calls_the_service(
    tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    # Without the option, every field that has a default would have to be sent.
    run(node_tool("openapi-typescript"), CONTRACT, "-o", tmp_path / "schema.d.ts", "--default-non-nullable=false")
    typescript_calls(tmp_path, "openapi_typescript.ts", address, sent, expected)


def test_openapi_generator_java_compiles_and_calls_the_service(
    tmp_path: Path, address: str, sent: str, expected: list[str]
) -> None:
    javac, jars = java_tool("javac"), class_path()
    client = generated("java", tmp_path / "client", "--library", "native", "--additional-properties", _JAVA_OPTIONS)
    sources = [
        *(client / "src" / "main" / "java").rglob("*.java"),
        *(HERE / "java").rglob("*.java"),
        CALLS / "Calls.java",
    ]
    run(javac, "-cp", jars, "-d", tmp_path / "classes", *sources)
    printed = run(java_tool("java"), "-Dfile.encoding=UTF-8", "-Dstdout.encoding=UTF-8", "-Dsun.jnu.encoding=UTF-8",
                  "-cp", f"{jars}:{tmp_path / 'classes'}", "Calls", address, sent)  # fmt: skip
    assert printed.splitlines() == expected


def python_calls(client: Path, name: str, address: str, sent: str, expected: list[str]) -> None:
    """Check and run a program of `calls` with a generated client next to it."""
    shutil.copy(CALLS / name, client / "calls.py")
    run(python_tool("mypy"), "--strict", "--follow-imports=silent", "calls.py", folder=client)
    assert run(python_tool("python"), "calls.py", address, sent, folder=client).splitlines() == expected


def typescript_calls(folder: Path, name: str, address: str, sent: str, expected: list[str]) -> None:
    """Compile and run a program of `calls` with a generated client, or types, next to it."""
    shutil.copy(CALLS / name, folder / "calls.ts")
    (folder / "node_modules").symlink_to(HERE / "node_modules")
    (folder / "tsconfig.json").write_text(json.dumps({"compilerOptions": _TYPESCRIPT, "include": ["**/*.ts"]}))
    run(node_tool("tsc"), "-p", folder)
    assert run("node", folder / "built" / "calls.js", address, sent).splitlines() == expected

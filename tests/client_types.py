"""Write the types of the clients from openapi.yaml:

    python -m tests.client_types

`tests/test_client_types.py` fails if a client's types differ from the contract's schemas.
"""

import json
import keyword
import subprocess
import sys
import textwrap
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

from tests.conftest import ROOT

PYTHON: Final = ROOT / "clients" / "python" / "pullquote_client" / "contract.py"
TYPESCRIPT: Final = ROOT / "clients" / "typescript" / "src" / "contract.ts"
# The schemas that a client sends and reads; those that they refer to come along.
REQUESTS: Final = ("QuotesRequest", "VerifyRequest")
RESPONSES: Final = ("Report", "Verification", "Problem")
_WIDTH: Final = 112
_REF: Final = "#/components/schemas/"
_PYTHON_TYPES: Final = {"string": "str", "integer": "int", "number": "float", "boolean": "bool", "null": "None"}
_TYPESCRIPT_TYPES: Final = {
    "string": "string", "integer": "number", "number": "number", "boolean": "boolean", "null": "null",
}  # fmt: skip


class Field(NamedTuple):
    """A field of an object, with its schema."""

    name: str
    required: bool
    schema: Mapping[str, Any]


class Written(NamedTuple):
    """How a language writes types."""

    primitive: Mapping[str, str]
    array: str  # of {}
    any: str
    anything: str  # an object with any fields
    constants: str  # of their values


_IN_PYTHON: Final = Written(_PYTHON_TYPES, "tuple[{}, ...]", "Any", "dict[str, Any]", "Literal[{}]")
_IN_PYTHON_REQUESTS: Final = _IN_PYTHON._replace(array="Sequence[{}]")
_IN_TYPESCRIPT: Final = Written(_TYPESCRIPT_TYPES, "readonly {}[]", "unknown", "Record<string, unknown>", "{}")


@cache
def contract() -> dict[str, Any]:
    """Return the schemas of openapi.yaml by name."""
    schemas: dict[str, Any] = yaml.safe_load((ROOT / "openapi.yaml").read_text("utf-8"))["components"]["schemas"]
    return schemas


def reachable(schemas: Mapping[str, Any], roots: tuple[str, ...]) -> list[str]:
    """Return `roots` and the schemas that they refer to, each after those that it refers to."""
    found: list[str] = []

    def visit(name: str) -> None:
        if name not in found:
            for other in _referred(schemas[name]):
                visit(other)
            found.append(name)

    for root in roots:
        visit(root)
    return found


def fields_of(schema: Mapping[str, Any]) -> list[Field]:
    """Return the fields of an object, the required ones first."""
    required = schema.get("required", ())
    fields = [Field(name, name in required, one) for name, one in schema["properties"].items()]
    return sorted(fields, key=lambda field: not field.required)


def type_of(schema: Mapping[str, Any], written: Written) -> str:
    """Return how a language writes the type of `schema`."""
    if "$ref" in schema:
        return str(schema["$ref"]).removeprefix(_REF)
    if "allOf" in schema:
        (only,) = schema["allOf"]
        return type_of(only, written)
    if "anyOf" in schema:
        return " | ".join(type_of(one, written) for one in schema["anyOf"])
    if "enum" in schema or "const" in schema:
        values = schema.get("enum", [schema.get("const")])
        separator = ", " if "[" in written.constants else " | "
        return written.constants.format(separator.join(map(json.dumps, values)))
    if "type" not in schema:
        return written.any
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " | ".join(_simple(kind, schema, written) for kind in kinds)


def _simple(kind: str, schema: Mapping[str, Any], written: Written) -> str:
    if kind == "array":
        return written.array.format(type_of(schema["items"], written))
    return written.anything if kind == "object" else written.primitive[kind]


def _referred(schema: Any) -> Iterator[str]:
    """Yield the names of the schemas that `schema` refers to, in order."""
    if isinstance(schema, Mapping):
        if isinstance(schema.get("$ref"), str):
            yield schema["$ref"].removeprefix(_REF)
        for name, value in schema.items():
            if name not in {"if", "then", "else"}:  # which fields go together; no type can say so
                yield from _referred(value)
    elif isinstance(schema, list):
        for one in schema:
            yield from _referred(one)


# --- Python


def python() -> str:
    """Return the Python module: frozen dataclasses for responses, typed dictionaries for requests."""
    schemas = contract()
    requests, responses = reachable(schemas, REQUESTS), reachable(schemas, RESPONSES)
    parts = [
        '"""The values of the contract, from openapi.yaml. Written by `python -m tests.client_types`; do not edit."""',
        "from collections.abc import Sequence\nfrom dataclasses import dataclass\n"
        "from typing import Any, Literal, NotRequired, TypedDict",
    ]
    for name in dict.fromkeys([*requests, *responses]):
        schema = schemas[name]
        if "properties" not in schema:
            written = _IN_PYTHON_REQUESTS if name in requests else _IN_PYTHON
            parts.append(f"{name} = {type_of(schema, written)}" + _python_text(schema))
        elif name in requests:
            parts.append(_python_class(schema, f"class {name}(TypedDict):", _python_key))
        else:
            head = f"@dataclass(frozen=True, slots=True)\nclass {name}:"
            parts.append(_python_class(schema, head, _python_field))
    ruff = Path(sys.executable).with_name("ruff")
    command = [str(ruff), "format", "--stdin-filename", str(PYTHON), "-"]
    text = "\n\n".join(parts)
    return subprocess.run(command, input=text, capture_output=True, text=True, check=True, cwd=ROOT).stdout


def _python_class(schema: Mapping[str, Any], head: str, write: Callable[[Field], str]) -> str:
    text = _python_text(schema, indent=4).lstrip("\n")
    return "\n".join([head, text, "", *(write(field) for field in fields_of(schema))])


def _python_field(field: Field) -> str:
    kind = type_of(field.schema, _IN_PYTHON)
    name = f"{field.name}_" if keyword.iskeyword(field.name) else field.name
    ending = "" if field.required else f"{'' if 'None' in kind else ' | None'} = None"
    return f"    {name}: {kind}{ending}" + _python_text(field.schema, indent=4)


def _python_key(field: Field) -> str:
    kind = type_of(field.schema, _IN_PYTHON_REQUESTS)
    text = _python_text(field.schema, indent=4)
    return f"    {field.name}: {kind if field.required else f'NotRequired[{kind}]'}{text}"


def _python_text(schema: Mapping[str, Any], indent: int = 0) -> str:
    """Return the description as a docstring on its own lines, or nothing."""
    if "description" not in schema:
        return ""
    lines = _wrapped(schema["description"].replace("\\", "\\\\"), _WIDTH - indent)
    text = f'"""{lines[0]}"""' if len(lines) == 1 else '"""' + "\n".join(lines) + '\n"""'
    return "\n" + textwrap.indent(text, " " * indent)


# --- TypeScript


def typescript() -> str:
    """Return the TypeScript module: interfaces for requests and responses, unions for enumerations."""
    schemas = contract()
    parts = [
        "// The values of the contract, from openapi.yaml.\n// Written by `python -m tests.client_types`; do not edit."
    ]
    for name in reachable(schemas, (*REQUESTS, *RESPONSES)):
        schema = schemas[name]
        text = _typescript_text(schema)
        if "properties" in schema:
            fields = "".join(
                f"{_typescript_text(field.schema, 2)}  {field.name}{'' if field.required else '?'}: "
                f"{type_of(field.schema, _IN_TYPESCRIPT)};\n"
                for field in fields_of(schema)
            )
            parts.append(f"{text}export interface {name} {{\n{fields}}}")
        else:
            parts.append(f"{text}export type {name} = {type_of(schema, _IN_TYPESCRIPT)};")
    return "\n\n".join(parts) + "\n"


def _typescript_text(schema: Mapping[str, Any], indent: int = 0) -> str:
    if "description" not in schema:
        return ""
    lines = _wrapped(schema["description"].replace("*/", "* /"), _WIDTH - indent - 3)
    several = ["/**", *(f" * {line}".rstrip() for line in lines), " */"]
    text = f"/** {lines[0]} */" if len(lines) == 1 else "\n".join(several)
    return textwrap.indent(text, " " * indent) + "\n"


def _wrapped(description: str, width: int) -> list[str]:
    """Wrap each paragraph of a description; the items of a list keep their lines."""
    lines: list[str] = []
    for paragraph in description.strip().split("\n\n"):
        listed = paragraph.startswith("- ")
        lines += ["", *(paragraph.split("\n") if listed else textwrap.wrap(paragraph, width, break_on_hyphens=False))]
    return lines[1:]


def files() -> dict[Path, str]:
    """Return what each client's file of types holds."""
    return {PYTHON: python(), TYPESCRIPT: typescript()}


if __name__ == "__main__":
    for path, text in files().items():
        path.write_text(text, encoding="utf-8")

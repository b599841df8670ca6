"""Run the examples of docs/api.md and docs/clients.md against the real service, and write their output into the ```text
block below each:

    python -m tests.api_examples

`tests/test_api_examples.py` fails if a page shows other output than its examples print.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path
from typing import Final, NamedTuple

from benchmarks.ports import free_port
from service.api.responses import JSON
from tests.conftest import ROOT
from tests.contract_examples import requested
from tests.waiting import PATIENCE, wait_until

API: Final = ROOT / "docs/api.md"
CLIENTS: Final = ROOT / "docs/clients.md"  # of its sh examples, none is run: they install
ADDRESS: Final = "http://127.0.0.1:8000"  # the pages' address
_CLIENT: Final = ROOT / "clients" / "python"
_COMMANDS: Final = {
    "sh": ["sh", "-euc"],
    "python": [sys.executable, "-c"],
    "js": ["node", "--input-type=module", "--eval"],
}
_NEEDED: Final = {"sh": "curl", "python": sys.executable, "js": "node"}
_EXAMPLE: Final = re.compile(
    r"^```(?P<language>sh|python|js)\n(?P<code>.*?)^```\n(?P<below>\n```text\n(?P<output>.*?)^```\n)?",
    re.DOTALL | re.MULTILINE,
)


class Example(NamedTuple):
    """An example, and the output shown below it, if any; `line` is its line in the page."""

    page: Path
    line: int
    language: str
    code: str
    output: str | None

    @property
    def missing(self) -> str | None:
        """The program it needs that is not installed, or None."""
        needed = _NEEDED[self.language]
        return None if shutil.which(needed) else needed


def examples(page: Path) -> list[Example]:
    """Return every example of `page` that is run, in order."""
    text = page.read_text(encoding="utf-8")
    return [
        Example(page, text.count("\n", 0, found.start()) + 1, found["language"], found["code"], found["output"])
        for found in _EXAMPLE.finditer(text)
        if _is_run(page, found)
    ]


def _is_run(page: Path, found: re.Match[str]) -> bool:
    return page == API or found["language"] != "sh"


def printed(example: Example, address: str, folder: Path) -> str:
    """Run `example` in `folder` against the service at `address` and return its output. Raises if it fails."""
    command = [*_COMMANDS[example.language], example.code.replace(ADDRESS, address)]
    environ = {**os.environ, "PYTHONPATH": f"{ROOT}{os.pathsep}{_CLIENT}", "PULLQUOTE_ARITHMETIC": "float32"}
    run = subprocess.run(
        command, cwd=folder, capture_output=True, text=True, timeout=PATIENCE, check=False, env=environ
    )
    if run.returncode:
        raise RuntimeError(f"{example.page.name}:{example.line} ends with status {run.returncode}:\n{run.stderr}")
    return run.stdout.replace("\r\n", "\n")


@contextmanager
def service() -> Iterator[str]:
    """Run the service with the embedded model, as `pullquote serve` does; yields its address."""
    port = free_port()
    environ = {**os.environ, "PULLQUOTE_PORT": str(port), "PULLQUOTE_WORKERS": "1", "PYTHONPATH": str(ROOT)}
    environ |= {"PULLQUOTE_ARITHMETIC": "float32"}  # the reference arithmetic
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    with tempfile.TemporaryFile() as log:
        process = subprocess.Popen(command, env=environ, stderr=log)

        def logged() -> str:
            log.seek(0)
            return log.read().decode()

        try:
            wait_until(lambda: process.poll() is not None or _is_ready(port), logged)
            assert process.poll() is None, logged()
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(PATIENCE)


def _is_ready(port: int) -> bool:
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == 200
    except OSError:
        return False
    finally:
        connection.close()


def put_files(folder: Path) -> None:
    """Write the files that the examples send."""
    page = requested("/quotes", JSON, "page")["html"]
    (folder / "article.html").write_text(page, encoding="utf-8")


def write(page: Path) -> None:
    """Write each example's output below it."""
    with service() as address, tempfile.TemporaryDirectory() as folder:
        put_files(Path(folder))
        outputs = iter([printed(example, address, Path(folder)) for example in examples(page)])

    def written(found: re.Match[str]) -> str:
        if not _is_run(page, found):
            return found[0]
        output = next(outputs)
        below = "" if found["below"] is None else f"\n```text\n{output}```\n"
        return f"```{found['language']}\n{found['code']}```\n{below}"

    page.write_text(_EXAMPLE.sub(written, page.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    for page in (API, CLIENTS):
        write(page)

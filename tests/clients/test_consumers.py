"""The commands of docs/contract-testing.md that a consumer's CI runs, as they stand there but for the addresses."""

import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from benchmarks.ports import free_port
from tests.clients.conftest import SENT
from tests.clients.tools import node_tool, run
from tests.conftest import ROOT
from tests.waiting import PATIENCE, wait_until

PAGE = ROOT / "docs" / "contract-testing.md"
SERVICE, PRISM = "http://127.0.0.1:8000", "4010"


def command(first_words: str) -> list[str]:
    """The words of the page's command that begins so."""
    blocks = re.findall(r"^```sh\n(.*?)^```$", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    found = [block for block in blocks if block.startswith(first_words)]
    assert len(found) == 1, f"{PAGE.name} has {len(found)} commands that begin with {first_words!r}"
    return shlex.split(found[0].replace("\\\n", ""))


def test_schemathesis_finds_nothing(address: str, tmp_path: Path) -> None:
    words = [word.replace(SERVICE, address) for word in command("schemathesis run")]
    assert words[0] == "schemathesis"
    program = "import sys; from schemathesis.cli import schemathesis; sys.exit(schemathesis())"
    printed = run(sys.executable, "-c", program, *words[1:], "--seed", "1", folder=tmp_path)
    assert "No issues found" in printed, printed


def test_prism_answers_with_the_contract_s_examples() -> None:
    with prism("npx @stoplight/prism-cli@5 mock") as client:
        report = client.post("/quotes", json={"text": "No comment."})
        assert (report.status_code, report.json()["speakers"][0]["name"]) == (200, "Ruth Alder")
        busy = client.post("/quotes", json={"text": "No comment."}, headers={"Prefer": "code=503"})
        assert (busy.status_code, busy.headers["Retry-After"]) == (503, "5")
        assert client.post("/quotes", json={"txt": "No comment."}).status_code == 422
        for form in ("application/ld+json", "text/csv", "text/html"):
            given = client.post("/quotes", json={"text": "No comment."}, headers={"Accept": form})
            assert (given.status_code, given.headers["Content-Type"].partition(";")[0]) == (200, form)


def test_prism_finds_no_fault_between_a_client_and_the_service(address: str) -> None:
    direct = httpx.Client(base_url=address, timeout=60)
    with prism("npx @stoplight/prism-cli@5 proxy", address) as proxy, direct:
        for path, sent in {
            "/quotes": {"text": SENT["text"], "options": {"explain": True}},
            "/quotes/verify": {"text": SENT["text"], "quotes": SENT["printed"]},
        }.items():
            through, plain = proxy.post(path, json=sent), direct.post(path, json=sent)
            assert (through.status_code, through.json()) == (200, plain.json())
        assert proxy.post("/quotes", json={"txt": "No comment."}).status_code == 422
        for path in ("/healthz", "/readyz"):
            assert proxy.get(path).status_code == 200


@contextmanager
def prism(first_words: str, address: str = SERVICE) -> Iterator[httpx.Client]:
    """A client of Prism, which runs as the page says, on a free port."""
    executable = node_tool("prism")
    port = free_port()
    _, package, *words = [word.replace(SERVICE, address).replace(PRISM, str(port)) for word in command(first_words)]
    assert package == "@stoplight/prism-cli@5"
    environ = {**os.environ, "NO_COLOR": "1"}
    process = subprocess.Popen([executable, *words], cwd=ROOT, env=environ, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE) as client:

            def responds() -> bool:
                try:
                    client.get("/healthz")
                except httpx.TransportError:
                    return False
                return True

            wait_until(lambda: process.poll() is not None or responds())
            assert process.poll() is None, "Prism does not start"
            yield client
    finally:
        process.terminate()
        process.wait(PATIENCE)

"""Linters of OpenAPI find nothing in openapi.yaml. Rules that are off have their reason in the linters' settings."""

import json

from tests.clients.tools import CONTRACT, HERE, node_tool, run


def test_spectral_finds_nothing() -> None:
    run(node_tool("spectral"), "lint", CONTRACT, "--ruleset", HERE / "spectral.yaml", "--fail-severity", "hint")


def test_redocly_finds_nothing() -> None:
    printed = run(node_tool("redocly"), "lint", CONTRACT, "--config", HERE / "redocly.yaml", "--format", "json")
    assert json.loads(printed[printed.index("{") :])["problems"] == []

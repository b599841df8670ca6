import socket

import pytest

from service.settings import Settings
from tests.commands.running import run
from tests.conftest import numbers


def test_serve_options_override_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    given: list[Settings] = []
    monkeypatch.setattr("service.server.launch.serve", given.append)
    run("serve", "--port", "9001", environ={"PULLQUOTE_PORT": "9000", "PULLQUOTE_HOST": "0.0.0.0"})
    assert [(settings.host, settings.port) for settings in given] == [("0.0.0.0", 9001)]


def test_serve_rejects_invalid_options_like_variables() -> None:
    result = run("serve", "--workers", "0")
    assert (result.exit_code, "PULLQUOTE_WORKERS" in result.stderr, numbers(result.stderr)) == (3, True, [0, 1])


def test_serve_reports_a_port_in_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.server.launch.check_model", lambda _settings: None)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = run("serve", "--port", str(port))
    assert (result.exit_code, f"127.0.0.1 port {port}" in result.stderr) == (3, True)


def test_serve_reports_a_foreign_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("service.server.launch.check_model", lambda _settings: None)
    result = run("serve", "--host", "192.0.2.1")
    assert (result.exit_code, "192.0.2.1 port 8000" in result.stderr) == (3, True)

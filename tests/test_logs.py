"""What is logged of an exception, and of gunicorn's own messages."""

import io
import json
import logging
import logging.config
from collections.abc import Iterator
from typing import Any

import pytest

from service.server import logs


def test_exception_is_logged_by_type_place_and_causes() -> None:
    def inner() -> None:
        raise KeyError("secret")

    try:
        try:
            inner()
        except KeyError as error:
            raise ValueError("secret") from error
    except ValueError as error:
        described = logs.without_words(error)
    assert "secret" not in described
    state = f"tests/{__name__.rpartition('.')[2]}.py"
    name = test_exception_is_logged_by_type_place_and_causes.__name__
    first, second = described.split("; from ")
    assert first.startswith(f"ValueError at {state}:")
    assert second.startswith(f"KeyError at {state}:")
    assert second.partition(" < ")[0].endswith(" inner")
    assert second.endswith(f" {name}")


def test_unraised_exception_has_no_place() -> None:
    assert logs.without_words(ValueError("secret")) == "ValueError at no place"


@pytest.fixture
def gunicorn() -> Iterator[tuple[logging.Logger, io.StringIO]]:
    """Gunicorn's logger at debug level, and what it writes."""
    written = io.StringIO()
    configuration = logs.for_gunicorn("debug")
    configuration["handlers"]["stderr"]["stream"] = written
    configuration["loggers"] = {"gunicorn.error": configuration["loggers"]["gunicorn.error"]}
    del configuration["root"]
    logging.config.dictConfig(configuration)
    logger = logging.getLogger("gunicorn.error")
    yield logger, written
    logger.handlers.clear()
    logger.setLevel(logging.NOTSET)


def test_request_data_is_removed_from_gunicorn_s_messages(
    gunicorn: tuple[logging.Logger, io.StringIO],
) -> None:
    logger, written = gunicorn
    logger.info("Listening at: %s (%s)", "http://127.0.0.1:8000", 7)
    logger.warning("Invalid request from ip={ip}: {error}".format(ip="::1", error="Invalid HTTP header: 'secret'"))
    logger.debug("Ignored premature client disconnection. %s", "No more data after: b'secret'")
    try:
        raise RuntimeError("secret")
    except RuntimeError:
        logger.exception("Error handling request %s %s", "GET", "/?text=secret")
    lines: list[dict[str, Any]] = [json.loads(line) for line in written.getvalue().splitlines()]
    assert [line["event"] for line in lines] == [
        "Listening at: http://127.0.0.1:8000 (7)",
        "Invalid request",
        "Ignored premature client disconnection",
        "Error handling request",
    ]
    assert lines[-1]["exception"].startswith("RuntimeError at tests/test_logs.py:")
    assert "secret" not in written.getvalue()

"""Logging: one line of JSON per event on standard error, set up only by `pullquote serve`.

No line contains an article's words, a key or a query. Exceptions are logged without their messages, which can quote the
request, and without the values of variables; gunicorn's messages without the parts that repeat a request.
"""

import logging
import sys
import traceback
from typing import Any, Final

import structlog
from structlog.typing import EventDict, ExcInfo, Processor

# In gunicorn's messages, the text after these words comes from a client.
_REPEATS_A_REQUEST: Final = (
    "Invalid request from ip=", "Error handling request",
    "Ignored premature client disconnection", "Closing connection",
)  # fmt: skip


def configure(level: str) -> None:
    """Make this process, and those forked from it, log events of `level` and above."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            *_described(),
            structlog.processors.JSONRenderer(ensure_ascii=False),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def for_gunicorn(level: str) -> dict[str, Any]:
    """Return gunicorn's `logconfig_dict`, which formats its messages in the same way."""
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {
            "json": {
                "()": structlog.stdlib.ProcessorFormatter,
                "processors": [
                    structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                    structlog.processors.JSONRenderer(ensure_ascii=False),
                ],
                "foreign_pre_chain": [structlog.contextvars.merge_contextvars, _without_request, *_described()],
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": logging.getLevelName(level.upper()), "handlers": ["stderr"], "propagate": False}
        },
    }


def without_words(error: BaseException) -> str:
    """Format an exception and its causes: their types and where they were raised, without their messages."""
    formatted: list[str] = []
    cause: BaseException | None = error
    while cause is not None and len(formatted) < 5:
        frames = traceback.extract_tb(cause.__traceback__)
        places = [f"{_module(frame.filename)}:{frame.lineno} {frame.name}" for frame in reversed(frames)]
        formatted.append(f"{type(cause).__name__} at {' < '.join(places) or 'no place'}")
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    return "; from ".join(formatted)


def _module(filename: str) -> str:
    """Return the last two parts of a file's path: enough to identify it, and the same on every machine."""
    return "/".join(filename.rsplit("/", 2)[-2:])


def _exception(exc_info: ExcInfo) -> str:
    return without_words(exc_info[1])


def _without_request(_logger: object, _method: str, event: EventDict) -> EventDict:
    message = str(event["event"])
    for start in _REPEATS_A_REQUEST:
        if message.startswith(start):
            event["event"] = start.removesuffix(" from ip=")
    return event


def _described() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.ExceptionRenderer(_exception),
    ]

"""Logging: a line of JSON on standard error for each event, set up by `pullquote serve` and by nobody else.

No line holds an article's words; tracebacks are plain text, without the values of variables.
"""

import logging
import sys
from typing import Any

import structlog
from structlog.typing import Processor


def configure(level: str) -> None:
    """Have this process, and those forked from it, log events from `level` on."""
    structlog.configure(
        processors=[*_described(), structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )


def for_gunicorn(level: str) -> dict[str, Any]:
    """The messages of gunicorn itself in the same form, as its `logconfig_dict`."""
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
                "foreign_pre_chain": _described(),
            }
        },
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
        "root": {"level": "WARNING", "handlers": ["stderr"]},
        "loggers": {
            "gunicorn.error": {"level": logging.getLevelName(level.upper()), "handlers": ["stderr"], "propagate": False}
        },
    }


def _described() -> list[Processor]:
    return [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]

"""The exit codes of `pullquote`, documented in docs/cli.md; `tests/test_cli.py` compares the two."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes."""

    ALL_ANSWERED = 0
    SOME_REFUSED = 1  # the other articles were processed
    USAGE = 2  # click's own: invalid command line
    UNUSABLE = 3  # a setting, the model or the output cannot be used; processing stops
    STOPPED = 130  # by Ctrl-C: 128 + SIGINT
    NOBODY_READS = 141  # 128 + SIGPIPE: the reader closed the pipe, as `| head` does

"""What `pullquote` leaves with; docs/cli.md tells them, and `tests/test_cli.py` holds the two together."""

from enum import IntEnum


class Exit(IntEnum):
    """An exit code, by what it means."""

    ALL_ANSWERED = 0
    SOME_REFUSED = 1  # the others have been answered
    USAGE = 2  # click's own: the command line cannot be read
    UNUSABLE = 3  # a setting, the model or the output cannot be used; nothing more is done
    STOPPED = 130  # by Ctrl-C, as shells tell SIGINT
    NOBODY_READS = 141  # as shells tell SIGPIPE: `| head` has seen enough

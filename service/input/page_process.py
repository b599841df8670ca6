"""The process that reads pages: an empty line when it is ready, then a line of JSON for each one, until its input ends.

Pages are untrusted, and the code that reads them is large: libxml2, and regular expressions that some texts make very
slow. This process has no network and limits on memory and on CPU time per page; `page_reader.py` starts it and kills it
at the deadline. It always ends with the process that started it.
"""

import fcntl
import json
import math
import os
import resource
import signal
import sys
import time
import traceback
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

import service.input.main_content  # noqa: F401  before this process limits itself; `read_page` imports it when called
from service.input.html_blocks import Unreadable
from service.input.web_page import read_page

_MEMORY_BYTES: Final = 1_500_000_000  # address space; the largest page allowed needs about a third
_FORBIDDEN_EVENTS: Final = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec")


def main(page_seconds: int = 0, lifeline: int | None = None) -> None:
    """Read pages until the input ends.

    `page_seconds` limits the CPU time per page, 0 for no limit. `lifeline` is the file descriptor of a pipe whose other
    end the parent holds. Ctrl-C is left to the parent, which then closes the input.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if lifeline is not None:
        _end_with(lifeline)
    with suppress(ValueError, OSError):  # not supported by the system
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_forbid)
    print(flush=True)  # `page_reader.py` waits for it
    for line in sys.stdin:
        if page_seconds:
            _limit_processor(page_seconds)
        print(json.dumps(_response(json.loads(line))), flush=True)


def _end_with(lifeline: int) -> None:
    """Make the system kill this process when the other end of the pipe `lifeline` is closed.

    This uses a signal without a handler. A thread that watches the pipe would have to wait for a running regular
    expression, and PR_SET_PDEATHSIG fires when the thread that started this process ends.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        os.read(lifeline, 1)  # nothing is ever written, so this returns only if the other end is already closed
        sys.exit()


def _limit_processor(seconds: int) -> None:
    """Make the system kill this process after `seconds` of CPU time from now, in case the reader is stopped."""
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, most))


def _forbid(event: str, _: tuple[Any, ...]) -> None:
    """Refuse events that access the network or start other processes."""
    if event.startswith(_FORBIDDEN_EVENTS):
        raise PermissionError(f"The process that reads pages is not allowed to do this: {event}.")


def _response(html: str) -> dict[str, Any]:
    try:
        return {"page": asdict(read_page(html))}
    except Unreadable as error:
        return {"unreadable": str(error)}
    except MemoryError:
        return {"unreadable": f"takes more memory to read than the limit of {_MEMORY_BYTES:,} bytes."}
    except Exception as error:  # unexpected; the message is omitted, since it can contain text of the page
        last = traceback.extract_tb(error.__traceback__)[-1]
        return {"broken": f"{type(error).__name__} at {last.filename}:{last.lineno} {last.name}"}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""The process that reads pages: one line of JSON in, one out, until its input ends. Started by `page_reader.py`.

A page is a stranger's, and what reads it is large: libxml2, and regular expressions that some texts make very slow.
Here it has no network, bounds on its memory and on the processor time of each page, and no one who waits for it but the
reader, who ends it in time. It does not outlive the process that started it, however that one ends.
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

from service.input.html_blocks import Unreadable
from service.input.web_page import read_page

_MEMORY_BYTES: Final = 1_500_000_000  # of address space; the largest page allowed takes about a third
_OUTSIDE: Final = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec")


def main(page_seconds: int = 0, lifeline: int | None = None) -> None:
    """Read pages until the input ends. Ctrl-C is for who started this process, and ends its input.

    A page may take `page_seconds` of processor time, where any are given. `lifeline` is the descriptor of a pipe whose
    other end the starter has.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if lifeline is not None:
        _end_with(lifeline)
    with suppress(ValueError, OSError):  # where the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    sys.addaudithook(_refuse)
    for line in sys.stdin:
        if page_seconds:
            _limit_processor(page_seconds)
        print(json.dumps(_answer(json.loads(line))), flush=True)


def _end_with(lifeline: int) -> None:
    """Have the system end this process when the other end of the pipe `lifeline` is closed.

    By a signal that nothing here handles: a thread that watched the pipe would wait for a regular expression that runs,
    and Linux's own signal for it (PR_SET_PDEATHSIG) comes when the thread ends that has started this process.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC | os.O_NONBLOCK)
    with suppress(BlockingIOError):
        os.read(lifeline, 1)  # nothing is ever written, so that it returns where the end is closed already
        sys.exit()


def _limit_processor(seconds: int) -> None:
    """Have the system end this process when it has computed for so long from now: the reader may be stopped itself."""
    with suppress(ValueError, OSError):
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(time.process_time()) + seconds, most))


def _refuse(event: str, _: tuple[Any, ...]) -> None:
    """Refuse whatever would leave this process."""
    if event.startswith(_OUTSIDE):
        raise PermissionError(f"The process that reads pages does not do this: {event}.")


def _answer(html: str) -> dict[str, Any]:
    try:
        return {"page": asdict(read_page(html))}
    except Unreadable as error:
        return {"unreadable": str(error)}
    except MemoryError:
        return {"unreadable": f"takes more memory to read than the limit of {_MEMORY_BYTES:,} bytes."}
    except Exception as error:  # unforeseen; its message may hold the page's words, and is left out
        last = traceback.extract_tb(error.__traceback__)[-1]
        return {"broken": f"{type(error).__name__} at {last.filename}:{last.lineno} {last.name}"}


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))

"""The process that reads pages: one line of JSON in, one out, until its input ends. Started by `page_reader.py`.

A page is a stranger's, and what reads it is large: libxml2, and regular expressions that some texts make very slow.
Here it has no network, a bound on its memory, and no one who waits for it but the reader, who ends it in time.
"""

import json
import resource
import signal
import sys
import traceback
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from service.article.html_tree import Unreadable
from service.article.web_page import read_page

_MEMORY_BYTES: Final = 1_500_000_000  # of address space; the largest page allowed takes about a third
_OUTSIDE: Final = ("socket.", "urllib.", "http.", "ftplib.", "smtplib.", "subprocess.", "os.system", "os.exec")


def main() -> None:
    """Read pages until the input ends. Ctrl-C is for who started this process, and ends its input."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with suppress(ValueError, OSError):  # where the system knows no such limit
        resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    sys.addaudithook(_refuse)
    for line in sys.stdin:
        print(json.dumps(_answer(json.loads(line))), flush=True)


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
    main()

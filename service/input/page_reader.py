"""Reads pages in a separate process, which is killed if a page takes too long."""

import json
import logging
import math
import os
import subprocess
import sys
import weakref
from contextlib import suppress
from pathlib import Path
from threading import Event, Lock, Timer
from typing import Any, Final

from service.input.html_blocks import Unreadable
from service.input.web_page import Markup, WebPage

_PROCESS: Final = "service.input.page_process"
_SOURCE: Final = Path(__file__).parents[2]  # the folder of `service`, so that the process imports this code
_START_SECONDS: Final = 60.0  # for a process to start: a second, or many on a busy machine


class ReaderStopped(Unreadable):
    """The process that read a page was killed, or ended: because of the page, or for lack of time or memory."""


class PageReader:
    """Reads pages, each in at most `seconds`.

    The process starts with the first page, and again after one that was killed; its start does not count as time of the
    page. It always ends with its reader, and with the process that contains the reader.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._one_at_a_time = Lock()
        self._process: subprocess.Popen[str] | None = None
        self._end: weakref.finalize[Any, PageReader] | None = None

    def read(self, html: str) -> WebPage:
        """Return the article of the page.

        Raises `Unreadable` if it has none or exceeds a limit.
        """
        with self._one_at_a_time:
            line = self._response(json.dumps(html))
        response = json.loads(line) if line else {}
        if "broken" in response:
            logging.getLogger(__name__).error("Reading a page failed: %s", response["broken"])
        if "unreadable" in response:
            raise Unreadable(response["unreadable"])
        if "page" not in response:
            raise ReaderStopped(
                f"could not be read: it took longer than the limit of {self._seconds:g} seconds, or crashed the "
                "process that reads pages. Send only the part of the page with the article, or its text."
            )
        page = response["page"]
        return WebPage(**{**page, "markup": tuple(Markup(*markup) for markup in page["markup"])})

    def _response(self, line: str) -> str:
        """Return the process's response to `line`, or an empty string if the process ended or was killed."""
        response = _answered(self._running(), line, self._seconds)
        if not response:
            self._end_process()
        return response

    def _running(self) -> subprocess.Popen[str]:
        """Return the process, ready for a page. Raises `ReaderStopped` if it does not start."""
        if self._process is not None and self._process.poll() is not None:
            self._end_process()
        if self._process is None:
            self._process, lifeline = _started(self._seconds)
            self._end = weakref.finalize(self, _end, self._process, lifeline)
            if not _answered(self._process, "", _START_SECONDS):
                self._end_process()
                raise ReaderStopped(
                    f"could not be read: the process that reads pages did not start within {_START_SECONDS:g} seconds. "
                    "Retry later; if it happens again, the machine has too little memory or processor time."
                )
        return self._process

    def _end_process(self) -> None:
        """End the process and close its pipes."""
        if self._end is not None:
            self._end()
        self._process = self._end = None


def _started(seconds: float) -> tuple[subprocess.Popen[str], int]:
    """Start the process. Returns it with its lifeline, a pipe that is never written to.

    The process ends when this end of the pipe is closed.
    """
    read_end, write_end = os.pipe()
    try:
        process = subprocess.Popen(
            [sys.executable, "-m", _PROCESS, str(math.ceil(seconds)), str(read_end)],
            cwd=_SOURCE,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # libraries' messages can contain text of the page
            encoding="utf-8",
            pass_fds=[read_end],
        )
    except BaseException:
        os.close(write_end)
        raise
    finally:
        os.close(read_end)
    return process, write_end


def _answered(process: subprocess.Popen[str], line: str, seconds: float) -> str:
    """Send `line`, if it is not empty, and return the process's next line; an empty string if it ends before.

    The process is killed after `seconds`.
    """
    late = Event()

    def stop() -> None:
        late.set()
        process.kill()

    timer = Timer(seconds, stop)
    timer.start()
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        if line:
            process.stdin.write(line + "\n")
            process.stdin.flush()
        response = process.stdout.readline()
    except BrokenPipeError:
        response = ""
    finally:
        timer.cancel()
        timer.join()
        if late.is_set():
            process.wait()  # it can have responded at the last moment, and must get no other page
    return response if response.endswith("\n") else ""


def _end(process: subprocess.Popen[str], lifeline: int) -> None:
    process.kill()
    process.wait()
    os.close(lifeline)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):  # unwritten data can no longer be written
                stream.close()

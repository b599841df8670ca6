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
from threading import Lock, Timer
from typing import Any, Final

from service.input.html_blocks import Unreadable
from service.input.web_page import Markup, WebPage

_PROCESS: Final = "service.input.page_process"
_SOURCE: Final = Path(__file__).parents[2]  # the folder of `service`, so that the process imports this code


class ReaderStopped(Unreadable):
    """The process that read a page was killed, or ended: because of the page, or for lack of time or memory."""


class PageReader:
    """Reads pages, each in at most `seconds`.

    The process starts with the first page, and again after one that was killed. It always ends with its reader, and
    with the process that contains the reader.
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
        process = self._running()
        timer = Timer(self._seconds, process.kill)
        timer.start()
        try:
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(line + "\n")
            process.stdin.flush()
            response = process.stdout.readline()
        except BrokenPipeError:
            response = ""
        finally:
            timer.cancel()
        if not response.endswith("\n"):
            self._end_process()
            return ""
        return response

    def _running(self) -> subprocess.Popen[str]:
        if self._process is not None and self._process.poll() is not None:
            self._end_process()
        if self._process is None:
            self._process, lifeline = _started(self._seconds)
            self._end = weakref.finalize(self, _end, self._process, lifeline)
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


def _end(process: subprocess.Popen[str], lifeline: int) -> None:
    process.kill()
    process.wait()
    os.close(lifeline)
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with suppress(OSError):  # unwritten data can no longer be written
                stream.close()

"""The connections of a worker: what has arrived on each, and what each waits for in the loop."""

import re
import socket
import time
from collections.abc import Iterator
from typing import Any, Final

from gunicorn import http  # type: ignore[import-untyped]
from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders, LimitRequestLine  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]

from service.client_socket import ClientSocket

_READ_BYTES: Final = 65_536
_END_OF_HEAD: Final = b"\r\n\r\n"
_HOST: Final = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]*")  # RFC 3986, 3.2.2 and 3.2.3


class Connection(TConn):  # type: ignore[misc]
    """A client's connection. `head` is what has arrived of the next request while no thread has it."""

    sock: ClientSocket
    parser: Any
    since: float  # when it began to wait for what it waits for, by the monotonic clock
    timeout: float  # when it will have waited too long

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.head = bytearray()
        self.keep = False  # whether another request may follow once the answer has been sent

    def read_head(self, longest: int) -> bool | None:
        """Read what has arrived. Returns whether the head is complete; None where the client has gone.

        Raises gunicorn's `LimitRequestLine` or `LimitRequestHeaders` where it is longer than `longest` bytes.
        """
        before = len(self.head)
        try:
            arrived = socket.socket.recv(self.sock, _READ_BYTES)
        except BlockingIOError:
            return False
        except OSError:
            return None
        self.head += arrived
        if self.head.find(_END_OF_HEAD, max(before - len(_END_OF_HEAD) + 1, 0)) >= 0:
            return True
        if len(self.head) > longest:
            line = self.head.find(b"\r\n")
            if not 0 <= line <= self.cfg.limit_request_line:
                raise LimitRequestLine(line if line > 0 else len(self.head), self.cfg.limit_request_line)
            raise LimitRequestHeaders("limit request headers")
        return False if arrived else None

    def hand_over(self) -> None:
        """Give what has been read to gunicorn's parser."""
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader.unread(bytes(self.head))
        self.head.clear()

    def skip_body(self, most: int) -> bool:
        """Throw away what is left of the request's body. Returns whether that was all of it: not where it has more than
        `most` bytes, is malformed, or has not arrived yet, which no thread waits for."""
        self.sock.setblocking(False)
        try:
            while part := self.parser.mesg.body.read(8192):
                most -= len(part)
                if most < 0:
                    return False
        except Exception:  # the request has been answered, whatever its body is
            return False
        return not self.parser.mesg.body.failed

    def take_back(self) -> None:
        """Take from gunicorn's parser what it has read of the next request."""
        if self.parser is not None:
            self.head += self.parser.unreader.take_buffered()


class Waiting(dict[Connection, None]):
    """Connections that wait for the same, each for as long: in the order in which their time is up."""

    def add(self, conn: Connection, seconds: float) -> None:
        """Have `conn` wait for `seconds`."""
        conn.since = time.monotonic()
        conn.timeout = conn.since + seconds
        self[conn] = None

    def cap(self, moment: float) -> None:
        """Have none wait beyond `moment`."""
        for conn in self:
            conn.timeout = min(conn.timeout, moment)

    @property
    def first(self) -> Connection:
        """The one that has waited longest. Raises StopIteration where there is none."""
        return next(iter(self))

    def take_first(self) -> Connection:
        """Take the one out that has waited longest."""
        first = self.first
        del self[first]
        return first

    def due(self, now: float) -> Iterator[Connection]:
        """Those whose time is up, while they are taken out."""
        while self and self.first.timeout <= now:
            yield self.take_first()


def check_host(request: Any) -> None:
    """Raise gunicorn's `InvalidHeader` where an HTTP/1.1 request names no host, or none that can be (RFC 9112, 3.2)."""
    hosts = [value for name, value in request.headers if name == "HOST"]
    if (request.version >= (1, 1) and len(hosts) != 1) or not all(_HOST.fullmatch(host) for host in hosts):
        raise InvalidHeader("HOST", req=request)

"""The connections of a worker: the data received on each, and the queues in which they wait in the event loop."""

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
    """A client's connection. `head` is the part of the next request received while no thread handles the connection."""

    sock: ClientSocket
    parser: Any
    since: float  # when it started waiting, on the monotonic clock
    timeout: float  # when it will have waited too long, on the monotonic clock

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.head = bytearray()
        self.keep = False  # whether to keep the connection open after the response

    def read_head(self, longest: int) -> bool | None:
        """Read what has arrived. Returns whether the head is complete; None if the client has closed the connection.

        Raises gunicorn's `LimitRequestLine` or `LimitRequestHeaders` if the head is longer than `longest` bytes.
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
        """Pass the data read so far to gunicorn's parser."""
        if self.parser is None:
            self.parser = http.get_parser(self.cfg, self.sock, self.client)
        self.parser.unreader.unread(bytes(self.head))
        self.head.clear()

    def skip_body(self, most: int) -> bool:
        """Discard the rest of the request's body without waiting for it. Returns False if it is longer than `most`
        bytes, malformed, or has not arrived yet."""
        self.sock.setblocking(False)
        try:
            while part := self.parser.mesg.body.read(8192):
                most -= len(part)
                if most < 0:
                    return False
        except Exception:  # the response has been sent, whatever is wrong with the body
            return False
        return not self.parser.mesg.body.failed

    def take_back(self) -> None:
        """Take back from gunicorn's parser what it has read of the next request."""
        if self.parser is not None:
            self.head += self.parser.unreader.take_buffered()


class Waiting(dict[Connection, None]):
    """Connections that wait for the same event with the same timeout, ordered by deadline."""

    def add(self, conn: Connection, seconds: float) -> None:
        """Let `conn` wait for `seconds`."""
        conn.since = time.monotonic()
        conn.timeout = conn.since + seconds
        self[conn] = None

    def cap(self, moment: float) -> None:
        """Let no connection wait beyond `moment`."""
        for conn in self:
            conn.timeout = min(conn.timeout, moment)

    @property
    def first(self) -> Connection:
        """The connection that has waited longest. Raises StopIteration if there is none."""
        return next(iter(self))

    def take_first(self) -> Connection:
        """Remove and return the connection that has waited longest."""
        first = self.first
        del self[first]
        return first

    def due(self, now: float) -> Iterator[Connection]:
        """Remove and yield the connections whose time is up."""
        while self and self.first.timeout <= now:
            yield self.take_first()


def check_host(request: Any) -> None:
    """Raise gunicorn's `InvalidHeader` if an HTTP/1.1 request has no Host header or an invalid one (RFC 9112, 3.2)."""
    hosts = [value for name, value in request.headers if name == "HOST"]
    if (request.version >= (1, 1) and len(hosts) != 1) or not all(_HOST.fullmatch(host) for host in hosts):
        raise InvalidHeader("HOST", req=request)

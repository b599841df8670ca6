"""The connections of a worker: client sockets with time limits, and what each connection waits for in the loop."""

import re
import socket
import time
from collections.abc import Iterator
from typing import Any, Final

from gunicorn import http  # type: ignore[import-untyped]
from gunicorn.http.errors import InvalidHeader, LimitRequestHeaders, LimitRequestLine  # type: ignore[import-untyped]
from gunicorn.workers.gthread import TConn  # type: ignore[import-untyped]

from service.errors import TooSlow


class ClientSocket(socket.socket):
    """A socket whose client has a fixed time to send a whole request, and the same time for each part of the response.

    The last part of a response does not block a thread: what the client does not take at once is left in `unsent`, for
    the event loop to send. `unsent` is empty between two requests.
    """

    unsent: memoryview = memoryview(b"")
    _patience: float | None = None  # seconds
    _until: float | None = None  # deadline on the monotonic clock; None once the response has started

    def expect(self, seconds: float) -> None:
        """Give the client `seconds` from now to send a request."""
        self._patience = seconds
        self._until = time.monotonic() + seconds

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """Receive from the client. Raises `TooSlow` if the request is not complete in time."""
        if self._until is None:
            return super().recv(bufsize, flags)
        remaining = self._until - time.monotonic()
        if remaining > 0:
            self.settimeout(remaining)
            try:
                return super().recv(bufsize, flags)
            except TimeoutError:
                pass
        raise TooSlow.after(self._patience or 0)

    def sendall(self, data: bytes, flags: int = 0, /) -> None:  # type: ignore[override]  # takes any buffer upstream
        """Send a part of the response. Raises TimeoutError if the client does not take the previous part in time."""
        self._until = None
        rest, self.unsent = self.unsent, memoryview(b"")
        if rest:
            self.settimeout(self._patience)
            super().sendall(rest, flags)
        self.setblocking(False)
        try:
            self.unsent = self._rest_of(memoryview(data))
        finally:
            self.settimeout(self._patience)

    def send_unsent(self) -> None:
        """Send as much of `unsent` as the client takes now. Raises OSError if the connection is closed."""
        self.unsent = self._rest_of(self.unsent)

    def _rest_of(self, data: memoryview) -> memoryview:
        try:
            return data[super().send(data) :]
        except BlockingIOError:
            return data


_READ_BYTES: Final = 65_536
_CONTINUE: Final = b"HTTP/1.1 100 Continue\r\n\r\n"
_END_OF_HEAD: Final = b"\r\n\r\n"
_HOST: Final = re.compile(r"[A-Za-z0-9._~%!$&'()*+,;=:\[\]-]*")  # RFC 3986, 3.2.2 and 3.2.3


class AwaitedBody:
    """The body of a request whose client waits for "100 Continue" before it sends it (RFC 9110, 10.1.1).

    gunicorn sends that at once. Here it is sent when the application begins to read, so that a request that is rejected
    by its head, as one that is too large, gets its response without sending its body.
    """

    def __init__(self, body: Any, client: ClientSocket) -> None:
        self._body = body
        self._client: ClientSocket | None = client

    def read(self, size: int | None = None) -> bytes:
        """Read at most `size` bytes; all without a size."""
        part: bytes = self._sent().read(size)
        return part

    def readline(self, size: int | None = None) -> bytes:
        """Read one line, of at most `size` bytes."""
        line: bytes = self._sent().readline(size)
        return line

    def __iter__(self) -> Iterator[bytes]:
        return iter(self._sent())

    def _sent(self) -> Any:
        if self._client is not None:
            self._client.send(_CONTINUE)
            self._client = None
        return self._body


class Connection(TConn):  # type: ignore[misc]
    """A client's connection. `head` is the part of the next request received while no thread handles the connection."""

    sock: ClientSocket
    parser: Any
    since: float  # when it started waiting, on the monotonic clock
    timeout: float  # when it will have waited too long, on the monotonic clock

    def __init__(self, *arguments: Any) -> None:
        super().__init__(*arguments)
        self.head = bytearray()
        self.waiting: Waiting | None = None  # where it waits in the event loop
        self.keep = False  # whether to keep the connection open after the response

    def read_head(self, max_bytes: int) -> bool | None:
        """Read what has arrived. Returns whether the head is complete; None if the client has closed the connection.

        Raises gunicorn's `LimitRequestLine` or `LimitRequestHeaders` if the head is longer than `max_bytes` bytes.
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
        if len(self.head) > max_bytes:
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

    def skip_body(self, max_bytes: int) -> bool:
        """Discard the rest of the request's body without waiting for it. Returns False if it is longer than `max_bytes`
        bytes, malformed, or has not arrived yet."""
        if isinstance(self.parser.mesg.body, AwaitedBody):  # it was read, or will perhaps never be sent
            return False
        self.sock.setblocking(False)
        try:
            while part := self.parser.mesg.body.read(8192):
                max_bytes -= len(part)
                if max_bytes < 0:
                    return False
        except Exception:  # the response has been sent, whatever is wrong with the body
            return False
        return not self.parser.mesg.body.failed

    def take_back(self) -> None:
        """Take back from gunicorn's parser what it has read of the next request."""
        if self.parser is not None:
            self.head += self.parser.unreader.take_buffered()

    def reads_ahead(self) -> bool:
        """Return whether gunicorn's parser has read a part of the next request, which is then in `head`."""
        self.take_back()
        return bool(self.head)


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

"""Requests as bytes on a socket, including ones that no HTTP client would send."""

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.waiting import PATIENCE

_READ_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Response:
    """A response. `status` is 0 if the connection was closed without one."""

    status: int
    headers: dict[str, str]  # names in lower case
    body: bytes

    @property
    def problem(self) -> dict[str, Any]:
        """The body, as problem details."""
        assert self.headers.get("content-type") == "application/problem+json", (self.status, self.headers)
        found: dict[str, Any] = json.loads(self.body)
        assert found["status"] == self.status
        return found


def connect(port: int, timeout: float = PATIENCE) -> socket.socket:
    """Connect to the server on loopback."""
    return socket.create_connection(("127.0.0.1", port), timeout=timeout)


def request(method: str, path: str, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> bytes:
    """Return a complete well-formed request that closes its connection."""
    lines = {"Host": "localhost", "Connection": "close", **(headers or {})}
    if body is not None and "Transfer-Encoding" not in lines:
        lines.setdefault("Content-Length", str(len(body)))
    head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode("latin-1") + (body or b"")


def ask(
    port: int,
    method: str,
    path: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    timeout: float = PATIENCE,
) -> Response:
    """Send a well-formed request and return its response."""
    return send(port, request(method, path, headers, body), timeout=timeout)


def send(port: int, sent: bytes, *, half_close: bool = False, timeout: float = PATIENCE) -> Response:
    """Send bytes, close the sending side if `half_close`, and return the response."""
    with connect(port, timeout) as client:
        try:
            client.sendall(sent)
            if half_close:
                client.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # rejected before all of it was sent: the response is already there
        return received(client)


def received(client: socket.socket) -> Response:
    """Read a response until the other side closes or the response is complete."""
    found = b""
    while not _is_whole(found):
        try:
            part = client.recv(_READ_BYTES)
        except ConnectionResetError:
            break
        if not part:
            break
        found += part
    return parsed(found)


def parsed(found: bytes) -> Response:
    """Parse the bytes of a response."""
    while found.startswith(b"HTTP/1.1 100 "):
        found = found.partition(b"\r\n\r\n")[2]
    head, _, body = found.partition(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").split("\r\n")
    if not first.startswith("HTTP/"):
        return Response(0, {}, found)
    headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
    return Response(int(first.split()[1]), headers, body)


def _is_whole(found: bytes) -> bool:
    if b"\r\n\r\n" not in found:
        return False
    response = parsed(found)
    if "content-length" in response.headers:
        return len(response.body) >= int(response.headers["content-length"])
    return response.headers.get("transfer-encoding") == "chunked" and response.body.endswith(b"0\r\n\r\n")

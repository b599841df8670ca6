"""A client's socket with time limits, so that no client blocks the server indefinitely."""

import socket
import time

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

"""A client's connection, as the server reads and writes it: no client keeps it waiting for ever."""

import socket
import time

from service.errors import TooSlow


class ClientSocket(socket.socket):
    """A socket whose client has so many seconds for the whole of a request, and as many for each part of the answer.

    The last part of an answer keeps no thread waiting: what the client does not take at once is left in `unsent`, for
    the loop to send. `unsent` is empty between two requests.
    """

    unsent: memoryview = memoryview(b"")
    _patience: float | None = None  # seconds
    _until: float | None = None  # of the monotonic clock; None once the answer has begun

    def expect(self, seconds: float) -> None:
        """From now on the client has `seconds` to send a request."""
        self._patience = seconds
        self._until = time.monotonic() + seconds

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        """What the client has sent. Raises `TooSlow` where the request is not there in time."""
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

    def sendall(self, data: bytes, flags: int = 0, /) -> None:  # type: ignore[override]  # of a narrower buffer
        """Send a part of the answer. Raises TimeoutError where the client does not take the part before it in time."""
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
        """Send what the client takes of `unsent` now. Raises OSError where it takes nothing any more."""
        self.unsent = self._rest_of(self.unsent)

    def _rest_of(self, data: memoryview) -> memoryview:
        try:
            return data[super().send(data) :]
        except BlockingIOError:
            return data

"""gunicorn's threaded worker, changed so that slow clients block neither a thread nor the event loop.

Differences from `gthread`:

- A connection gets a thread once the head of its request has arrived. Before that, and after the response until the
  client closes it, it waits in the event loop for a bounded time. The end of a response that the client does not take
  at once is sent by the loop too.
- The number of idle connections is bounded. Beyond it, and when there is no room for another, the ones that have
  waited longest are closed. If no file descriptor is left, accepting pauses briefly.
- A request has a bounded time to arrive; a late one is rejected with 408 (`connections.py`).
- "100 Continue" is sent when the application reads the body, so that a rejected request gets its response first.
- Malformed HTTP is rejected with a problem document, like all other errors.
- On SIGTERM, the worker responds to new requests with 503 until its requests in progress are done. gunicorn would
  leave them unanswered in the listening socket's queue.
"""

import selectors
import signal
import socket
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from service.api.problems import longest_head, refusal
from service.api.state import EXTENSION
from service.app import start_draining
from service.errors import TooSlow
from service.server.connections import AwaitedBody, ClientSocket, Connection, Waiting, check_host
from service.server.launch import SharedFlag
from service.server.metrics import Metrics, ShedReason
from service.server.resources import MemoryWatch

# Maximum time before a computing thread yields the GIL. It keeps health checks responsive, and keeps rejected requests
# from delaying a parse, which releases the GIL in each of its thousands of products.
_SWITCH_SECONDS: Final = 0.0001
# Signals that only the master handles. gunicorn gives its workers the system's default, which would end them with their
# requests, as when `systemctl kill --signal=HUP` sends one to all processes.
_FOR_MASTER: Final = (signal.SIGHUP, signal.SIGUSR2)
_POLL_SECONDS: Final = 0.05  # poll interval while the worker stops
_LINGER_SECONDS: Final = 2.0  # time for the client to read the response and close its side
_UNREAD_BYTES: Final = 65_536  # the most of a request's unread body that is discarded to keep the connection
_ACCEPTED_AT_ONCE: Final = 32
_UNSENT_BYTES: Final = 64_000_000  # total size of responses that clients have not taken yet
_PAUSE_SECONDS: Final = 0.1  # pause in accepting when the system has no resources left
_FREED_AT_ONCE: Final = 8  # idle connections closed during such a pause
_REPORT_SECONDS: Final = 10.0  # between two log lines about the same event


class Worker(ThreadWorker):  # type: ignore[misc]
    """A worker process: an event loop that waits, and threads that handle requests."""

    alive: bool
    _selector: selectors.BaseSelector

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.in_flight: set[Connection] = set()  # handled by a thread, or queued for one
        self.silent = Waiting()  # new, no byte received
        self.receiving = Waiting()  # part of a head received
        self.idle = Waiting()  # response sent, no byte of another request received
        self.unsent = Waiting()  # response not fully taken by the client
        self.lingering = Waiting()  # response sent, closed on this side
        self.waiting = (self.silent, self.receiving, self.idle, self.unsent, self.lingering)
        self.stopping = False
        self.ready = SharedFlag()  # created in the master, which reads it
        self.relieved = SharedFlag()  # set by the master when another worker already replaces this one
        self._listening = False
        self._accept_after = 0.0  # on the monotonic clock
        self._reported: dict[str, float] = {}

    def handle_exit(self, sig: int, frame: Any) -> None:
        """Handle SIGTERM: finish the requests in progress."""
        self.stopping = not self.relieved
        super().handle_exit(sig, frame)

    # --- the event loop

    def run(self) -> None:
        """Serve until stopped, or until the worker has reached its number of requests; then finish."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        for number in _FOR_MASTER:
            signal.signal(number, signal.SIG_IGN)
        self.ready.set()
        self.app.served.set()
        self._memory = MemoryWatch(self.app.settings.max_memory_mb)
        self._selector = selectors.DefaultSelector()
        wake = partial(self.method_queue.run_callbacks, None)
        self._selector.register(self.method_queue.fileno(), selectors.EVENT_READ, wake)
        while self.alive and self.is_parent_alive():
            self._listen(self._can_accept())
            self._once()
        self._finish()
        for listener in self.sockets:
            listener.close()

    def _finish(self) -> None:
        """Finish the requests in progress. Other workers take new connections; if all stop, they get a 503."""
        if self.stopping:
            start_draining(self.wsgi)
        now = time.monotonic()
        until = now + self.cfg.graceful_timeout
        for waiting in (self.idle, self.silent, self.receiving):
            waiting.cap(now + _LINGER_SECONDS)
        started = self.in_flight | self.receiving.keys()
        while self._open and time.monotonic() < until:
            started &= self.in_flight | self.receiving.keys()
            self._listen(bool(started) and self.stopping and self._can_accept())
            self._once()
        self._listen(False)

    @property
    def _open(self) -> int:
        """The number of open connections."""
        return len(self.in_flight) + sum(map(len, self.waiting))

    def _can_accept(self) -> bool:
        return self._open < self.cfg.worker_connections and time.monotonic() >= self._accept_after

    def _listen(self, listening: bool) -> None:
        """Accept new connections from now on, or none."""
        if listening == self._listening:
            return
        self._listening = listening
        for listener in self.sockets:
            if listening:
                listener.setblocking(False)
                self._selector.register(listener, selectors.EVENT_READ, partial(self._accept, listener))
            else:
                self._selector.unregister(listener)

    def _once(self) -> None:
        self.notify()
        now = time.monotonic()
        next_due = min((queue.first.timeout for queue in self.waiting if queue), default=now + 1)
        if self._accept_after > now:
            next_due = min(next_due, self._accept_after)
        longest = 1.0 if self.alive else _POLL_SECONDS
        for key, _ in self._selector.select(min(max(next_due - now, 0.001), longest)):
            if self._selector.get_map().get(key.fd) is key:  # else closed by one of the events before it
                key.data()
        self._close_due()

    def _close_due(self) -> None:
        """Close the connections whose time is up. A partly received request is rejected with 408."""
        now = time.monotonic()
        for conn in self.receiving.due(now):
            self._refuse(conn, TooSlow.after(self.app.settings.client_seconds))
        for waiting in self.waiting:
            for conn in waiting.due(now):
                self._close(conn)

    # --- before a thread takes a connection

    def _accept(self, listener: socket.socket) -> None:
        """Accept new connections."""
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                accepted, address = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:  # out of descriptors or memory, or a client's error; the worker must not stop
                self._pause(error)
                return
            client = ClientSocket(fileno=accepted.detach())
            self._wait_for_head(Connection(self.cfg, client, address, listener.getsockname()))
            self._make_room()
            if self._open >= self.cfg.worker_connections:
                return

    def _pause(self, error: OSError) -> None:
        """Pause accepting, and free some descriptors."""
        self._accept_after = time.monotonic() + _PAUSE_SECONDS
        self._listen(False)
        self._metrics.accept_failed()
        self._report("cannot accept connections", reason=error.strerror, connections=self._open)
        for _ in range(_FREED_AT_ONCE):
            self._shed("no_descriptor", self.silent, self.idle, self.lingering)

    def _make_room(self) -> None:
        """Close the connections that have waited longest while too many are idle or open."""
        while len(self.silent) + len(self.idle) > self.app.settings.max_idle_connections:
            self._shed("idle", self.silent, self.idle)
        if self._open >= self.cfg.worker_connections:
            self._shed("full", self.silent, self.idle, self.lingering, self.receiving, self.unsent)

    def _shed(self, reason: ShedReason, *waiting: Waiting) -> None:
        """Close the connection that has waited longest in any of `waiting`, except one that was just accepted."""
        longest = min((queue for queue in waiting if queue), key=lambda queue: queue.first.since, default=None)
        if longest is None:
            return
        self._close(longest.take_first())
        self._metrics.connection_shed(reason)
        self._report("closing connections to make room", reason=reason, connections=self._open)

    def _wait(
        self,
        conn: Connection,
        waiting: Waiting,
        seconds: float,
        callback: Callable[[Connection], None],
        event: int = selectors.EVENT_READ,
    ) -> None:
        """Let `conn` wait for `seconds` in the event loop, which calls `callback` at the event."""
        self._stop_waiting(conn)
        conn.sock.setblocking(False)
        conn.waiting = waiting
        waiting.add(conn, seconds)
        self._selector.register(conn.sock, event, partial(callback, conn))

    def _stop_waiting(self, conn: Connection) -> None:
        if conn.waiting is not None:
            self._selector.unregister(conn.sock)
            conn.waiting.pop(conn, None)  # not there if its time is up
            conn.waiting = None

    def _wait_for_head(self, conn: Connection) -> None:
        """Wait for the next request: on a new connection, or on one that was kept open."""
        conn.take_back()
        if b"\r\n\r\n" in conn.head:
            self.enqueue_req(conn)
            return
        self._wait(conn, self.receiving if conn.head else self.silent, self._head_seconds, self._readable)
        self._readable(conn)

    def _readable(self, conn: Connection) -> None:
        """Read what has arrived, and pass the connection to a thread once the head is complete."""
        try:
            complete = conn.read_head(longest_head(self.cfg))
        except Exception as error:  # the head is too long
            self._refuse(conn, error)
            return
        if complete is None:
            self._close(conn)
        elif complete:
            self.enqueue_req(conn)
        elif conn.head and conn.waiting is self.silent:
            self._wait(conn, self.receiving, self._head_seconds, self._readable)

    @property
    def _head_seconds(self) -> float:
        """Time limit for the head of a request."""
        return self.app.settings.client_seconds if self.alive else _LINGER_SECONDS

    def enqueue_req(self, conn: Connection) -> None:
        """Queue the request on the connection for a thread."""
        self._stop_waiting(conn)
        conn.hand_over()
        self.in_flight.add(conn)
        super().enqueue_req(conn)

    # --- in a thread

    def handle(self, conn: Connection) -> Any:
        """Handle one request. Returns whether the connection can have another."""
        conn.data_ready = True
        conn.sock.expect(self.app.settings.client_seconds)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Check the Host header, then pass the request to the application.

        Returns whether the connection can have another: not if part of this request's body is still to come.
        """
        check_host(req)
        if req._expected_100_continue:
            req._expected_100_continue = False  # gunicorn would send it before the application sees the request
            req.body = AwaitedBody(req.body, conn.sock)
        return bool(super().handle_request(req, conn)) and conn.skip_body(_UNREAD_BYTES)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Respond with a problem document to a malformed or late request."""
        with suppress(OSError):  # the client has disconnected
            client.sendall(refusal(exc, self.cfg, self._metrics))

    # --- after the thread

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Send the rest of the response, then keep or close the connection."""
        self.in_flight.discard(conn)
        self._check_memory()
        conn.keep = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        if not conn.sock.unsent or conn.sock.fileno() < 0:  # gunicorn closes it if the application fails halfway
            self._answered(conn)
            return
        self._wait(conn, self.unsent, self.app.settings.client_seconds, self._writable, selectors.EVENT_WRITE)
        while sum(len(item.sock.unsent) for item in self.unsent) > _UNSENT_BYTES:
            self._shed("unsent", self.unsent)

    def _writable(self, conn: Connection) -> None:
        try:
            conn.sock.send_unsent()
        except OSError:
            self._close(conn)
            return
        if not conn.sock.unsent:
            self._answered(conn)

    def _answered(self, conn: Connection) -> None:
        if not conn.keep:
            self._linger(conn)
        elif conn.reads_ahead():
            self._wait_for_head(conn)
        else:
            self._wait(conn, self.idle, self.cfg.keepalive if self.alive else _LINGER_SECONDS, self._wait_for_head)
            self._make_room()

    def _check_memory(self) -> None:
        """Stop after the requests in progress if this process exceeds its memory limit."""
        size = self._memory.size()
        self._metrics.has_memory(size)
        if size > self._memory.limit and self.alive:
            sizes = {"megabytes": round(size / 1e6), "limit": round(self._memory.limit / 1e6)}
            structlog.get_logger().warning("This worker exceeds its memory limit and will be replaced.", **sizes)
            self._metrics.replaced()
            self.alive = False

    def _linger(self, conn: Connection) -> None:
        """Close the sending side first: closing both at once can lose the end of the response."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self._wait(conn, self.lingering, _LINGER_SECONDS, self._drain)

    def _drain(self, conn: Connection) -> None:
        try:
            if socket.socket.recv(conn.sock, 65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self._close(conn)

    def _refuse(self, conn: Connection, error: Exception) -> None:
        """Respond with a problem document from the loop, sending as much as the client takes at once."""
        with suppress(OSError):
            conn.sock.send(refusal(error, self.cfg, self._metrics))
        self._linger(conn)

    def _close(self, conn: Connection) -> None:
        self._stop_waiting(conn)
        conn.close()

    # --- metrics and logs

    @property
    def _metrics(self) -> Metrics:
        result: Metrics = self.wsgi.extensions[EXTENSION].metrics
        return result

    def _report(self, event: str, **fields: Any) -> None:
        """Log a warning, at most one per event every few seconds, so that a flood does not fill the log."""
        now = time.monotonic()
        if now - self._reported.get(event, -_REPORT_SECONDS) >= _REPORT_SECONDS:
            self._reported[event] = now
            structlog.get_logger().warning(event, **fields)

"""gunicorn's threaded worker, made to stay up: no client that sends or takes slowly keeps a thread or the loop.

What differs from `gthread`:
- A connection gets a thread when the head of its request has arrived. Until then, and after the answer while the client
  has not closed it, it waits in the loop, for a bounded time. The end of an answer that a client does not take at once
  is sent by the loop too.
- Connections without a byte of a request are bounded; beyond that, and where there is no room for another, those that
  have waited longest are closed. Where the system has no descriptor left, nothing is accepted for a moment.
- A request has a bounded time to arrive; one that is late is answered 408 (`client_socket.py`).
- What cannot be read as HTTP is answered with a problem, as everything else.
- Told to stop, the worker goes on answering until the requests that it has are done: new ones with 503. gunicorn would
  leave them unanswered in the listening socket's queue.
"""

import math
import selectors
import socket
import sys
import time
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from gunicorn.workers.gthread import ThreadWorker  # type: ignore[import-untyped]

from service.api.desk import EXTENSION
from service.api.refusal import longest_head, refusal
from service.app import start_draining
from service.client_socket import ClientSocket
from service.connections import Connection, Waiting, check_host
from service.errors import TooSlow
from service.memory import give_back, resident_bytes
from service.metrics import Metrics, ShedReason
from service.shared_flag import SharedFlag

# After so long a thread that computes lets another one run. Health is answered meanwhile; and a parse, which lets go at
# each of its thousands of products, is not held up for long at each by requests that are refused.
_SWITCH_SECONDS: Final = 0.0001
_GLANCE_SECONDS: Final = 0.05  # between two looks while the worker stops
_LINGER_SECONDS: Final = 2.0  # for the client to close its side, so that it can read the answer to its end
_UNREAD_BYTES: Final = 65_536  # of an answered request's body, which are thrown away
_ACCEPTED_AT_ONCE: Final = 32
_UNSENT_BYTES: Final = 64_000_000  # of answers that clients do not take, all together
_PAUSE_SECONDS: Final = 0.1  # without accepting, where the system cannot
_FREED_AT_ONCE: Final = 8  # idle connections that are closed then
_REPORT_SECONDS: Final = 10.0  # between two lines in the log about the same
_LEAST_ROOM: Final = 1.5  # of the memory once ready, so that no worker is replaced for its model's size


class Worker(ThreadWorker):  # type: ignore[misc]
    """One process: a loop that waits, and threads that answer."""

    alive: bool

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.in_flight: set[Connection] = set()  # they have a thread, or wait for one
        self.silent = Waiting()  # new, and no byte has arrived
        self.begun = Waiting()  # a part of a head has arrived
        self.keepalived_conns = Waiting()  # answered, and no byte of another request has arrived
        self.unsent = Waiting()  # answered, and the client has not taken all of it
        self.lingering = Waiting()  # answered, and closed on this side
        self.stopping = False
        self.ready = SharedFlag()  # made in the master, which looks at it
        self.relieved = SharedFlag()  # set by the master where another worker has this one's place already
        self.most_bytes = math.inf  # of memory, after a request
        self._accept_after = 0.0  # of the monotonic clock
        self._reported: dict[str, float] = {}

    def init_process(self) -> None:
        """Run until told to stop."""
        sys.setswitchinterval(_SWITCH_SECONDS)
        super().init_process()

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM: finish what has been begun."""
        self.stopping = not self.relieved
        super().handle_exit(sig, frame)

    # --- the loop

    def run(self) -> None:
        """Answer until told to stop, or until as many have been answered as a worker may; then finish."""
        self.ready.set()
        self.app.served.set()
        if self.app.settings.max_memory_mb:
            self.most_bytes = max(self.app.settings.max_memory_mb * 1e6, resident_bytes() * _LEAST_ROOM)
        self.poller.register(self.method_queue.fileno(), selectors.EVENT_READ, self.method_queue.run_callbacks)
        while self.alive and self.is_parent_alive():
            self.set_accept_enabled(self._may_accept())
            self._once()
        self._finish()
        self.tpool.shutdown(wait=False)
        self.poller.close()
        self.method_queue.close()
        for listener in self.sockets:
            listener.close()

    def _finish(self) -> None:
        """Answer what is in flight. New connections are left to the other workers, or answered 503 if all stop."""
        if self.stopping:
            start_draining(self.wsgi)
        now = time.monotonic()
        until = now + self.cfg.graceful_timeout
        for waiting in (self.keepalived_conns, self.silent, self.begun):
            waiting.cap(now + _LINGER_SECONDS)
        started = self.in_flight | self.begun.keys()
        while time.monotonic() < until and (
            self.in_flight or self.silent or self.begun or self.keepalived_conns or self.lingering or self.unsent
        ):
            started &= self.in_flight | self.begun.keys()
            self.set_accept_enabled(bool(started) and self.stopping and self._may_accept())
            self._once()
        self.set_accept_enabled(False)

    def _may_accept(self) -> bool:
        return self.nr_conns < self.worker_connections and time.monotonic() >= self._accept_after

    def _once(self) -> None:
        self.notify()
        now = time.monotonic()
        waiting = (self.silent, self.begun, self.keepalived_conns, self.unsent, self.lingering)
        next_due = min((some.first.timeout for some in waiting if some), default=now + 1)
        if self._accept_after > now:
            next_due = min(next_due, self._accept_after)
        longest = 1.0 if self.alive else _GLANCE_SECONDS
        self.wait_for_and_dispatch_events(min(max(next_due - now, 0.001), longest))
        self._close_due()

    def _close_due(self) -> None:
        """Close what has waited its time. A request that has begun is answered 408."""
        now = time.monotonic()
        for conn in self.begun.due(now):
            self._refuse(conn, TooSlow.after(self.app.settings.client_seconds))
        for waiting in (self.silent, self.keepalived_conns, self.unsent, self.lingering):
            for conn in waiting.due(now):
                self._close(conn)

    # --- a connection on its way to a thread

    def accept(self, listener: socket.socket) -> None:
        """Take new connections in."""
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                accepted, address = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            except OSError as error:  # no descriptor or no memory left, or a client's fault: none ends the worker
                self._pause(error)
                return
            self.nr_conns += 1
            client = ClientSocket(fileno=accepted.detach())
            self._wait_for_head(Connection(self.cfg, client, address, listener.getsockname()))
            self._make_room()
            if self.nr_conns >= self.worker_connections:
                return

    def _pause(self, error: OSError) -> None:
        """Accept nothing for a moment, and free some descriptors for what comes then."""
        self._accept_after = time.monotonic() + _PAUSE_SECONDS
        self.set_accept_enabled(False)
        self._metrics.accept_failed()
        self._report("no connection can be accepted", reason=error.strerror, connections=self.nr_conns)
        for _ in range(_FREED_AT_ONCE):
            self._shed("no_descriptor", self.silent, self.keepalived_conns, self.lingering)

    def _make_room(self) -> None:
        """Close those that have waited longest where more are idle, or open, than may be."""
        while len(self.silent) + len(self.keepalived_conns) > self.app.settings.max_idle_connections:
            self._shed("idle", self.silent, self.keepalived_conns)
        if self.nr_conns >= self.worker_connections:
            self._shed("full", self.silent, self.keepalived_conns, self.lingering, self.begun, self.unsent)

    def _shed(self, reason: ShedReason, *waiting: Waiting) -> None:
        """Close the connection that has waited longest in any of `waiting`; one that has just come is spared."""
        longest = min((some for some in waiting if some), key=lambda some: some.first.since, default=None)
        if longest is None:
            return
        self._close(longest.take_first())
        self._metrics.connection_shed(reason)
        self._report("connections are closed to make room", reason=reason, connections=self.nr_conns)

    def on_client_socket_readable(self, conn: Connection, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        del self.keepalived_conns[conn]
        self._wait_for_head(conn)

    def _wait_for_head(self, conn: Connection) -> None:
        conn.sock.setblocking(False)
        conn.take_back()
        if b"\r\n\r\n" in conn.head:
            self.enqueue_req(conn)
            return
        (self.begun if conn.head else self.silent).add(conn, self._head_seconds)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, conn))
        self._readable(conn, conn.sock)

    def _readable(self, conn: Connection, client: socket.socket) -> None:
        """Read what has arrived, and hand the connection to a thread where the head is complete."""
        try:
            complete = conn.read_head(longest_head(self.cfg))
        except Exception as error:  # it is longer than it may be
            self._stop_waiting(conn)
            self._refuse(conn, error)
            return
        if complete is None:
            self._stop_waiting(conn)
            self._close(conn)
        elif complete:
            self._stop_waiting(conn)
            self.enqueue_req(conn)
        elif conn.head and conn in self.silent:
            del self.silent[conn]
            self.begun.add(conn, self._head_seconds)

    @property
    def _head_seconds(self) -> float:
        """How long the head of a request may take."""
        return self.app.settings.client_seconds if self.alive else _LINGER_SECONDS

    def _stop_waiting(self, conn: Connection) -> None:
        self.poller.unregister(conn.sock)
        self.silent.pop(conn, None)
        self.begun.pop(conn, None)

    def enqueue_req(self, conn: Connection) -> None:
        """Have a thread answer the request on the connection."""
        conn.hand_over()
        self.in_flight.add(conn)
        super().enqueue_req(conn)

    # --- in a thread

    def handle(self, conn: Connection) -> Any:
        """Answer one request. Returns whether the connection may have another."""
        conn.data_ready = True
        conn.sock.expect(self.app.settings.client_seconds)
        return super().handle(conn)

    def handle_request(self, req: Any, conn: Connection) -> Any:
        """Have the application answer a request that can be one."""
        check_host(req)
        return super().handle_request(req, conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what cannot be read, or what has not arrived in time, with a problem."""
        try:
            client.sendall(refusal(exc, self.cfg, self._metrics))
        except OSError:
            self.log.debug("The client has gone.")

    def _keepalive_after(self, conn: Connection, keepalive: bool) -> bool:
        """Whether the connection may have another request: not where a body was left unread that is still to come."""
        return bool(keepalive) and conn.skip_body(_UNREAD_BYTES)

    # --- a connection after its thread

    def finish_request(self, conn: Connection, fs: Any) -> None:
        """Send the rest of the answer, then keep the connection for another request, or close it."""
        self.in_flight.discard(conn)
        self._look_at_memory()
        conn.keep = not fs.cancelled() and fs.exception() is None and bool(fs.result())
        if not conn.sock.unsent:
            self._answered(conn)
            return
        conn.sock.setblocking(False)
        self.unsent.add(conn, self.app.settings.client_seconds)
        self.poller.register(conn.sock, selectors.EVENT_WRITE, partial(self._writable, conn))
        while sum(len(one.sock.unsent) for one in self.unsent) > _UNSENT_BYTES:
            self._shed("unsent", self.unsent)

    def _writable(self, conn: Connection, client: socket.socket) -> None:
        try:
            conn.sock.send_unsent()
        except OSError:
            del self.unsent[conn]
            self._close(conn)
            return
        if not conn.sock.unsent:
            del self.unsent[conn]
            self.poller.unregister(client)
            self._answered(conn)

    def _answered(self, conn: Connection) -> None:
        if not conn.keep:
            self._linger(conn)
        elif conn.parser.unreader.buf.getvalue():
            self._wait_for_head(conn)
        else:
            conn.sock.setblocking(False)
            self.keepalived_conns.add(conn, self.cfg.keepalive if self.alive else _LINGER_SECONDS)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))
            self._make_room()

    def _look_at_memory(self) -> None:
        """End after what is in flight, where this process has more memory than it may have."""
        size = resident_bytes()
        if size > self.most_bytes:
            give_back()
            size = resident_bytes()
        self._metrics.has_memory(size)
        if size > self.most_bytes and self.alive:
            told = {"megabytes": round(size / 1e6), "limit": round(self.most_bytes / 1e6)}
            structlog.get_logger().warning("This worker has too much memory, and is replaced.", **told)
            self._metrics.replaced()
            self.alive = False

    def _linger(self, conn: Connection) -> None:
        """Close this side, and the other when the client does: closing both at once can cost it the answer's end."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        self.lingering.add(conn, _LINGER_SECONDS)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))

    def _drain(self, conn: Connection, client: socket.socket) -> None:
        try:
            if socket.socket.recv(client, 65_536):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        del self.lingering[conn]
        self._close(conn)

    def _refuse(self, conn: Connection, error: Exception) -> None:
        """Answer with a problem, in the loop: as much of it as the client takes at once."""
        with suppress(OSError):
            conn.sock.send(refusal(error, self.cfg, self._metrics))
        with suppress(KeyError, ValueError):
            self.poller.unregister(conn.sock)
        self._linger(conn)

    def _close(self, conn: Connection) -> None:
        with suppress(KeyError, ValueError):  # it is not registered
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

    # --- what is counted and logged

    @property
    def _metrics(self) -> Metrics:
        found: Metrics = self.wsgi.extensions[EXTENSION].metrics
        return found

    def _report(self, event: str, **fields: Any) -> None:
        """Log a warning, at most one of a kind in some seconds: a flood is not to fill the log."""
        now = time.monotonic()
        if now - self._reported.get(event, -_REPORT_SECONDS) >= _REPORT_SECONDS:
            self._reported[event] = now
            structlog.get_logger().warning(event, **fields)

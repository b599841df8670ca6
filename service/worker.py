"""gunicorn's threaded worker, made to stay up: no client that sends or takes slowly keeps a thread or the loop.

What differs from `gthread`:
- A connection gets a thread when the head of its request has arrived. Until then, and after the answer while the client
  has not closed it, it waits in the loop, for a bounded time.
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
from collections import deque
from contextlib import suppress
from functools import partial
from typing import Any, Final

import structlog
from gunicorn.workers.gthread import TConn, ThreadWorker  # type: ignore[import-untyped]

from service.api.desk import EXTENSION
from service.api.refusal import refusal
from service.app import start_draining
from service.client_socket import ClientSocket
from service.errors import TooSlow
from service.memory import give_back, resident_bytes
from service.shared_flag import SharedFlag

# After so long a thread that computes lets another one run. Health is answered meanwhile; and a parse, which lets go at
# each of its thousands of products, is not held up for long at each by requests that are refused.
_SWITCH_SECONDS: Final = 0.0001
_LONGEST_HEAD: Final = 65_536  # bytes; a longer one is left to gunicorn, which has limits of its own
_GLANCE_SECONDS: Final = 0.05  # between two looks at heads of which a part has arrived
_LINGER_SECONDS: Final = 2.0  # for the client to close its side, so that it can read the answer to its end
_UNREAD_SECONDS: Final = 0.05  # to throw away what an answered request has still sent
_ACCEPTED_AT_ONCE: Final = 32
_LEAST_ROOM: Final = 1.5  # of the memory once ready, so that no worker is replaced for its model's size


class Worker(ThreadWorker):  # type: ignore[misc]
    """One process: a loop that waits, and threads that answer."""

    alive: bool

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self.in_flight: set[Any] = set()  # connections that have a thread, or wait for one
        self.partial: list[Any] = []  # connections of which a part of a head has arrived; they are pending too
        self.lingering: deque[Any] = deque()  # connections that have been answered and closed on this side
        self.stopping = False
        self.ready = SharedFlag()  # made in the master, which looks at it
        self.relieved = SharedFlag()  # set by the master where another worker has this one's place already
        self.most_bytes = math.inf  # of memory, after a request

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
            self.set_accept_enabled(self.nr_conns < self.worker_connections)
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
        self._cap_keepalive(now + _LINGER_SECONDS)
        for conn in self.pending_conns:
            conn.timeout = min(conn.timeout, now + _LINGER_SECONDS)
        begun = self.in_flight | set(self.partial)
        while time.monotonic() < until and (
            self.in_flight or self.pending_conns or self.keepalived_conns or self.lingering
        ):
            begun &= self.in_flight | set(self.partial)
            self.set_accept_enabled(bool(begun) and self.stopping and self.nr_conns < self.worker_connections)
            self._once()
        self.set_accept_enabled(False)

    def _once(self) -> None:
        self.notify()
        self.wait_for_and_dispatch_events(_GLANCE_SECONDS if self.partial or not self.alive else 1.0)
        glanced, self.partial = self.partial, []
        for conn in glanced:
            self._look(conn)
        self.murder_keepalived()
        self.murder_pending()

    # --- a connection on its way to a thread

    def accept(self, listener: socket.socket) -> None:
        """Take new connections in."""
        for _ in range(_ACCEPTED_AT_ONCE):
            try:
                accepted, address = listener.accept()
            except (BlockingIOError, ConnectionAbortedError):
                return
            self.nr_conns += 1
            client = ClientSocket(fileno=accepted.detach())
            self._wait_for_head(TConn(self.cfg, client, address, listener.getsockname()))
            if self.nr_conns >= self.worker_connections:
                return

    def on_client_socket_readable(self, conn: Any, client: socket.socket) -> None:
        """The next request on a connection that was kept."""
        self.poller.unregister(client)
        self.keepalived_conns.remove(conn)
        self._wait_for_head(conn)

    def _wait_for_head(self, conn: Any) -> None:
        conn.sock.setblocking(False)
        conn.timeout = time.monotonic() + (self.app.settings.client_seconds if self.alive else _LINGER_SECONDS)
        self.pending_conns.append(conn)
        self._look(conn)

    def _look(self, conn: Any) -> None:
        """Hand the connection to a thread where the head has arrived, else come back to it."""
        if conn not in self.pending_conns:
            return
        head, gone = conn.parser.unreader.buf.getvalue() if conn.parser is not None else b"", False
        try:
            arrived = socket.socket.recv(conn.sock, _LONGEST_HEAD, socket.MSG_PEEK)
            head, gone = head + arrived, not arrived
        except BlockingIOError:
            pass
        except OSError:
            gone = True
        if b"\r\n\r\n" in head or len(head) >= _LONGEST_HEAD:
            self.pending_conns.remove(conn)
            self.enqueue_req(conn)
        elif gone:
            self.pending_conns.remove(conn)
            self._close(conn)
        elif head:
            self.partial.append(conn)
        else:
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._readable, conn))

    def _readable(self, conn: Any, client: socket.socket) -> None:
        self.poller.unregister(client)
        self._look(conn)

    def enqueue_req(self, conn: Any) -> None:
        """Have a thread answer the request on the connection."""
        self.in_flight.add(conn)
        super().enqueue_req(conn)

    # --- in a thread

    def handle(self, conn: Any) -> Any:
        """Answer one request. Returns whether the connection may have another."""
        conn.data_ready = True
        conn.sock.expect(self.app.settings.client_seconds)
        return super().handle(conn)

    def handle_error(self, req: Any, client: Any, addr: Any, exc: Exception) -> None:
        """Answer what cannot be read, or what has not arrived in time, with a problem."""
        try:
            client.sendall(refusal(exc, self.cfg, self.wsgi.extensions[EXTENSION].metrics))
        except OSError:
            self.log.debug("The client has gone.")

    def _keepalive_after(self, conn: Any, keepalive: bool) -> bool:
        """Whether the connection may have another request: not where a body was left unread that is still to come."""
        return bool(keepalive and conn.parser.finish_body(deadline=time.monotonic() + _UNREAD_SECONDS))

    # --- a connection after its thread

    def finish_request(self, conn: Any, fs: Any) -> None:
        """Keep the connection for another request, or close it."""
        self.in_flight.discard(conn)
        self._look_at_memory()
        if fs.cancelled() or fs.exception() is not None or not fs.result():
            self._linger(conn)
        elif conn.parser.unreader.buf.getvalue():
            self._wait_for_head(conn)
        else:
            conn.sock.setblocking(False)
            conn.set_timeout()
            if not self.alive:
                conn.timeout = min(conn.timeout, time.monotonic() + _LINGER_SECONDS)
            self.keepalived_conns.append(conn)
            self.poller.register(conn.sock, selectors.EVENT_READ, partial(self.on_client_socket_readable, conn))

    def _look_at_memory(self) -> None:
        """End after what is in flight, where this process has more memory than it may have."""
        size, metrics = resident_bytes(), self.wsgi.extensions[EXTENSION].metrics
        if size > self.most_bytes:
            give_back()
            size = resident_bytes()
        metrics.has_memory(size)
        if size > self.most_bytes and self.alive:
            told = {"megabytes": round(size / 1e6), "limit": round(self.most_bytes / 1e6)}
            structlog.get_logger().warning("This worker has too much memory, and is replaced.", **told)
            metrics.replaced()
            self.alive = False

    def _linger(self, conn: Any) -> None:
        """Close this side, and the other when the client does: closing both at once can cost it the answer's end."""
        try:
            conn.sock.setblocking(False)
            conn.sock.shutdown(socket.SHUT_WR)
        except OSError:
            self._close(conn)
            return
        conn.timeout = time.monotonic() + _LINGER_SECONDS
        self.lingering.append(conn)
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._drain, conn))

    def _drain(self, conn: Any, client: socket.socket) -> None:
        try:
            if socket.socket.recv(client, _LONGEST_HEAD):
                return
        except BlockingIOError:
            return
        except OSError:
            pass
        self.lingering.remove(conn)
        self._close(conn)

    def murder_pending(self) -> None:
        """Close what has waited its time: for a head, which is answered 408 where it had begun, or to be closed."""
        now = time.monotonic()
        while self.pending_conns and self.pending_conns[0].timeout <= now:
            conn = self.pending_conns.popleft()
            if conn in self.partial:
                self.partial.remove(conn)
                self.handle_error(None, conn.sock, conn.client, TooSlow.after(self.app.settings.client_seconds))
                self._linger(conn)
            else:
                self._close(conn)
        while self.lingering and self.lingering[0].timeout <= now:
            self._close(self.lingering.popleft())

    def _close(self, conn: Any) -> None:
        with suppress(KeyError, ValueError):  # it is not registered
            self.poller.unregister(conn.sock)
        self.nr_conns -= 1
        conn.close()

"""What the server uses of gunicorn beyond its documentation, member by member.

If one of these tests fails for a new version of gunicorn, read what changed there before the window in pyproject.toml
moves; then run `tests/attacks`, `tests/test_server.py` and `tests/test_staying_up.py`.
"""

import ast
import inspect
import os
import selectors
import socket
from concurrent.futures import Future
from importlib.metadata import version
from types import SimpleNamespace
from typing import Any, Final

import pytest
from gunicorn import http  # type: ignore[import-untyped]
from gunicorn.arbiter import Arbiter  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]
from gunicorn.http import errors, wsgi  # type: ignore[import-untyped]
from gunicorn.http.unreader import SocketUnreader  # type: ignore[import-untyped]
from gunicorn.workers.base import Worker as BaseWorker  # type: ignore[import-untyped]
from gunicorn.workers.gthread import PollableMethodQueue, TConn, ThreadWorker  # type: ignore[import-untyped]

from service.api.state import EXTENSION
from service.server.connections import ClientSocket, Connection
from service.server.launch import Master
from service.server.resources import MemoryWatch
from service.server.worker import Worker
from service.settings import Settings
from tests.conftest import ROOT

# Methods that the worker replaces: gunicorn calls them, and with these arguments.
REPLACED: Final = {
    "enqueue_req": ["conn"],
    "finish_request": ["conn", "fs"],
    "handle": ["conn"],
    "handle_error": ["req", "client", "addr", "exc"],
    "handle_exit": ["sig", "frame"],
    "handle_request": ["req", "conn"],
    "run": [],
}
# Methods that the worker calls, with their arguments.
CALLED: Final[dict[str, list[str]]] = {
    "is_parent_alive": [],
    "notify": [],
}
# Attributes that the worker reads or sets.
ATTRIBUTES: Final = {"alive", "app", "cfg", "method_queue", "sockets", "wsgi"}
# Methods of gunicorn's master that ours replaces or calls.
MASTER: Final = {"reload": [], "manage_workers": [], "spawn_worker": [], "kill_worker": ["pid", "sig"]}


def parameters(function: Any) -> list[str]:
    return [name for name in inspect.signature(function).parameters if name != "self"]


def test_gunicorn_is_within_the_tested_window() -> None:
    pinned = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert '"gunicorn>=27,<28"' in pinned
    assert version("gunicorn").startswith("27.")


@pytest.mark.parametrize(("name", "arguments"), (REPLACED | CALLED).items())
def test_worker_method_has_its_arguments(name: str, arguments: list[str]) -> None:
    assert parameters(getattr(ThreadWorker, name)) == arguments
    assert (name in vars(Worker)) == (name in REPLACED)


@pytest.mark.parametrize(("name", "arguments"), MASTER.items())
def test_master_method_has_its_arguments(name: str, arguments: list[str]) -> None:
    assert parameters(getattr(Arbiter, name)) == arguments
    assert (name in vars(Master)) == (name in {"reload", "manage_workers"})


@pytest.mark.parametrize("name", sorted(ATTRIBUTES))
def test_worker_attribute_is_set_by_gunicorn(name: str) -> None:
    source = inspect.getsource(ThreadWorker) + inspect.getsource(BaseWorker)
    assert f"self.{name} = " in source


@pytest.mark.parametrize("name", ["WORKERS", "app", "num_workers"])
def test_master_attribute_is_set_by_gunicorn(name: str) -> None:
    source = inspect.getsource(Arbiter)
    assert f"self.{name} = " in source or f"\n    {name} = " in source


def test_no_other_member_of_gunicorn_is_used() -> None:
    tree = ast.parse((ROOT / "service/server/worker.py").read_text(encoding="utf-8"))
    (worker,) = (node for node in tree.body if isinstance(node, ast.ClassDef))
    own = {node.name for node in worker.body if isinstance(node, ast.FunctionDef)}
    members = [node for node in ast.walk(worker) if isinstance(node, ast.Attribute)]
    own |= {node.attr for node in members if isinstance(node.ctx, ast.Store)}
    of_self = {node.attr for node in members if isinstance(node.value, ast.Name) and node.value.id == "self"}
    assert of_self - own <= ATTRIBUTES | CALLED.keys()
    assert {name for name in own if hasattr(ThreadWorker, name)} == REPLACED.keys() | {"__init__"}


def test_connection_keeps_a_parser_and_a_client() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        config = Config()
        conn = TConn(config, ours, ("127.0.0.1", 1), ("127.0.0.1", 2))
        assert (conn.cfg, conn.sock, conn.client, conn.parser) == (config, ours, ("127.0.0.1", 1), None)
        assert (conn.initialized, conn.data_ready, conn.timeout) == (False, False, None)
        parser = http.get_parser(config, ours, conn.client)
        parser.unreader.unread(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nPOST")
        request = next(parser)
        assert (request.version, request.headers) == ((1, 1), [("HOST", "x")])
        assert parser.unreader.take_buffered() == b"POST"
        assert parser.finish_body() is True  # nothing is left of the body
        assert parser.mesg is request
        assert request.body.read(1) == b""
        assert request.body.failed is False
    assert isinstance(parser.unreader, SocketUnreader)


def test_event_of_a_connection_that_the_event_before_closed_is_skipped() -> None:
    config = Config()
    worker = Worker(0, os.getpid(), [], SimpleNamespace(settings=Settings()), 30, config, None)
    worker._selector = selectors.DefaultSelector()
    connections: list[Connection] = []
    clients: list[socket.socket] = []
    called: list[Connection] = []

    def close_all(conn: Connection) -> None:
        called.append(conn)
        for one in connections:
            worker._close(one)

    for _ in range(2):
        ours, theirs = socket.socketpair()
        connections.append(Connection(config, ClientSocket(fileno=ours.detach()), "", ""))
        worker._wait(connections[-1], worker.silent, 60, close_all)
        theirs.send(b"G")
        clients.append(theirs)
    worker._once()
    assert len(called) == 1
    assert worker._open == 0
    for client in clients:
        client.close()


def test_unsent_rest_of_a_response_that_failed_halfway_is_dropped() -> None:
    config = Config()
    metrics = SimpleNamespace(has_memory=lambda _size: None)
    worker = Worker(0, os.getpid(), [], SimpleNamespace(settings=Settings()), 30, config, None)
    worker.wsgi = SimpleNamespace(extensions={EXTENSION: SimpleNamespace(metrics=metrics)})
    worker._memory = MemoryWatch(0)
    ours, theirs = socket.socketpair()
    conn = Connection(config, ClientSocket(fileno=ours.detach()), "", "")
    worker.in_flight.add(conn)
    conn.sock.sendall(bytes(10_000_000))
    assert conn.sock.unsent
    conn.sock.close()  # as gunicorn does
    handled: Future[bool] = Future()
    handled.set_result(False)
    worker.finish_request(conn, handled)
    assert worker._open == 0
    theirs.close()


def test_method_queue_wakes_the_loop() -> None:
    queue = PollableMethodQueue()
    queue.init()
    called: list[int] = []
    queue.defer(called.append, 1)
    assert queue.fileno() >= 0
    queue.run_callbacks(None)
    queue.close()
    assert called == [1]


def test_a_request_says_whether_the_client_waits_before_it_sends_the_body() -> None:
    assert "if req._expected_100_continue:" in inspect.getsource(wsgi.create)
    assert '"wsgi.input": req.body' in inspect.getsource(wsgi.default_environ)


def test_errors_and_server_name_are_where_we_use_them() -> None:
    assert issubclass(errors.InvalidHeader, errors.ParseException)
    assert parameters(errors.InvalidHeader.__init__) == ["hdr", "req"]
    assert parameters(errors.LimitRequestLine.__init__) == ["size", "max_size"]
    assert parameters(errors.LimitRequestHeaders.__init__) == ["msg"]
    assert isinstance(wsgi.SERVER, str)
    assert isinstance(Arbiter.APP_LOAD_ERROR, int)

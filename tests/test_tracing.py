"""Traces: a span per request and stage, part of the caller's trace, without any of an article's words."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from structlog.testing import capture_logs

from service.app import create_app, make_ready
from service.server.tracing import Tracer
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser
from tests.test_server import ask, serving, wait_until_ready
from tests.waiting import PATIENCE

TRACE = "0af7651916cd43dd8448eb211c80319c"
PARENT = {"traceparent": f"00-{TRACE}-b7ad6b7169203331-01"}


@pytest.fixture
def spans() -> InMemorySpanExporter:
    return InMemorySpanExporter()


def test_request_and_stages_are_spans_of_the_caller_s_trace(spans: InMemorySpanExporter) -> None:
    app = create_app(Settings(), FakeParser(), tracer=Tracer(SimpleSpanProcessor(spans)))
    make_ready(app)
    with capture_logs() as logged:
        app.test_client().post("/quotes", json={"text": ARTICLE}, headers=PARENT, buffered=True)
    *stages, request = spans.get_finished_spans()
    assert [span.name for span in stages] == ["read", "wait", "article", "parse", "extract", "render"]
    assert request.name == "POST /quotes"
    assert request.context is not None
    assert request.parent is not None
    assert f"{request.context.trace_id:032x}" == logged[0]["trace_id"] == TRACE
    assert f"{request.parent.span_id:016x}" == "b7ad6b7169203331"
    assert {span.parent.span_id for span in stages if span.parent} == {request.context.span_id}
    attributes = dict(request.attributes or {})
    assert attributes["http.route"] == "/quotes"
    assert attributes["http.response.status_code"] == 200
    assert attributes["pullquote.quotes"] == 2
    assert request.resource.attributes["service.name"] == "pullquote"


def test_error_span_has_no_error_message(spans: InMemorySpanExporter, monkeypatch: pytest.MonkeyPatch) -> None:
    app = create_app(Settings(), FakeParser(), tracer=Tracer(SimpleSpanProcessor(spans)))
    make_ready(app)

    def fails(*_: object) -> None:
        raise RuntimeError(ARTICLE)

    monkeypatch.setattr(FakeParser, "parse", fails)
    with capture_logs():
        app.test_client().post("/quotes?title=zebra", json={"text": ARTICLE}, buffered=True)
    ended = spans.get_finished_spans()
    assert ended[-1].status.status_code.name == "ERROR"
    exported = " ".join(span.to_json() for span in ended)
    assert not [word for word in ("Alder", "bridge", "winter", "zebra") if word in exported]


def test_opentelemetry_is_not_imported_by_default() -> None:
    program = """
import sys
from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import FakeParser
import service.server.launch
app = create_app(Settings(), FakeParser())
assert app.test_client().post("/quotes", json={"text": "No comment."}).status_code == 503
assert not [name for name in sys.modules if name.startswith("opentelemetry")]
"""
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, capture_output=True)


def test_missing_tracing_extra_is_a_one_line_error() -> None:
    program = """
import sys
sys.modules["opentelemetry"] = None
import service.server.launch
service.server.launch.check_model = service.server.launch.check_port = lambda settings: None
from service.cli import main
main(["serve"])
"""
    environ = {"OTEL_TRACES_EXPORTER": "otlp", "PATH": ""}
    ended = subprocess.run([sys.executable, "-c", program], env=environ, cwd=ROOT, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr.count("\n")) == (3, 1)
    assert "is not installed. Install pullquote[tracing]" in ended.stderr


@pytest.fixture
def collector() -> Iterator[tuple[str, list[bytes]]]:
    """A collector on loopback: its address, and the requests it receives."""
    got: list[bytes] = []

    class Collecting(BaseHTTPRequestHandler):
        def do_POST(self) -> None:  # the library's name
            got.append(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Collecting)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}", got
    server.shutdown()
    thread.join()
    server.server_close()


def test_worker_sends_all_spans_before_it_exits(
    collector: tuple[str, list[bytes]],
) -> None:
    endpoint, got = collector
    variables = {"OTEL_EXPORTER_OTLP_ENDPOINT": endpoint, "OTEL_EXPORTER_OTLP_COMPRESSION": "none"}
    with serving(**variables, OTEL_SERVICE_NAME="quotes-in-berlin") as (process, port):
        wait_until_ready(port, process)
        headers = {"Content-Type": "application/json", **PARENT}
        assert ask(port, "POST", "/quotes", json.dumps({"text": ARTICLE}), headers)[0] == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    sent = [ExportTraceServiceRequest.FromString(body) for body in got]
    resources = [one for request in sent for one in request.resource_spans]
    spans = [span for one in resources for scope in one.scope_spans for span in scope.spans]
    assert {span.name for span in spans if span.trace_id.hex() == TRACE} == {
        "POST /quotes", "read", "wait", "article", "parse", "extract", "render",
    }  # fmt: skip
    named = {a.value.string_value for one in resources for a in one.resource.attributes if a.key == "service.name"}
    assert named == {"quotes-in-berlin"}
    assert not [body for body in got if b"bridge" in body or b"winter" in body]

"""OpenTelemetry traces: a span per request, with a child span per stage.

Enabled only by OpenTelemetry's own environment variables, as its specification defines them; otherwise OpenTelemetry is
not imported. It reads its exporter and sampler settings from those variables. Spans hold the same data as the log.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from service import __version__
from service.errors import SettingsError
from service.server.request_stats import RequestStats, Stage

if TYPE_CHECKING:
    from opentelemetry import trace
    from opentelemetry.context import Context
    from opentelemetry.sdk.trace import SpanProcessor

Traces = Literal["otlp", "console"]


def traces_asked_for(environ: Mapping[str, str]) -> Traces | None:
    """Return the trace exporter, or None without one. Raises `SettingsError` for an unsupported value."""
    if environ.get("OTEL_SDK_DISABLED", "").strip().lower() == "true":
        return None
    exporter = environ.get("OTEL_TRACES_EXPORTER", "").strip().lower()
    endpoints = ("OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT")
    if not exporter and any(environ.get(name, "").strip() for name in endpoints):
        exporter = "otlp"
    if exporter in ("", "none"):
        return None
    if exporter not in get_args(Traces):
        raise SettingsError(f"OTEL_TRACES_EXPORTER is {exporter!r}; it must be otlp, console or none.")
    for name in ("OTEL_EXPORTER_OTLP_PROTOCOL", "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL"):
        protocol = environ.get(name, "").strip().lower()
        if exporter == "otlp" and protocol not in ("", "http/protobuf"):
            raise SettingsError(f"{name} is {protocol!r}; only http/protobuf is supported.")
    return cast(Traces, exporter)


def check_tracing(traces: Traces | None) -> None:
    """Raise `SettingsError` if traces are enabled but OpenTelemetry is not installed."""
    if traces:
        _processor(traces)


def open_tracer(traces: Traces | None) -> "Tracer | None":
    """Return this process's tracer, or None if traces are disabled. Call it after the fork, as it starts a thread."""
    return Tracer(_processor(traces)) if traces else None


def _processor(exporter: Traces) -> "SpanProcessor":
    try:
        from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.trace.export import BatchSpanProcessor, ConsoleSpanExporter, SimpleSpanProcessor
    except ImportError as error:
        raise SettingsError(
            f"OTEL_ variables enable traces, but {error.name} is not installed. Install "
            "pullquote[tracing] or set OTEL_SDK_DISABLED=true."
        ) from None
    return BatchSpanProcessor(OTLPSpanExporter()) if exporter == "otlp" else SimpleSpanProcessor(ConsoleSpanExporter())


class Tracer:
    """Starts traces, or continues those of callers. `processor` receives the finished spans."""

    def __init__(self, processor: "SpanProcessor") -> None:
        from opentelemetry.propagate import extract
        from opentelemetry.sdk.resources import SERVICE_NAME, SERVICE_VERSION, OTELResourceDetector, Resource
        from opentelemetry.sdk.trace import TracerProvider

        # OTEL_SERVICE_NAME and OTEL_RESOURCE_ATTRIBUTES take precedence.
        resource = Resource.create({SERVICE_NAME: "pullquote", SERVICE_VERSION: __version__})
        self._provider = TracerProvider(resource=resource.merge(OTELResourceDetector().detect()))
        self._provider.add_span_processor(processor)
        self._tracer = self._provider.get_tracer("pullquote", __version__)
        self._extract = extract

    def begin(self, environ: Mapping[str, Any], request_stats: RequestStats) -> "Trace":
        """Start a request's trace; `environ` is its WSGI environment."""
        carrier = {
            name[5:].replace("_", "-").lower(): str(value)
            for name, value in environ.items()
            if name.startswith("HTTP_")
        }
        return Trace(self._tracer, self._extract(carrier), request_stats)


class Trace:
    """One request's spans."""

    def __init__(self, tracer: "trace.Tracer", parent: "Context", request_stats: RequestStats) -> None:
        from opentelemetry import trace

        self._tracer = tracer
        self._request_stats = request_stats
        self._span = tracer.start_span(request_stats.method, parent, trace.SpanKind.SERVER)
        self._here = trace.set_span_in_context(self._span, parent)
        self._error = trace.StatusCode.ERROR

    @property
    def trace_id(self) -> str:
        """The trace's id in W3C format."""
        return f"{self._span.get_span_context().trace_id:032x}"

    @contextmanager
    def stage(self, stage: Stage) -> Iterator[None]:
        """Open a span for a stage. Exceptions are not recorded: their messages can contain an article's words."""
        span = self._tracer.start_span(stage, self._here)
        try:
            yield
        finally:
            span.end()

    def end(self) -> None:
        """End the request's span, with its statistics as attributes."""
        request_stats, span = self._request_stats, self._span
        span.update_name(f"{request_stats.method} {request_stats.route}")
        span.set_attributes({
            "http.request.method": request_stats.method, "http.route": request_stats.route,
            "http.response.status_code": request_stats.status, "http.request.body.size": request_stats.bytes,
            "pullquote.request_id": request_stats.request_id, "pullquote.articles": request_stats.articles,
            "pullquote.characters": request_stats.characters, "pullquote.sentences": request_stats.sentences,
            "pullquote.quotes": request_stats.quotes.total(),
        })  # fmt: skip
        if request_stats.status >= 500:
            span.set_status(self._error)
        span.end()

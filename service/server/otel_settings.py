"""Read OpenTelemetry's own environment variables, as its specification defines them."""

from collections.abc import Mapping
from typing import Literal, cast, get_args

from service.errors import SettingsError

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

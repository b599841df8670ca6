"""What OpenTelemetry's own variables ask for, as its specification has them."""

from collections.abc import Mapping
from typing import Literal, cast, get_args

from service.errors import SettingsError

Traces = Literal["otlp", "console"]


def traces_asked_for(environ: Mapping[str, str]) -> Traces | None:
    """Return the exporter of traces, or None without any. Raises `SettingsError` for what is not supported."""
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
            raise SettingsError(f"{name} is {protocol!r}; traces are sent by http/protobuf alone.")
    return cast(Traces, exporter)

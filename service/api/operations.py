"""For who runs the service: is it alive, can it answer, what does it do."""

from typing import Final

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from schemas.health import HealthSchema, ReadinessSchema
from service.api.answers import json_response
from service.api.desk import desk
from service.rendering import about, validated

blueprint: Final = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def get_health() -> Response:
    """The process answers."""
    return json_response(validated(HealthSchema(), {"status": "alive"}))


@blueprint.get("/readyz")
def get_readiness() -> Response:
    """The model is loaded and has parsed; a problem until then."""
    here = desk()
    here.check_ready()
    return json_response(validated(ReadinessSchema(), {"status": "ready", "service": about(here.parser.model)}))


@blueprint.get("/metrics")
def get_metrics() -> Response:
    """The metrics of all workers, in Prometheus's text format."""
    return Response(desk().metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

"""For who runs the service: is it alive, can it answer."""

from typing import Final

from flask import Blueprint, Response

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

"""For who runs the service: is it alive, can it answer, what does it do."""

from typing import Final

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from schemas.health import HealthSchema, ReadinessSchema
from service.account import account
from service.api.answers import json_response
from service.api.desk import desk
from service.errors import NotReady
from service.logs import without_words
from service.pipeline import warm_up
from service.rendering import about, validated

blueprint: Final = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def get_health() -> Response:
    """The process answers."""
    return json_response(validated(HealthSchema(), {"status": "alive"}))


@blueprint.get("/readyz")
def get_readiness() -> Response:
    """The model is loaded and parses; a problem until then, where it fails, and when the service is to stop.

    A parser that has failed several times is tried again here: where nobody sends articles any more, nothing else does.
    """
    here = desk()
    here.check_ready()
    if here.parser.failing:
        try:
            with here.turns.turn():
                warm_up(here.parser)
        except Exception as error:
            account().failures.append(without_words(error))
            raise NotReady("The model is loaded, and fails. The log says why.") from error
    return json_response(validated(ReadinessSchema(), {"status": "ready", "service": about(here.parser.model)}))


@blueprint.get("/metrics")
def get_metrics() -> Response:
    """The metrics of all workers, in Prometheus's text format."""
    return Response(desk().metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

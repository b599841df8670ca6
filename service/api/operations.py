"""Endpoints for operators: liveness, readiness and metrics."""

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
    """The process is alive."""
    return json_response(validated(HealthSchema(), {"status": "alive"}))


@blueprint.get("/readyz")
def get_readiness() -> Response:
    """The model is loaded and parses. Otherwise, or when the service is shutting down, a problem.

    A parser that failed several times in a row is tried again here, since a load balancer may have stopped sending
    articles.
    """
    here = desk()
    here.check_ready()
    if here.parser.failing:
        try:
            with here.turns.turn():
                warm_up(here.parser)
        except Exception as error:
            account().failures.append(without_words(error))
            raise NotReady("The model is loaded but keeps failing. The log has the reason.") from error
    return json_response(validated(ReadinessSchema(), {"status": "ready", "service": about(here.parser.model)}))


@blueprint.get("/metrics")
def get_metrics() -> Response:
    """The metrics of all workers, in Prometheus's text format."""
    return Response(desk().metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

"""Endpoints for operators: liveness, readiness and metrics."""

from typing import Final

from flask import Blueprint, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from schemas.responses import HealthSchema, ReadinessSchema
from service.api.responses import json_response
from service.api.state import app_state
from service.errors import NotReady
from service.output.rendering import about, validated
from service.pipeline import warm_up
from service.server.logs import without_words
from service.server.request_stats import request_stats

blueprint: Final = Blueprint("operations", __name__)


@blueprint.get("/healthz")
def get_health() -> Response:
    """The process is alive."""
    return json_response(validated(HealthSchema(), {"status": "alive"}))


@blueprint.get("/readyz")
def get_readiness() -> Response:
    """Return 200 if the model is loaded and parses; otherwise, or when the service is shutting down, a problem.

    A parser that failed several times in a row is tried again here, since a load balancer may have stopped sending
    articles.
    """
    state = app_state()
    state.check_ready()
    if state.parser.failing:
        try:
            with state.admission.slot():
                warm_up(state.parser)
        except Exception as error:
            request_stats().failures.append(without_words(error))
            raise NotReady("The model is loaded but keeps failing. The log has the reason.") from error
    return json_response(validated(ReadinessSchema(), {"status": "ready", "service": about(state.parser.model)}))


@blueprint.get("/metrics")
def get_metrics() -> Response:
    """The metrics of all workers, in Prometheus's text format."""
    return Response(app_state().metrics.text(), content_type=CONTENT_TYPE_PLAIN_0_0_4)

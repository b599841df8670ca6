"""The responses of the health endpoints."""

from marshmallow import Schema

from schemas.fields import Object, Text, one_of
from schemas.report import ServiceSchema


class HealthSchema(Schema):
    """The process is alive."""

    status = Text(required=True, validate=one_of(("alive",)))


class ReadinessSchema(Schema):
    """The model is loaded and ready."""

    status = Text(required=True, validate=one_of(("ready",)))
    service = Object(ServiceSchema, required=True)

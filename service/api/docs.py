"""The contract, served as it is written."""

import json
from importlib.resources import files
from typing import Final

import yaml
from flask import Blueprint, Response

blueprint: Final = Blueprint("docs", __name__)


def contract() -> str:
    """openapi.yaml, as it lies beside this package: a link to the one at the top, or what a wheel made of it."""
    return files("service").joinpath("openapi.yaml").read_text(encoding="utf-8")


@blueprint.get("/openapi.yaml")
def get_yaml() -> Response:
    """The contract in YAML."""
    return Response(contract(), mimetype="application/yaml")


@blueprint.get("/openapi.json")
def get_json() -> Response:
    """The contract in JSON."""
    document = yaml.load(contract(), Loader=yaml.CSafeLoader)
    return Response(json.dumps(document, ensure_ascii=False), mimetype="application/json")

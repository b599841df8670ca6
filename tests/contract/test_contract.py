"""openapi.yaml matches the application in paths, fields, enums and examples."""

import importlib
import json
import pkgutil
import re
from collections.abc import Iterator
from dataclasses import fields
from typing import Any, Final, get_args

import pytest
import yaml
from jsonschema import Draft202012Validator, FormatChecker
from marshmallow import Schema, validate
from openapi_spec_validator import OpenAPIV31SpecValidator

import schemas
from schemas.corrections import CorrectedArticleSchema, CorrectedSpanSchema, CorrectionSchema, CorrectionsSchema
from schemas.fields import ExtentSchema, SpanSchema
from schemas.quote import (
    AlternativeSchema,
    CandidateSchema,
    CueSchema,
    DecisionSchema,
    QuoteSchema,
    RuleSchema,
    WeightSchema,
)
from schemas.request import OptionsSchema, QuotesRequestSchema, load_request
from schemas.responses import (
    ArticleSchema,
    FaultSchema,
    HealthSchema,
    ModelSchema,
    ProblemSchema,
    ReadinessSchema,
    ReportSchema,
    ServiceSchema,
    SpeakerSchema,
    WarningSchema,
)
from schemas.verification import (
    ChangeSchema,
    CheckSchema,
    OccurrenceSchema,
    PrintedQuoteSchema,
    SuggestionSchema,
    VerificationSchema,
    VerifyOptionsSchema,
    VerifyRequestSchema,
)
from service import __version__
from service.api.problems import NOT_HTTP, TYPES
from service.app import create_app, make_ready
from service.extraction.report import CueClass, Options, QuoteKind
from service.output import promises
from service.settings import Settings
from tests.api.contract_client import document
from tests.conftest import ROOT
from tests.doubles import FakeParser

# schema in openapi.yaml → schema in Python
PAIRS: Final[dict[str, type[Schema]]] = {
    "QuotesRequest": QuotesRequestSchema,
    "Corrections": CorrectionsSchema,
    "CorrectedArticle": CorrectedArticleSchema,
    "Correction": CorrectionSchema,
    "CorrectedSpan": CorrectedSpanSchema,
    "Options": OptionsSchema,
    "Report": ReportSchema,
    "Article": ArticleSchema,
    "Quote": QuoteSchema,
    "Speaker": SpeakerSchema,
    "Warning": WarningSchema,
    "Cue": CueSchema,
    "Candidate": CandidateSchema,
    "Rule": RuleSchema,
    "Decision": DecisionSchema,
    "Alternative": AlternativeSchema,
    "Weight": WeightSchema,
    "Span": SpanSchema,
    "Extent": ExtentSchema,
    "Service": ServiceSchema,
    "Model": ModelSchema,
    "VerifyRequest": VerifyRequestSchema,
    "PrintedQuote": PrintedQuoteSchema,
    "VerifyOptions": VerifyOptionsSchema,
    "Verification": VerificationSchema,
    "Check": CheckSchema,
    "Change": ChangeSchema,
    "Occurrence": OccurrenceSchema,
    "Suggestion": SuggestionSchema,
    "Health": HealthSchema,
    "Readiness": ReadinessSchema,
    "Problem": ProblemSchema,
    "Fault": FaultSchema,
}
# Web pages; tested in tests/api/test_pages.py.
PAGES: Final = {"/", "/web/<name>", "/docs", "/docs/swagger-ui.js", "/docs/swagger-ui.css"}
METHODS: Final = {"get", "post", "put", "patch", "delete"}


def test_the_contract_is_valid_openapi_3_1() -> None:
    assert document()["openapi"].startswith("3.1.")
    OpenAPIV31SpecValidator(document()).validate()


def test_the_contract_has_the_version_of_the_service() -> None:
    assert document()["info"]["version"] == __version__


def test_contract_is_served_unchanged() -> None:
    client = create_app(Settings(), FakeParser()).test_client()
    assert client.get("/openapi.yaml").data == (ROOT / "openapi.yaml").read_bytes()
    assert client.get("/openapi.json").get_json() == document()


def test_paths_and_methods_match_the_application() -> None:
    served = {
        (rule.rule, method.lower())
        for rule in create_app(Settings(), FakeParser()).url_map.iter_rules()
        if rule.rule not in PAGES
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
    }
    described = {(path, method) for path, item in document()["paths"].items() for method in item if method in METHODS}
    assert served == described


def test_contract_objects_and_schemas_correspond() -> None:
    objects = {name for name, schema in _schemas().items() if schema.get("type") == "object"}
    assert objects - _reached("AnnotationCollection") == set(PAIRS)
    written = {
        found
        for module in pkgutil.iter_modules(schemas.__path__)
        for found in vars(importlib.import_module(f"schemas.{module.name}")).values()
        if isinstance(found, type) and issubclass(found, Schema) and found is not Schema
    }
    assert written == set(PAIRS.values())


@pytest.mark.parametrize("name", PAIRS)
def test_fields_and_required_fields_match(name: str) -> None:
    written, described = PAIRS[name]().fields, _schemas()[name]
    assert set(written) == set(described["properties"])
    assert {field for field, kind in written.items() if kind.required} == set(described.get("required", []))
    assert described["additionalProperties"] is False


@pytest.mark.parametrize("name", PAIRS)
def test_nullable_fields_match(name: str) -> None:
    nullable = {field for field, kind in PAIRS[name]().fields.items() if kind.allow_none}
    assert nullable == {field for field, kind in _schemas()[name]["properties"].items() if _may_be_null(kind)}


@pytest.mark.parametrize("name", PAIRS)
def test_enums_match(name: str) -> None:
    for field, kind in PAIRS[name]().fields.items():
        for validator in kind.validators:
            if isinstance(validator, validate.OneOf):
                described = _referred_to(_schemas()[name]["properties"][field])
                kinds = [_referred_to(kind) for kind in described.get("anyOf", [described])]
                assert [list(validator.choices)] == [kind["enum"] for kind in kinds if "enum" in kind]


def test_option_defaults_match_extraction() -> None:
    options = _schemas()["Options"]["properties"]
    described = {name: _referred_to(option)["default"] for name, option in options.items()}
    taken = {field.name: field.default for field in fields(Options) if field.name != "corrections"}
    assert described == taken | {"kinds": list(get_args(QuoteKind)), "cue_classes": list(get_args(CueClass))}
    assert _schemas()["Kind"]["enum"] == list(get_args(QuoteKind))


def test_problems_have_their_status_in_the_contract() -> None:
    described = {
        (example["value"]["status"], name, example["value"]["title"])
        for name, response in document()["components"]["responses"].items()
        for example in response["content"]["application/problem+json"]["examples"].values()
    }
    assert described == {(status, *kind) for status, kind in TYPES.items()} | {(400, *NOT_HTTP)}


def _examples(node: Any, place: str = "") -> Iterator[Any]:
    """Every example with the schema that it is an example of."""
    if isinstance(node, dict):
        if "schema" in node and "examples" in node:
            for name, example in node["examples"].items():
                yield pytest.param(node["schema"], example["value"], id=f"{place}/{name}")
        for name, below in node.items():
            yield from _examples(below, f"{place}/{name}".removeprefix("/paths").removeprefix("/components"))


@pytest.mark.parametrize(("schema", "example"), list(_examples(document())))
def test_examples_match_their_schemas(schema: dict[str, Any], example: Any) -> None:
    whole = schema | {"components": document()["components"]}
    Draft202012Validator(whole, format_checker=FormatChecker()).validate(example)


def test_request_and_response_examples_are_valid() -> None:
    operation = document()["paths"]["/quotes"]["post"]
    requests = operation["requestBody"]["content"]["application/json"]["examples"]
    answers = operation["responses"]["200"]["content"]["application/json"]["examples"]
    assert requests.keys() == answers.keys()
    for name, example in requests.items():
        sent, options = load_request(example["value"], 200_000)
        shown = answers[name]["value"]
        promises.check(shown, sent.get("text") or shown["article"]["text"])
        assert all(("explain" in quote) == options.explain for quote in answers[name]["value"]["quotes"])


def test_response_example_belongs_to_the_request_example() -> None:
    operation = document()["paths"]["/quotes"]["post"]
    sent = operation["requestBody"]["content"]
    shown = operation["responses"]["200"]["content"]["application/json"]["examples"]
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    client = app.test_client()
    for name in ("article", "page"):
        given = client.post("/quotes", json=sent["application/json"]["examples"][name]["value"]).get_json()
        assert _comparable(given) == _comparable(shown[name]["value"])
    page = sent["text/html"]["examples"]["page"]["value"]
    given = client.post("/quotes", data=page, content_type="text/html; charset=utf-8").get_json()
    assert _comparable(given) == _comparable(shown["page"]["value"])
    text = sent["text/plain"]["examples"]["text"]["value"]
    given = client.post("/quotes", data=text, content_type="text/plain").get_json()
    assert _comparable(given)["quotes"] == _comparable(shown["article"]["value"])["quotes"]


def test_query_has_a_parameter_for_every_field_except_text() -> None:
    parameters = [_resolved(one["$ref"]) for one in document()["paths"]["/quotes"]["post"]["parameters"]]
    fields_of_json = {*QuotesRequestSchema().fields, *OptionsSchema().fields} - {
        "text",
        "html",
        "corrections",
        "options",
    }
    assert {parameter["name"] for parameter in parameters if parameter["in"] == "query"} == fields_of_json


def _resolved(reference: str) -> dict[str, Any]:
    found: Any = document()
    for step in reference.removeprefix("#/").split("/"):
        found = found[step]
    return dict(found)


def _comparable(report: dict[str, Any]) -> dict[str, Any]:
    """`report` without what the model and the tuning of the rules decide."""
    tuned = {"confidence", "speaker_confidence", "candidates", "explain", "decisions"}
    quotes = [{name: value for name, value in quote.items() if name not in tuned} for quote in report["quotes"]]
    return report | {"quotes": quotes, "service": report["service"]["version"]}


def test_contract_is_served_as_json_too() -> None:
    assert json.loads(json.dumps(document())) == yaml.safe_load((ROOT / "openapi.yaml").read_text(encoding="utf-8"))


def _schemas() -> dict[str, Any]:
    found: dict[str, Any] = document()["components"]["schemas"]
    return found


def _referred_to(schema: dict[str, Any]) -> dict[str, Any]:
    """`schema`, or the one that it refers to."""
    return _resolved(schema["$ref"]) if "$ref" in schema else schema


def _reached(name: str) -> set[str]:
    """A schema and all those that it refers to. Annotations are the W3C's form, and need no schema in Python."""
    found: set[str] = set()
    left = {name}
    while left:
        found |= left
        below = {one for schema in left for one in re.findall(r"#/components/schemas/(\w+)", str(_schemas()[schema]))}
        left = below - found
    return found


def _may_be_null(schema: dict[str, Any]) -> bool:
    schema = _referred_to(schema)
    kinds = schema.get("type", [])
    return "null" in kinds or any(one.get("type") == "null" for one in schema.get("anyOf", []))

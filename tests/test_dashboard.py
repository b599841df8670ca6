"""The dashboard and the alert rules use existing metrics, in valid Grafana and Prometheus formats."""

import json
import re
import shutil
import subprocess
from collections.abc import Iterator
from functools import cache
from typing import Any

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from service.app import create_app, make_ready
from service.errors import BatchesFull, OutOfTime, QueueFull, WaitedTooLong
from service.server.request_stats import RequestStats
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import FakeParser

DASHBOARD = ROOT / "docs/grafana/dashboard.json"
ALERTS = ROOT / "docs/prometheus/alerts.yaml"
# Labels that every target has in Prometheus.
OF_PROMETHEUS = {"job", "instance"}


@cache
def exposed() -> dict[str, set[str]]:
    """Return the exposed metric names with their labels."""
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    metrics = app.extensions["pullquote"].metrics
    request_stats = RequestStats("1", "POST", "/quotes", 200)
    request_stats.quotes["direct"] = request_stats.rejections["queue_full"] = 1
    metrics.connection_shed("idle")
    with metrics.during("parse"):
        metrics.answered(request_stats, 1.0)
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(DASHBOARD.read_text(encoding="utf-8"))
    return loaded


def rules() -> list[dict[str, Any]]:
    groups = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return [rule for group in groups for rule in group["rules"]]


def expressions() -> Iterator[str]:
    for panel in dashboard()["panels"]:
        yield from (target["expr"] for target in panel["targets"])
    yield from (one["query"] for one in dashboard()["templating"]["list"] if one["type"] == "query")
    yield from (rule["expr"] for rule in rules())


@pytest.mark.parametrize("expression", list(expressions()))
def test_dashboard_uses_existing_metrics_and_labels(expression: str) -> None:
    names = set(re.findall(r"pullquote_\w+", expression))
    assert names
    assert names <= exposed().keys()
    labels = set().union(*(exposed()[name] for name in names)) | OF_PROMETHEUS
    grouped = {label for inside in re.findall(r"by \(([^)]*)\)", expression) for label in re.split(r",\s*", inside)}
    matched = set(re.findall(r"[{,]\s*(\w+)\s*[=!]", expression))
    assert grouped | matched <= labels
    assert expression.count("(") == expression.count(")")


def test_every_metric_is_on_the_dashboard() -> None:
    shown = " ".join(expressions())
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in exposed()}
    assert not {name for name in families if re.sub(r"_total$", "", name) not in shown}


def test_alerts_name_existing_rejection_reasons() -> None:
    named = set(re.findall(r'reason=~?"([^"]+)"', " ".join(rule["expr"] for rule in rules())))
    assert {reason for several in named for reason in several.split("|")} == {
        re.sub(r"(?<!^)(?=[A-Z])", "_", error.__name__).lower()
        for error in (QueueFull, BatchesFull, WaitedTooLong, OutOfTime)
    }


def test_the_dashboard_has_what_grafana_needs() -> None:
    found = dashboard()
    assert found["title"] == "Pullquote"
    assert found["schemaVersion"] >= 36
    assert "id" not in found  # Grafana assigns one on import
    panels = found["panels"]
    assert len({panel["id"] for panel in panels}) == len(panels)
    taken: set[tuple[int, int]] = set()
    for panel in panels:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert place["x"] + place["w"] <= 24
        assert not cells & taken, f"{panel['title']} lies over another panel"
        taken |= cells
        assert panel["datasource"] == {"type": "prometheus", "uid": "${source}"}
        assert panel["title"]
        assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"]) > 0


def test_alerts_have_severity_and_explanation() -> None:
    explained = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    for rule in rules():
        assert rule["labels"]["severity"] in {"warning", "critical"}
        assert rule["annotations"].keys() == {"summary", "description"}
        assert f"`{rule['alert']}`" in explained


def test_every_metric_is_explained() -> None:
    explained = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    families = {re.sub(r"_(bucket|count|sum|created)$", "", name) for name in exposed()}
    families = {name for name in families if f"{name}_total" not in families}
    assert not {name for name in families if f"| `{name}`" not in explained}


@pytest.mark.skipif(not shutil.which("promtool"), reason="promtool is not installed; Debian's prometheus has it")
def test_promtool_accepts_the_alerts() -> None:
    subprocess.run(["promtool", "check", "rules", ALERTS], check=True, capture_output=True)

"""The manifests in docs/kubernetes are valid, and match the service."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import kubernetes_validate
import pytest
import yaml

from service.app import create_app
from service.settings import Settings, describe
from tests.conftest import ROOT
from tests.doubles import FakeParser

FOLDER: Final = ROOT / "docs/kubernetes"
POD: Final = ("spec", "template", "spec")


def documents() -> list[Any]:
    found = [
        pytest.param(document, id=f"{path.name}: {document['kind']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for document in yaml.safe_load_all(path.read_text(encoding="utf-8"))
        if document["kind"] != "Kustomization"  # tests/test_compose.py
    ]
    assert found
    return found


def below(node: Any, name: str) -> Iterator[Any]:
    """Yield every value of `name`, anywhere in `node`."""
    if isinstance(node, dict):
        if name in node:
            yield node[name]
        node = node.values()
    if not isinstance(node, str | int | None):
        for one in node:
            yield from below(one, name)


@pytest.mark.parametrize("document", documents())
@pytest.mark.parametrize("version", ["1.32", str(kubernetes_validate.latest_version())])
def test_manifests_are_valid_kubernetes(document: dict[str, Any], version: str) -> None:
    if document["kind"] == "RayJob":  # KubeRay's; what is in it of Kubernetes' own are pods
        cluster = document["spec"]["rayClusterSpec"]
        for group in (cluster["headGroupSpec"], *cluster["workerGroupSpecs"]):
            pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "ray"}, "spec": group["template"]["spec"]}
            kubernetes_validate.validate(pod, version, strict=True)
    else:
        kubernetes_validate.validate(document, version, strict=True)


def test_validator_detects_errors() -> None:
    (deployment,) = (one.values[0] for one in documents() if one.values[0]["kind"] == "Deployment")
    deployment["spec"]["template"]["spec"]["containers"][0]["readynessProbe"] = {}
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(deployment, str(kubernetes_validate.latest_version()), strict=True)


@pytest.mark.parametrize("document", documents())
def test_manifests_use_existing_endpoints_and_settings(document: dict[str, Any]) -> None:
    app = create_app(Settings(), FakeParser())
    metrics = app.test_client().get("/metrics").text
    paths = {rule.rule for rule in app.url_map.iter_rules()}
    assert {probe["path"] for probe in below(document, "httpGet")} <= paths
    for metric in below(document, "metric"):
        assert f"\n# TYPE {metric['name']} gauge" in metrics
    variables = {one["name"] for env in below(document, "env") for one in env if one["name"].startswith("PULLQUOTE_")}
    assert variables <= {setting.variable for setting in describe()}


@pytest.mark.parametrize("document", documents())
def test_containers_have_the_image_s_user_and_limits(document: dict[str, Any]) -> None:
    user = next(
        line.split()[1] for line in (ROOT / "Dockerfile").read_text("utf-8").splitlines() if line.startswith("USER ")
    )
    for containers in below(document, "containers"):
        for container in containers:
            assert container["resources"]["limits"]["memory"]
            assert container["resources"]["requests"]["cpu"]
    assert {str(found) for found in below(document, "runAsUser")} <= {user}


def test_files_named_on_the_page_exist() -> None:
    page = (ROOT / "docs/scale.md").read_text(encoding="utf-8")
    for path in FOLDER.glob("*.yaml"):
        assert f"(kubernetes/{Path(path).name})" in page

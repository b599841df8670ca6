"""compose.yaml, the image, and the manifests for Kubernetes fit their schemas and each other."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import Any, Final

import pytest
import yaml

import service
from service.settings import Settings, describe
from tests.conftest import ROOT
from tests.image_size import BASE_MB, LIMIT_MB, called, slimmed

COMPOSE: Final = ROOT / "compose.yaml"
KUBERNETES: Final = ROOT / "docs" / "kubernetes"


def loaded(path: Path) -> Any:
    return yaml.safe_load(path.read_text(encoding="utf-8"))


def composed(name: str) -> Any:
    return loaded(COMPOSE)["services"][name]


def manifest(kind: str) -> Any:
    documents = yaml.safe_load_all((KUBERNETES / "service.yaml").read_text(encoding="utf-8"))
    (found,) = (document for document in documents if document["kind"] == kind)
    return found


def container() -> Any:
    (found,) = manifest("Deployment")["spec"]["template"]["spec"]["containers"]
    return found


def instruction(word: str) -> str:
    (found,) = re.findall(rf"^{word} (.*)$", (ROOT / "Dockerfile").read_text(encoding="utf-8"), re.MULTILINE)
    return str(found)


@pytest.mark.parametrize(
    ("schema", "file"), [("compose-spec", "compose.yaml"), ("github-workflows", ".github/workflows/ci.yml")]
)
def test_files_match_their_format_s_schema(schema: str, file: str, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}"]
    checked = subprocess.run([*command, ROOT / file], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout
    broken = tmp_path / "broken.yaml"
    broken.write_text(f"{(ROOT / file).read_text(encoding='utf-8')}\nsurplus: 1\n", encoding="utf-8")
    assert subprocess.run([*command, broken], capture_output=True, check=False).returncode == 1


def test_ports_are_open_to_this_machine_only() -> None:
    for one in loaded(COMPOSE)["services"].values():
        assert all(port.startswith("127.0.0.1:") for port in one["ports"])
    assert composed("pullquote")["ports"] == [f"127.0.0.1:8000:{instruction('EXPOSE')}"]


def test_mounted_files_exist() -> None:
    mounted = [volume.split(":")[0] for name in ("prometheus", "grafana") for volume in composed(name)["volumes"]]
    assert [path for path in mounted if path.startswith("./") and not (ROOT / path).exists()] == []
    assert {path for path in mounted if not path.startswith("./")} == set(loaded(COMPOSE)["volumes"])


def test_prometheus_scrapes_the_service_and_loads_the_alerts() -> None:
    config = loaded(ROOT / "docs/prometheus/prometheus.yaml")
    assert config["rule_files"] == ["alerts.yaml"]
    (job,) = config["scrape_configs"]
    assert job["static_configs"] == [{"targets": [f"pullquote:{instruction('EXPOSE')}"]}]
    assert "--config.file=/etc/prometheus/prometheus.yaml" in composed("prometheus")["command"]


def test_grafana_finds_prometheus_and_the_dashboard() -> None:
    provisioning = ROOT / "docs" / "grafana" / "provisioning"
    (source,) = loaded(provisioning / "datasources" / "prometheus.yaml")["datasources"]
    assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")
    (provider,) = loaded(provisioning / "dashboards" / "pullquote.yaml")["providers"]
    home = composed("grafana")["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"]
    assert f"./docs/grafana/dashboard.json:{home}:ro" in composed("grafana")["volumes"]
    assert Path(home).parent == Path(provider["options"]["path"])


def test_images_have_the_version_of_the_service() -> None:
    kustomization = loaded(KUBERNETES / "kustomization.yaml")
    (image,) = kustomization["images"]
    assert composed("pullquote")["image"] == f"pullquote:{service.__version__}"
    assert container()["image"] == f"{image['name']}:{image['newTag']}" == f"{image['name']}:{service.__version__}"


def test_compose_and_kubernetes_run_the_service_alike() -> None:
    ours, theirs = composed("pullquote"), container()
    environ = {one["name"]: one["value"] for one in theirs["env"]}
    assert ours["environment"].items() <= environ.items()
    assert set(ours["environment"]) <= {setting.variable for setting in describe()}
    assert ours["deploy"]["resources"]["limits"]["memory"] == theirs["resources"]["limits"]["memory"].removesuffix("i")
    assert ours["read_only"] is theirs["securityContext"]["readOnlyRootFilesystem"] is True
    assert ours["cap_drop"] == theirs["securityContext"]["capabilities"]["drop"] == ["ALL"]
    grace = manifest("Deployment")["spec"]["template"]["spec"]["terminationGracePeriodSeconds"]
    assert ours["stop_grace_period"] == f"{grace}s"
    assert grace > Settings().grace_seconds


def test_kustomize_changes_what_the_manifests_have() -> None:
    kustomization = loaded(KUBERNETES / "kustomization.yaml")
    assert all((KUBERNETES / name).exists() for name in kustomization["resources"])
    for patch in kustomization["patches"]:
        document = manifest(patch["target"]["kind"])
        assert document["metadata"]["name"] == patch["target"]["name"]
        for step in yaml.safe_load(patch["patch"]):
            node = document
            for key in step["path"].strip("/").split("/"):
                node = node[int(key) if isinstance(node, list) else key]
            assert node == step["value"], "the patches say what the manifests say; change both"


@pytest.mark.slow
def test_image_is_small_and_runs(tmp_path: Path) -> None:
    if not metadata.version("torch").endswith("+cpu"):
        pytest.skip("not PyTorch's CPU build")
    _, after = slimmed(tmp_path)
    assert after + BASE_MB <= LIMIT_MB
    assert called(tmp_path) == "Ruth Alder 1\nRuth Alder 1\naltered\n"

"""The recipe for Spark in docs/scale.md, run in local mode: the same tables as an archive of one machine."""

import os
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("pyspark", reason="pyspark is not installed")
if shutil.which("java") is None:
    pytest.skip("Spark needs Java, which is not installed", allow_module_level=True)

from pyspark.sql import SparkSession

from tests.archive.running import archived, comparable, sixty, without_places, write_sixty
from tests.conftest import ROOT

pytestmark = pytest.mark.timeout(600)
# For a run of seconds: no optimizing compiler, and one thread that collects garbage.
_JAVA = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -XX:CICompilerCount=1"


@pytest.fixture(scope="module")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    """A session on two cores of this machine. Its Python processes find the project, and a parser without a model."""
    folder = tmp_path_factory.mktemp("spark")
    (folder / "sitecustomize.py").write_text(
        "import service.parsing.load, tests.commands.running as running\n"
        "service.parsing.load.load_parser = running.load_troubled\n"
    )
    environ = {"PYTHONPATH": f"{folder}:{ROOT}", "PYSPARK_PYTHON": sys.executable, "SPARK_LOCAL_IP": "127.0.0.1"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in environ.items():
            patch.setenv(name, value)
        session = (
            SparkSession.builder.master("local[2]").config("spark.ui.enabled", "false")
            .config("spark.ui.showConsoleProgress", "false").config("spark.driver.extraJavaOptions", _JAVA)
            .config("spark.driver.bindAddress", "127.0.0.1").config("spark.sql.warehouse.dir", str(folder))
            .config("spark.sql.shuffle.partitions", "2").config("spark.sql.codegen.wholeStage", "false")
            .config("spark.sql.codegen.factoryMode", "NO_CODEGEN").getOrCreate()
        )  # fmt: skip
        yield session
        session.stop()


def recipe() -> str:
    """The Python of the section on Spark."""
    page = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    found = re.search(r"```python\n(from pyspark.*?)```", page, re.DOTALL)
    assert found is not None
    return found[1]


@pytest.mark.usefixtures("troubled")
def test_recipe_for_spark_gives_the_tables_of_an_archive(spark: Any, tmp_path: Path) -> None:
    source = write_sixty(tmp_path / "in")
    code = recipe().replace("s3a://news/articles/", str(source)).replace("s3a://news/quotes", str(tmp_path / "out"))
    code = code.replace("repartition(2000)", "repartition(4)")
    exec(compile(code, "scale.md", "exec"), {"spark": spark, "__name__": "recipe"})
    found = {}
    for name in ("articles", "quotes", "speakers"):
        table = spark.read.parquet(str(tmp_path / "out" / name)).toArrow()
        found[name] = without_places(table.to_pylist())
    assert len(found["articles"]) == sixty().num_rows
    assert archived(source, tmp_path / "local", "--jobs", "1").exit_code == 0
    assert found == comparable(tmp_path / "local")
    assert os.path.exists(tmp_path / "out" / "answers" / "_SUCCESS")

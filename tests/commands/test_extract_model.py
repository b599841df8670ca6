"""`pullquote extract` as it is installed: processes that load the embedded model."""

import subprocess
import sys
from pathlib import Path

import pytest

from schemas.request import load_request
from service.input.article import ArticleMetadata
from service.input.paragraphs import read_article
from service.output.rendering import to_json
from service.parsing.parser import Parser
from service.pipeline import answer
from tests.commands.running import counts
from tests.conftest import ROOT


@pytest.mark.model
def test_processes_give_the_service_s_responses(embedded_parser: Parser, tmp_path: Path) -> None:
    texts = {
        name: (ROOT / "tests/golden/articles" / name).read_text("utf-8")
        for name in ("dam_warning.txt", "lords_rent_bill.txt")
    }
    expected = ""
    for name, text in texts.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
        fields, options = load_request({"text": text, "id": name}, len(text))
        expected += (
            to_json(answer(read_article(fields.pop("text"), ArticleMetadata(**fields)), embedded_parser, options))
            + "\n"
        )
    command = [sys.executable, "-c", "from service.cli import main; main()", "extract", *texts, "--jobs", "2"]
    result = subprocess.run(
        command,
        cwd=tmp_path,
        capture_output=True,
        encoding="utf-8",
        check=False,
        env={"PYTHONPATH": str(ROOT), "PULLQUOTE_ARITHMETIC": "float32"},
    )
    assert (result.returncode, counts(result.stderr)) == (0, (2, 2, 0, 0))
    assert result.stdout == expected

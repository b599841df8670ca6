"""The figures of the speed benchmark, and how its programs run."""

import os
import sys
from pathlib import Path

import pytest

from benchmarks import speed
from benchmarks.speed import Measured, Times
from benchmarks.turns import Program, timed

_PROGRAM = """
import os
from benchmarks.turns import take_turns

def answer(question):
    return question | {
        "cores": sorted(os.sched_getaffinity(0)),
        "tuned": [name for name in os.environ if name.startswith("OPENBLAS_L2")],
        "threads": os.environ["OMP_NUM_THREADS"],
    }

take_turns(answer)
"""


def times(*seconds: float) -> dict[str, list[float]]:
    return {"clock": [2 * one for one in seconds], "processor": list(seconds)}


def rounds() -> list[Times]:
    """Two rounds over three articles of 10, 20 and 30 words; the machine is half as fast in the second."""
    return [
        {"pullquote": times(0.1, 0.2, 0.3), "spacy": times(0.05, 0.1, 0.15)},
        {"pullquote": times(0.2, 0.4, 0.6), "spacy": times(0.1, 0.2, 0.3)},
    ]


def cells(table: str) -> list[list[str]]:
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]


def test_words_per_second_use_cpu_time_and_ratios_one_round() -> None:
    ours, theirs = cells(speed.throughput(rounds(), 60, 3))[2:]
    assert ours == ["Pullquote, full report", "75", "50 to 100", "3.75", ""]
    assert theirs == ["spaCy, parse only", "150", "100 to 200", "7.50", "0.50"]


def test_latencies_use_wall_clock_time_by_article_length() -> None:
    texts = ["word " * 20, "word " * 30, "word " * 10]
    seen: list[Times] = [{"pullquote": times(0.2, 0.3, 0.1)}, {"pullquote": times(0.2, 0.3, 0.1)}]
    assert [row[:2] for row in cells(speed.latencies(seen, texts))[2:]] == [
        ["short, 10 to 10 words: Pullquote, full report", "200"],
        ["median, 20 to 20 words: Pullquote, full report", "400"],
        ["long, 30 to 30 words: Pullquote, full report", "600"],
    ]


def test_percentiles_are_interpolated() -> None:
    assert speed.percentile([1, 2, 3], 50) == 2
    assert speed.percentile(list(range(101)), 95) == pytest.approx(95)
    assert speed.percentile([7], 99) == 7


def test_table_has_every_stage_and_each_process_s_memory() -> None:
    seen = Measured(
        ["a b c"], [{"pullquote": times(0.1)}], {"tag": 3e-6, "other": 3e-6}, [2, 9, 3], {"Us": 7.4}, {}, "int8-vnni"
    )
    page = speed.page(seen)
    assert ["tag", "1", "50 %"] in cells(page)
    assert ["total", "2", ""] in cells(page)
    assert all(f"| {stage} " in page for stage in speed.STAGES)
    assert "Ready 3.0 s after start" in page
    assert "Us 7 MB" in page


def test_own_articles_are_used_without_the_corpora(tmp_path: Path) -> None:
    missing = tmp_path / "train.jsonl"
    assert len(speed.articles(missing, 4)) == 4
    assert speed.articles(missing, 4)[0] in speed.articles(missing, 1000)
    missing.write_text("\n".join(f'{{"id": "{name}", "text": "{name}"}}' for name in "abcdef"), encoding="utf-8")
    assert speed.articles(missing, 3) == ["a", "c", "e"]


def test_program_runs_untuned_on_one_core_and_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_L2_SIZE", "1")
    core = min(os.sched_getaffinity(0))
    with Program((sys.executable, "-c", _PROGRAM), core) as program:
        assert program.ask(number=1) == {"number": 1, "cores": [core], "tuned": [], "threads": "1"}
        assert program.ask(number=2)["number"] == 2
        assert program.memory > 1
        assert program.seconds > 0


def test_ended_program_raises_an_error() -> None:
    with pytest.raises(RuntimeError, match="ended with exit code 3"):
        Program((sys.executable, "-c", "raise SystemExit(3)"), min(os.sched_getaffinity(0)))


def test_texts_are_timed_in_wall_clock_and_cpu_time() -> None:
    seen: list[str] = []
    took = timed(seen.append, ["a", "b"])
    assert seen == ["a", "b"]
    assert all(len(took[name]) == 2 and min(took[name]) >= 0 for name in ("clock", "processor"))


@pytest.mark.model
def test_the_embedded_model_is_measured_stage_by_stage(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(speed, "STARTS", 2)
    texts = speed.articles(Path("nowhere"), 2)
    seen = speed.measured(texts, 1, max(os.sched_getaffinity(0)), None)
    assert set(seen.stages) == set(speed.STAGES)
    assert all(seconds > 0 for seconds in seen.stages.values())
    assert seen.stages["other"] < 0.5 * sum(seen.stages.values())
    assert len(seen.starts) == 2
    assert "Pullquote, full report" in speed.page(seen)

"""Written weights."""

from pathlib import Path

from service.extraction.attribution.linear import LinearModel, Models, read_models
from training.attribution.weights import by_name, write


def test_written_models_are_read_back_each_in_its_place(tmp_path: Path) -> None:
    names = ("cues", "contents", "sources", "quoted_spans", "confidence", "speech")
    models = Models(**{name: LinearModel(float(number), {name: 0.5}) for number, name in enumerate(names)})
    write(tmp_path / "folds", models)
    assert read_models(tmp_path / "folds") == models
    assert by_name(models)["quoted_spans"] is models.quoted_spans

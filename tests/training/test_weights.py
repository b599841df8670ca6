"""Written weights."""

from dataclasses import replace
from pathlib import Path

from service.extraction.attribution.linear import LinearModel, Models, ReaderModels, read_models
from training.attribution.weights import READER, by_name, write, write_card, write_reader


def test_written_models_are_read_back_each_in_its_place(tmp_path: Path) -> None:
    names = ("cues", "contents", "sources", "quoted_spans", "confidence", "speech")
    cues, contents, *others = (LinearModel(float(number), {name: 0.5}) for number, name in enumerate(names))
    sources, quoted_spans, confidence, speech = others
    models = Models(cues, contents, sources, quoted_spans, confidence, speech)
    write(tmp_path / "folds", models)
    assert read_models(tmp_path / "folds") == models
    with_reader = ReaderModels(*(LinearModel(float(number), {"reader": 0.25}) for number in range(5)))
    write_reader(tmp_path / "folds", with_reader)
    assert read_models(tmp_path / "folds") == replace(models, reader=with_reader)
    assert by_name(models)["quoted_spans"] is models.quoted_spans


def test_the_card_describes_the_reader_once(tmp_path: Path) -> None:
    weight = LinearModel(0.0, {})
    write_card(tmp_path, Models(weight, weight, weight, weight, weight, weight), [])
    card = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    for _ in range(2):
        write_reader(tmp_path, ReaderModels(*[weight] * 5))
    found = (tmp_path / "CARD.md").read_text(encoding="utf-8")
    assert "reader_choices" not in card
    assert found.count("reader_choices") == 1
    assert found.replace(READER, "") == card

"""Write the trained weights and their card."""

import json
from collections.abc import Sequence
from dataclasses import fields
from pathlib import Path

from service.extraction.attribution.linear import NAMES, WITH_READER, LinearModel, Models, ReaderModels
from training.attribution.examples import EVERYDAY_WEIGHT
from training.attribution.folds import FOLDS
from training.attribution.parses import CorpusDocument

CARD = """# Linear models

Linear models over features of Stanza's parse choose what Pullquote returns. Each file has a `bias` and the `weights` of
named features, in log-odds; `cues.json` also has the `words` that can be cues besides verbs. No text can be recovered
from them. Names, nationalities and parties are masked by their kind before training: no weight depends on who is named.

| File | Decides | Weights |
|---|---|---|
{files}

- **Training data**: PolNeAR's training articles (Newell et al., 2018; {polnear} articles, {polnear_marked} attributions
  in all) and everyday news annotated by hand ({everyday} articles, {everyday_marked} attributions; each counts
  {weight:g} times), parsed by the embedded pack. The texts belong to their publishers and are not in this repository.
- **Method**: logistic regression (L-BFGS), pruned to the largest weights and rounded; reproduced by
  `python -m training.attribution.run`.
- **Confidence**: trained on cross-validated scores ({folds} folds). `confidence` is for statements of every kind,
  `speech` for speech only.
- **Speakers**: `speakers.json` gives the confidence of a speaker. It was trained on this project's golden articles, on
  annotated everyday articles (their texts are not in this repository) and on the coreference of GUM's training
  documents (CC BY 4.0); reproduced by `python -m training.attribution.speakers`.
- **Joint confidence**: `joint.json` has the three weights of the confidence of a quote with its speaker, fitted on
  the quotes returned for the everyday articles by models that had not seen the article; reproduced by
  `python -m training.attribution.joint`.
- **Figures**: cross-validated, in `docs/accuracy.md`.
- **Limits**: US politics of 2015 and 2016, and some everyday news. Other parsers make other errors than the embedded
  one, for which the weights are not trained.
"""
READER = """- **Reader**: `reader-….json` combine the score of each choice, and of each probability, with features of
  the pack's reader (`docs/models.md`), which was trained on three quarters of PolNeAR's training articles. They were
  trained on the last quarter and on the everyday articles, on cross-validated scores; reproduced by
  `python -m training.attribution.reader_choices`.
"""
BEFORE_READER = "- **Speakers**:"
CHOICES = {
    "cues": "whether a word is a cue",
    "contents": "the content of a cue",
    "sources": "the source of a cue",
    "quoted_spans": "the cue or speaker of a quoted span",
    "confidence": "the confidence of a quote",
    "speech": "the confidence that a quote is speech",
}


def write(folder: Path, models: Models) -> None:
    """Write each model's file to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, model in by_name(models).items():
        write_model(folder / f"{name}.json", model)


def by_name(models: Models) -> dict[str, LinearModel]:
    """Return each model by the name of its file."""
    return {name: getattr(models, field.name) for name, field in zip(NAMES, fields(Models)[: len(NAMES)], strict=True)}


def write_reader(folder: Path, models: ReaderModels) -> None:
    """Write the files of the models that use the reader's features to `folder`, and describe them in its card, if it
    has one."""
    for name in WITH_READER:
        write_model(folder / f"{name}.json", getattr(models, name.removeprefix("reader-")))
    card = folder / "CARD.md"
    if card.exists():
        text = card.read_text(encoding="utf-8").replace(READER, "")
        card.write_text(text.replace(BEFORE_READER, READER + BEFORE_READER), encoding="utf-8")


def write_model(file: Path, model: LinearModel) -> None:
    """Write a model's weights, sorted by name."""
    table: dict[str, object] = {"bias": model.bias, "weights": dict(sorted(model.weights.items()))}
    if model.words:
        table["words"] = sorted(model.words)
    file.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def write_card(folder: Path, models: Models, articles: Sequence[CorpusDocument]) -> None:
    """Write `CARD.md` to `folder`, with the data that the models were trained on."""
    files = "\n".join(
        f"| `{name}.json` | {CHOICES[name]} | {len(model.weights)} |" for name, model in by_name(models).items()
    )
    polnear = [article for article in articles if not article.everyday]
    everyday = [article for article in articles if article.everyday]
    card = CARD.format(
        files=files,
        polnear=len(polnear),
        polnear_marked=sum(len(article.attributions) for article in polnear),
        everyday=len(everyday),
        everyday_marked=sum(len(article.attributions) for article in everyday),
        weight=EVERYDAY_WEIGHT,
        folds=FOLDS,
    )
    (folder / "CARD.md").write_text(card, encoding="utf-8")

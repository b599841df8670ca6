"""Writes the learned weights, and the card that says what they were learned from."""

import json
from collections.abc import Sequence
from pathlib import Path

from service.extraction.learned.linear import NAMES, LinearModel, Models
from training.attribution.examples import EVERYDAY_WEIGHT
from training.attribution.folds import FOLDS
from training.attribution.parses import Document

CARD = """# Learned choices

Linear models choose what Pullquote reports, over features of Stanza's parse. Each file here holds a `bias` and the
`weights` of named features, in log-odds; `cues.json` also has the `words` beside verbs that may be cues. They are
parameters: no text, no sentence and no article can be read from them. Names, nationalities and parties are masked by
their kind before anything is learned: no weight depends on who is named.

| file | choice | weights |
|---|---|---|
{files}

- **Learned from**: PolNeAR's training articles (Newell et al., 2018; {polnear} articles, {polnear_marked} attributions
  that people marked) and everyday news marked by hand ({everyday} articles, {everyday_marked} attributions; each counts
  {weight:g} times), parsed by the embedded pack. The texts belong to their publishers and are not in this repository.
- **Learned by**: logistic regression (scikit-learn, liblinear), pruned to the weights that matter most and rounded;
  `python -m training.attribution.run` does it again.
- **Confidence**: learned on scores made out of fold ({folds} parts). `confidence` is for statements of every kind,
  `speech` for what an editor of everyday news calls a statement.
- **Speakers**: `speakers.json` says how sure a speaker is. It was learned from this project's golden articles, from
  everyday articles marked by hand (their texts are not in this repository) and from the coreference of GUM's training
  documents (CC BY 4.0); `python -m training.attribution.speakers` does it again.
- **Figures**: on articles of parts not learned from, `docs/accuracy.md`.
- **Limits**: American politics of 2015 and 2016, and some everyday news. Another parser than the embedded one makes
  other mistakes, and the weights know only these.
"""
CHOICES = {
    "cues": "is this word a cue",
    "contents": "which words does it report",
    "sources": "who says so",
    "stretches": "whose is a quoted stretch",
    "confidence": "how sure is all of that together",
    "speech": "how sure is it that it is speech",
}


def write(folder: Path, models: Models) -> None:
    """Write each model's file into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        write_model(folder / f"{name}.json", getattr(models, name))


def write_model(file: Path, model: LinearModel) -> None:
    """Write one model's weights, sorted by name."""
    table: dict[str, object] = {"bias": model.bias, "weights": dict(sorted(model.weights.items()))}
    if model.words:
        table["words"] = sorted(model.words)
    file.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def write_card(folder: Path, models: Models, articles: Sequence[Document]) -> None:
    """Write `CARD.md` into `folder`: what the models were learned from."""
    files = "\n".join(f"| `{name}.json` | {CHOICES[name]} | {len(getattr(models, name).weights)} |" for name in NAMES)
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

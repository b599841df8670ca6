"""Writes the learned weights, and the card that says what they were learned from."""

import json
from pathlib import Path

from service.extraction.learned.linear import NAMES, LinearModel, Models

CARD = """# Learned choices

Five linear models choose what Pullquote reports, over features of Stanza's parse. Each file here holds a `bias` and the
`weights` of named features, in log-odds; `cues.json` also has the `words` beside verbs that may be cues. They are
parameters: no text, no sentence and no article can be read from them.

| file | choice | weights |
|---|---|---|
{files}

- **Learned from**: PolNeAR's training articles (Newell et al., 2018; {articles} articles, {attributions} attributions
  that people marked), parsed by the embedded pack. No licence of the corpus is stated; its texts belong to their
  publishers and are not in this repository.
- **Learned by**: logistic regression (scikit-learn, liblinear), pruned to the weights that matter most and rounded;
  `python -m training.attribution.run` does it again.
- **Confidence**: learned on scores made out of fold ({folds} parts), so that it says how often such a finding is right
  on articles that nobody has learned from.
- **Out of fold, on the training articles**: attribution F1 {reached:.3f}, at a confidence of at least {threshold:.2f}.
  `docs/accuracy.md` has the figures on articles that were kept apart.
- **Speakers**: `speakers.json` says how sure a speaker is. It was learned from this project's golden articles, from
  everyday articles marked by hand (their texts are not in this repository) and from the coreference of GUM's training
  documents (CC BY 4.0); `python -m training.attribution.speakers` does it again.
- **Limits**: American news of 2015 and 2016 about politics; thoughts, feelings and plans are marked as PolNeAR's
  guidelines mark them. Another parser than the embedded one makes other mistakes, and the weights know only these.
"""
CHOICES = {
    "cues": "is this word a cue",
    "contents": "which words does it report",
    "sources": "who says so",
    "stretches": "whose is a quoted stretch",
    "confidence": "how sure is all of that together",
}


def write(
    folder: Path, models: Models, *, articles: int, attributions: int, folds: int, threshold: float, reached: float
) -> None:
    """Write each model's file and `CARD.md` into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in NAMES:
        model: LinearModel = getattr(models, name)
        table: dict[str, object] = {"bias": model.bias, "weights": dict(sorted(model.weights.items()))}
        if model.words:
            table["words"] = sorted(model.words)
        (folder / f"{name}.json").write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", encoding="utf-8")
    files = "\n".join(f"| `{name}.json` | {CHOICES[name]} | {len(getattr(models, name).weights)} |" for name in NAMES)
    card = CARD.format(
        files=files, articles=articles, attributions=attributions, folds=folds, threshold=threshold, reached=reached
    )
    (folder / "CARD.md").write_text(card, encoding="utf-8")

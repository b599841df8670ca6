"""Train the confidence of a draft: that it is a correct statement of any kind, and that it is correct speech.

PolNeAR has nine times as many articles, but the everyday ones are what users send.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.attributions import Draft
from service.extraction.attribution.linear import LinearModel
from training.attribution.fit import fit_values
from training.attribution.judge import Verdict, verdicts_of
from training.attribution.parses import CorpusDocument
from training.recipe import recipe

_RECIPE: Final = recipe("attribution.confidences")
EVERYDAY_WEIGHT: Final[float] = _RECIPE["everyday_weight"]
TALK_WEIGHT: Final[float] = _RECIPE[
    "talk_weight"
]  # weight of interviews and transcripts, which have labels and no cues


@dataclass(frozen=True)
class Row:
    """A draft's feature values, and its gold verdict."""

    values: dict[str, float]
    verdict: Verdict
    everyday: bool
    weight: float


def rows_of(article: CorpusDocument, drafts: Sequence[Draft]) -> list[Row]:
    """Return a row for each draft of an article."""
    weight = 1.0 if not article.everyday else TALK_WEIGHT if article.talk else EVERYDAY_WEIGHT
    verdicts = verdicts_of(article, drafts)
    return [
        Row(draft.values, verdict, article.everyday, weight) for draft, verdict in zip(drafts, verdicts, strict=True)
    ]


def fit_confidence(articles: Sequence[Sequence[Row]]) -> LinearModel:
    """Fit the confidence that a draft is right, whatever kind of statement it is, by the annotation of PolNeAR, which
    includes thoughts and plans."""
    rows = [row for article_rows in articles for row in article_rows if not row.verdict.part]
    return fit_values(
        [row.values for row in rows],
        [row.verdict.right for row in rows],
        [1.0] * len(rows),
        [not row.everyday for row in rows],
    )


def fit_speech(articles: Sequence[Sequence[Row]]) -> LinearModel:
    """Fit the confidence that a draft is right and is speech, by the annotation of the everyday articles."""
    rows = [row for article_rows in articles for row in article_rows if not row.verdict.part]
    return fit_values(
        [row.values for row in rows],
        [row.verdict.speech for row in rows],
        [row.weight for row in rows],
        [row.everyday for row in rows],
    )

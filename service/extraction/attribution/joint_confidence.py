"""The confidence of a quote together with its speaker.

The score of a quote and the confidence of its speaker are estimated apart. Both are wrong on the same hard sentences,
so neither their minimum nor their product is the probability that the two are right. A logistic regression over the
log-odds of both estimates it (`weights/joint.json`; `training/attribution/joint.py` fits it). In the fit, a wrong
example weighs more than a right one, so the estimate is cautious: on average lower than the share of right quotes.
"""

from functools import cache
from importlib import resources

from service.extraction.attribution.linear import LinearModel, log_odds, probability, read_model
from service.extraction.report import READ_FROM, UNNAMED_CONFIDENCE


@cache
def joint_model() -> LinearModel:
    """Read the model, over the values of `joint_values`."""
    return read_model(resources.files(__package__) / "weights/joint.json")


def joint_values(quote: float, speaker: float) -> dict[str, float]:
    """Return the features of the joint confidence, given two probabilities: their log-odds."""
    return {"quote": log_odds(quote), "speaker": log_odds(speaker)}


def joint_confidence(quote: float, speaker: float | None) -> float:
    """Return a cautious estimate of the probability that a quote and its speaker are right.

    It rises with both, and is never above `speaker`. A quote that is found only because the options ask for uncertain
    ones (below `READ_FROM`) keeps its own score at most, so that a lower minimum never moves quotes above a higher one.

    Args:
        quote: The probability that the quote is right.
        speaker: The probability that its speaker is; None for a quote that should have a speaker and has none, whose
            confidence is at most `UNNAMED_CONFIDENCE`.
    """
    if speaker is None:
        return min(quote, UNNAMED_CONFIDENCE)
    joint = min(speaker, probability(joint_model().weigh(joint_values(quote, speaker))))
    return joint if quote >= READ_FROM else min(quote, joint)

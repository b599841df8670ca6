"""Features for the confidence of a speaker: how the mention was resolved.

`attribution/weights/speakers.json` has their weights; `training/attribution/speakers.py` learns them.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from service.extraction.attribution.linear import log_odds
from service.extraction.report import Attribution, Rule
from service.extraction.speakers.names import Fit, tokens
from service.extraction.speakers.pronouns import AUTHOR, HE, IT, SHE, THEY
from service.extraction.speakers.referents import Coreference, Referent, ResolvedMention
from service.parsing.tree import WordKey

_MARGIN: Final = 3.0  # cap for the lead over the next candidate, in points; a greater lead adds no certainty
_FAR: Final = 4  # cap for the distance, in sentences
_MAX_MENTIONS: Final = 8
_PRONOUNS: Final = {"he": HE, "she": SHE, "it": IT, "they": THEY, "i": AUTHOR}


def speaker_features(
    coref: Coreference,
    attribution: Attribution | None,
    resolved: ResolvedMention,
    key: WordKey | None,
    continuation: Sequence[Rule] = (),
) -> dict[str, float]:
    """Return the features of `resolved`, the resolution of the phrase at `key`.

    Without `attribution`, returns the features of the phrase alone. For a continuation, all values but `continuation`
    are those of the quote it continues; `continuation` has the rules that link the two.
    """
    features = {f"rule={resolved.rule}": 1.0}
    referent = coref.referents[resolved.referent] if resolved.referent is not None else None
    if referent is not None:
        features |= _of_referent(coref, referent)
        features |= _of_candidates(resolved)
    if key is not None:
        features |= _of_phrase(coref, key, referent)
    if attribution is not None:
        features |= _of_attribution(coref, attribution)
        features |= {
            f"attribution-{resolved.resolution}": features["attribution"],
            f"quote={attribution.kind}-{resolved.resolution}": 1.0,
        }
    if continuation:
        features |= {"continued": 1.0, **{f"link={rule.name}": 1.0 for rule in continuation if rule.name in _LINKS}}
    return features


def _of_referent(coref: Coreference, referent: Referent) -> Mapping[str, float]:
    """Return features of the referent: its kind, how prominent it is, and how many others share the name."""
    surname = tokens(referent.name)[-1:] if referent.named and referent.kind == "person" else ()
    namesakes = [
        other
        for other in coref.referents
        if other.number != referent.number and surname and other.kind == "person" and other.named
        if other.fits(surname[0]) >= Fit.SURNAME
    ]
    return {
        f"kind={referent.kind}": 1.0,
        "named": float(referent.named),
        "named-in-full": float(referent.named and len(tokens(referent.name)) > 1),
        "namesakes": float(min(len(namesakes), 2)),
        "log-mentions": math.log1p(min(referent.narrated, _MAX_MENTIONS)),
        "known-gender": float(referent.gender is not None),
    }


def _of_candidates(resolved: ResolvedMention) -> Mapping[str, float]:
    """Return features of the lead of the chosen candidate over the others."""
    if not resolved.candidates:
        return {}
    alone = len(resolved.candidates) == 1
    ahead = _MARGIN if alone else min(resolved.candidates[0].score - resolved.candidates[1].score, _MARGIN)
    return {
        "with-candidates": 1.0,
        "single-candidate": float(alone),
        "margin": ahead / _MARGIN,
        "score": max(-1.0, min(resolved.candidates[0].score / 6, 2.0)),
    }


def _of_phrase(coref: Coreference, key: WordKey, referent: Referent | None) -> Mapping[str, float]:
    """Return features of the wording and the distance to the last appearance of the referent."""
    mention = coref.mentions.get(key)
    sentence = coref.parse.sentences[key[0]]
    features = {f"relation={sentence.words[key[1]].relation}": 1.0}
    if mention is None:
        return features
    features[f"form={mention.form}"] = 1.0
    if mention.form == "pronoun":
        group = next((name for name, words in _PRONOUNS.items() if mention.role in words), "other")
        features[f"pronoun={group}"] = 1.0
    if mention.form == "noun":
        features[f"determiner={mention.determiner}"] = 1.0
        features["modified"] = float(bool(mention.modifiers))
        features[f"noun={mention.kind}"] = 1.0
    if referent is not None and mention.form != "name":
        before = [appearance for appearance in referent.appearances if appearance.span.start < mention.span.start]
        distance = min(key[0] - before[-1].sentence, _FAR) if before else _FAR
        features[f"distance={distance}"] = 1.0
        features["same-paragraph"] = float(bool(before) and before[-1].paragraph == coref.paragraph(mention.span.start))
        features["earlier-source"] = float(any(item.source for item in before))
        features["gender-match"] = float(mention.gender is not None and referent.gender == mention.gender)
    return features


def _of_attribution(coref: Coreference, attribution: Attribution) -> Mapping[str, float]:
    """Return features of the score of the attribution and of the link between quote and source."""
    features = {
        "attribution": log_odds(attribution.score),
        f"quote={attribution.kind}": 1.0,
        f"class={attribution.cue.cue_class if attribution.cue is not None else 'none'}": 1.0,
        **{f"link={rule.name}": 1.0 for rule in attribution.rules if rule.name in _LINKS},
    }
    if attribution.source is not None and attribution.cue is not None:
        span, cue = attribution.source.span, attribution.cue.span
        between = coref.article.text[min(span.end, cue.end) : max(span.start, cue.start)]
        features["source-distance"] = min(len(between.split()), 10) / 10
        features["source-length"] = min(len(coref.article.slice(span).split()), 10) / 10
    return features


_LINKS: Final = frozenset({"continued", "reopened-paragraph", "same-turn", "cue-after", "label"})

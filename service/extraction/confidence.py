"""How sure an attribution is: how it was found, weighed by how often such findings are right."""

from service.extraction.attribution import Attribution
from service.extraction.report import Resolution

_KIND = {"direct": 0.95, "mixed": 0.9, "indirect": 0.75}
_UNSPOKEN = 0.75  # thoughts, feelings and plans are reported less reliably than speech
_WEAK_RULES = {
    "object": 0.6,
    "noun-complement": 0.7,
    "host-clause": 0.95,
    "label": 0.7,
    "goes-on": 0.7,
    "unattributed": 0.2,
}
_RESOLUTION = {"name": 1.0, "alias": 0.97, "description": 0.85, "pronoun": 0.85, "continuation": 0.95, "none": 0.8}


def confidence(attribution: Attribution, resolution: Resolution) -> float:
    """A number from 0 to 1, higher where the attribution is likelier right; the same for the same findings."""
    value = _KIND[attribution.kind] * attribution.score * _RESOLUTION[resolution]
    if attribution.cue is not None and attribution.cue.cue_class in {"think", "feel", "perceive", "plan"}:
        value *= _UNSPOKEN
    for rule in attribution.rules:
        value *= _WEAK_RULES.get(rule.name, 1.0)
    return round(value, 3)

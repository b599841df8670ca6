"""Confidence: features of a proposal and its content, and the confidence of a quote together with its speaker.

The names of the features are keys of `weights/confidence.json` and `weights/speech.json`: the probabilities that a
proposal is correct, and that it is speech.

The score of a quote and the confidence of its speaker are estimated apart. Both are wrong on the same hard sentences,
so neither their minimum nor their product is the probability that the two are right. A logistic regression over the
log-odds of both estimates it (`weights/joint.json`; `training/attribution/joint.py` fits it). In the fit, a wrong
example weighs more than a right one, so the estimate is cautious: on average lower than the share of right quotes.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib import resources
from typing import Final

from service.extraction.attribution.lexicons import ATTITUDE, SPEECH
from service.extraction.attribution.linear import LinearModel, log_odds, probability, read_model
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import NO_CLASS, SentenceView, bucket
from service.extraction.attribution.word_sets import WordSet, positions
from service.extraction.quotations.marks import QuotedSpanIndex
from service.extraction.quotations.span_cues import CueAssignment
from service.extraction.report import MIN_RESOLUTION_SCORE, UNNAMED_CONFIDENCE
from service.extraction.wordlists import organization_words, person_words, word_list

_NONE: Final = -4.0  # log-odds that stand for a missing rival
_NO_QUOTED_SPAN: Final = -3.0


def confidence_features(
    proposal: Proposal,
    neighbours: Sequence[Proposal],
    own: Sequence[CueAssignment],
    assignments: Mapping[QuotedSpanIndex, CueAssignment],
) -> dict[str, float]:
    """Return feature values by name.

    Args:
        proposal: The cue with its content and source.
        neighbours: The other proposals of the sentence.
        own: The assignments of quoted spans to this proposal.
        assignments: The assignments of all quoted spans, by index.
    """
    view, content, cue = proposal.view, proposal.content.best, proposal.cue
    kind = view.classes[cue]
    size = content.bit_count()
    alike = [
        other
        for other in neighbours
        if 2 * (other.content.best & content).bit_count() >= max(size, other.content.best.bit_count())
    ]
    names = [
        f"lexeme={view.lexemes[cue]}",
        f"class={kind}",
        f"rel={view.words[cue].deprel} {view.words[cue].upos}",
        f"strategy={proposal.strategy}",
        f"source {'missing' if proposal.source.best is None else view.naming(proposal.source.best)}",
        f"class={kind} source {'missing' if proposal.source.best is None else view.words[proposal.source.best].upos}",
        f"class={kind} strategy={proposal.strategy.partition(':')[0]}",
        f"quoted={_share(content, view.quoted)} quoted spans={min(3, len(own))}",
        f"class={kind} quoted={_share(content, view.quoted)} {'own' if own else 'none'}",
    ]
    names += _form_features(proposal)
    return dict.fromkeys(names, 1.0) | {
        "cue": proposal.cue_score,
        "content": proposal.content.score,
        "content margin": proposal.content.margin,
        "content mass": proposal.content.mass,
        "source": proposal.source.score,
        "source margin": proposal.source.margin,
        "no source": float(proposal.source.best is None),
        "inside another's content": _best(other for other in neighbours if other.content.best >> cue & 1),
        "around another": _best(other for other in neighbours if content >> other.cue & 1),
        "content as another's": _best(alike),
        "next to another": _best(neighbours),
        "size": math.log(max(1, size)),
        "length": float(len(view.words)),
        "quoted share": (content & view.quoted).bit_count() / max(1, size),
        "cue quoted": float(view.quoted >> cue & 1),
        "verb": float(view.words[cue].upos == "VERB"),
        "noun": float(view.words[cue].upos == "NOUN"),
        "speech": float(kind in SPEECH),
        "attitude": float(kind in ATTITUDE),
        "no class": float(kind in NO_CLASS),
        "outside the body": float(view.section != "body"),
        "has quoted span": float(bool(own)),
        "quoted spans": float(len(own)),
        "quoted-span score": max((assignment.score for assignment in own), default=_NO_QUOTED_SPAN),
        "quoted-span margin": max((assignment.margin for assignment in own), default=_NO_QUOTED_SPAN),
        "empty content": float(not content),
        "another's quoted span": float(
            any(
                number in assignments and assignments[number].cue not in {None, proposal.key} and content & words
                for number, words in view.quoted_spans.items()
            )
        ),
    }


def _form_features(proposal: Proposal) -> list[str]:
    """Return the features that distinguish statements from actions: the form of the content and the kind of source."""
    view, content, cue = proposal.view, proposal.content.best, proposal.cue
    kind, lexeme = view.classes[cue], view.lexemes[cue]
    form, source = form_of(view, content), source_kind(view, proposal.source.best)
    return [
        f"form={form}",
        f"class={kind} form={form}",
        f"{lexeme} form={form}",
        f"by {source}",
        f"class={kind} by {source}",
        f"form={form} by {source}",
        f"form={form} size={bucket(content.bit_count())}",
        f"form={form} section={view.section}",
    ]


def _share(content: WordSet, quoted: WordSet) -> str:
    inside = content & quoted
    return "no" if not inside else "all" if inside == content else "part"


def _best(others: Iterable[Proposal]) -> float:
    return max((other.cue_score for other in others), default=_NONE)


def form_of(view: SentenceView, content: WordSet) -> str:
    """Return the form of `content`: empty, quoted, partly quoted, finite, verb, verb inside, or nominal."""
    if not content:
        return "empty"
    inside = content & view.quoted
    if inside:
        return "quoted" if inside == content else "partly quoted"
    tops = view.tops(content)
    if content & view.finite and any(view.children[place] & content & view.finite for place in positions(tops)):
        return "finite"
    return "verb" if tops & view.verbs else "verb inside" if content & view.finite else "nominal"


def top_of(view: SentenceView, content: WordSet) -> int:
    """Return the position of the head of `content`, of several that of the longest part; it must not be empty."""
    return max(positions(view.tops(content)), key=lambda place: (view.subtrees[place] & content).bit_count())


def source_kind(view: SentenceView, source: int | None) -> str:
    """Return the kind of source: no source, the pronoun, the kind of name, or the kind of noun."""
    if source is None:
        return "no source"
    word = view.words[source]
    if word.upos == "PRON":
        return word.text.lower()
    if word.upos == "PROPN" or source in view.entities:
        return view.entities.get(source, "name")
    return _noun_kind(word.lemma.lower())


@cache
def _noun_kind(lemma: str) -> str:
    bodies = organization_words()
    singular = lemma.removesuffix("s")  # the lemma of "MPs" is "mps"
    if (
        lemma in person_words().roles
        or singular in person_words().roles
        or lemma in word_list("sentences", "person_nouns")
    ):
        return "person noun"
    if lemma in bodies.documents:
        return "document noun"
    if lemma in bodies.heads or lemma in bodies.generic or lemma in bodies.collectives:
        return "body noun"
    return "other noun"


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
    ones (below `MIN_RESOLUTION_SCORE`) keeps its own score at most, so that a lower minimum never moves quotes above a
    higher one.

    Args:
        quote: The probability that the quote is right.
        speaker: The probability that its speaker is; None for a quote that should have a speaker and has none, whose
            confidence is at most `UNNAMED_CONFIDENCE`.
    """
    if speaker is None:
        return min(quote, UNNAMED_CONFIDENCE)
    joint = min(speaker, probability(joint_model().weighted_sum(joint_values(quote, speaker))))
    return joint if quote >= MIN_RESOLUTION_SCORE else min(quote, joint)

"""What speaks for a whole proposal being right: the scores of its parts, and those of its rivals in the sentence."""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from service.extraction.learned.content_form import form_of, source_kind
from service.extraction.learned.proposals import Proposal
from service.extraction.learned.stretch_owners import Owner
from service.extraction.learned.view import NO_CLASS, bucket
from service.extraction.learned.wordsets import WordSet

_NONE: Final = -4.0  # log-odds of a rival where there is none
_NO_STRETCH: Final = -3.0


def confidence_features(
    proposal: Proposal, beside: Sequence[Proposal], own: Sequence[Owner], owners: Mapping[int, Owner]
) -> dict[str, float]:
    """Values by name. `beside` are the other proposals of the sentence, `own` what gave the proposal its stretches,
    `owners` those of all the article's stretches."""
    view, content, cue = proposal.view, proposal.content.best, proposal.cue
    kind = view.classes[cue]
    size = content.bit_count()
    alike = [
        other
        for other in beside
        if 2 * (other.content.best & content).bit_count() >= max(size, other.content.best.bit_count())
    ]
    names = [
        f"lexeme={view.lexemes[cue]}",
        f"class={kind}",
        f"rel={view.words[cue].deprel} {view.words[cue].upos}",
        f"way={proposal.way}",
        f"source {'nobody' if proposal.source.best is None else view.naming(proposal.source.best)}",
        f"class={kind} source {'nobody' if proposal.source.best is None else view.words[proposal.source.best].upos}",
        f"class={kind} way={proposal.way.partition(':')[0]}",
        f"quoted={_share(content, view.quoted)} stretches={min(3, len(own))}",
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
        "nobody": float(proposal.source.best is None),
        "inside another's content": _best(other for other in beside if other.content.best >> cue & 1),
        "around another": _best(other for other in beside if content >> other.cue & 1),
        "content as another's": _best(alike),
        "beside another": _best(beside),
        "size": math.log(max(1, size)),
        "length": float(len(view.words)),
        "quoted share": (content & view.quoted).bit_count() / max(1, size),
        "cue quoted": float(view.quoted >> cue & 1),
        "verb": float(view.words[cue].upos == "VERB"),
        "noun": float(view.words[cue].upos == "NOUN"),
        "speech": float(kind in {"say", "tell", "announce", "ask", "write"}),
        "attitude": float(kind in {"think", "feel", "plan", "perceive"}),
        "no class": float(kind in NO_CLASS),
        "outside the body": float(view.section != "body"),
        "has stretch": float(bool(own)),
        "stretches": float(len(own)),
        "stretch": max((owner.score for owner in own), default=_NO_STRETCH),
        "stretch margin": max((owner.margin for owner in own), default=_NO_STRETCH),
        "nothing": float(not content),
        "another's stretch": float(
            any(
                number in owners and owners[number].cue not in {None, proposal.key} and content & words
                for number, words in view.stretches.items()
            )
        ),
    }


def _form_features(proposal: Proposal) -> list[str]:
    """What tells a statement from a deed: the content's form, and what the source is."""
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

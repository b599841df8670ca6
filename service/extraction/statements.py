"""What counts as speech: what somebody said, wrote, announced or asked, and not what they thought, felt or planned."""

from typing import Final

from service.extraction.report import CueClass, QuoteKind

ATTITUDE: Final[frozenset[CueClass]] = frozenset({"think", "feel", "perceive", "plan"})


def is_speech(kind: QuoteKind, cue_class: CueClass | None) -> bool:
    """Whether a quote of this kind, reported by a cue of this class (None: without a cue), is speech.

    Words in quotation marks were uttered, whatever verb reports them: "he recalled", "she laughed".
    """
    return kind != "indirect" or cue_class not in ATTITUDE

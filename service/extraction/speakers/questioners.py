"""Who asks the questions that are labelled "Q" only, where several people ask.

In notes of a hearing it is the last person reported before the question who does not answer questions: "Cole says the
figures are wrong. / Q: Since when?". At a press conference it is the reporter whom the turn before calls by name:
"First question goes to Ann Cole of the Herald."
"""

import re
from collections.abc import Iterator, Sequence
from typing import Final

from service.extraction.report import Attribution
from service.extraction.speakers.names import Fit, person_fit
from service.extraction.speakers.referents import Coreference, ResolvedMention

REPORTED: Final = 0.5  # confidence of who was reported last
CALLED: Final = 0.6  # of who was called
_LATEST: Final = 300  # referents compared with a name
_REACH: Final = 12  # quotes looked back
_LAST_WORDS: Final = 200  # code points of the turn before
_WORD: Final = r"[A-Z][\w'’-]+"
_NAME: Final = rf"(?P<name>{_WORD}(?: {_WORD}){{0,2}}(?: (?:of|from|with) (?:the )?{_WORD}(?: {_WORD}){{0,3}})?)"
_CALLS: Final = re.compile(
    rf"(?:question (?:goes to|is from|from|to)|go to|over to|call on|turn to|hear from|Go ahead,) {_NAME}"
    rf"|\b{_NAME.replace('name', 'called')}, (?:please|go ahead|your question|you have the floor)"
)


def questioners(
    coref: Coreference, attributions: Sequence[Attribution], resolved: Sequence[ResolvedMention]
) -> Iterator[tuple[int, ResolvedMention, float]]:
    """Yield the index of each question whose speaker is known, the speaker, and the confidence."""
    passages = coref.article.passages
    questions = [
        at
        for at, one in enumerate(attributions)
        if one.passage is not None and passages[one.passage].part == "host" and resolved[at].referent is None
    ]
    if not questions:
        return
    if coref.article.form == "live-blog":
        yield from _reported(coref, attributions, resolved, questions)
    else:
        yield from _called(coref, attributions, questions)


def _reported(
    coref: Coreference,
    attributions: Sequence[Attribution],
    resolved: Sequence[ResolvedMention],
    questions: Sequence[int],
) -> Iterator[tuple[int, ResolvedMention, float]]:
    after = (at + 1 for at in questions if at + 1 < len(resolved) and attributions[at + 1].passage is None)
    answering = {resolved[at].referent for at in after}
    for at in questions:
        for before in range(at - 1, max(-1, at - 1 - _REACH), -1):
            referent = resolved[before].referent
            if referent is None or referent in answering or coref.referents[referent].kind != "person":
                continue
            name = coref.referents[referent].name
            yield at, ResolvedMention(referent, "description", "label-questioner", name), REPORTED
            break


def _called(
    coref: Coreference, attributions: Sequence[Attribution], questions: Sequence[int]
) -> Iterator[tuple[int, ResolvedMention, float]]:
    for at in questions:
        before = attributions[at - 1] if at else None
        if before is None or before.passage is None or coref.article.passages[before.passage].part == "host":
            continue
        end = before.contents[-1].end
        calls = list(_CALLS.finditer(coref.article.text, max(before.contents[0].start, end - _LAST_WORDS), end))
        if not calls:
            continue
        name = " ".join((calls[-1]["name"] or calls[-1]["called"]).split())
        short = re.split(r" (?:of|from|with) ", name)[0]
        latest = coref.referents[-_LATEST:]
        known = [item for item in latest if item.kind == "person" and person_fit(short, item.name) >= Fit.SURNAME]
        referent = known[0] if len(known) == 1 else coref.add("person", name, named=True)
        yield at, ResolvedMention(referent.number, "description", "label-questioner", name), CALLED

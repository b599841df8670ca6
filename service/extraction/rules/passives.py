"""Rules for passives: the speaker is the agent after "by"; without one the speaker is unknown.

The subject, who was told, asked or described, is not the speaker.

Ms Lund was told by the *board* she had to go.
The strike was described as "reckless" by the *union*.
Bell was accused of lying.
The president is expected to meet relatives.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last
from service.extraction.rules.constructions import (
    OVERHEARD,
    can_speak,
    grammar_lexicon,
    is_document,
    new_proposal,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.tags import OBJECTS

SUBJECT: Final = "passive-subject"
AGENT: Final = "passive-agent"
ANSWER: Final = "answer"
COMPLEMENT: Final = "passive-complement"
_COMPLEMENTS: Final = frozenset({"xcomp", "ccomp", "obl", "advcl", "obj"})
_INTRODUCED: Final = frozenset({"as", "of", "for", "to", "that", "with"})
_SOURCES: Final = frozenset({"by", "from", "in", "on", "at", "via", "through", "according"})
_CHARGED: Final = frozenset({"of", "for", "over", "as"})
_ADDRESSING: Final = frozenset({"tell", "ask"})


def passives(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Set the agent, or no source, for proposals with a passive cue."""
    result = [_passive(view, proposal) if is_passive(view, proposal.cue) else proposal for proposal in proposals]
    return _overheard(view, _answers(view, result))


def _overheard(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Set the person quoted or heard as the source: "Vane is quoted by the Post as *saying* …"."""
    result = list(proposals)
    for outer in proposals:
        subject = view.sentence.child(outer.cue, "nsubj")
        if view.lemmas[outer.cue] not in grammar_lexicon().overheard or subject is None or not view.passive(outer.cue):
            continue
        says = next(
            (item for item in result if item.cue in _speech_complements(view, outer.cue) and item.content.best), None
        )
        if says is not None:
            heard = with_cue(with_source(says, subject, OVERHEARD), OVERHEARD)
            result = [heard if item is says else item for item in result if item is not outer]
        elif outer.content.best & view.quoted and _speech_complements(view, outer.cue):  # "“No,” he was heard to shout"
            heard = with_cue(with_source(outer, subject, OVERHEARD), OVERHEARD)
            result = [heard if item is outer else item for item in result]
    return result


def _informing_document(view: SentenceView, cue: int) -> int | None:
    """Return the document in which someone was informed: "in an *email*, staff were told …"."""
    if view.classes[cue] not in {"tell", "ask"}:
        return None
    for child in view.sentence.children(cue):
        if view.words[child].relation == "obl" and view.role(child, "case") in {"in", "by", "via"}:
            return child if is_document(view, child) else None
    return None


def _speech_complements(view: SentenceView, cue: int) -> list[int]:
    """Return the verbs of speech that complement the cue: "quoted as saying"."""
    children = view.sentence.children(cue)
    return [c for c in children if c > cue and view.words[c].upos == "VERB" and view.classes[c] in SPEECH]


def _answers(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Attribute the answer after a colon to the person who was asked: "Henny was asked why: “We lost a file.”"."""
    result: list[Proposal] = []
    for proposal in proposals:
        subject = view.sentence.child(proposal.cue, "nsubj")
        opening = _answer(view, proposal.cue)
        if subject is None or opening is None or view.classes[proposal.cue] != "ask" or not view.passive(proposal.cue):
            result.append(proposal)
            continue
        colon, after = opening - 1, between(opening, len(view.words))
        result = [other for other in result if other.cue != colon]
        asked = between(proposal.cue + 1, colon) & view.solid
        result.append(with_content(proposal, asked, ANSWER))
        result.append(new_proposal(view, colon, after, subject, ANSWER))
    answers = {item.cue for item in result if item.has_rule(ANSWER)}
    return [item for item in result if item.cue not in answers or item.has_rule(ANSWER)]


def _answer(view: SentenceView, cue: int) -> int | None:
    """Return the first word of the quotation introduced by a colon after the cue."""
    openings = (first(words) for words in view.quoted_spans.values())
    return next((at for at in openings if at > cue + 1 and view.text_at(at - 1) == ":"), None)


def is_passive(view: SentenceView, cue: int) -> bool:
    """Return whether the word is a passive, with an auxiliary or as a bare participle ("accused of lying, he …")."""
    word = view.words[cue]
    if word.upos != "VERB":
        return False
    if view.passive(cue) or _lacks_object(view, cue):
        return True
    children = view.sentence.children(cue)
    if word.xpos != "VBN" or any(view.words[c].relation in {"aux", "cop"} for c in children) or view.subjects(cue):
        return False
    if word.relation == "conj":
        active = introduces_after_comma(view, cue) or any(view.words[c].relation == "obj" for c in children)
        return is_passive(view, word.head) and not active
    return word.relation in {"acl", "advcl"} and not any(view.words[c].relation in OBJECTS for c in children)


def _lacks_object(view: SentenceView, cue: int) -> bool:
    """Return whether a verb that needs an object has none, as the passives of headlines: "Mayor *accused* of lying"."""
    words, children = view.words, view.sentence.children(cue)
    if view.lemmas[cue] not in grammar_lexicon().blaming or words[cue].relation not in {"root", "parataxis"}:
        return False
    if words[cue].xpos not in {"VBD", "VBN"} or any(
        words[c].relation in {"obj", "iobj", "conj", "aux"} for c in children
    ):
        return False
    return view.text_at(cue + 1) in _CHARGED


def introduces_after_comma(view: SentenceView, cue: int) -> bool:
    """Return whether the verb takes no person and a quotation follows it: "he was broke and then *quipped* to Ray,
    “Lend me a tenner.”"."""
    opening = next((first(words) for words in view.quoted_spans.values() if first(words) > cue), None)
    if view.classes[cue] != "say" or opening is None or view.text_at(opening - 1) not in {",", ":"}:
        return False
    return all(view.words[at].upos not in {"VERB", "AUX", "PUNCT"} for at in range(cue + 1, opening - 1))


def agent_of(view: SentenceView, cue: int) -> int | None:
    """Return the agent of the passive at `cue`, attached to the passive or to its complement."""
    words, sentence = view.words, view.sentence
    for position in range(cue + 1, len(words)):
        case = sentence.child(position, "case")
        if case is None or view.text_at(case) != "by" or not view.subtrees[cue] >> position & 1:
            continue
        while words[position].head > position and words[position].relation in {"nmod", "compound", "flat", "amod"}:
            position = words[position].head  # "by Labour MP Joan Hale": the name
        own = words[position].head == cue
        if own and (words[position].deprel == "obl:agent" or can_speak(view, position)):
            return position
        if can_speak(view, position) and _complements(view, words[position].head, cue):
            return position
    return None


def _complements(view: SentenceView, position: int, cue: int) -> bool:
    """Return whether the word complements the cue and cannot have an agent of its own: "lying", not "being hit"."""
    word = view.words[position]
    if word.relation == "conj" and word.upos != "VERB" and word.head > cue:
        return _complements(view, word.head, cue)  # "as “cruel” and “pointless” by charities"
    return (
        word.head == cue
        and position > cue
        and word.relation in {"xcomp", "obl", "advcl"}
        and not view.passive(position)
        and not any(view.words[c].relation == "obj" for c in view.sentence.children(position))
    )


def _passive(view: SentenceView, proposal: Proposal) -> Proposal:
    cue, lexicon = proposal.cue, grammar_lexicon()
    agent = agent_of(view, cue)
    if agent is not None and not (view.lemmas[cue] in lexicon.overheard and _speech_complements(view, cue)):
        return _with_agent(view, proposal, agent)
    document = _informing_document(view, cue)
    if document is not None:
        return with_source(proposal, document, AGENT)
    source, lemma = proposal.source.best, view.lemmas[cue]
    if (
        source is None
        or lemma in lexicon.experiencers
        or (lemma in lexicon.overheard and _speech_complements(view, cue))
    ):
        return proposal
    if view.role(source, "case") in _SOURCES or not view.classes[cue].isalpha():
        return proposal
    return with_source(proposal, None, SUBJECT)


def _with_agent(view: SentenceView, proposal: Proposal, agent: int) -> Proposal:
    cue = proposal.cue
    if not (can_speak(view, agent) or is_document(view, agent) or proposal.source.best == agent):
        return proposal
    proposal = with_source(proposal, agent, AGENT)
    complement = _complement(view, cue, agent)
    if complement and (not proposal.content.best or not proposal.content.best & ~_subject(view, cue)):
        proposal = with_content(proposal, complement, COMPLEMENT)
    elif proposal.content.best & view.subtrees[agent]:
        proposal = with_content(proposal, complement or proposal.content.best & ~view.subtrees[agent], COMPLEMENT)
    called = view.classes[cue] in SPEECH and bool(complement & (view.finite | view.verbs))
    if complement and (called or (complement & view.quoted and view.classes[cue].isalpha() and can_speak(view, agent))):
        proposal = with_cue(with_content(proposal, proposal.content.best or complement, AGENT), AGENT)
    return proposal


def _subject(view: SentenceView, cue: int) -> WordSet:
    subject, word = view.sentence.child(cue, "nsubj", "csubj"), view.words[cue]
    if subject is None and word.relation == "acl":
        return view.subtrees[word.head] & ~view.subtrees[cue]  # "the plan, criticised by teachers as …"
    return 0 if subject is None else view.subtrees[subject]


def _complement(view: SentenceView, cue: int, agent: int) -> WordSet:
    """Return the complement of the passive without the agent."""
    words, sentence, subtrees = view.words, view.sentence, view.subtrees
    case = sentence.child(agent, "case")
    phrase = subtrees[agent] | (1 << case if case is not None else 0)
    result = 0
    for child in sentence.children(cue):
        if child < cue or child == agent or words[child].relation not in _COMPLEMENTS:
            continue
        introduced = view.role(child, "case", "mark")
        if words[child].relation in {"obl", "advcl"} and introduced not in _INTRODUCED:
            continue
        result |= subtrees[child] & ~phrase
    for child in sentence.children(agent):  # a parser can attach the complement to the agent
        if child < agent:
            continue
        clause = words[child].relation == "acl" and sentence.child(child, "nsubj") is not None
        gerund = words[child].relation == "acl" and view.role(child, "mark") == "of"
        addressed = clause and view.classes[cue] in _ADDRESSING and not _relative(view, child)
        if addressed or (gerund and view.lemmas[cue] == "accuse"):
            result |= subtrees[child]
        elif words[child].relation == "nmod" and view.role(child, "case") in {"of", "as"} and not result:
            named = view.role(child, "case") == "as" or view.lemmas[cue] == "accuse"
            result |= subtrees[child] if named else 0
    return result & ~between(0, cue + 1) if result and last(result) > cue else 0


def _relative(view: SentenceView, clause: int) -> bool:
    inside = view.subtrees[clause]
    return any(inside >> at & 1 and view.words[at].xpos in {"WP", "WDT", "WP$", "WRB"} for at in range(len(view.words)))

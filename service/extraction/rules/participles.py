"""Rules for the source of a participle, a coordinated verb or an infinitive, which is often not the nearest noun.

Ray Hart was one of them, upset there was no vote, *calling* it a “bad bargain.”
Parents received a note from the *nurse* warning them that lice were back.
Work Forward runs a market for bakers looking to hire and *suggests* shops should pay.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.lexicons import SPEECH
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import between
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.rules.clause_repairs import caused_to_speak
from service.extraction.rules.constructions import (
    OVERHEARD,
    can_speak,
    grammar_lexicon,
    is_document,
    is_finite,
    new_proposal,
    reports,
    subject_of,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.rules.passives import agent_of
from service.extraction.tags import FINITE, NOUNS, OBJECTS, VERBS
from service.extraction.wordlists import organization_words, person_words, word_list
from service.parsing.tree import ROOT

RULE: Final = "participle-source"
JOINED: Final = "coordinated-verb-source"
DIRECTIVE: Final = "directive"
DOCUMENT: Final = "document-says"
CAUSED: Final = "caused-to-speak"


def participles(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Correct the source of each participle, coordinated verb and infinitive."""
    result = [
        _caused(view, _directive(view, _coordinated(view, _participle(view, item))))
        for item in _with_quoted_person(view, proposals)
    ]
    return _documents(view, _unproposed(view, result))


def _participle(view: SentenceView, proposal: Proposal) -> Proposal:
    cue, words = proposal.cue, view.words
    if _opens_with_having(view, cue) and proposal.source.best is None:
        subject = view.sentence.child(words[cue].head, "nsubj")
        if subject is not None and can_speak(view, subject):
            return with_source(proposal, subject, RULE)
    if words[cue].xpos != "VBG" or not reports(view, cue) or view.subjects(cue) or view.quoted >> cue & 1:
        return proposal
    quoted = _quoted_as(view, cue)
    if quoted is not None:
        return with_cue(with_source(proposal, quoted, OVERHEARD), OVERHEARD)
    previous = cue - 1
    if previous >= 0 and words[previous].upos in NOUNS:
        source = _next_to(view, cue, previous) or _posted(view, cue)
        if source is None:
            return proposal
        return with_cue(with_source(proposal, source, RULE), RULE, least=1.5)
    if view.text_at(previous) == ",":
        source = _after_comma(view, cue)
        return proposal if source is None else with_source(proposal, source, RULE)
    return proposal


def _opens_with_having(view: SentenceView, cue: int) -> bool:
    """Return whether the sentence begins with "having" and the verb: "Having told the court he was innocent, *Brady*
    wept"."""
    word = view.words[cue]
    perfect = view.text_at(0) == "having" and view.heads[0] == cue and word.relation == "advcl" and word.head > cue
    return perfect and reports(view, cue) and not view.subjects(cue)


def _documents(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Move a report of issuing a document to the participle after the document.

    Example: in "released a statement *urging* witnesses to come forward" the cue is "urging".
    """
    result = list(proposals)
    for number, issuing in enumerate(result):
        document = view.sentence.child(issuing.cue, "obj")
        if view.lemmas[issuing.cue] not in grammar_lexicon().issuing or document is None:
            continue
        if not (is_document(view, document) and issuing.source.best is not None):
            continue
        says = next((c for c in view.sentence.children(document) if _has_clause(view, c)), None)
        if says is None:
            continue
        content = view.subtrees[says] & ~between(0, says + 1)
        known = next((at for at, one in enumerate(result) if one.cue == says), None)
        if known is not None and not content & view.quoted:
            continue
        if content & view.solid:
            author = _author(view, document, says)
            source = issuing.source.best if author is None else author
            result[number] = new_proposal(view, says, content, source, DOCUMENT)
    cues = {item.cue: item for item in result if not item.has_rule(DOCUMENT)}
    cues |= {item.cue: item for item in result if item.has_rule(DOCUMENT)}
    return _without_finding(view, [cues[cue] for cue in sorted(cues)])


def _without_finding(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Remove proposals for finding or receiving a document that another proposal's participle reports."""
    ruled = [proposal for proposal in proposals if proposal.has_rule(RULE)]
    return [
        proposal
        for proposal in proposals
        if (view.classes[proposal.cue] in SPEECH and view.lemmas[proposal.cue] != "find")
        or not any(proposal.content.best >> inner.cue & 1 and inner.source.best is not None for inner in ruled)
    ]


def _has_clause(view: SentenceView, position: int) -> bool:
    """Return whether the word is a reporting participle with a clause of its own, following a noun."""
    return (
        view.words[position].xpos == "VBG"
        and reports(view, position)
        and view.sentence.child(position, "ccomp", "xcomp") is not None
    )


def _with_quoted_person(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Set the person quoted as the source: "“We lost,” the Star *quoted* Holm as saying"."""
    result = list(proposals)
    for outer in proposals:
        says = next((c for c in view.sentence.children(outer.cue) if _quoted_as(view, c) is not None), None)
        if says is None or not reports(view, says):
            continue
        inner = [item for item in result if item.cue == says]
        if not view.quoted & ~between(outer.cue, len(view.words)):
            if inner:  # "the Star quoted Holm as saying it was over": only Holm's words are a statement
                result = [item for item in result if item is not outer]
            continue
        heard = with_source(outer, _quoted_as(view, says), OVERHEARD)
        result = [heard if item is outer else item for item in result]
        result = [item for item in result if item not in inner]
    return result


def _quoted_as(view: SentenceView, cue: int) -> int | None:
    """Return the person quoted: "spokeswoman" in "the Herald quoted a spokeswoman as saying"."""
    verb = view.words[cue].head
    if verb == ROOT or view.lemmas[verb] not in {"quote", "cite"} or view.passive(verb):
        return None
    return view.sentence.child(verb, "obj", "iobj") if view.role(cue, "mark", "case") == "as" else None


def _next_to(view: SentenceView, cue: int, previous: int) -> int | None:
    """Return the speaker in the noun phrase directly before the participle: "a letter from the council telling them".

    Returns None if the participle can belong to the subject ("left the room saying").
    """
    words = view.words
    heads = [previous, *view.sentence.ancestors(previous)]
    noun = previous
    for at in heads:
        if words[at].upos in VERBS or at > previous:
            break
        noun = at
        if words[at].head == words[cue].head and view.role(at, "case") == "to":
            return None  # "spoke to the paper saying"
        addressee = words[cue].head == at and words[at].relation == "obl" and can_speak(view, at)
        if addressee and view.role(at, "case") == "to":
            return _sender(view, words[at].head)
        if (
            is_document(view, at) or view.lemmas[at] in word_list("rules", "recordings") | grammar_lexicon().signs
        ) and not _issued(view, at):
            return _author(view, at, previous) or at
    if words[cue].relation == "acl" and words[noun].upos == "NOUN" and role_of(words[noun]) in person_words().roles:
        return noun
    return None


def _sender(view: SentenceView, verb: int) -> int | None:
    """Return who or what addressed somebody: "school" in "the school sent an email to parents saying", "text" in "a
    text went to customers saying"."""
    subject = view.sentence.child(verb, "nsubj")
    if subject is None or _carries_words(view, subject):
        return subject
    return subject if not view.passive(verb) and can_speak(view, subject) else None


def _carries_words(view: SentenceView, position: int) -> bool:
    return is_document(view, position) or view.lemmas[position] in grammar_lexicon().signs


def _posted(view: SentenceView, cue: int) -> int | None:
    """Return the document that was sent or put up, whose words the participle after it reports.

    Example: "*Leaflets* were handed out in the square urging people to vote".
    """
    words = view.words
    if words[cue].xpos != "VBG" or not _has_clause(view, cue) or words[cue - 1].upos not in NOUNS:
        return None
    verb = next((at for at in view.sentence.ancestors(cue) if words[at].upos == "VERB"), None)
    verb = next((at for at in view.sentence.ancestors(cue) if words[at].upos == "VERB"), None)
    if verb is None or not view.passive(verb) or agent_of(view, verb) is not None:
        return None
    document = view.sentence.child(verb, "nsubj:pass")
    return document if document is not None and _carries_words(view, document) else None


def _issued(view: SentenceView, document: int) -> bool:
    """Return whether the sentence's subject issued the document: "issued a statement saying"."""
    verb = view.words[document].head
    return verb != ROOT and view.words[document].relation == "obj" and view.lemmas[verb] in grammar_lexicon().issuing


def _author(view: SentenceView, document: int, previous: int) -> int | None:
    """Return the author of the document: "a note from the nurse"."""
    for child in view.sentence.children(document):
        cases = {"from", "by", "of"} if view.lemmas[document] in word_list("rules", "recordings") else {"from", "by"}
        if document < child <= previous and view.role(child, "case") in cases and can_speak(view, child):
            return child
    return None


def _sent_by(view: SentenceView, verb: int, document: int, cue: int) -> int | None:
    """Return the author of the document that the parser gave to the verb: "cited an email from the *head*, reading"."""
    phrases = [at for at in view.sentence.children(verb) if document < at < cue and view.role(at, "case") == "from"]
    return next((at for at in phrases if can_speak(view, at)), None)


def _after_comma(view: SentenceView, cue: int) -> int | None:
    """Return the subject of the main clause for a participle in a clause whose own subject cannot speak.

    After a verb of watching or remembering, returns the person watched or remembered.
    """
    words, sentence = view.words, view.sentence
    governor = words[cue].head
    if governor == ROOT or words[cue].relation != "advcl":
        return None
    document = sentence.child(governor, "obj")
    if view.lemmas[cue] == "read" and document is not None and is_document(view, document) and document < cue:
        return _author(view, document, cue) or _sent_by(view, governor, document, cue) or document
    watching = words[governor].head  # "recalls *his brother* shouting, demanding that …"
    if words[governor].xpos == "VBG" and watching != ROOT and view.lemmas[watching] in grammar_lexicon().watching:
        watched = sentence.child(watching, "obj")
        if watched is not None and watching < watched < governor and words[governor].relation in {"xcomp", "ccomp"}:
            return watched if can_speak(view, watched) else None
    if view.lemmas[governor] in grammar_lexicon().watching:
        watched = sentence.child(governor, "ccomp", "xcomp")
        other = None if watched is None else sentence.child(watched, "nsubj") or sentence.child(governor, "obj")
        if watched is not None and other is not None and words[watched].xpos == "VBG" and other < watched < cue:
            return other if can_speak(view, other) else None
    reporting = _reporting_above(view, cue, governor)
    if reporting is not None:
        return reporting
    subject, at = sentence.child(governor, "nsubj"), governor
    if subject is not None and _speaks_within(view, cue, subject):
        return subject
    if subject is None or can_speak(view, subject) or is_document(view, subject):
        return None
    agent = agent_of(view, governor) if view.passive(governor) else None
    if agent is not None and can_speak(view, agent):
        return agent
    while words[at].head != ROOT:
        at = words[at].head
        above = sentence.child(at, "nsubj")
        if above is not None and can_speak(view, above):
            return above
    return None


def _reporting_above(view: SentenceView, cue: int, governor: int) -> int | None:
    """Return who reports the clause that the parser gave a continuing participle to: "The *mayor* said the firm went on
    digging, arguing that …"."""
    words, above = view.words, governor
    while words[above].relation == "xcomp" and words[above].head != ROOT:
        above = words[above].head
    verb = words[above].head
    if words[above].relation != "ccomp" or verb == ROOT or above == governor or not reports(view, verb):
        return None
    source = view.sentence.child(verb, "nsubj")
    continues = view.lemmas[cue] in grammar_lexicon().continuing and view.sentence.child(cue, "ccomp") is not None
    return source if continues and source is not None and can_speak(view, source) else None


def _speaks_within(view: SentenceView, cue: int, subject: int) -> bool:
    """Return whether the participle belongs to the subject of the reported clause, who speaks there: "Police said
    *Dale* had confessed, saying he was sorry", "… entered the shop, telling the clerk to lie down".

    Most participles of saying after a reported clause belong to the one who reports it.
    """
    governor, words = view.words[cue].head, view.words
    if words[subject].upos not in NOUNS or not can_speak(view, subject) or view.passive(governor):
        return False
    reported = words[governor].relation == "ccomp" and words[governor].head >= 0 and reports(view, words[governor].head)
    addressed = view.lemmas[cue] in grammar_lexicon().addressing and view.sentence.child(cue, "iobj", "obj") is not None
    addressed = addressed or view.lemmas[cue] in grammar_lexicon().uttering
    return reported and (addressed or reports(view, governor))


def _coordinated(view: SentenceView, proposal: Proposal) -> Proposal:
    """Set the subject of the finite verb above as the source of a finite verb coordinated with a nonfinite one."""
    cue, words, sentence = proposal.cue, view.words, view.sentence
    if not reports(view, cue) or words[cue].xpos not in FINITE or view.subjects(cue):
        return proposal
    if words[cue].relation == "conj" and words[words[cue].head].xpos in {"VBG", "VB", "VBN"}:
        head = words[cue].head
        if is_finite(view, head) or sentence.child(head, "aux") is not None:
            return proposal
        for at in sentence.ancestors(head):
            if words[at].upos in VERBS and is_finite(view, at):
                subject = subject_of(view, at)
                if subject is not None:
                    return with_source(proposal, subject, JOINED)
        return proposal
    head = words[cue].head if words[cue].relation == "conj" else cue
    marked = any(child < head and words[child].relation in {"mark", "advmod"} for child in sentence.children(head))
    unmarked = words[head].relation == "advcl" and not marked and head != cue
    if words[head].relation != "parataxis" and not unmarked:
        return proposal
    if words[head].xpos in {"VBD", "VBZ"} and not view.subjects(head):
        left = _left_of(view, head)
        if left is not None:
            return with_source(proposal, left, JOINED)
    return proposal


def _left_of(view: SentenceView, verb: int) -> int | None:
    """Return the head of the noun phrase directly before a verb without a subject, if it can speak."""
    words = view.words
    at = verb - 1
    if at < 0 or words[at].upos not in NOUNS:
        return None
    best = None
    for head in (at, *view.sentence.ancestors(at)):
        if words[head].upos not in NOUNS or head > at:
            break
        if words[head].relation in OBJECTS and can_speak(view, head):
            best = head
    return best


def _unproposed(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Add directives that were not proposed as cues: "raising his voice and *telling* her to sit down"."""
    result = {proposal.cue: proposal for proposal in proposals}
    for position in range(len(view.words)):
        if position in result or view.quoted >> position & 1 or not _directs(view, position):
            continue
        source = caused_to_speak(view.sentence, position) or subject_of(view, position)
        if source is not None and source < position and can_speak(view, source):
            what = view.sentence.child(position, "xcomp", "ccomp", "advcl")
            content = 0 if what is None else view.subtrees[what]
            result[position] = new_proposal(view, position, content, source, DIRECTIVE)
    return [result[cue] for cue in sorted(result)]


def _caused(view: SentenceView, proposal: Proposal) -> Proposal:
    """Set the person caused to speak as the source: "the leak led the *city* to urge residents to boil water"."""
    cue = proposal.cue
    whom = caused_to_speak(view.sentence, cue)
    if whom is None or not reports(view, cue) or view.quoted >> cue & 1 or not can_speak(view, whom):
        return proposal
    return with_cue(with_source(proposal, whom, CAUSED), CAUSED, least=2.0)


def _directs(view: SentenceView, cue: int) -> bool:
    """Return whether the verb is a directive, with an addressee and an infinitive: "told her to sit", "called on the
    airline to pay", "appealed to drivers to slow down"."""
    words, sentence = view.words, view.sentence
    if words[cue].upos != "VERB" or view.lemmas[cue] not in grammar_lexicon().directive or view.passive(cue):
        return False
    what, whom = sentence.child(cue, "xcomp", "ccomp", "advcl"), sentence.child(cue, "iobj", "obj")
    if view.text_at(cue + 1) in grammar_lexicon().addressed_with.get(view.lemmas[cue], ()):
        on = words[cue + 1].head
        named = can_speak(view, on) or words[on].upos == "PROPN" or is_plural(words[on])
        whom = on if words[on].head == cue and named and not _is_day(view, on) else None
        what = sentence.child(on, "acl") if what is None else what
    elif what is not None and words[what].relation == "advcl":
        return False
    if what is None or whom is None or not cue < whom < what or words[what].xpos != "VB":
        return False
    return sentence.child(what, "nsubj") is None and view.role(what, "mark") == "to"


def _is_day(view: SentenceView, position: int) -> bool:
    return view.text_at(position) in organization_words().calendar


def _directive(view: SentenceView, proposal: Proposal) -> Proposal:
    """Raise the cue score of directives, which are reports: "advised drivers to avoid the bridge"."""
    source = proposal.source.best
    if not _directs(view, proposal.cue) or source is None:
        return proposal
    if not (can_speak(view, source) or is_document(view, source)):
        return proposal
    what = view.sentence.child(proposal.cue, "xcomp", "ccomp", "advcl")
    if what is not None and not proposal.content.best >> what & 1:  # "appealed to witnesses to come forward"
        proposal = with_content(proposal, view.subtrees[what], DIRECTIVE)
    return with_cue(with_source(proposal, source, DIRECTIVE), DIRECTIVE, least=2.0)

"""Rules for asides and "as" clauses: the aside names the speaker, the surrounding clause is the content.

In the older boats, *said Clowe*, the owners insisted the hull was safe.
…, *the union has announced*.
As *the Chronicle* first reported, the mayor sold the land.
“He is a hero,” as *the Herald* called him.
"""

from collections.abc import Sequence
from typing import Final

from service.extraction.attribution.asides import Aside
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions
from service.extraction.noun_phrases import is_plural, role_of
from service.extraction.rules.constructions import (
    can_speak,
    grammar_lexicon,
    is_document,
    is_finite,
    reports,
    with_content,
    with_cue,
    with_source,
)
from service.extraction.tags import NOUNS
from service.extraction.wordlists import organization_words, person_words, word_list

ASIDE: Final = "aside"
AS_CLAUSE: Final = "as-clause"
TIME: Final = "time-not-source"
BEHIND: Final = "cue-after-quote"
TITLE: Final = "title-before-name"
_ENDS: Final = frozenset({".", "!", "?", "”", '"', "#"})
_MEDIUM: Final = frozenset({"in", "by", "on"})


def inversions(view: SentenceView, proposals: Sequence[Proposal]) -> list[Proposal]:
    """Set the source and content of proposals whose cue stands in an aside or an "as" clause."""
    result = list(proposals)
    for rule in (_time, _authority, _aside, _as_clause, _after_quote, _titled, _roles, _relative):
        result = [rule(view, item) for item in result]
    return result


def _time(view: SentenceView, proposal: Proposal) -> Proposal:
    """Replace a day as the source by the subject: "…, the engineer, Rosa Lind, told the council on Tuesday"."""
    source, subject = proposal.source.best, view.sentence.child(proposal.cue, "nsubj")
    if source is None or subject is None or view.passive(proposal.cue):
        return proposal
    day = view.text_at(source) in organization_words().calendar and view.words[source].relation == "obl"
    return with_source(proposal, subject, TIME) if day else proposal


def _authority(view: SentenceView, proposal: Proposal) -> Proposal:
    """Take the clause on both sides of an "according to" as the content.

    Example: "He had, according to Alex Horton, killed and eaten a rabbit".
    """
    aside, words = view.aside(proposal.cue), view.words
    if aside is None or view.text_at(proposal.cue) != "according" or view.quoted:
        return proposal
    root = next((at for at in view.sentence.ancestors(aside.source) if words[at].upos in {"VERB", "ADJ", "NOUN"}), None)
    subject = None if root is None else view.sentence.child(root, "nsubj", "expl")
    if root is None or subject is None or not subject < aside.first <= aside.last < root:
        return proposal
    if view.text_at(aside.first - 1) != "," or words[root].relation not in {"root", "conj"}:
        return proposal
    named = view.subtrees[aside.source] | between(aside.first, aside.last + 1)
    return with_content(proposal, view.subtrees[root] & ~named, ASIDE)


def _aside(view: SentenceView, proposal: Proposal) -> Proposal:
    cue = proposal.cue
    aside = view.aside(cue)
    if aside is None or view.text_at(cue) == "according" or view.text_at(aside.first - 1) != "," or view.passive(cue):
        return proposal
    subject = view.sentence.child(cue, "nsubj")
    after = aside.source > cue and view.words[aside.source].relation in {"obl", "iobj"}
    if subject is not None and not aside.first <= subject <= aside.last and after:
        return proposal  # "the engineer, Rosa Lind, told the council on Tuesday"
    trailing = _named_before(view, cue, aside)
    if trailing is not None:
        aside = Aside(aside.first, aside.last, trailing)
    elif (
        view.words[cue].relation == "acl"
        or not _says(view, cue)
        or view.words[aside.first].upos == "CCONJ"
        or _object(view, cue, aside.last)
    ):
        return proposal
    if view.quoted or not (can_speak(view, aside.source) or is_document(view, aside.source)):
        return proposal
    left, right = between(0, aside.first), ~between(0, aside.last + 1) & between(0, len(view.words))
    at_end = view.text_at(aside.last + 1) in _ENDS
    if not at_end and view.text_at(aside.last + 1) != ",":
        return proposal
    said = left if at_end else left | right
    if not _clause(view, left if at_end else said) or _opens_with_participle(view, left):
        return proposal
    proposal = with_source(proposal, aside.source, ASIDE)
    if not proposal.content.best & left or not _clause(view, proposal.content.best):
        inverted = aside.source > cue
        proposal = with_content(proposal, left if not inverted and _clause(view, left) else said, ASIDE)
    return with_cue(proposal, ASIDE)


def _named_before(view: SentenceView, cue: int, aside: Aside) -> int | None:
    """Return the head of the aside's noun phrase if the tree attaches the verb to it as a relative clause.

    Example: "Prices fell, *data* from the office showed." Returns None for any other aside.
    """
    words, head = view.words, view.words[cue].head
    if words[cue].relation != "acl" or not aside.first <= head < cue or view.text_at(aside.last + 1) not in _ENDS:
        return None
    if view.quoted or aside.last != cue or not _says(view, cue) or not is_finite(view, cue):
        return None
    apart = any(words[at].upos in {"ADP", "VERB"} for at in range(head + 1, cue))
    return head if apart and (is_document(view, head) or view.lemmas[head] in grammar_lexicon().findings) else None


def _relative(view: SentenceView, proposal: Proposal) -> Proposal:
    """Set the name in "as has Graham Sorrel, who said" as the source if the tree attaches it elsewhere."""
    cue, words, source = proposal.cue, view.words, proposal.source.best
    antecedent = words[cue].head
    if source is None or view.text_at(source) != "who" or words[cue].relation != "acl" or antecedent > source:
        return proposal
    broken = words[antecedent].relation in {"flat", "compound"} and words[antecedent].upos == "PROPN"
    return with_source(proposal, antecedent, TITLE) if broken else proposal


def _after_quote(view: SentenceView, proposal: Proposal) -> Proposal:
    """Take the preceding quotation as the content of a verb without an object: "“Where were you?” Alder continued."."""
    cue, words, subject = proposal.cue, view.words, view.sentence.child(proposal.cue, "nsubj")
    if not view.follows_quote or words[cue].relation != "root" or subject is None or subject > cue:
        return proposal
    if view.solid & between(0, first(view.subtrees[subject] & view.solid)) or proposal.source.best != subject:
        return proposal
    on = view.lemmas[cue] == "go" and view.text_at(cue + 1) == "on" and view.text_at(cue + 2) in {",", "."}
    if not (on or view.lemmas[cue] == "continue") or view.quoted or not can_speak(view, subject):
        return proposal
    if view.sentence.child(cue, "obj", "xcomp", "ccomp", "obl") is not None:
        return proposal
    return with_cue(with_content(proposal, 0, BEHIND), BEHIND)


def _says(view: SentenceView, cue: int) -> bool:
    """Return whether the verb can report in an aside: "the union has announced", but not "the union published"."""
    return view.classes[cue] in {"say", "tell", "ask", "write"} or view.lemmas[cue] in grammar_lexicon().announcing


def _object(view: SentenceView, cue: int, end: int) -> bool:
    """Return whether the verb has an object before `end` that is neither an addressee nor a time: "released a
    letter"."""
    words = view.words
    subjects = {at for at in view.sentence.children(cue) if words[at].relation == "nsubj"}
    for at in range(cue + 1, end + 1):
        if words[at].head != cue or at in subjects:
            continue
        if words[at].deprel in {"obj", "iobj", "xcomp", "ccomp"} and view.classes[cue] not in {"tell", "ask"}:
            return any(c < cue for c in subjects)  # "insists Ann Cole": the subject, whatever the tree says
        if words[at].relation == "obl" and view.role(at, "case") in {"to", "of", "about", "with"}:
            return not can_speak(view, at)
    return False


def _clause(view: SentenceView, words: WordSet) -> bool:
    """Return whether `words` contain a finite verb with its subject."""
    return any(is_finite(view, at) for at in positions(words & view.verbs)) and bool(words & view.finite)


def _opens_with_participle(view: SentenceView, words: WordSet) -> bool:
    """Return whether a participle opens `words`: "Speaking later, he said, …"."""
    solid = words & view.solid
    return bool(solid) and view.words[first(solid)].xpos in {"VBG", "VBN"}


def _as_clause(view: SentenceView, proposal: Proposal) -> Proposal:
    """Take the clause modified by "as X called him" or "as reported by X" as the content, with X as its source."""
    cue, words, sentence = proposal.cue, view.words, view.sentence
    mark = sentence.child(cue, "mark", "advmod")
    if words[cue].upos != "VERB" or mark is None or view.text_at(mark) != "as":
        return proposal
    own = view.subtrees[cue]
    if words[cue].relation == "root" and view.quoted_spans:
        own &= ~between(0, mark)  # "“The queen of soup,” as the Echo dubbed her."
    elif words[cue].relation != "advcl":
        return proposal
    if first(own) != mark or view.quoted >> cue & 1 or not _reports_after_as(view, cue):
        return proposal
    source = _source_after_as(view, cue, mark)
    if source is None:
        return proposal
    wording = view.lemmas[cue] in word_list("rules", "wording")
    if sentence.child(cue, "ccomp") is not None or (not wording and sentence.child(cue, "obj")):
        return proposal
    content = _content_around_as(view, mark, last(own & view.solid), wording=wording)
    if not content:
        return proposal
    return with_cue(with_content(with_source(proposal, source, AS_CLAUSE), content, AS_CLAUSE), AS_CLAUSE)


def _reports_after_as(view: SentenceView, cue: int) -> bool:
    """Return whether the verb after "as" reports: "as X said", "as X called him", "as X likes to say"."""
    lemma = view.lemmas[cue]
    if view.classes[cue] in {"say", "tell"} or lemma in word_list("rules", "wording") | grammar_lexicon().announcing:
        return True
    says = view.sentence.child(cue, "xcomp")
    return lemma in {"like", "love", "use", "prefer"} and says is not None and view.lemmas[says] in {"say", "put"}


def _source_after_as(view: SentenceView, cue: int, mark: int) -> int | None:
    """Return the source of the verb after "as": its subject, or the medium in "as seen on the *website*"."""
    words, children = view.words, view.sentence.children(cue)
    subject = next((c for c in children if words[c].relation == "nsubj" and c > mark), None)
    if subject is None and words[cue].relation == "root":
        subject = next((c for c in children if mark < c < cue and can_speak(view, c)), None)
    if subject is not None and view.passive(cue):
        return None
    if subject is None and words[cue].xpos == "VBN":
        subject = next((c for c in children if view.role(c, "case") in _MEDIUM and c > cue), None)
    return subject if subject is not None and (can_speak(view, subject) or is_document(view, subject)) else None


def _content_around_as(view: SentenceView, mark: int, end: int, *, wording: bool) -> WordSet:
    """Return the content after or before a clause that begins with "as" at `mark` and ends at `end`; none if it is no
    clause and not quoted."""
    after_quote = bool(view.quoted & between(0, mark)) and view.text_at(mark - 1) in {"”", '"', "’", "'", ","}
    if not view.solid & between(0, mark) and view.text_at(end + 1) == ",":
        said = between(end + 1, len(view.words))
    elif view.text_at(end + 1) in _ENDS and (after_quote or (view.text_at(mark - 1) == "," and not wording)):
        said = between(0, mark)
    else:
        return 0
    return said if after_quote or _clause(view, said) else 0


def _titled(view: SentenceView, proposal: Proposal) -> Proposal:
    """Keep a title's participle from being the cue: "said Managing Director Ann Cole"."""
    cue, words, sentence = proposal.cue, view.words, view.sentence
    title = cue + 1
    if not reports(view, cue) or title >= len(words) or words[title].xpos != "VBG" or words[title].head != cue:
        return proposal
    if not words[title].text[:1].isupper():
        return proposal
    named = sentence.child(title, "obj", "nsubj", "xcomp", "obl")
    if named is None or words[named].upos != "PROPN":
        return proposal
    content = proposal.content.best & ~view.subtrees[title]
    proposal = with_source(proposal, named, TITLE)
    return with_content(proposal, content, TITLE) if content else proposal


def _roles(view: SentenceView, proposal: Proposal) -> Proposal:
    """Set the final name as the source if two roles describe one person: "said neighbour and former pilot Tom Reed"."""
    cue, words, source = proposal.cue, view.words, proposal.source.best
    if source is None or source < cue or not reports(view, cue) or not _is_bare_role(view, source):
        return proposal
    joined = [c for c in view.sentence.children(source) if words[c].relation in {"conj", "flat"} and c > source]
    named = joined[-1] if joined else None
    if named is None or not _is_name(view, named):
        return proposal
    roles = [at for at in range(source + 1, named) if words[at].upos in NOUNS]
    if not roles or any(words[at].text == "," or words[at].upos == "DET" for at in range(source, named)):
        return proposal
    if not any(role_of(words[at]) in _known_roles() for at in roles):
        return proposal
    return with_source(proposal, named, TITLE)


def _known_roles() -> frozenset[str]:
    """Return all titles and nouns for a person."""
    return person_words().titles | person_words().roles.keys()


def _is_bare_role(view: SentenceView, position: int) -> bool:
    """Return whether the word is a singular role or title without a determiner and is not a name."""
    children = [view.words[c].relation for c in view.sentence.children(position)]
    word = view.words[position]
    return (
        role_of(word) in _known_roles()
        and not is_plural(word)
        and "det" not in children
        and "nmod:poss" not in children
    )


def _is_name(view: SentenceView, position: int) -> bool:
    word = view.words[position]
    return word.upos == "PROPN" and role_of(word) not in _known_roles()

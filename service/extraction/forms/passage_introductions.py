"""The sentence before a passage that introduces it: "In a statement, the club said:".

The cue is its last reporting verb, or its last noun for a statement ("Ann Cole posted this message on X:").
"""

from dataclasses import dataclass
from typing import Final

from service.extraction.attribution.cues import is_negated
from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.attribution.sources import as_source
from service.extraction.document import Document
from service.extraction.noun_phrases import role_of
from service.extraction.report import Cue, CueClass, Source
from service.extraction.tags import BEFORE_AUTHORS, NOUNS
from service.extraction.wordlists import person_words, word_list
from service.input.article import Span
from service.parsing.tree import Sentence, SentenceIndex

_MIN_WORDS: Final = 4  # words of "According to X:"
_MAX_STEPS: Final = 4  # steps from a verb to the one whose subject it shares


@dataclass(frozen=True, slots=True)
class Introduction:
    """A sentence that introduces a passage: its cue, and its source, None if the sentence names nobody."""

    sentence: SentenceIndex
    cue: Cue
    source: Source | None
    negated: bool


def introduction_at(document: Document, span: Span) -> Introduction | None:
    """Return the introduction in the last sentence of the paragraph at `span`, or None if it reports nothing."""
    number = document.sentence_at(span.end - 1)
    if number is None:
        return None
    sentence = document.parse.sentences[number]
    if not span.contains(Span(*sentence.span)):
        return None
    according = _according(sentence, number)
    if according is not None:
        return according
    # Without a colon, a subordinate clause introduces nothing: "Cole left when the doctor told her to go." One after
    # "here" does: "Here is what she said."
    without_colon = sentence.words[-1].text != ":" and sentence.words[0].text.lower() not in {"here", "this"}
    for head in range(len(sentence.words) - 1, -1, -1):
        cue_class = _class_of(sentence, head)
        if cue_class is None or (without_colon and _is_subordinate(sentence, head)):
            continue
        subject = _subject(sentence, head)
        if subject is None and not _stands_alone(sentence, head):
            continue
        source = None if subject is None else as_source(sentence, number, subject)
        word = sentence.words[head]
        return Introduction(number, Cue(word.span, word.lemma.lower(), cue_class), source, is_negated(sentence, head))
    return None


def _according(sentence: Sentence, number: SentenceIndex) -> Introduction | None:
    """Return the introduction "According to the mayor’s office:", which the parser analyses in various ways."""
    words = sentence.words
    if len(words) < _MIN_WORDS or words[0].text.lower() != "according" or words[1].text.lower() != "to":
        return None
    nouns = [at for at in range(2, len(words)) if words[at].upos in NOUNS]
    head = next((at for at in nouns if words[at].head not in nouns), None)
    if head is None:
        return None
    cue = Cue(Span(words[0].span.start, words[1].span.end), "accord", "say")
    return Introduction(number, cue, as_source(sentence, number, head), negated=False)


def _class_of(sentence: Sentence, head: int) -> CueClass | None:
    """Return the class of the cue at `head`: a reporting verb, or a noun for a statement."""
    word = sentence.words[head]
    lemma = word.lemma.lower()
    if lemma == "go" and head + 1 < len(sentence.words) and sentence.words[head + 1].text.lower() == "on":
        return "say"  # "He went on:"
    if word.upos == "VERB":
        if lemma in word_list("forms", "verbs_before_words"):
            return "say" if _has_words_after(sentence, head) else None
        known = cue_lexicon().verbs.get(lemma)
        return known if known in SPEECH else None
    if word.upos == "NOUN" and lemma in word_list("forms", "statement_nouns"):
        return "write" if lemma in {"letter", "post", "tweet", "email", "e-mail", "memo", "caption"} else "say"
    return None


def _has_words_after(sentence: Sentence, verb: int) -> bool:
    """Return whether a passage is the object of the verb: "The note read:", "Cole put it this way:"."""
    words = sentence.words
    if words[verb].lemma.lower() == "put":
        thing = sentence.child(verb, "obj")
        return thing is not None and words[thing].text.lower() == "it"
    subject = sentence.child(verb, "nsubj")
    if subject is None or words[subject].upos != "NOUN" or role_of(words[subject]) in person_words().roles:
        return False
    return words[-1].text == ":" and verb == len(words) - 2


def _is_subordinate(sentence: Sentence, head: int) -> bool:
    """Return whether the verb at `head` is in a clause that only modifies the sentence: "…, whatever Cole told her"."""
    at = head
    for _ in range(_MAX_STEPS):
        word = sentence.words[at]
        if (word.relation == "advcl" or word.deprel == "acl:relcl") and any(
            sentence.words[child].deprel.startswith("nsubj") for child in sentence.children(at)
        ):
            return True
        if word.head < 0 or word.relation not in {"conj", "xcomp", "ccomp"}:
            return False
        at = word.head
    return False


def _subject(sentence: Sentence, head: int) -> int | None:
    """Return the head of the source: the subject of the reporting verb, or the author or owner of the statement."""
    word = sentence.words[head]
    if word.upos == "NOUN":
        for child in sentence.children(head):
            case = sentence.child(child, "case")
            if (
                sentence.words[child].relation == "nmod"
                and case is not None
                and sentence.words[case].text.lower() in BEFORE_AUTHORS
            ):
                return child
        possessor = sentence.child(head, "nmod:poss")
        if possessor is not None:
            return possessor
        verb = word.head
        if verb < 0 or word.relation not in {"obj", "obl"}:
            return None
        if word.lemma.lower() in word_list("forms", "point_nouns") and sentence.words[
            verb
        ].lemma.lower() not in word_list("forms", "giving_verbs"):
            return None
        return _subject_of_verb(sentence, verb)
    return _subject_of_verb(sentence, head)


def _subject_of_verb(sentence: Sentence, verb: int) -> int | None:
    for _ in range(_MAX_STEPS):
        agent = next((child for child in sentence.children(verb) if sentence.words[child].deprel == "obl:agent"), None)
        subject = agent if agent is not None else sentence.child(verb, "nsubj")
        if subject is not None and sentence.words[subject].deprel == "nsubj:pass" and agent is None:
            return None
        if subject is not None:
            relative = sentence.words[subject].text.lower() in {"who", "which", "that"}
            governor = sentence.words[verb].head
            return governor if relative and governor >= 0 else subject
        word = sentence.words[verb]
        if word.head < 0 or word.relation not in {"conj", "xcomp", "advcl", "acl"}:
            return None
        verb = word.head
        if word.relation == "acl":  # "had this to say"
            noun = sentence.words[verb]
            if noun.head < 0 or noun.relation != "obj":
                return None
            verb = noun.head
    return None


def _stands_alone(sentence: Sentence, head: int) -> bool:
    """Return whether the noun is the sentence's subject and needs no source: "Answers include:"."""
    word = sentence.words[head]
    return (
        word.upos == "NOUN"
        and word.lemma.lower() in word_list("forms", "sourceless_nouns")
        and word.relation in {"nsubj", "root"}
    )

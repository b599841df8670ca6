"""Distinguishes statements from acts: speech counts, acts such as "claimed the last wicket" do not."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Final

from service.extraction.attribution.confidence import form_of, source_kind, top_of
from service.extraction.attribution.cues import withheld
from service.extraction.attribution.lexicons import ATTITUDE, boundary_words, cue_lexicon
from service.extraction.attribution.proposals import Proposal
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, first, last, positions
from service.extraction.noun_phrases import is_aged
from service.extraction.report import CueClass, QuoteKind
from service.extraction.rules import embedded_questions
from service.extraction.rules.constructions import grammar_lexicon
from service.extraction.rules.passives import agent_of
from service.extraction.tags import OBJECTS
from service.extraction.wordlists import read_lexicon, word_list, words_in
from service.input.article import Span


def is_speech(kind: QuoteKind, cue_class: CueClass | None) -> bool:
    """Return whether a quote of this kind, reported by a cue of this class, is speech.

    `cue_class` is None for a quote without a cue. Words in quotation marks count as speech whatever verb reports them:
    "he recalled", "she laughed".
    """
    return kind != "indirect" or cue_class not in ATTITUDE


_PEOPLE: Final = frozenset({"him", "her", "them", "me", "us", "you"})
_PERSONS: Final = frozenset({"person", "person noun"})
_THINGS: Final = frozenset({"other noun", "place"})
_NOMINAL_FORMS: Final = frozenset({"nominal", "verb inside"})
_POINTING: Final = frozenset({"PRON", "ADP", "PUNCT"})
_MAX_NAME_WORDS: Final = 4  # words
_SCARE_QUOTES: Final = 2  # words in marks that are not speech
_NAMED: Final = frozenset({"call", "name", "know", "identify", "refer"})


@dataclass(frozen=True, slots=True)
class StatementPhrases:
    """Verbs whose noun phrase can be a statement, and nouns for evidence; read from `lexicon/statements.toml`."""

    objects: frozenset[str]
    only: dict[str, frozenset[str]]
    never: dict[str, frozenset[str]]
    by_someone: frozenset[str]
    about_someone: frozenset[str]
    prepositions: dict[str, frozenset[str]]
    predicates: dict[str, frozenset[str]]
    infinitives: frozenset[str]
    influence: frozenset[str]
    evidence: frozenset[str]
    silences: frozenset[str]
    studies: frozenset[str]
    times: frozenset[str]
    after_silence: frozenset[str]


@cache
def statement_phrases() -> StatementPhrases:
    """Load the statement lexicon shipped with the package."""
    table = read_lexicon("statements.toml")
    return StatementPhrases(
        objects=words_in(table["object"]["verbs"]),
        only={verb: words_in(nouns) for verb, nouns in table["object"]["only"].items()},
        never={verb: words_in(nouns) for verb, nouns in table["object"]["never"].items()},
        about_someone=words_in(table["object"]["person"]["verbs"]),
        by_someone=words_in(table["object"]["speaker"]["verbs"]),
        prepositions={word: words_in(verbs) for word, verbs in table["preposition"].items()},
        predicates={verb: words_in(words) for verb, words in table["predicate"].items()},
        infinitives=words_in(table["infinitive"]["verbs"]),
        influence=words_in(table["influence"]["verbs"]),
        evidence=words_in(table["evidence"]["verbs"]),
        silences=words_in(table["silence"]["verbs"]),
        studies=words_in(table["studies"]["nouns"]),
        times=words_in(table["time"]["conjunctions"]),
        after_silence=words_in(table["time"]["conjunctions"]) | words_in(table["time"]["after_silence"]),
    )


def is_act(proposal: Proposal) -> bool:
    """Return whether the proposal is an act instead of a statement: "pleaded guilty", "agreed to pay".

    Such a content is a bare noun phrase whose verb does not report it, a procedural act, or a consent to do something.
    """
    view, cue, content = proposal.view, proposal.cue, proposal.content.best
    if ("content", embedded_questions.RULE) in proposal.decided and embedded_questions.is_left_open(view, cue):
        return False
    return (
        _is_procedure(view, cue, content)
        or _is_silence(view, cue, content)
        or _is_question_put(view, cue, content)
        or _is_only_addressed(view, cue, content)
        or _is_told_of(view, cue)
        or _is_duty(view, proposal)
        or _is_remark(view, cue, content)
        or _is_relative_clause(view, content)
        or view.lemmas[cue] in statement_phrases().influence
        or _is_evidence(view, proposal)
        or _is_time(view, cue, content)
        or _is_noun_phrase_of_act(proposal)
    )


def _is_time(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether the content is only the time clause before the cue: "*When Dale pulled up*, she claimed it"."""
    return bool(content) and last(content) < cue and not content & view.solid & ~_time_clauses(view, cue)


def _is_noun_phrase_of_act(proposal: Proposal) -> bool:
    """Return whether the content is a bare noun phrase that the verb does not report: "claimed *the last wicket*"."""
    view, cue = proposal.view, proposal.cue
    content = proposal.content.best & ~_time_clauses(view, cue)
    if has_scare_quotes(proposal):
        content &= ~view.quoted
    if view.words[cue].upos != "VERB" or not _is_nominal(view, content) or content & view.according:
        return False
    if all(view.words[position].upos in _POINTING for position in positions(content)):
        return True  # "asked about it": the statement itself is elsewhere
    if _is_only_about_person(view, cue, content):
        return True
    top, lemma, phrases = top_of(view, content), view.lemmas[cue], statement_phrases()
    if view.words[top].head != cue or view.words[top].relation == "ccomp":
        return False
    if view.words[top].relation in OBJECTS or (view.words[top].relation == "nsubj" and view.passive(cue)):
        nobody = _THINGS | {"no source"} if view.passive(cue) else _THINGS
        if source_kind(view, proposal.source.best) in nobody and lemma in phrases.by_someone:
            return True
        if lemma in phrases.only:
            predicate = view.sentence.child(cue, "xcomp")  # "called the plan a mistake"
            return predicate is None and view.lemmas[top] not in phrases.only[lemma]
        return lemma not in phrases.objects
    preposition = view.role(top, "case")
    return bool(preposition) and lemma not in phrases.prepositions.get(preposition, frozenset())


def _is_only_about_person(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether a verb of praise or blame has only a person as its content: "praised *the captain*"."""
    thing = view.sentence.child(cue, "obj")
    if view.lemmas[cue] not in statement_phrases().about_someone or thing is None or not content >> thing & 1:
        return False
    alone = not content & ~view.subtrees[thing]  # unlike "criticised the minister for delaying the vote"
    return _is_person(view, thing) and (alone or form_of(view, content) == "nominal")


def _is_nominal(view: SentenceView, content: WordSet) -> bool:
    """Return whether the content is a noun phrase, with or without a relative clause."""
    form = form_of(view, content)
    if form != "finite":
        return form in _NOMINAL_FORMS
    clauses = [at for top in positions(view.tops(content)) for at in positions(view.children[top] & view.finite)]
    return not view.tops(content) & view.verbs and all(view.words[at].relation == "acl" for at in clauses)


def has_scare_quotes(proposal: Proposal) -> bool:
    """Return whether the only marks in the content are around a word or two before its noun: “recalled ‘faulty’
    heaters”."""
    view, content = proposal.view, proposal.content.best
    spans = [words for words in view.quoted_spans.values() if words & content]
    if not spans or view.tops(content) & view.quoted:
        return False
    top = top_of(view, content)
    return all(last(words) < top and (words & view.solid).bit_count() <= _SCARE_QUOTES for words in spans)


def _time_clauses(view: SentenceView, cue: int) -> WordSet:
    """Return the clauses that say when the cue happened: "claimed the last wicket *when Dale pulled to midwicket*"."""
    result = 0
    for child in view.sentence.children(cue):
        words = view.subtrees[child]
        if (
            view.words[child].relation == "advcl"
            and view.text_at(first(words & view.solid)) in statement_phrases().times
        ):
            result |= words
    return result


def _is_person(view: SentenceView, position: int) -> bool:
    """Return whether the word denotes one or several people, whom a verb of praise or blame is about."""
    if view.words[position].upos == "PRON":
        return view.text_at(position) in _PEOPLE
    return source_kind(view, position) in _PERSONS or is_aged(view.sentence, position)


def _is_procedure(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether the content makes the verb a procedural act ("not guilty"), or contains an object that the verb
    acts on ("declared the innings closed")."""
    phrases, lemma = statement_phrases(), view.lemmas[cue]
    complements = phrases.predicates.get(lemma, frozenset())
    clause = bool(content) and view.words[top_of(view, content)].relation == "ccomp"  # "found that he was guilty"
    if not clause and any(view.text_at(at) in complements for at in positions(content & ~view.quoted)):
        return True
    thing = view.sentence.child(cue, "obj")
    return thing is not None and view.text_at(thing) in phrases.never.get(lemma, frozenset())


def _is_question_put(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether the participle only names a topic: "Asked about the leak, he left", "Told of the verdict, she
    wept"."""
    word = view.words[cue]
    asked = view.classes[cue] == "ask" or view.lemmas[cue] in grammar_lexicon().addressing
    if word.xpos != "VBN" or word.relation not in {"advcl", "acl"} or not asked or view.passive(cue):
        return False
    return form_of(view, content) == "nominal" and agent_of(view, cue) is None


def _is_remark(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether the cue is in the writer's remark on a statement: ", a claim *rejected* by the judge"."""
    word = view.words[cue]
    if word.relation != "acl" or view.lemmas[word.head] not in boundary_words("comment", "nouns") or word.head < 2:
        return False
    renamed = view.text_at(word.head - 1) in {"a", "an"} and view.text_at(word.head - 2) == ","
    return renamed and not content & ~view.subtrees[word.head]


def _is_silence(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether the content only states a refusal to comment: "declined to comment on the report"."""
    verb = withheld(view.sentence, cue, cue_lexicon())
    verb = cue if verb is None and view.cue(cue).negated else verb
    if verb is None or view.lemmas[verb] not in statement_phrases().silences:
        return False
    for position in view.cue(cue).words:
        content &= ~(1 << position)
    for child in view.sentence.children(verb):
        mark = view.role(child, "mark")
        if view.words[child].relation == "advcl" and mark in statement_phrases().after_silence:
            content &= ~view.subtrees[child]
    return not content & (view.finite | view.quoted)


def _is_only_addressed(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether the content only holds the subject who was told or warned: "Two ministers were warned in
    March"."""
    if not content or not view.passive(cue) or view.lemmas[cue] not in grammar_lexicon().addressing:
        return False
    own = 0
    for child in view.sentence.children(cue):
        own |= view.subtrees[child] if view.words[child].relation in {"nsubj", "aux", "advmod"} else 0
    return not content & ~own


def _is_told_of(view: SentenceView, cue: int) -> bool:
    """Return whether somebody is only told of something before they speak: "When *told of* the firm’s statement, he
    said …"."""
    word = view.words[cue]
    opens = word.xpos == "VBN" and word.relation == "advcl" and not view.subjects(cue)
    return opens and view.text_at(cue + 1) in {"of", "about"} and view.lemmas[cue] in grammar_lexicon().addressing


def _is_duty(view: SentenceView, proposal: Proposal) -> bool:
    """Return whether a rule or a thing obliges somebody: "The law forbids doctors to tell patients …"."""
    lemma, source = view.lemmas[proposal.cue], proposal.source.best
    return (
        lemma in boundary_words("unreal", "obliging")
        and lemma not in cue_lexicon().verbs
        and (source_kind(view, source) in _THINGS)
    )


def is_consent(proposal: Proposal) -> bool:
    """Return whether the content is the infinitive of an act the subject consents to: "agreed to pay"."""
    view, cue, content = proposal.view, proposal.cue, proposal.content.best
    if view.lemmas[cue] not in statement_phrases().infinitives:
        return False
    verb = view.sentence.child(cue, "xcomp")
    return verb is not None and bool((content & ~view.quoted) >> verb & 1) and view.role(verb, "mark") == "to"


def _is_relative_clause(view: SentenceView, content: WordSet) -> bool:
    """Return whether the content is a relative clause, which describes its antecedent: "the aide *who heard the
    call*"."""
    words = content & view.solid
    if not words or content & view.quoted or view.text_at(first(words)) not in word_list("rules", "relative_pronouns"):
        return False
    top = top_of(view, content)
    return view.words[top].relation == "acl" and view.words[top].head < first(words)


def _is_evidence(view: SentenceView, proposal: Proposal) -> bool:
    """Return whether a thing shows the content, and nobody states it: "the empty shelves suggested a rush"."""
    source = proposal.source.best
    if source is None or view.lemmas[proposal.cue] not in statement_phrases().evidence:
        return False
    if view.lemmas[source] in word_list("rules", "recordings") and form_of(view, proposal.content.best) != "finite":
        return True  # "the video shows her on the ground"
    return source_kind(view, source) == "other noun" and view.lemmas[source] not in statement_phrases().studies


def is_cut_off(proposal: Proposal, contents: Sequence[Span]) -> bool:
    """Return whether the content has no verb and ends with a preposition, because the quotation after it belongs to
    another report.

    Example: "accused Oria of" in "Ewa Lind accused Oria of “playing with fire”, her office said.".
    """
    view, end = proposal.view, contents[-1].end if contents else 0
    last = next((at for at, word in enumerate(view.words) if word.span.end == end), None)
    if last is None or view.words[last].relation not in {"case", "mark"}:
        return False
    cut = view.heads[last] > last and bool(view.quoted >> view.heads[last] & 1)
    return cut and not proposal.content.best & view.verbs & ~view.quoted


def is_unsaid(proposal: Proposal) -> bool:
    """Return whether the cue is an infinitive or imperative without a subject, or after "is": "as if to say …", "Do not
    say …", "which is not to say …"."""
    view, cue = proposal.view, proposal.cue
    before = [view.text_at(at) for at in range(max(0, cue - 3), cue)]
    planned = before[-2:] == ["is", "to"] or before[-3:] == ["is", "not", "to"]
    return view.words[cue].xpos == "VB" and (proposal.source.best is None or planned)


def is_naming(proposal: Proposal) -> bool:
    """Return whether the cue states what someone is called: "Fans know him as “The Wall”.", "asked to be called
    “Jay”"."""
    view, content = proposal.view, proposal.content.best
    named = view.sentence.child(proposal.cue, "xcomp")
    if named is not None and view.lemmas[named] in _NAMED and view.passive(named) and content >> named & 1:
        return True
    if _is_name_of_antecedent(view, proposal.cue, content):
        return True
    if view.lemmas[proposal.cue] != "know" or not content:
        return False
    return any(view.text_at(position) == "as" for position in positions(content & ~view.quoted))


def _is_name_of_antecedent(view: SentenceView, cue: int, content: WordSet) -> bool:
    """Return whether a relative clause states the name of its antecedent: "a van she calls “the Duchess”"."""
    if (
        view.lemmas[cue] not in word_list("rules", "calling")
        or view.words[cue].relation != "acl"
        or not content
        or content & ~view.quoted
    ):
        return False
    words = [view.words[at] for at in positions(content & view.solid)]
    named = [word for word in words if word.upos not in {"DET", "ADP"}]
    return len(words) <= _MAX_NAME_WORDS and all(word.text[:1].isupper() for word in named)


def shows(proposal: Proposal) -> bool:
    """Return whether a document, study or poll reports a whole clause: "the survey found one in five …"."""
    view, content = proposal.view, proposal.content.best
    source = proposal.source.best
    if source is None or form_of(view, content) != "finite":
        return False
    return view.lemmas[source] in statement_phrases().studies or source_kind(view, source) == "document noun"

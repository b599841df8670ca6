"""Phrases to which a pronoun of the same sentence does not refer."""

from typing import Final

from service.extraction.noun_phrases import clause_subject, role_of
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.referents import Coreference, ReferentIndex
from service.extraction.wordlists import organization_words, word_list
from service.parsing.tree import Sentence, SentenceIndex

_OF_PERSONS: Final = frozenset({"who", "whom", "whose", "that"})


def disjoint_phrases(coref: Coreference, mention: Mention) -> list[int]:
    """Return the heads of the phrases in the sentence of the pronoun at `mention` that name somebody else."""
    sentence = coref.parse.sentences[mention.sentence]
    subject = clause_subject(sentence, mention.head)
    found = [] if subject is None else [subject]
    if sentence.words[mention.head].relation == "nsubj":
        found += _antecedents(sentence, mention.head) + _questioners(sentence, mention.head)
        found += _descriptions(coref, mention, sentence)
    return found


def addressers(coref: Coreference, mention: Mention) -> frozenset[ReferentIndex]:
    """Return who spoke to somebody in the sentence before, if the pronoun is the source of a reply: "*The judge* told
    Ana Ruiz to stand. She replied: …"."""
    reports = [coref.attributions[at] for at in coref.sources.get((mention.sentence, mention.head), ())]
    replies = (one.cue is not None and one.cue.lemma.lower() in word_list("speakers", "replying") for one in reports)
    if mention.sentence == 0 or not any(replies):
        return frozenset()
    before = SentenceIndex(mention.sentence - 1)
    spoke = [
        coref.resolutions.get((before, one.source.head))
        for one in coref.attributions
        if one.source is not None and one.source.sentence == before and one.cue is not None
        if one.addressee is not None or one.cue.cue_class == "ask"
    ]
    return frozenset(one.referent for one in spoke if one is not None and one.referent is not None)


def _antecedents(sentence: Sentence, pronoun: int) -> list[int]:
    """Return the noun that the pronoun's relative clause describes: "the nurse who *she* said …"."""
    verb = sentence.words[pronoun].head
    if verb < 0 or sentence.words[verb].relation != "acl":
        return []
    noun = sentence.words[verb].head
    between = {word.text.lower() for word in sentence.words[noun + 1 : pronoun]}
    if not noun < pronoun < verb or not between & _OF_PERSONS:
        return []
    nearest = pronoun - 2  # the parser often attaches the clause to a noun further back
    if nearest > noun and sentence.words[nearest].text == ",":
        nearest -= 1
    flat = sentence.words[nearest].relation == "flat"
    nearest = sentence.words[nearest].head if flat else nearest
    return [at for at in (noun, nearest) if role_of(sentence.words[at]) not in organization_words().documents]


def _questioners(sentence: Sentence, pronoun: int) -> list[int]:
    """Return those named in a phrase before the pronoun: "Under questioning by *Tate*, he agreed"."""
    verb = sentence.words[pronoun].head
    if verb < 0:
        return []
    found = []
    for phrase in sentence.children(verb):
        if phrase >= pronoun or sentence.words[phrase].relation not in {"obl", "advcl"}:
            continue
        for at in sentence.subtree(phrase):
            case = sentence.child(at, "case")
            before = sentence.words[case].text.lower() if case is not None else ""
            document = before == "in" and role_of(sentence.words[at]) in organization_words().documents
            if at < pronoun and (document or before in word_list("speakers", "before_others")):
                found.append(at)
    return found


def _descriptions(coref: Coreference, mention: Mention, sentence: Sentence) -> list[int]:
    """Return the descriptions that end directly before the pronoun: "Born in Chur, *the daughter of a baker*, she saw
    …", "After meeting *the minister*, he said …"."""
    last = mention.head - 2
    if last < 0 or sentence.words[last + 1].text != ",":
        return []
    found = [(head, coref.mentions.get((mention.sentence, head))) for head in range(last + 1)]
    nouns = [head for head, noun in found if noun is not None and noun.form == "noun" and noun.kind == "person"]
    ending = [head for head in nouns if sentence.subtree(head)[-1] in {last, last + 1}]
    return [head for head in ending if not _is_predicate(sentence, head)]


def _is_predicate(sentence: Sentence, head: int) -> bool:
    """Return whether the noun says what the pronoun is: "As *mayor*, she opened the pier"."""
    case = sentence.child(head, "case")
    return case is not None and sentence.words[case].text.lower() == "as"

"""Properties of noun phrases: role noun, determiner, owner, number, modifiers and affiliation."""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import pairwise
from typing import Literal

from service.extraction.tags import BEFORE_AUTHORS, NOMINALS, NOUNS, VERBS
from service.extraction.wordlists import nations, organization_words, person_words, word_list
from service.input.article import Span
from service.parsing.tree import Sentence, Word

Determiner = Literal["definite", "indefinite", "possessive", "none"]

_DEFINITE = frozenset({"the", "this", "that", "these", "those", "both"})
_INDEFINITE = frozenset({"a", "an", "another", "one", "some", "any", "no", "every", "each", "several", "many", "other"})
_MODIFYING = frozenset({"amod", "compound", "nummod", "nmod"})
_NAMING_VERBS = frozenset({"name", "call", "identify", "give", "nickname"})
_CUT = frozenset({"acl", "parataxis", "advcl", "appos", "conj", "cc", "cop", "punct", "nsubj", "aux", "case", "mark"})
_CACHE_SIZE = 4096  # maximum number of cached words
_AGE = re.compile(r"\d+-year-olds?$")
DOER = re.compile(r"(?:er|or|ist|ian|ant|man|woman)s?$")  # nouns for people that are in no list: objectors


def role_of(word: Word) -> str:
    """Normalize the word for lookup as a role noun: lower case, singular, titles spelled out ("Sen.")."""
    return _role(word.text, word.lemma)


@lru_cache(_CACHE_SIZE)
def _role(text: str, lemma: str) -> str:
    lower = text.lower().rstrip(".")
    if _AGE.search(lower):
        return "person"
    roles, words = person_words().roles, organization_words()
    for form in (lower, lemma.lower(), lower.removesuffix("s"), lower.removesuffix("es")):
        if form in roles or form in words.heads or form in words.documents or form in words.collectives:
            return form
    return lemma.lower().rstrip(".") or lower


def is_aged(sentence: Sentence, head: int) -> bool:
    """Return whether the word at `head` ends an age: "35-year-old", as one word or several."""
    words = sentence.words
    last = words[head].text.lower()
    if not last.endswith(("old", "olds")):
        return False
    parts = [word.text.lower() for word in words[max(0, head - 2) : head]]
    return _AGE.search(last) is not None or (last in {"old", "olds"} and parts == ["year", "-"])


def determiner(sentence: Sentence, head: int) -> Determiner:
    """Return the type of the phrase's determiner; "possessive" if the phrase has an owner."""
    for child in sentence.children(head):
        word = sentence.words[child]
        lower = word.text.lower()
        if word.relation == "nmod" and word.deprel == "nmod:poss":
            return "possessive"
        if word.relation in {"det", "nummod", "amod"}:
            if lower in _DEFINITE:
                return "definite"
            if lower in _INDEFINITE:
                return "indefinite"
    return "none"


def owner(sentence: Sentence, head: int) -> int | None:
    """Return the position of the possessor ("Watson" in "Watson's lawyer"), or None."""
    return next((child for child in sentence.children(head) if sentence.words[child].deprel == "nmod:poss"), None)


def affiliation_of(sentence: Sentence, head: int) -> int | None:
    """Return the position of the organization or person that the one at `head` acts for.

    Example: "Velda" in "Velda's lawyer", "a lawyer for Velda", "the Velda lawyer" and "head of sales at Velda".
    """
    words = sentence.words
    whose = owner(sentence, head)
    if whose is not None:
        return whose
    for child in sentence.children(head):
        if child > head and words[child].relation == "nmod" and _acts_for(sentence, child):
            return child
    return next(
        (
            child
            for child in reversed(sentence.children(head))
            if child < head and words[child].upos == "PROPN" and words[child].relation in {"compound", "nmod"}
        ),
        None,
    )


def affiliation_of_titled(sentence: Sentence, head: int, first: int) -> int | None:
    """Like `affiliation_of`, for the titles before a name from `first` to its head: "Velda chief Ana Ruiz"."""
    words = sentence.words
    for child in reversed(sentence.children(head)):
        if child < first and words[child].deprel in {"nmod:desc", "compound", "nmod:poss"}:
            if words[child].upos == "PROPN" and words[child].deprel != "nmod:desc":
                return child
            within = affiliation_of(sentence, child)
            if within is not None and within < first:
                return within
    return None


def _acts_for(sentence: Sentence, position: int) -> bool:
    """Return whether "of Velda", "for the company" or "at Velda" ends at `position`, with a name or an organization
    noun."""
    case = sentence.child(position, "case")
    word = sentence.words[position]
    body = word.upos == "PROPN" or role_of(word) in organization_words().heads
    return body and case is not None and sentence.words[case].text.lower() in {"of", "for", "at", "from", "with"}


def is_plural(word: Word) -> bool:
    """Return whether the word denotes more than one."""
    if "Number=Plur" in word.feats or word.xpos in {"NNS", "NNPS"}:
        return True
    if word.feats or word.xpos:
        return False
    lower = word.text.lower()
    return word.upos == "NOUN" and lower != word.lemma.lower() and lower.endswith(("s", "men", "people", "children"))


def modifiers(sentence: Sentence, head: int) -> frozenset[str]:
    """Return the words that modify `head`: those before it, and the name after "of" or "for".

    Words keep their spelling; the countries of demonyms are added in lower case.
    """
    result, possessors = set(), set()
    for child in sentence.children(head):
        word = sentence.words[child]
        if word.deprel == "nmod:poss":
            possessors.add(word.text.lower())
        elif child < head and word.relation in _MODIFYING:
            result.add(_spelling(sentence, child))
            within = (part for part in sentence.subtree(child) if part < child)
            result |= {_spelling(sentence, part) for part in within if sentence.words[part].relation in _MODIFYING}
        elif child > head and word.deprel == "nmod" and word.upos in NOUNS and _is_of(sentence, child):
            result.add(word.text)
    known, before = nations(), [word.text.lower() for word in sentence.words[max(0, head - 5) : head]]
    pairs = [f"{first} {second}" for first, second in pairwise(before)]
    result |= {known[name] for name in (*pairs, *possessors, *map(str.lower, result)) if name in known}
    return frozenset(result)


def _spelling(sentence: Sentence, position: int) -> str:
    """Return the word without the capital that only the beginning of the sentence gives it."""
    word = sentence.words[position]
    return word.text.lower() if position == 0 and word.upos != "PROPN" and word.text.istitle() else word.text


def _is_of(sentence: Sentence, position: int) -> bool:
    case = sentence.child(position, "case")
    return case is not None and sentence.words[case].text.lower() in {"of", "for", "at"}


def phrase_span(sentence: Sentence, head: int) -> Span:
    """Return the characters of the noun phrase of `head`, without appositions, clauses and a preceding preposition."""
    first = last = head
    for child in sentence.children(head):
        word = sentence.words[child]
        if word.relation in _CUT:
            continue
        part = [at for at in sentence.subtree(child) if not _in_clause(sentence, at, child)]
        first, last = min(first, part[0]), max(last, part[-1])
    last = _before_relative(sentence, head, last)
    return Span(sentence.words[first].span.start, _closed(sentence, last))


def _before_relative(sentence: Sentence, head: int, last: int) -> int:
    """Return `last`, or the end of the phrase before ", who" or ", which", whatever the tree says."""
    words = sentence.words
    relatives = (at for at in range(head + 2, last + 1) if words[at].text.lower() in {"who", "which", "whose"})
    return next((at - 2 for at in relatives if words[at - 1].text == ","), last)


def _in_clause(sentence: Sentence, position: int, top: int) -> bool:
    """Return whether the word at `position` is in a relative clause within the phrase of `top`."""
    while position != top and position >= 0:
        if sentence.words[position].deprel == "acl:relcl":
            return True
        position = sentence.words[position].head
    return False


def title_span(sentence: Sentence, head: int, name: Span) -> Span | None:
    """Return the words before the name that describe its holder ("Russian President"), without honorifics."""
    kept: list[Word] = []
    for word in reversed([word for word in sentence.words[: head + 1] if word.span.end <= name.start]):
        if word.relation not in {"nmod", "compound", "amod", "flat", "case", "nummod"} or word.upos in VERBS:
            break
        if word.relation == "case" and word.text.lower() not in {"of", "for", "'s", "’s"}:
            break
        if word.text.lower().rstrip(".") not in person_words().honorifics:
            kept.append(word)
    while kept and kept[-1].relation == "case":
        kept.pop()
    return Span(kept[-1].span.start, kept[0].span.end) if kept else None


def _closed(sentence: Sentence, last: int) -> int:
    following = last + 1
    if following < len(sentence.words) and sentence.words[following].text in {")", "]"}:
        return sentence.words[following].span.end
    return sentence.words[last].span.end


def voice_of(sentence: Sentence, head: int) -> int | None:
    """Return the position of the person or organization behind a document: its owner, author or sender."""
    words = sentence.words
    proper = None
    for child in sentence.children(head):
        word = words[child]
        if word.deprel == "nmod:poss" and word.upos in NOMINALS:
            return child
        case = sentence.child(child, "case")
        if word.relation == "nmod" and case is not None and child > head:
            preposition = words[case].text.lower()
            named = preposition in BEFORE_AUTHORS and (preposition != "of" or word.upos == "PROPN")
            if named or (preposition == "in" and word.upos == "PROPN" and _medium(sentence, child)):
                return child
        if word.relation == "compound" and word.upos == "PROPN" and not _is_common(words, child):
            proper = child
        agent = sentence.child(child, "obl:agent") if word.relation == "acl" else None
        if agent is not None and word.lemma.lower() in word_list("sentences", "issued_by"):
            return agent  # "a statement issued by the board", not "seen by the Herald", "funded by the firm"
    return _issuer(sentence, head) if proper is None else proper


def _is_common(words: Sequence[Word], position: int) -> bool:
    """Return whether the word is a common noun with the capital of a sentence: "*Bank* records"."""
    return position == 0 and role_of(words[0]) in organization_words().heads


def _issuer(sentence: Sentence, head: int) -> int | None:
    """Return the subject of the verb that issues a document: "*The board* released a statement"."""
    word = sentence.words[head]
    issued = word.relation == "obj" and sentence.words[word.head].lemma in word_list("sentences", "issuing")
    return sentence.child(word.head, "nsubj") if issued else None


def sender_of(sentence: Sentence, head: int) -> int | None:
    """Return the position of the sender of a message that is mentioned for the first time: "*Ana Ruiz* said in a
    letter …"."""
    words = sentence.words
    word, verb = words[head], words[head].head
    if verb < 0 or words[verb].upos != "VERB" or determiner(sentence, head) != "indefinite":
        return None
    case = sentence.child(head, "case")
    inside = word.relation == "obl" and case is not None and words[case].text.lower() in {"in", "through"}
    return sentence.child(verb, "nsubj") if inside else _issuer(sentence, head)


def names_given(sentence: Sentence, head: int) -> list[int]:
    """Return the positions of the names that a clause after the noun at `head` gives.

    Example: "a man named Reed", "a woman who gave her name as Ruth", "a neighbor who identified herself only as Ruth".
    """
    words = sentence.words
    result = []
    for verb in sentence.children(head):
        if words[verb].relation != "acl" or words[verb].lemma not in _NAMING_VERBS:
            continue
        thing = sentence.child(verb, "obj")
        if words[verb].lemma == "give" and (thing is None or words[thing].lemma != "name"):
            continue
        for part in sentence.children(verb):
            case = sentence.child(part, "case", "mark")
            after = case is None or words[case].text.lower() == "as"
            if words[part].upos == "PROPN" and words[part].relation in {"obj", "xcomp", "obl", "advcl"} and after:
                result.append(part)
    return result


def apposed_to_complement(sentence: Sentence, head: int) -> list[int]:
    """Return names that the parser attached to the complement of the noun at `head` instead of the noun.

    Example: "Ruiz" in "the leader of Tamar, Ana Ruiz".
    """
    words = sentence.words
    result = []
    for child in sentence.children(head):
        if words[child].relation == "nmod" and child > head and words[child].deprel != "nmod:poss":
            result += [part for part in sentence.children(child) if words[part].relation == "appos"]
    return [part for part in result if words[part].upos == "PROPN" and _is_set_off(sentence, part)]


def _is_set_off(sentence: Sentence, position: int) -> bool:
    """Return whether a comma precedes the phrase: not "the boyfriend of the star *Ana Ruiz*"."""
    begins = sentence.subtree(position)[0]
    return sentence.words[begins].text == "," or (begins > 0 and sentence.words[begins - 1].text == ",")


def _medium(sentence: Sentence, position: int) -> bool:
    words = organization_words()
    lower = sentence.words[position].text.lower()
    return lower in words.mastheads or lower in words.media or lower in words.media_names


def clause_subject(sentence: Sentence, position: int) -> int | None:
    """Return the subject of the clause in which `position` is an object or oblique, or None.

    The two cannot corefer: "Ortiz" in "Ortiz met him" and "Ortiz left without telling him".
    """
    words = sentence.words
    if words[position].relation not in {"obj", "iobj", "obl"}:
        return None
    verb = words[position].head
    for _ in range(3):
        subject = sentence.child(verb, "nsubj")
        if subject is not None or words[verb].relation not in {"xcomp", "advcl", "conj"}:
            return subject
        verb = words[verb].head
    return None


def subjects_above(sentence: Sentence, position: int) -> list[int]:
    """Return the subjects of the clauses around or before that of the phrase at `position`.

    They cannot corefer with it: "Ortiz" in "Ortiz said the man left" and "Ortiz waved and the man left".
    """
    result = []
    below = position
    for above in sentence.ancestors(position):
        subject = sentence.child(above, "nsubj")
        aside = sentence.words[below].relation == "parataxis"  # "She was tired, the mayor said": she can be the mayor
        kinds = NOUNS if aside else NOMINALS
        if subject is not None and subject != below and subject < position and sentence.words[subject].upos in kinds:
            result.append(subject)
        below = above
    return result


def names_within(sentence: Sentence, head: int) -> list[int]:
    """Return the names that complement the noun at `head`: "the widow of *Colonel Ruiz*"."""
    words = sentence.words
    return [
        child
        for child in sentence.children(head)
        if child > head and words[child].deprel == "nmod" and words[child].upos == "PROPN" and _is_of(sentence, child)
    ]


def relative_antecedent(sentence: Sentence, pronoun: int) -> int | None:
    """Return the antecedent of the relative pronoun at `pronoun`.

    This is the governor of its clause, or the name directly before ", who" if the parser found no relative clause or
    gave it to a thing: "Shares in *Velcor*, which said …".
    """
    name = pronoun - 2
    if name < 0 or sentence.words[pronoun - 1].text != "," or sentence.words[name].upos != "PROPN":
        name = -1
    elif sentence.words[name].relation == "flat":
        name = sentence.words[name].head
    for position in [pronoun, *sentence.ancestors(pronoun)]:
        word = sentence.words[position]
        if word.deprel in {"acl:relcl", "acl"} and word.head >= 0:
            return name if word.head < name and _is_thing(sentence.words[word.head]) else word.head
    return name if name >= 0 else None


def _is_thing(word: Word) -> bool:
    """Return whether the noun denotes neither people nor an organization."""
    people, bodies = person_words(), organization_words()
    voices = people.roles.keys() | people.kin | people.epithets | bodies.heads | bodies.collectives | bodies.media
    return word.upos == "NOUN" and role_of(word) not in voices | bodies.documents


def hyphenated_role(sentence: Sentence, head: int) -> str | None:
    """Return the role at `head` that is written with a hyphen ("fly-half", "president-elect"), which the tokenizer
    divides."""
    if not 2 <= head < len(sentence.words) or sentence.words[head - 1].text != "-":
        return None
    first, last = sentence.words[head - 2].text.lower(), sentence.words[head].text.lower()
    whole = f"{first}-{last}"
    elected = last in word_list("speakers", "elected") and first in person_words().roles
    return whole if whole in person_words().epithets or elected else None


def is_elected(sentence: Sentence, run: tuple[int, int]) -> bool:
    """Return whether the words are an office that somebody will hold: "*President*-elect Ana Ruiz"."""
    return any(hyphenated_role(sentence, at) is not None for at in (run[1], run[1] + 2))


def is_title(word: Word) -> bool:
    """Return whether the word can be a title before a name ("Gov.", "President")."""
    lower = word.text.lower().rstrip(".")
    known = person_words()
    title = lower in known.titles and (word.text.isupper() or lower not in word_list("names", "ranks_in_capitals"))
    return title or lower in known.honorifics or (lower in known.roles and word.upos in NOUNS)


def is_honorific(word: Word) -> bool:
    """Return whether the word is an honorific such as "Mr." or "Lady"."""
    return word.text.lower().rstrip(".") in person_words().honorifics

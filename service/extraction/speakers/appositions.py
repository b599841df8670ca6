"""Appositions and predicates: which name in the sentence is the same as a noun."""

from typing import Final

from service.extraction.noun_phrases import DOER, apposed_to_complement, is_plural, names_given
from service.extraction.speakers.mentions import Mention
from service.extraction.speakers.names import tokens
from service.extraction.speakers.referents import Coreference
from service.extraction.wordlists import word_list
from service.parsing.tree import Sentence

_DEEPEST: Final = 8  # appositions within appositions


def same_in_tree(coref: Coreference, sentence: Sentence, mention: Mention, depth: int = 0) -> int | None:
    """Return the position of the name that an apposition or copula equates with the noun at `mention`.

    Example: "another diplomat, former ambassador Ana Ruiz".
    """
    if mention.form != "noun":
        return None
    word = sentence.words[mention.head]
    candidates = [child for child in sentence.children(mention.head) if sentence.words[child].relation == "appos"]
    if word.relation == "appos":
        candidates.append(word.head)
    subject = sentence.child(mention.head, "nsubj")
    if subject is not None and sentence.child(mention.head, "cop") is not None:
        candidates.append(subject)
    candidates += names_given(sentence, mention.head)
    if (named := named_after_two_roles(sentence, mention.head)) is not None:
        candidates.append(named)
    if mention.kind in {"person", "organization"}:
        candidates += apposed_to_complement(sentence, mention.head)
    for candidate in candidates:
        other = coref.mentions.get((mention.sentence, candidate))
        if other is not None and mention.kind == "person" and other.kind != "person" and _is_in_brackets(coref, other):
            continue  # "the Harbour Trust (HT) director": HT is the trust
        if other is not None and other.form == "noun" and candidate > mention.head and other.kind == mention.kind:
            within = same_in_tree(coref, sentence, other, depth + 1) if depth < _DEEPEST else None
            if within is not None and _can_be_same(mention, coref.mentions[mention.sentence, within]):
                return within
        elif (
            other is not None
            and other.form == "name"
            and (_can_be_same(mention, other) or _speaks_as(coref, mention, other))
        ):
            return candidate
    return None


def _is_in_brackets(coref: Coreference, name: Mention) -> bool:
    """Return whether the name alone is in brackets: "Harbour Trust (*HT*)"."""
    text = coref.article.text
    return text.endswith("(", 0, name.span.start) and text.startswith(")", name.span.end)


def _speaks_as(coref: Coreference, noun: Mention, name: Mention) -> bool:
    """Return whether a speaker of unknown kind is the person in apposition: "a new reeve, Ann Cole, said"."""
    anonymous = noun.role in word_list("speakers", "anonymous")
    speaks = (
        noun.kind == "unknown" and not anonymous and (noun.sentence, noun.head) in coref.sources and not noun.plural
    )
    return speaks and name.kind == "person" and len(tokens(name.name)) > 1


def _can_be_same(noun: Mention, name: Mention) -> bool:
    if noun.role in word_list("speakers", "anonymous"):
        return False
    if noun.plural:  # "rivals Holt United", but not "ministers Ana Ruiz and Dan Roth"
        return name.kind in {"organization", "group"}
    if noun.kind == "person":
        body = noun.role in word_list("speakers", "body_roles") and name.kind == "organization"
        return name.kind in {"person", "unknown"} or body
    if noun.kind == "organization" and _can_name_body(noun, name):
        return True
    if noun.kind == "unknown":  # "a keeper of the seal"
        return name.kind == "person" and len(tokens(name.name)) > 1 and noun.determiner != "indefinite"
    return noun.kind in {"organization", "document", "group"} and name.kind != "person"


def _can_name_body(noun: Mention, name: Mention) -> bool:
    """Return whether a name that was taken for a person's is that of a body: "the maker of the part, Tessaro".

    One word, or of a known gender after a noun that means a person as often as a company.
    """
    if name.kind not in {"person", "unknown"} or noun.determiner == "indefinite":
        return False
    if name.gender or len(tokens(name.name)) > 1:
        return bool(name.gender) and DOER.search(noun.role) is not None
    return not name.titles


def example_before(sentence: Sentence, relative: int) -> int | None:
    """Return the name that is given as an example directly before a relative clause: "singers, including *Cole*, who
    said …"."""
    words, last = sentence.words, relative - 2
    if last < 2 or words[last + 1].text != "," or words[last].upos != "PROPN":
        return None
    head = words[last].head if words[last].relation == "flat" else last
    case = sentence.child(head, "case")
    given = case is not None and words[case].text.lower() in {"including", "notably"}
    return head if given else None


def named_after_two_roles(sentence: Sentence, head: int) -> int | None:
    """Return the name after two nouns without a determiner between them, which describe one person: "her brother and
    manager, *Karl Lund*"."""
    words = sentence.words
    joined = [at for at in sentence.children(head) if words[at].relation == "conj"]
    if len(joined) != 1 or any(words[at].upos != "NOUN" or is_plural(words[at]) for at in (head, *joined)):
        return None
    own = sentence.child(joined[0], "det", "nmod:poss", "nummod", "case")
    named = [at for one in (head, *joined) for at in sentence.children(one) if words[at].relation == "appos"]
    after = own is None and len(named) == 1 and words[named[0]].upos == "PROPN" and named[0] > joined[0]
    return named[0] if after else None

"""Groups of coordinated speakers: "Ana Ortiz and Pia Lund", "Hansen and his colleagues"."""

from collections.abc import Sequence
from typing import Final

from service.extraction.noun_phrases import is_plural
from service.extraction.report import Source
from service.extraction.speakers.appositions import named_after_two_roles
from service.extraction.speakers.names import described_as
from service.extraction.speakers.referents import Coreference, ResolvedMention
from service.extraction.tags import NOMINALS
from service.parsing.tree import Sentence

_JOINED: Final = frozenset({"and", "&", "or", "nor", "as well as"})


def coordinated(coref: Coreference, source: Source) -> list[int]:
    """Return the heads of the phrases coordinated in `source`; empty if it names only one."""
    sentence = coref.parse.sentences[source.sentence]
    if _is_apposition(coref, source) or named_after_two_roles(sentence, source.head) is not None:
        return []
    first = _first_named(sentence, source)
    members = [first]
    others = [] if first == source.head else _joined_names(sentence, source.head)
    for child in (*sentence.children(first), *others):
        word = sentence.words[child]
        if word.relation == "conj" and word.upos in NOMINALS and source.span.contains(word.span):
            members.append(child)
    between = sentence.words[min(members) : max(members)]  # the role before a name can govern the "and"
    words = (word.text.lower() for word in between if word.relation == "cc")
    return members if len(members) > 1 and any(word in _JOINED for word in words) else []


def _joined_names(sentence: Sentence, head: int) -> list[int]:
    """Return the names that the parser coordinated with the role before the first: "trainers Ana Ortiz and Pia
    Lund"."""
    words = sentence.words
    return [at for at in sentence.children(head) if words[at].relation == "conj" and words[at].upos == "PROPN"]


def _first_named(sentence: Sentence, source: Source) -> int:
    """Return the head of the first person in a source: its head word, or the first name after "directors"."""
    word = sentence.words[source.head]
    after = source.head + 1
    if word.upos != "NOUN" or not is_plural(word) or after >= len(sentence.words):
        return source.head
    name = sentence.words[after]
    adjacent = name.head == source.head and name.relation in {"appos", "flat", "nmod"}
    return after if name.upos == "PROPN" and adjacent and source.span.contains(name.span) else source.head


def _is_apposition(coref: Coreference, source: Source) -> bool:
    """Return whether the coordinated phrases describe the person named first: "Ana Ortiz, vice president and general
    counsel"."""
    sentence = coref.parse.sentences[source.sentence]
    first = coref.mentions.get((source.sentence, source.head))
    children = sentence.children(source.head)
    joined = [at for at in children if sentence.words[at].relation == "conj"]
    others = [coref.mentions.get((source.sentence, at)) for at in joined]
    return (
        bool(joined)
        and first is not None
        and first.form == "name"
        and first.kind == "person"
        and any(sentence.words[at].relation == "appos" for at in children)
        and all(other is not None and other.form == "noun" and not other.plural for other in others)
    )


def together(coref: Coreference, source: Source, members: Sequence[ResolvedMention | None]) -> ResolvedMention:
    """Resolve a coordinated source to a group.

    `members` are the resolutions of its phrases.
    """
    numbers = [member.referent for member in members if member is not None and member.referent is not None]
    key = "+".join(map(str, sorted(set(numbers)))) if len(numbers) == len(members) else ""
    names = [coref.referents[number].name for number in dict.fromkeys(numbers)]
    if len(set(numbers)) == 1 and len(numbers) == len(members):
        return ResolvedMention(numbers[0], "name", "coordination", names[0])
    named = all(coref.referents[number].named for number in numbers) and bool(key)
    name = (
        f"{', '.join(names[:-1])} and {names[-1]}"
        if named
        else described_as(coref.article, coref.parse.sentences[source.sentence], source.span)
    )
    key = key or name.lower()
    if key not in coref.phrases:
        coref.phrases[key] = coref.add("group", name, plural=True).number
    return ResolvedMention(coref.phrases[key], "name" if named else "description", "coordination", name)

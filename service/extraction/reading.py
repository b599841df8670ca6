"""Reads an article from its beginning, and settles for every phrase whom it means."""

from collections.abc import Iterable, Sequence

from service.article.article import Article, Span
from service.extraction.attribution import Attribution
from service.extraction.descriptions import described_as, resolve_description
from service.extraction.mentions import Mention, mentions_of
from service.extraction.naming import name_all
from service.extraction.pronouns import AUTHOR, READER, RELATIVE, personal, resolve_pronoun
from service.extraction.referents import Found, Key, Reading, Referent, Role
from service.extraction.wordlists import organization_words
from service.parsing.tree import Parse, Sentence

_NOMINAL = frozenset({"NOUN", "PROPN", "PRON"})
_VOICE_CASES = frozenset({"by", "from", "of"})
_CUT = frozenset({"acl", "parataxis", "advcl", "appos", "conj", "cc", "cop", "punct", "nsubj", "aux", "case", "mark"})


def read(article: Article, parse: Parse, attributions: Sequence[Attribution]) -> Reading:
    """The reading of `article`: every mention that can be settled, settled."""
    sentences = list(mentions_of(article, parse))
    sources: dict[Key, list[int]] = {}
    for number, one in enumerate(attributions):
        if one.source is not None:
            sources.setdefault((one.source.sentence, one.source.head), []).append(number)
    reading = Reading(
        article=article,
        parse=parse,
        mentions={(one.sentence, one.head): one for found in sentences for one in found},
        marks=_joined(span for one in attributions for span in one.marks),
        sources=sources,
    )
    name_all(reading)
    asked: int | None = None
    for number, found in enumerate(sentences):
        for mention in found:
            settle(reading, attributions, mention, asked)
        asked = _asked(reading, attributions, number, asked)
    return reading


def settle(
    reading: Reading, attributions: Sequence[Attribution], mention: Mention, asked: int | None = None
) -> Found | None:
    """Whom `mention` means; None where it is a phrase that names nobody. Taken down in the reading."""
    key = (mention.sentence, mention.head)
    if key not in reading.found:
        found = _settled(reading, attributions, mention, asked)
        if found is None:
            return None
        reading.found[key] = found
    found = reading.found[key]
    if found.referent is not None:
        last = reading.referents[found.referent].appearances
        if not last or all(one.span != mention.span for one in last[-4:]):
            reading.appear(found.referent, mention)
            _describe(reading, attributions, mention, reading.referents[found.referent])
    return found


def _settled(
    reading: Reading, attributions: Sequence[Attribution], mention: Mention, asked: int | None
) -> Found | None:
    key = (mention.sentence, mention.head)
    sentence = reading.parse.sentences[mention.sentence]
    if key in reading.ambiguous:
        names = ", ".join(reading.referents[number].name for number in reading.ambiguous[key])
        return Found(None, "none", "name", mention.name, f"{mention.name!r} may be several people: {names}")
    if mention.form == "pronoun":
        return _pronoun(reading, attributions, mention, asked)
    named = _same_in_tree(reading, sentence, mention)
    if named is not None:
        settled = settle(reading, attributions, reading.mentions[mention.sentence, named], asked)
        if settled is not None and settled.referent is not None:
            return Found(settled.referent, settled.resolution, "apposition", described_as(mention.role))
    if mention.kind == "document":
        voice = voice_of(sentence, mention.head)
        spoken = _at(reading, attributions, mention.sentence, voice, asked) if voice is not None else None
        if spoken is not None:
            return Found(
                spoken.referent, spoken.resolution, "document-of", f"{mention.role}: {spoken.detail}", spoken.why
            )
    if mention.kind == "unknown" and key not in reading.sources:
        return None
    owning = reading.mentions.get((mention.sentence, mention.owner)) if mention.owner is not None else None
    if owning is not None and owning.role in AUTHOR | READER and key not in reading.sources:
        return None  # "my mother": somebody of the one who speaks, never named in the article's own voice
    owner = settle(reading, attributions, owning, asked) if owning is not None else None
    phrase = reading.article.slice(phrase_span(sentence, mention.head))
    return resolve_description(reading, mention, phrase, owner.referent if owner else None)


def _at(
    reading: Reading, attributions: Sequence[Attribution], sentence: int, head: int, asked: int | None
) -> Found | None:
    mention = reading.mentions.get((sentence, head))
    return settle(reading, attributions, mention, asked) if mention is not None else None


def _pronoun(
    reading: Reading, attributions: Sequence[Attribution], mention: Mention, asked: int | None
) -> Found | None:
    word = mention.role
    if word in AUTHOR:
        outer = _outer(reading, attributions, mention)
        if outer is not None and word in {"i", "me", "my", "myself"}:
            return outer
        return Found(None, "none", "pronoun", word, f"{word!r} is the article's author, whom it does not name")
    if word in READER:
        return Found(None, "none", "pronoun", word, f"{word!r} is the reader or listener")
    if word in RELATIVE:
        sentence = reading.parse.sentences[mention.sentence]
        antecedent = relative_antecedent(sentence, mention.head)
        found = _at(reading, attributions, mention.sentence, antecedent, asked) if antecedent is not None else None
        if found is None or found.referent is None:
            why = found.why if found is not None else f"{word!r} has no noun that it goes back to"
            return Found(None, "none", "relative", word, why)
        return Found(found.referent, "pronoun", "relative", found.detail)
    if personal(word):
        mine = reading.sources.get((mention.sentence, mention.head), ())
        own = [span for number in mine for span in attributions[number].contents]
        told = [attributions[number].addressee for number in mine]
        return resolve_pronoun(reading, mention, own, _named_in(reading, mention.sentence, told), asked)
    return None


def _outer(reading: Reading, attributions: Sequence[Attribution], mention: Mention) -> Found | None:
    """The speaker of the quote in whose marks "I" stands: the innermost that is not the pronoun's own."""
    mine = reading.sources.get((mention.sentence, mention.head), [])
    around = [
        (mark.end - mark.start, number)
        for number, one in enumerate(attributions)
        for mark in one.marks
        if mark.contains(mention.span) and number not in mine and one.source is not None
    ]
    if not around:
        return None
    source = attributions[min(around)[1]].source
    assert source is not None
    if (source.sentence, source.head) == (mention.sentence, mention.head):
        return None
    found = _at(reading, attributions, source.sentence, source.head, None)
    if found is None or found.referent is None:
        return None
    return Found(found.referent, "pronoun", "speaker-of-the-quote", found.detail)


def _same_in_tree(reading: Reading, sentence: Sentence, mention: Mention) -> int | None:
    """The position of a name that an apposition or a copula says is the same as the noun at `mention`."""
    if mention.form != "noun":
        return None
    word = sentence.words[mention.head]
    candidates = [child for child in sentence.children(mention.head) if sentence.words[child].relation == "appos"]
    if word.relation == "appos":
        candidates.append(word.head)
    if sentence.child(mention.head, "cop") is not None and mention.kind in {"person", "organization"}:
        subject = sentence.child(mention.head, "nsubj")
        if subject is not None:
            candidates.append(subject)
    for candidate in candidates:
        other = reading.mentions.get((mention.sentence, candidate))
        if other is not None and other.form == "name" and _may_be_same(mention, other):
            return candidate
    return None


def _may_be_same(noun: Mention, name: Mention) -> bool:
    if noun.plural:
        return False
    if noun.kind == "person":
        return name.kind in {"person", "unknown"}
    return noun.kind in {"organization", "document", "group"} and name.kind != "person"


def _describe(reading: Reading, attributions: Sequence[Attribution], mention: Mention, referent: Referent) -> None:
    """Keep what the phrase at `mention` says of the referent: its apposition, its titles, its predicate."""
    sentence = reading.parse.sentences[mention.sentence]
    if mention.form == "noun" and reading.found[mention.sentence, mention.head].rule == "apposition":
        owner = reading.found.get((mention.sentence, mention.owner)) if mention.owner is not None else None
        referent.roles.append(Role(mention.role, mention.narrowed, owner.referent if owner else None))
        if referent.gender is None:
            referent.gender = mention.gender
        text = described_as(reading.article.slice(phrase_span(sentence, mention.head)))
        if referent.description is None or referent.description in text:
            referent.description = text
    elif mention.titles and referent.kind == "person" and referent.description is None:
        text = title_text(reading, sentence, mention)
        referent.description = text or None


def title_text(reading: Reading, sentence: Sentence, mention: Mention) -> str:
    """The words before a name that say what its bearer is ("Russian President"), honorifics left out."""
    before = [word for word in sentence.words[: mention.head + 1] if word.span.end <= mention.span.start]
    kept: list[Span] = []
    for word in reversed(before):
        if word.relation in {"det", "punct", "cc", "root", "nsubj"} or word.upos in {"VERB", "AUX"}:
            break
        if word.relation == "case" and word.text not in {"of", "for", "'s", "’s"}:
            break
        kept.insert(0, word.span)
    text = " ".join(reading.article.text[kept[0].start : kept[-1].end].split()) if kept else ""
    words = [part for part in text.split() if part.lower().rstrip(".") not in {"mr", "mrs", "ms", "miss", "dr"}]
    return " ".join(words)


def phrase_span(sentence: Sentence, head: int) -> Span:
    """The characters of the noun phrase of `head`: no apposition, no clause, no preposition before it."""
    first = last = head
    for child in sentence.children(head):
        word = sentence.words[child]
        if word.relation in _CUT:
            continue
        part = sentence.subtree(child)
        first, last = min(first, part[0]), max(last, part[-1])
    return Span(sentence.words[first].span.start, _closed(sentence, head, last))


def _closed(sentence: Sentence, head: int, last: int) -> int:
    following = last + 1
    if following < len(sentence.words) and sentence.words[following].text in {")", "]"}:
        return sentence.words[following].span.end
    return sentence.words[last].span.end


def voice_of(sentence: Sentence, head: int) -> int | None:
    """The position of the one for whom a document speaks: whose it is, or who it is by or from."""
    words = sentence.words
    proper = None
    for child in sentence.children(head):
        word = words[child]
        if word.deprel == "nmod:poss" and word.upos in _NOMINAL:
            return child
        case = sentence.child(child, "case")
        if word.relation == "nmod" and case is not None and child > head:
            preposition = words[case].text.lower()
            named = preposition in _VOICE_CASES and (preposition != "of" or word.upos == "PROPN")
            if named or (preposition == "in" and word.upos == "PROPN" and _medium(sentence, child)):
                return child
        if word.relation == "compound" and word.upos == "PROPN":
            proper = child
    return proper


def _medium(sentence: Sentence, position: int) -> bool:
    words = organization_words()
    return sentence.words[position].text.lower() in words.mastheads | words.media | words.media_names


def relative_antecedent(sentence: Sentence, pronoun: int) -> int | None:
    """The noun that the relative pronoun at `pronoun` goes back to: the governor of its clause."""
    for position in [pronoun, *sentence.ancestors(pronoun)]:
        word = sentence.words[position]
        if word.deprel in {"acl:relcl", "acl"} and word.head >= 0:
            return word.head
    return None


def _named_in(reading: Reading, sentence: int, spans: Sequence[Span | None]) -> frozenset[int]:
    """The referents that stand in `spans`, in the sentence that is number `sentence`."""
    return frozenset(
        found.referent
        for (number, head), found in reading.found.items()
        if number == sentence and found.referent is not None
        for span in spans
        if span is not None and span.overlaps(reading.mentions[number, head].span)
    )


def _asked(reading: Reading, attributions: Sequence[Attribution], sentence: int, before: int | None) -> int | None:
    """The referent that was asked a question in this sentence, who may be answering in the next."""
    return None


def _joined(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged

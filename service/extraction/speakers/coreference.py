"""Coreference over a whole article: resolves every mention in text order."""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import Final

from service.extraction.noun_phrases import (
    names_within,
    phrase_span,
    relative_antecedent,
    role_of,
    sender_of,
    subjects_above,
    title_span,
    voice_of,
)
from service.extraction.report import Attribution
from service.extraction.speakers.appositions import example_before, same_in_tree
from service.extraction.speakers.coordination import coordinated, together
from service.extraction.speakers.descriptions import (
    RelatedReferents,
    described_before,
    resolve_description,
)
from service.extraction.speakers.disjoint import addressers, disjoint_phrases
from service.extraction.speakers.leads import identify_lead
from service.extraction.speakers.mentions import Mention, mentions_of
from service.extraction.speakers.names import described_as
from service.extraction.speakers.naming import name_all
from service.extraction.speakers.pronouns import (
    AUTHOR,
    HE,
    READER,
    SHE,
    is_question,
    is_read,
    personal,
    resolve_pronoun,
)
from service.extraction.speakers.referents import Coreference, Referent, ReferentIndex, ResolvedMention, Role
from service.extraction.tags import RELATIVE_PRONOUNS, VERBS
from service.extraction.wordlists import person_words, word_list
from service.input.article import NO_DEADLINE, Article, Deadline, Span
from service.parsing.tree import Parse, SentenceIndex, WordKey

_MESSAGE_REACH: Final = 3  # sentences
_KNOWN: Final = 20  # referents whose gender is compared, most recent first
_NESTED: Final = 8  # maximum depth of nested quotes
_SINGULAR_AUTHOR: Final = frozenset({"i", "me", "my", "mine", "myself"})


def resolve_mentions(
    article: Article, parse: Parse, attributions: Sequence[Attribution], deadline: Deadline = NO_DEADLINE
) -> Coreference:
    """Resolve the mentions of `article`.

    Raises `OutOfTime` soon after the deadline.
    """
    sentences = list(mentions_of(article, parse))
    sources: dict[WordKey, list[int]] = {}
    for number, one in enumerate(attributions):
        if one.source is not None:
            sources.setdefault((one.source.sentence, one.source.head), []).append(number)
    coref = Coreference(
        article=article,
        parse=parse,
        attributions=attributions,
        mentions={(one.sentence, one.head): one for found in sentences for one in found},
        marks=_joined(span for one in attributions for span in (one.marks if one.passage is None else one.contents)),
        spoken=sorted(
            (mark, key) for key, reported in sources.items() for at in reported for mark in attributions[at].marks
        ),
        sources=sources,
    )
    name_all(coref)
    asks = [one for one in attributions if one.cue and one.cue.cue_class == "ask"]
    questions = _interviews(parse) | {one.sentence: one.addressee for one in asks if one.addressee is not None}
    last: list[Mention] = []
    for number, found in enumerate(sentences):
        deadline.check(number, len(sentences), "sentences searched for speakers")
        for mention in found:
            if mention.form == "noun" and coref.in_headline(mention.span.start):
                last.append(mention)  # "Police: …", "council votes": the body of the article says which
            else:
                resolve_mention(coref, mention)
                identify_lead(coref, mention)
        _group(coref, found)
        asked = _named_in(coref, SentenceIndex(number), [questions.get(number)])
        if asked or parse.sentences[number].words[-1].text != "?":  # the question itself can follow
            coref.asked = min(asked) if len(asked) == 1 else None
    for mention in last:
        resolve_mention(coref, mention)
    return coref


def _interviews(parse: Parse) -> dict[int, Span]:
    """Return, by sentence, the person who is questioned in it: "Holder cross-examined *Tate*"."""
    found: dict[int, Span] = {}
    for number, sentence in parse.numbered():
        for verb, word in enumerate(sentence.words):
            lemma = word.lemma.lower()
            crossed = lemma == "examine" and verb > 1 and sentence.words[verb - 2].text.lower() == "cross"
            if word.upos != "VERB" or not (lemma in word_list("speakers", "questioning") or crossed):
                continue
            questioned = sentence.child(verb, "obj")
            if questioned is not None:
                found[number] = sentence.words[questioned].span
    return found


def _group(coref: Coreference, mentions: Sequence[Mention]) -> None:
    """Record the groups of people who speak together in a sentence, so that a later "they" can refer to them."""
    for mention in mentions:
        numbers = coref.sources.get((mention.sentence, mention.head), ())
        source = coref.attributions[numbers[0]].source if numbers else None
        members = coordinated(coref, source) if source is not None else []
        if source is None or not members:
            continue
        group = together(coref, source, [_resolve_at(coref, mention.sentence, member) for member in members])
        if group.referent is not None and coref.referents[group.referent].plural:
            coref.appear(group.referent, mention)


def resolve_mention(coref: Coreference, mention: Mention) -> ResolvedMention | None:
    """Resolve `mention` and record the result in `coref`.

    Returns None if the phrase names no one.
    """
    key = (mention.sentence, mention.head)
    if key not in coref.resolutions:
        coref.resolutions[key] = ResolvedMention(
            None, "none", "circle", mention.role, "The sources of nested quotes refer to each other.", "circle"
        )
        found = _resolved(coref, mention)
        if found is None:
            del coref.resolutions[key]
            return None
        coref.resolutions[key] = found
    found = coref.resolutions[key]
    if found.referent is not None and key not in coref.seen:
        coref.appear(found.referent, mention)
        _describe(coref, mention, coref.referents[found.referent])
    return found


def _resolve_at(coref: Coreference, sentence: SentenceIndex, head: int | None) -> ResolvedMention | None:
    mention = coref.mentions.get((sentence, head)) if head is not None else None
    return resolve_mention(coref, mention) if mention is not None else None


def _resolved(coref: Coreference, mention: Mention) -> ResolvedMention | None:
    key = (mention.sentence, mention.head)
    if key in coref.ambiguous:
        names = ", ".join(coref.referents[number].name for number in coref.ambiguous[key])
        return ResolvedMention(
            None, "none", "name", mention.name, f"Several people fit “{mention.name}”: {names}.", "ambiguous"
        )
    if mention.form == "pronoun":
        return _pronoun(coref, mention)
    sentence = coref.parse.sentences[mention.sentence]
    named = _resolve_at(coref, mention.sentence, same_in_tree(coref, sentence, mention))
    if named is not None and named.referent is not None and not _is_located(coref, mention, named.referent):
        _merge(coref, mention, named.referent)
        return ResolvedMention(named.referent, named.resolution, "apposition", named.detail)
    if mention.kind == "document":
        head = voice_of(sentence, mention.head)
        speaking = coref.mentions.get((mention.sentence, head)) if head is not None else _sender(coref, mention)
        voice = resolve_mention(coref, speaking) if speaking is not None and speaking.kind != "document" else None
        if voice is not None:
            return ResolvedMention(
                voice.referent, voice.resolution, "document-of", voice.detail, voice.why, voice.code, voice.candidates
            )
    if mention.kind == "unknown" and key not in coref.sources:
        return None
    owning = coref.mentions.get((mention.sentence, mention.owner)) if mention.owner is not None else None
    if owning is not None and owning.role in AUTHOR | READER and key not in coref.sources:
        return None  # "my mother": a relative of the speaker, never named in the narration
    owner = resolve_mention(coref, owning) if owning is not None else None
    name = described_as(coref.article, sentence, phrase_span(sentence, mention.head))
    who = RelatedReferents(owner.referent if owner else None, _affiliation(coref, mention))
    return resolve_description(coref, mention, name, who, _excluded(coref, mention))


def _is_located(coref: Coreference, mention: Mention, place: ReferentIndex) -> bool:
    """Return whether the body in apposition to a place is only there: "the Peace Centre in *Hull*, a group"."""
    if mention.kind != "organization" or coref.referents[place].kind != "place":
        return False
    sentence = coref.parse.sentences[mention.sentence]
    case = sentence.child(sentence.words[mention.head].head, "case")
    return case is not None and sentence.words[case].text.lower() == "in"


def _sender(coref: Coreference, mention: Mention) -> Mention | None:
    """Return who sent a message mentioned shortly before: "Ana Ruiz said in a letter …. The letter added …"."""
    if mention.role not in word_list("speakers", "messages") or mention.determiner != "definite":
        return None
    for number in range(mention.sentence, max(mention.sentence - _MESSAGE_REACH, 0) - 1, -1):
        sentence = coref.parse.sentences[number]
        until = mention.head if number == mention.sentence else len(sentence.words)
        for at in reversed(range(until)):
            if sentence.words[at].upos == "NOUN" and role_of(sentence.words[at]) == mention.role:
                head = sender_of(sentence, at)
                return coref.mentions.get((SentenceIndex(number), head)) if head is not None else None
    return None


def _affiliation(coref: Coreference, mention: Mention) -> ReferentIndex | None:
    """Return the referent of the person or organization that the one at `mention` acts for, if the phrase states it."""
    found = _resolve_at(coref, mention.sentence, mention.affiliation)
    return found.referent if found is not None else None


def _excluded(coref: Coreference, mention: Mention) -> frozenset[ReferentIndex]:
    """Return the referents a definite description cannot refer to: the subjects of the clauses around its own, and
    those named within it: "the widow of *Colonel Ruiz*"."""
    if mention.determiner != "definite" or mention.plural or mention.kind not in {"person", "unknown"}:
        return frozenset()
    sentence = coref.parse.sentences[mention.sentence]
    subjects = [*subjects_above(sentence, mention.head), *names_within(sentence, mention.head)]
    words = sentence.words
    found = [
        _resolve_at(coref, mention.sentence, subject)
        for subject in subjects
        if words[subject].text.lower() not in AUTHOR | READER
    ]
    return frozenset(one.referent for one in found if one is not None and one.referent is not None)


def _merge(coref: Coreference, mention: Mention, named: ReferentIndex) -> None:
    """Merge a referent that was only described so far with the name it gets: "the spokeswoman, Ana Ortiz"."""
    appearances = coref.referents[named].appearances
    if mention.determiner == "definite" and all(one.sentence == mention.sentence for one in appearances):
        earlier = described_before(coref, mention)
        if earlier is not None:
            coref.identified[earlier] = named


def _pronoun(coref: Coreference, mention: Mention) -> ResolvedMention | None:
    word = mention.role
    if word in AUTHOR:
        outer = _speaker_around(coref, mention) if word in _SINGULAR_AUTHOR else None
        return outer or ResolvedMention(
            None, "none", "pronoun", word, f"“{word}” is the author, who is not named.", "author"
        )
    if word in READER:
        return ResolvedMention(None, "none", "pronoun", word, f"“{word}” is the reader or listener.", "addressee")
    if word in RELATIVE_PRONOUNS:
        sentence = coref.parse.sentences[mention.sentence]
        example = example_before(sentence, mention.head)
        antecedent = relative_antecedent(sentence, mention.head) if example is None else example
        found = _resolve_at(coref, mention.sentence, antecedent)
        if found is None or found.referent is None:
            if found is None:
                return ResolvedMention(None, "none", "relative", word, f"“{word}” has no antecedent.", "no-antecedent")
            return ResolvedMention(None, "none", "relative", word, found.why, found.code)
        return ResolvedMention(found.referent, "pronoun", "relative", found.detail)
    if not personal(word):
        return None
    if word == "it" and (written := _written(coref, mention)) is not None:
        return written
    reported = [coref.attributions[number] for number in coref.sources.get((mention.sentence, mention.head), ())]
    own = [span for one in reported for span in one.contents]
    others = _named_in(coref, mention.sentence, [one.addressee for one in reported])
    source = _source_around(coref, mention)
    others |= _asked_before(coref, mention, own) | addressers(coref, mention)
    speaking = None if source is None else coref.mentions.get(source)
    if speaking is not None and speaking.form == "pronoun":
        resolve_mention(coref, speaking)  # “She knows,” she said: the speaker first, who is not “She”
    around = None if source is None else coref.resolutions.get(source)
    if source is not None and around is None:
        others |= _unlike_source(coref, word, coref.mentions.get(source))
    if around is not None and around.referent is not None:
        others |= {around.referent}  # speakers do not call themselves "he"
    if not word.endswith("self"):
        apart = [_resolve_at(coref, mention.sentence, at) for at in disjoint_phrases(coref, mention)]
        others |= {one.referent for one in apart if one is not None and one.referent is not None}
    return resolve_pronoun(coref, mention, own, others)


def _asked_before(coref: Coreference, mention: Mention, own: Sequence[Span]) -> frozenset[ReferentIndex]:
    """Return who asked the question in the sentence before an answer without a verb: "Hale asked when. *Today*, she
    said."."""
    words = [word for word in coref.parse.sentences[mention.sentence].words if any(map(word.span.overlaps, own))]
    if not words or mention.sentence == 0 or any(word.upos in VERBS or word.text == "?" for word in words):
        return frozenset()
    before = SentenceIndex(mention.sentence - 1)
    asked = [
        coref.resolutions.get((before, head))
        for head in range(len(coref.parse.sentences[before].words))
        for number in coref.sources.get((before, head), ())
        if is_question(coref, coref.attributions[number])
    ]
    return frozenset(one.referent for one in asked if one is not None and one.referent is not None)


def _written(coref: Coreference, mention: Mention) -> ResolvedMention | None:
    """Resolve a speaking "it" to the author of the document mentioned last: "Mia wrote *a note*. It said …"."""
    if (mention.sentence, mention.head) not in coref.sources:
        return None
    for number in range(mention.sentence, max(mention.sentence - 1, 0) - 1, -1):
        until = mention.head if number == mention.sentence else len(coref.parse.sentences[number].words)
        for at in reversed(range(until)):
            seen = coref.mentions.get((SentenceIndex(number), at))
            if seen is None or seen.plural or seen.function not in {"subject", "object"}:
                continue
            if seen.kind != "document" and (seen.kind == "organization" or not is_read(coref, mention)):
                if seen.kind == "person":
                    continue
                return None
            if seen.kind != "document":
                continue
            found = coref.resolutions.get((SentenceIndex(number), at))
            authored = found is not None and found.referent is not None and found.rule == "document-of"
            return found if authored else None
    return None


def _unlike_source(coref: Coreference, word: str, source: Mention | None) -> frozenset[ReferentIndex]:
    """Return the referents of unknown gender, one of which can be the source that follows the quote of the pronoun, if
    the two differ in gender and somebody of the pronoun's gender is known: “She should tell us,” he added."""
    gender, opposite = ("male", SHE) if word in HE else ("female", HE)
    if word not in HE | SHE or source is None or source.role not in opposite:
        return frozenset()
    people = [one for one in coref.recently_mentioned(_KNOWN) if one.kind in {"person", "unknown"} and not one.plural]
    known = any(one.named and one.gender == gender for one in people)
    return frozenset(one.number for one in people if one.gender is None) if known else frozenset()


def _speaker_around(coref: Coreference, mention: Mention) -> ResolvedMention | None:
    """Return the speaker of the quote in which "I" stands."""
    around = _source_around(coref, mention)
    found = _resolve_at(coref, *around) if around is not None else None
    if found is None or found.referent is None:
        return None
    return ResolvedMention(found.referent, "pronoun", "of-the-quote", found.detail)


def _source_around(coref: Coreference, mention: Mention) -> WordKey | None:
    """Return the source of the innermost quote around the mention that does not contain its own source."""
    start = mention.span.start
    at = bisect_right(coref.spoken, start, key=lambda one: one[0].start)
    for mark, source in reversed(coref.spoken[max(0, at - _NESTED) : at]):
        words = coref.parse.sentences[source[0]].words
        if mark.start <= start < mark.end and not mark.contains(words[source[1]].span):
            return source
    return None


def _describe(coref: Coreference, mention: Mention, referent: Referent) -> None:
    """Record the description of the referent at `mention`: its apposition, predicate or titles."""
    sentence = coref.parse.sentences[mention.sentence]
    if coref.resolutions[mention.sentence, mention.head].rule == "apposition":
        if mention.kind == "organization" and referent.kind == "person" and not referent.gender:
            referent.kind = "organization"
        owner = coref.resolutions.get((mention.sentence, mention.owner)) if mention.owner is not None else None
        affiliation = _affiliation(coref, mention)
        referent.add_role(Role(mention.role, mention.modifiers, owner.referent if owner else None, affiliation))
        people = person_words()
        addressed = any(people.honorifics.get(one.noun) and one.noun not in people.roles for one in referent.roles)
        sure = mention.role in word_list("speakers", "men_and_women") and not addressed
        if mention.gender is not None and (sure or referent.gender is None):
            referent.gender = mention.gender  # "Cristian Ruiz is a mother of four", whatever the name
        text = described_as(coref.article, sentence, phrase_span(sentence, mention.head))
        if referent.description is None or referent.description in text:
            referent.description = text
    elif mention.titles and referent.kind == "person" and referent.description is None:
        span = title_span(sentence, mention.head, mention.span)
        referent.description = " ".join(coref.article.slice(span).split()) if span else None


def _named_in(coref: Coreference, sentence: SentenceIndex, spans: Sequence[Span | None]) -> frozenset[ReferentIndex]:
    """Return the referents named in `spans` of the given sentence."""
    known = [span for span in spans if span is not None]
    if not known:
        return frozenset()
    heads = range(len(coref.parse.sentences[sentence].words))
    found = [
        (coref.mentions[sentence, head], coref.resolutions[sentence, head])
        for head in heads
        if (sentence, head) in coref.resolutions
    ]
    return frozenset(
        one.referent
        for mention, one in found
        if one.referent is not None and any(span.overlaps(mention.span) for span in known)
    )


def _joined(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged

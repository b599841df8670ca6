"""Corrections of the boundaries of a content.

Contents are chosen among subtrees, which can be too large ("said late on Tuesday it would …", "…, although nobody saw
it") or incomplete ("It would never, Roe promised, happen again"). The functions here remove words that were not said,
such as the time of saying, a concession or a refusal to say more, and add words that the parser attached elsewhere:

    The agency confirmed that talks were going on *but did not specify when*.
    Police said the man was in custody *but would not give his name*.
"""

from typing import Final

from service.extraction.attribution.asides import authority_aside
from service.extraction.attribution.lexicons import SPEECH, boundary_words
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import WordSet, between, first, last, positions
from service.extraction.tags import JOINING, NOUNS
from service.parsing.tree import ROOT

_AUXILIARIES: Final = frozenset({"did", "would", "could"})
_CONCEDING = frozenset({"although", "though"})
_NONE = frozenset({"no", "little", "any"})
_NEEDED = frozenset({"in", "of", "for", "about", "between"})
_CLAUSE_OPENERS = frozenset({"who", "what", "why", "how", "whether", "if", "where", "which", "that"})
_MEANWHILE = frozenset({"as", "while", "when", "before", "after"})
_CITING = frozenset({"citing", "quoting"})


def is_refusal(view: SentenceView, verb: int) -> bool:
    """Return whether the verb, coordinated without a subject of its own, is a refusal to say more: "but did not say
    why", "and declined to elaborate"."""
    word, sentence = view.words[verb], view.sentence
    if word.relation != "conj" or word.head > verb or sentence.child(verb, "nsubj") is not None:
        return False
    coordinator = sentence.child(verb, "cc")
    if coordinator is None or view.text_at(coordinator) not in JOINING:
        return False
    withholding, unwilling = boundary_words("negation", "withholding"), boundary_words("negation", "unwilling")
    if view.lemmas[verb] in unwilling:
        refused_verb = sentence.child(verb, "xcomp")
        return word.xpos == "VBD" and refused_verb is not None and view.lemmas[refused_verb] in withholding
    before = [view.words[child].text.lower() for child in sentence.children(verb) if child < verb]
    denied = any(view.lemmas[child] in boundary_words("negation", "adverbs") for child in sentence.children(verb))
    return denied and view.lemmas[verb] in withholding and any(text in _AUXILIARIES for text in before)


def refused(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the words of `content` from a refusal to say more onwards; empty if there is none outside quotation
    marks."""
    for verb in positions(content & view.verbs & ~view.quoted):
        if verb < cue or view.heads[verb] == cue or not is_refusal(view, verb):
            continue
        coordinator = view.sentence.child(verb, "cc")
        start = min(first(view.subtrees[verb] & view.solid), verb if coordinator is None else coordinator)
        if first(content) < start and not content & view.quoted & ~between(0, start):
            return content & between(start, last(content) + 1)
    return 0


def completed_around_aside(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Extend `content` to both sides of the cue's aside if only one side of an unfinished clause was chosen.

    Example: "It would never, Roe promised, happen again."
    """
    aside = view.aside(cue)
    if aside is None or aside.first < 2 or aside.last + 2 >= len(view.words):
        return content
    if view.text_at(aside.first - 1) != "," or view.text_at(aside.last + 1) != ",":
        return content
    before, after = between(0, aside.first) & view.solid, between(aside.last + 1, len(view.words)) & view.solid
    whole = bool(content & before) and bool(content >> first(after) & 1) if after else True
    if not before or whole or view.quoted & (before | after):
        return content
    ends = view.words[last(before)]
    unfinished = ends.upos in {"AUX", "PART"} or view.lemmas[last(before)] in boundary_words("negation", "adverbs")
    unfinished = unfinished or _goes_with_nothing(view, last(before), after) or _goes_on(view, after)
    unfinished = unfinished or _is_what_is_clear(view, before, after)
    return before | after if unfinished else content


def with_first_half(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Add the clause before the cue's aside whose second half, in quotation marks, was chosen alone.

    Example: "He never liked the song, he said, “because it made my mother cry.”"
    """
    aside = view.aside(cue)
    words = content & view.solid
    if aside is None or aside.first < 2 or not words or first(words) <= aside.last or words & ~view.quoted:
        return content
    opens = first(words) - 1
    if view.text_at(aside.first - 1) != "," or view.text_at(aside.last + 1) != "," or opens != aside.last + 2:
        return content
    top = view.heads[cue]
    clause = view.words[cue].relation == "parataxis" and top != ROOT and top < aside.first
    half = between(0, aside.first) & view.solid
    if not clause or not view.words[opens + 1].text[:1].islower() or half & view.quoted:
        return content
    return content | half if view.finite & view.children[top] & half and not half & ~view.subtrees[top] else content


def _goes_with_nothing(view: SentenceView, noun: int, after: WordSet) -> bool:
    """Return whether `after` is the phrase that a noun with "no" or "little" needs: "There was no truth, she said, in
    the story"."""
    tops = view.tops(after)
    if view.words[noun].upos != "NOUN" or view.role(noun, "det", "amod") not in _NONE or tops.bit_count() != 1:
        return False
    top = first(tops)
    case = view.sentence.child(top, "case")
    return case == first(after) and view.text_at(case) in _NEEDED and view.words[top].upos in NOUNS


def _goes_on(view: SentenceView, after: WordSet) -> bool:
    """Return whether `after` is a comparison or a gerund that says nothing about the saying: "There is no better job,
    says Holt, *than driving a tram*", "There is a calm, says Cole, *in mending a net*"."""
    tops = view.tops(after)
    opening, top = view.text_at(first(after)), first(tops)
    if opening == "than":
        return True
    gerund = view.words[top].xpos == "VBG" and view.classes[top] not in SPEECH and tops.bit_count() == 1
    return opening == "in" and gerund and view.sentence.child(top, "mark", "case") == first(after)


def _is_what_is_clear(view: SentenceView, before: WordSet, after: WordSet) -> bool:
    """Return whether `after` is the clause for which "it" stands: "It is not clear, police said, *who fired first*"."""
    adjective = view.words[last(before)].upos == "ADJ" or view.text_at(last(before)) == "known"
    return adjective and view.text_at(first(before)) == "it" and view.text_at(first(after)) in _CLAUSE_OPENERS


def without_addressee(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Remove a plural addressee that the parser tagged as part of a compound: "told fans players like him …"."""
    addressee, head = cue + 1, view.heads[cue + 1] if cue + 1 < len(view.words) else ROOT
    if view.classes[cue] != "tell" or head != cue + 2 or not content:
        return content
    word = view.words[addressee]
    if word.relation != "compound" or word.xpos != "NNS" or view.words[head].xpos != "NNS":
        return content
    own = view.subtrees[head] & view.solid if view.heads[head] == cue else 0
    return (content | own) & ~(1 << addressee)


def with_first_words(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Add the noun directly after "said", which is not an addressee, or a future time: "said Hart, when he ran, “was a
    friend”", "said next year it would hire"."""
    after = content & ~between(0, cue + 1)
    noun = view.sentence.child(cue, "iobj", "obj")
    if view.text_at(cue + 1) == "next" and view.words[cue].xpos == "VBD":
        noun = view.heads[cue + 1] if view.heads[view.heads[cue + 1]] == cue else None
    if view.lemmas[cue] != "say" or noun is None or not after or content & between(0, cue):
        return content
    words = view.subtrees[noun] & view.solid
    return content | words if first(words) == cue + 1 and last(words) < first(after) else content


def with_coordinated_clause(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Add the following clause that the tree coordinates with the cue, without a comma, to `content`.

    Example: "says they use the lot but there is only one gate". A clause that contains a report of its own is not
    added.
    """
    clause = view.sentence.child(cue, "ccomp")
    if clause is None or clause < cue or content != view.subtrees[clause] & view.solid:
        return content
    for joined in view.sentence.children(cue):
        words = view.subtrees[joined] & view.solid
        if view.words[joined].relation != "conj" or first(words) != last(content) + 1:
            continue
        coordinator = view.sentence.child(joined, "cc")
        has_subject = bool(view.finite & view.children[joined])
        if coordinator == last(content) + 1 and has_subject and not words & view.speech:
            return content | words
    return content


def without_circumstance(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return an empty content if `content` is only the participle clause that opens the sentence.

    Example: "Asked about the money, the treasurer sighed."
    """
    tops = view.tops(content)
    if not content or content & (view.quoted | view.finite) or tops.bit_count() != 1:
        return content
    top = first(tops)
    word = view.words[top]
    opens = word.xpos in {"VBN", "VBG"} and word.relation == "advcl" and word.head == cue and top < cue
    return 0 if opens else content


def with_second_that(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Add a following "and that" clause that the tree coordinates with the cue.

    Example: "said he had been pushed, and that two men had kicked him".
    """
    for joined in view.sentence.children(cue):
        mark = view.sentence.child(joined, "mark")
        words = view.subtrees[joined] & view.solid
        if view.words[joined].relation != "conj" or mark is None or view.text_at(mark) != "that" or not content:
            continue
        joint = last(content) + 1 + (view.text_at(last(content) + 1) == ",")
        if joint == first(words) and view.words[joint].upos == "CCONJ" and mark == joint + 1:
            return content | words
    return content


def with_resumed_clause(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Add the words after the reporting aside that continue the content.

    Example: "Rain will come, the forecaster said, *and turn to snow*". What the speaker does next is not added.
    """
    aside = view.aside(cue)
    if aside is None or not content or first(content) >= aside.first or last(content) > aside.last or view.quoted:
        return content
    joint = aside.last + 2
    if view.text_at(aside.last + 1) != "," or joint + 1 >= len(view.words) or view.words[joint].upos != "CCONJ":
        return content
    verb = next((at for at in (joint + 1, joint + 2) if at < len(view.words) and view.words[at].upos == "VERB"), None)
    if verb is None or view.words[verb].relation != "conj" or view.classes[verb] in SPEECH or view.subjects(verb):
        return content
    return content | (view.subtrees[verb] & view.solid & ~between(0, joint))


def outside_content(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the words in `content` that belong to no content: "according to X", "citing X", concessions ("…, although
    …"), refusals to say more, the writer's comment, the time of saying and what follows a quoted sentence."""
    words = said_when(view, cue, content) | _introduction(view, cue, content)
    words |= refused(view, cue, content) | _cited(view, cue, content) | _commented(view, cue, content)
    words |= _after_speech(view, content) | _captioned(view, content) | _addressed(view, cue, content)
    for position in positions(content & ~view.quoted):
        if view.text_at(position) in _CONCEDING and view.text_at(position - 1) == ",":
            words |= 1 << position if position == last(content) else _conceded(view, position)
    ends = last(content) if content else 0
    if ends > 1 and view.text_at(ends) == "however" and view.text_at(ends - 1) == "," and ends + 1 < cue:
        words |= 1 << ends
    for position in positions(view.according):
        authority = authority_aside(view.sentence, position)
        words |= 0 if authority is None else between(authority.first, authority.last + 1)
    return words


def _cited(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the clause with which the reporter names a source of their own: "The agency reported, *citing two
    people*"."""
    for verb in positions(content & view.verbs & ~view.quoted):
        follows = view.heads[verb] == cue or bool(content & between(0, cue))
        if verb > cue and follows and view.text_at(verb) in _CITING and view.words[verb].relation == "advcl":
            words = view.subtrees[verb] & content
            return words if content & ~words else 0
    return 0


def _commented(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the writer's comment on the statement at the end of `content`: ", *a view shared by his captain*", ",
    *drawing laughter*"."""
    for place in positions(content & ~view.quoted & ~between(0, cue + 1)):
        if view.text_at(place - 1) != "," or first(content) >= place or view.quoted & ~between(0, place):
            continue
        noun = next(
            (at for at in (place + 1, place + 2) if view.text_at(at) in boundary_words("comment", "nouns")), None
        )
        renamed = view.text_at(place) in {"a", "an"} and noun is not None and noun + 1 < len(view.words)
        after = 0 if noun is None else noun + 1
        while after + 1 < len(view.words) and view.words[after].upos in {"ADV", "PART"}:
            after += 1  # "a claim *later* disputed by"
        thing = view.sentence.child(place, "obj")
        caused = view.text_at(place) in boundary_words("comment", "causing") and thing is not None
        caused = caused and view.lemmas[thing or 0] in boundary_words("comment", "reactions")
        if caused or (renamed and view.text_at(after) in boundary_words("comment", "after")):
            return content & ~between(0, place)
    return 0


def _after_speech(view: SentenceView, content: WordSet) -> WordSet:
    """Return the words after a quoted sentence with which `content` begins: "Go home!" *before she was led away*.

    It ends with a full stop or another such mark, or is a clause that begins with a capital.
    """
    for span in view.quoted_spans.values():
        if not content & span or content & between(0, first(span)):
            continue
        clause = view.words[first(span & view.solid)].text[:1].isupper() and bool(span & view.finite)
        whole = view.text_at(last(span) - 1) in {".", "!", "?", "…"}
        if whole or (clause and view.text_at(last(span) + 1) in _MEANWHILE):
            return content & ~between(0, last(span)) & ~view.quoted
    return 0


def _addressed(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the addressee after a quotation that is the object of the cue: "said “sorry” *to the family*"."""
    for span in view.quoted_spans.values():
        after = content & ~between(0, last(span) + 1)
        if first(span) == cue + 1 and view.text_at(last(span) + 1) == "to" and not after & view.quoted:
            return after if view.classes[cue] == "say" else 0
    return 0


def _captioned(view: SentenceView, content: WordSet) -> WordSet:
    """Return what was posted before the words of its caption: "shared *a photo with the caption:* “Home!”"."""
    for span in view.quoted_spans.values():
        colon = first(span) - 1
        noun = colon - 1 if view.text_at(colon) in {":", ","} else colon
        if not content & span or noun < 1 or view.text_at(noun) not in boundary_words("caption", "nouns"):
            continue
        case = view.sentence.child(noun, "case")
        if case is not None and view.text_at(case) in {"with", "under", "alongside"}:
            return content & between(0, first(span)) & ~view.quoted
    return 0


def _introduction(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the words before a colon if quoted words and then the cue follow: "*Not all agreed:* “No,” said Hart",
    "*World Cup:* 'We were poor,' says captain"."""
    for quoted_span in view.quoted_spans.values():
        colon = first(quoted_span) - 1
        if 0 < colon <= last(quoted_span) < cue and view.text_at(colon) == ":" and content & quoted_span:
            return between(0, colon + 1)
    return 0


def _conceded(view: SentenceView, position: int) -> WordSet:
    """Return the clause opened by the "though" at `position`; empty if it is an adverb: "it is safe, though"."""
    word = view.words[position]
    clause = view.subtrees[word.head] & view.solid if word.head != ROOT else 0
    return clause if word.relation == "mark" and clause and first(clause) == position else 0


def said_when(view: SentenceView, cue: int, content: WordSet) -> WordSet:
    """Return the words directly after the cue that state the time of saying: "said late on Tuesday it would …"."""
    after = content & ~between(0, cue + 1)
    starts = [cue + 1, first(after)] if after else [cue + 1]
    start = next((position for position in starts if _end_of_time(view, position) > position), None)
    if start is None:
        return 0
    end = _end_of_time(view, start)
    if end >= len(view.words) or view.words[end].upos == "PUNCT":
        return between(start, end) if content & between(0, cue) else 0
    opens = view.text_at(end) == "that" or any(
        start <= first(view.subtrees[subject]) <= end <= subject and view.heads[subject] != cue
        for subject in positions(view.finite & content)
    )
    return between(start, end) if opens else 0


def _end_of_time(view: SentenceView, start: int) -> int:
    """Return the end of the time expression that begins at `start`, or `start` if there is none."""
    position, end = start, start
    while view.text_at(position) in _time("degrees"):
        position += 1
    if _amount_of_time(view, position):
        return _amount_of_time(view, position)
    if _event(view, position):
        return _event(view, position)
    if view.text_at(position) in _time("prepositions"):
        position += 1
    text = view.text_at(position)
    if text in _time("days"):
        end = position + 1
        end += view.text_at(end) in _time("parts")
    elif text in _time("months"):
        end = position + 1
        end += view.text_at(end).isdigit()
    elif text in _time("pointers"):
        while view.text_at(position) in _time("pointers"):
            position += 1
        if view.text_at(position) in _time("units") | _time("parts") | _time("days"):
            end = position + 1
    return start if view.text_at(end) in {"'s", "’s"} else end


def _event(view: SentenceView, position: int) -> int:
    """Return the end of a phrase like "after the meeting" that begins at `position`, or 0."""
    if view.text_at(position) not in _time("event_prepositions"):
        return 0
    end = position + 1
    while end < len(view.words) and view.words[end].upos in {"DET", "ADJ", "NUM", "PROPN"}:
        end += 1
    return end + 1 if end < len(view.words) and view.text_at(end) in _time("events") else 0


def _amount_of_time(view: SentenceView, position: int) -> int:
    """Return the end of a phrase like "two days later" that begins at `position`, or 0."""
    amount = view.text_at(position) in _time("amounts") or view.text_at(position).isdigit()
    while view.text_at(position) in _time("amounts") or view.text_at(position).isdigit():
        position += 1
    if amount and view.text_at(position) in _time("plurals") and view.text_at(position + 1) in _time("since"):
        return position + 2
    return 0


def _time(entry: str) -> frozenset[str]:
    return boundary_words("time", entry)

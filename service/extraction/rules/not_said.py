"""Detects what only looks like a report: statements that were not made, topics before a colon, list entries.

Statements that were not made are conditions ("if she says no"), wishes and advice ("chiefs should tell us"),
possibilities ("may announce") and counterfactuals ("would have told"). "Budget 2024: …" is the topic of a line.
"""

from typing import Final

from service.extraction.attribution.lexicons import SPEECH, boundary_words, cue_lexicon
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import positions
from service.extraction.forms.signs import in_first_person
from service.extraction.speakers.names import looks_like_acronym
from service.extraction.tags import FINITE, FIRST_PERSON, PRESENT
from service.extraction.wordlists import is_known_body, organization_words, person_words
from service.parsing.tree import ROOT, Sentence

_MAX_WORDS: Final = 7
_SPEAKERS: Final = frozenset({"person", "organization"})
_PASSED_ON = frozenset({"xcomp", "conj"})  # relations by which a verb shares the mood of its governor
_WH_TAGS = frozenset({"WP", "WRB", "WDT"})
_RELATIVE_SUBJECTS = frozenset({"who", "that"})
_MAKING = frozenset({"make"})  # "should make it clear"


def _is_reported_after(view: SentenceView, colon: int) -> bool:
    """Return whether a report with its own subject follows the colon: "Hurricane Zoe: Governor says …"."""
    return any(
        view.classes[at] in SPEECH
        and view.words[at].xpos in FINITE
        and any(subject > colon for subject in positions(view.subjects(at)))
        and not view.quoted >> at & 1
        for at in positions(view.verbs)
        if at > colon
    )


def _last_word_before(view: SentenceView, colon: int) -> int:
    """Return the last word before the colon, or before parentheses in front of it: "Peter Kay *tour*: …"."""
    last = colon - 1
    if view.words[last].text == ")":
        last = next((place for place in reversed(range(last)) if view.words[place].text == "("), last) - 1
    return max(last, 0)


def _is_thing(view: SentenceView, colon: int) -> bool:
    """Return whether the only word before the colon is the name of no known body: "Ebonpox: Vaccine ‘safe’"."""
    name = view.words[0].text
    alone = colon == 1 and view.entities.get(0) == "organization" and bool(view.quoted)
    bodies = is_known_body(name) or name.lower() in organization_words().metonyms
    return (
        alone
        and not bodies
        and not looks_like_acronym(name)
        and not name.lower().endswith(organization_words().body_endings)
    )


def is_topic(view: SentenceView, cue: int) -> bool:
    """Return whether the cue is a colon after the first words of a line that name no possible speaker."""
    if view.words[cue].text != ":" or not 0 < cue <= _MAX_WORDS:
        return False
    start = view.words[0].span.start
    if view.document.article.paragraphs[view.document.paragraph_at(start)].span.start != start:
        return False
    before = range(cue)
    if any(view.words[place].upos in {"VERB", "AUX", "PRON"} for place in before):
        return False  # "Cole said:", "He: …"
    texts = [view.text_at(place) for place in before]
    if cue_lexicon().is_topic(texts):
        return True
    named = view.entities.get(_last_word_before(view, cue)) in _SPEAKERS
    if named and not _is_reported_after(view, cue) and not _is_thing(view, cue):
        return False
    if all(view.words[place].text.isupper() for place in before):
        return False  # a line of dialogue: "SMITH: …"
    speakers = cue_lexicon().labels | person_words().roles.keys() | person_words().titles | organization_words().heads
    return not any(text in speakers or view.lemmas[place] in speakers for place, text in enumerate(texts))


def is_entry(view: SentenceView, cue: int) -> bool:
    """Return whether the cue is a colon after the name at the start of an entry about it: "Ann Cole: Her new play …".

    The paragraph has whole sentences, outside quotation marks and not in the first person, unlike a headline.
    """
    if view.words[cue].text != ":" or not 0 < cue <= _MAX_WORDS or view.quoted:
        return False
    article = view.document.article
    paragraph = article.paragraphs[view.document.paragraph_at(view.words[0].span.start)]
    if paragraph.section != "body" or paragraph.span.start != view.words[0].span.start:
        return False
    if any(view.words[place].upos in {"VERB", "AUX", "PRON"} for place in range(cue)):
        return False  # "Cole said:", "He: …"
    after = article.text[view.words[cue].span.end : paragraph.span.end]
    names = all(not view.words[place].text.isupper() for place in range(cue))
    return names and after.rstrip().endswith((".", "!", "?")) and not in_first_person(after)


def is_unreal(sentence: Sentence, cue: int) -> bool:
    """Return whether the statement reported by the word at `cue` was not made."""
    for verb in _verbs_sharing_mood(sentence, cue):
        if _is_condition(sentence, verb) or _is_inverted(sentence, verb) or _is_future_time(sentence, verb):
            return True
        if _is_only_possible(sentence, verb, cue) or _is_question(sentence, verb):
            return True
        if _is_imagined(sentence, verb) or _is_let(sentence, verb) or _is_by_anyone(sentence, verb):
            return True
        if _is_reported_future(sentence, verb) or _is_comparison(sentence, verb):
            return True
        if verb != cue and _is_only_demanded(sentence, verb, cue):
            return True
    return _is_promised_on_condition(sentence, cue)


def _verbs_sharing_mood(sentence: Sentence, cue: int) -> list[int]:
    """Return the cue and the verbs above it whose mood it shares: "if she came and said", "should come out and say"."""
    verbs = [cue]
    while sentence.words[verbs[-1]].relation in _PASSED_ON and not _subject(sentence, verbs[-1]):
        head = sentence.words[verbs[-1]].head
        if head == ROOT or sentence.child(verbs[-1], "aux") is not None:
            break
        verbs.append(head)
    return verbs


def _subject(sentence: Sentence, verb: int) -> int | None:
    subjects = [child for child in sentence.children(verb) if sentence.words[child].relation == "nsubj"]
    return subjects[-1] if subjects else None


def _is_condition(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is in an "if" clause, with no comma in between, unlike in "if it rains, he said"."""
    for child in sentence.children(verb):
        word = sentence.words[child]
        if word.relation not in {"mark", "advmod", "case"} or child > verb:
            continue
        following = sentence.words[child + 1].text.lower() if child + 1 < verb else ""
        if word.text.lower() == "as" and following in {"if", "though"}:
            return True
        if word.relation == "mark" and word.text.lower() in boundary_words("unreal", "conditions"):
            return not _comma_between(sentence, child, verb)
    return False


def _is_inverted(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb's auxiliary opens a condition before its subject: "had she said no"."""
    subject = _subject(sentence, verb)
    if subject is None or sentence.words[verb].relation not in {"advcl", "ccomp", "parataxis", "root"}:
        return False
    return any(
        sentence.words[child].relation in {"aux", "cop"}
        and sentence.words[child].text.lower() in boundary_words("unreal", "inverted")
        and child < subject < verb
        and _opens_clause(sentence, child)
        and not _comma_between(sentence, child, verb)
        for child in sentence.children(verb)
    )


def _is_future_time(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb, in the present tense, states the time of a future event: "when she says so, we will
    go"."""
    word = sentence.words[verb]
    if word.relation != "advcl" or word.xpos not in PRESENT or word.head == ROOT:
        return False
    timed = any(
        sentence.words[child].text.lower() in boundary_words("unreal", "times") and child < verb
        for child in sentence.children(verb)
    )
    auxiliary = sentence.child(word.head, "aux")
    return timed and auxiliary is not None and sentence.words[auxiliary].text.lower() in _future()


def _is_only_possible(sentence: Sentence, verb: int, cue: int) -> bool:
    """Return whether a modal makes the verb of speech a possibility or a wish: "may announce"."""
    lemma = sentence.words[cue].lemma.lower()
    if cue_lexicon().verbs.get(lemma) not in SPEECH and lemma not in _MAKING:
        return False
    subject = _subject(sentence, verb)
    if subject is not None and sentence.words[subject].text.lower() in FIRST_PERSON:
        return False
    before = [child for child in sentence.children(verb) if child < verb]
    auxiliaries = [sentence.words[child].text.lower() for child in before if sentence.words[child].relation == "aux"]
    if "would" in auxiliaries and "have" in auxiliaries[auxiliaries.index("would") :]:
        return True
    modal = next((text for text in auxiliaries if text in boundary_words("unreal", "modals")), None)
    denied = any(sentence.words[child].lemma.lower() in boundary_words("negation", "adverbs") for child in before)
    return modal is not None and not (modal == "could" and denied)


def _is_only_demanded(sentence: Sentence, verb: int, cue: int) -> bool:
    """Return whether the verb above an infinitive of speech only demands, expects or forbids that something is said.

    Examples: "The bill requires landlords to tell tenants …", "The union would have to say …". What somebody *had* to
    say was said.
    """
    if sentence.words[cue].xpos != "VB":
        return False
    lemma = sentence.words[verb].lemma.lower()
    if lemma == "have":
        if any(word.text.lower() == "yet" for word in sentence.words[verb:cue]):
            return False  # "has yet to say": that it was not said is the news
        auxiliary = sentence.child(verb, "aux")
        modal = auxiliary is not None and sentence.words[auxiliary].xpos == "MD"
        return modal or sentence.words[verb].xpos in PRESENT
    return lemma in boundary_words("unreal", "obliging")


def _is_promised_on_condition(sentence: Sentence, cue: int) -> bool:
    """Return whether the statement is made only if something happens: "If asked, the guide will tell you that …"."""
    subject, auxiliary = _subject(sentence, cue), sentence.child(cue, "aux")
    if subject is None or auxiliary is None or sentence.words[subject].text.lower() in FIRST_PERSON:
        return False
    if sentence.words[auxiliary].text.lower() not in _future() or sentence.words[cue].xpos != "VB":
        return False
    clauses = [child for child in sentence.children(cue) if sentence.words[child].relation == "advcl" and child < cue]
    return any(_is_condition(sentence, clause) for clause in clauses)


def _is_reported_future(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is a reported intention to speak: "said she would tell the board that …"."""
    word, subject = sentence.words[verb], _subject(sentence, verb)
    if word.relation != "ccomp" or word.head == ROOT or subject is None or word.head > verb:
        return False
    if sentence.words[subject].text.lower() in FIRST_PERSON:
        return False
    auxiliaries = (sentence.words[child] for child in sentence.children(verb) if child < verb)
    return any(word.relation == "aux" and word.text.lower() in {"would", "will"} for word in auxiliaries)


def _is_comparison(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is a comparison: "as if to say …"."""
    before = [word.text.lower() for word in sentence.words[max(0, verb - 3) : verb]]
    return before in (["as", "if", "to"], ["as", "though", "to"])


def _is_imagined(sentence: Sentence, verb: int) -> bool:
    """Return whether the statement is wished for, or the reader is asked to imagine it: "I wish he had said so",
    "Suppose the doctor tells you …"."""
    head, relation = sentence.words[verb].head, sentence.words[verb].relation
    if relation == "acl" and sentence.words[verb].xpos == "VBG" and sentence.words[head].relation == "obj":
        head, relation = sentence.words[head].head, "ccomp"  # "Imagine a minister saying …"
    if relation == "xcomp" and sentence.words[verb].xpos == "VBG":
        relation = "ccomp"
    if head == ROOT or relation != "ccomp" or sentence.words[head].xpos not in {"VB", "VBP"}:
        return False
    if sentence.words[head].lemma.lower() in boundary_words("unreal", "wishing"):
        return True
    imagining = sentence.words[head].lemma.lower() in boundary_words("unreal", "imagining")
    return imagining and _subject(sentence, head) is None


def _is_let(sentence: Sentence, verb: int) -> bool:
    """Return whether the verb is what somebody should let happen: "*Let*'s say it costs a million"."""
    head = sentence.words[verb].head
    if head == ROOT or sentence.words[verb].relation != "xcomp":
        return False
    return sentence.words[head].lemma.lower() == "let" and sentence.words[head].xpos == "VB"


def _is_by_anyone(sentence: Sentence, verb: int) -> bool:
    """Return whether no particular person makes the statement: "Whoever says so is wrong", "anyone who claims it", "you
    could say"."""
    subject, tag = _subject(sentence, verb), sentence.words[verb].xpos
    text = "" if subject is None else sentence.words[subject].text.lower()
    if text == "you":
        return tag in PRESENT or tag == "VB"
    if tag not in PRESENT:
        return False
    if text in _RELATIVE_SUBJECTS and sentence.words[verb].relation == "acl":
        head = sentence.words[verb].head
        return head != ROOT and sentence.words[head].text.lower() in boundary_words("unreal", "anyone")
    return text in {"whoever", "whichever"}


def _is_question(sentence: Sentence, verb: int) -> bool:
    """Return whether the writer asks if the statement was or will be made: "Would she say yes?", "What has he
    said?"."""
    words, subject = sentence.words, _subject(sentence, verb)
    if subject is None or words[verb].relation != "root" or not any(word.text == "?" for word in words[-2:]):
        return False
    return any(
        words[child].relation == "aux"
        and child < subject < verb
        and (_opens_clause(sentence, child) or (child == 1 and words[0].xpos in _WH_TAGS))
        for child in sentence.children(verb)
    )


def _comma_between(sentence: Sentence, start: int, end: int) -> bool:
    return any(word.upos == "PUNCT" for word in sentence.words[start + 1 : end])


def _opens_clause(sentence: Sentence, position: int) -> bool:
    return position == 0 or sentence.words[position - 1].upos in {"PUNCT", "CCONJ"}


def _future() -> frozenset[str]:
    return boundary_words("unreal", "future")

"""Distinguishes a speaker before a colon from the topic of a line, "Budget 2024: …", and from the entry of a list."""

from typing import Final

from service.extraction.attribution.lexicons import SPEECH, cue_lexicon
from service.extraction.attribution.sentence_view import SentenceView
from service.extraction.attribution.word_sets import positions
from service.extraction.forms.signs import in_first_person
from service.extraction.speakers.names import looks_like_acronym
from service.extraction.wordlists import known_bodies, organization_words, person_words

_MAX_WORDS: Final = 7
_SPEAKERS: Final = frozenset({"person", "organization"})


def _is_reported_after(view: SentenceView, colon: int) -> bool:
    """Return whether a report with its own subject follows the colon: "Hurricane Zoe: Governor says …"."""
    return any(
        view.classes[at] in SPEECH
        and view.words[at].xpos in {"VBZ", "VBP", "VBD"}
        and any(subject > colon for subject in positions(view.subjects(at)))
        and not view.quoted >> at & 1
        for at in positions(view.verbs)
        if at > colon
    )


def _is_thing(view: SentenceView, colon: int) -> bool:
    """Return whether the only word before the colon is the name of no known body: "Ebonpox: Vaccine ‘safe’"."""
    name = view.words[0].text
    alone = colon == 1 and view.entities.get(0) == "organization" and bool(view.quoted)
    bodies = any(name in names for names in known_bodies()) or name.lower() in organization_words().metonyms
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
    if any(text in cue_lexicon().topics or text.isdigit() for text in texts):
        return True
    named = any(view.entities.get(place) in _SPEAKERS for place in before)
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
    told = article.text[view.words[cue].span.end : paragraph.span.end]
    names = all(not view.words[place].text.isupper() for place in range(cue))
    return names and told.rstrip().endswith((".", "!", "?")) and not in_first_person(told)

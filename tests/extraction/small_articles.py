"""Build small articles from phrases, with their attributions, for the tests of speakers.

`say`, `did` and `quoted` build sentences in the notation of `tests/trees.py`. The subject of a reporting verb is the
source.
"""

import re
from dataclasses import replace

from service.extraction.attribution.sources import as_source
from service.extraction.report import Attribution
from service.extraction.speakers.resolve import Cast, resolve
from service.input.article import Span
from service.parsing.tree import Sentence, SentenceIndex
from tests import trees

_REPORTING = {"say", "tell", "ask", "report", "state"}


def name(words: str, relation: str = "nsubj/said") -> str:
    """Build a person's name, with the first word as head."""
    first, *rest = words.split()
    return " ".join([f"{first}/PROPN/{relation}", *(f"{word}/PROPN/flat/{first}" for word in rest)])


def titled(title: str, words: str, relation: str = "nsubj/said") -> str:
    """Build a title and a name, attached as in the treebanks."""
    first = words.split()[0]
    *before, last = title.split()
    modifiers = [f"{word}/{'PROPN' if word[0].isupper() else 'ADJ'}/compound/{last}" for word in before]
    return " ".join([*modifiers, f"{last}/PROPN/nmod:desc/{first}", name(words, relation)])


def noun(words: str, relation: str = "nsubj/said", lemma: str = "") -> str:
    """Build a noun phrase with the last word as head and the words before it as modifiers."""
    *before, head = words.split()
    parts = []
    for word in before:
        lower = word.lower()
        if lower in {"the", "a", "an", "another", "both", "this"}:
            parts.append(f"{word}/DET/det/{head}")
        elif word[0].isupper() and word not in {"Russian", "Senior", "Norwegian", "Danish"}:
            parts.append(f"{word}/PROPN/compound/{head}")
        else:
            parts.append(f"{word}/ADJ/amod/{head}")
    upos = "PROPN" if head[0].isupper() and (before or head.isupper()) else "NOUN"
    return " ".join([*parts, f"{head}{f'={lemma}' if lemma else ''}/{upos}/{relation}"])


def say(subject: str, verb: str = "said=say", rest: str = "so/ADV/advmod/said") -> str:
    """Build a sentence that reports something: `subject` said so."""
    form = verb.partition("=")[0]
    return f"{subject} {verb}/VERB/root {rest} ./PUNCT/punct/{form}".replace("/said", f"/{form}")


def did(subject: str, rest: str = "") -> str:
    """Build a sentence that reports nothing: `subject` slept."""
    return f"{subject} slept=sleep/VERB/root {rest} ./PUNCT/punct/slept".replace("/said", "/slept")


def quoted(words: str, subject: str) -> str:
    """Build a direct quote: “words,” subject said."""
    return (
        f"“/PUNCT/punct/said {words} ,/PUNCT/punct/said ”/PUNCT/punct/said "
        f"{subject} said=say/VERB/root ./PUNCT/punct/said"
    )


def of(head: str, case: str, phrase: str) -> str:
    """Build a prepositional phrase attached to `head`; the head of `phrase` has the relation `@`."""
    own = re.findall(r"(\S+?)(?:=\S+?)?/\w+/@", phrase)[0]
    return f"{case}/ADP/case/{own} {phrase.replace('/@', f'/nmod/{head}')}"


def appositive(head: str, phrase: str) -> str:
    """Build an apposition to `head`, between commas."""
    return f",/PUNCT/punct/{head} {phrase.replace('/@', f'/appos/{head}')} ,/PUNCT/punct/{head}"


def written(sentence: str) -> str:
    """Return the plain text of a sentence."""
    text = " ".join(token.split("/")[0].partition("=")[0] for token in sentence.split())
    return re.sub(r"(?<=[“‘(]) | (?=[,.”’)]|['’]s\b)", "", text)


def cast(
    *sentences: str, entities: dict[str, str] | None = None, headline: bool = False
) -> tuple[str, list[Attribution], Cast]:
    """Return the text of an article, its attributions and their cast.

    A "¶" before a sentence begins a paragraph. With `headline`, the first paragraph is a headline.
    """
    text = ""
    for one in sentences:
        text += ("\n" if one.startswith("¶") else " ") * bool(text) + written(one.lstrip("¶ "))
    parse = trees.parse(text, [one.lstrip("¶ ") for one in sentences], entities)  # type: ignore[arg-type]
    article = trees.article(text)
    if headline:
        first, *others = article.paragraphs
        article = replace(article, paragraphs=(replace(first, section="headline"), *others))
    attributions = [one for number, sentence in parse.numbered() for one in reported(text, number, sentence)]
    return text, attributions, resolve(article, parse, attributions)


def reported(text: str, number: SentenceIndex, sentence: Sentence) -> list[Attribution]:
    """Return the attribution of a sentence with a reporting verb, else an empty list."""
    root = sentence.root()
    if sentence.words[root].lemma not in _REPORTING:
        return []
    marks = [Span(m.start(), m.end()) for m in re.finditer("“[^”]*”", text) if sentence.span.contains(Span(*m.span()))]
    clause = sentence.child(root, "ccomp")
    inside = sentence.subtree(clause) if clause is not None and not marks else []
    contents = [Span(sentence.words[inside[0]].span.start, sentence.words[inside[-1]].span.end)] if inside else marks
    addressee = sentence.child(root, "obj")
    subject = sentence.child(root, "nsubj")
    return [
        Attribution(
            kind="direct" if marks else "indirect",
            contents=tuple(contents),
            sentence=number,
            marks=tuple(marks),
            source=as_source(sentence, number, subject) if subject is not None else None,
            addressee=sentence.words[addressee].span if addressee is not None else None,
        )
    ]


def shown(one: Cast) -> list[str]:
    """Format each attribution as `speaker/resolution`."""
    return [
        f"{one.speakers[resolved.speaker].name if resolved.speaker is not None else '-'}/{resolved.resolution}"
        for resolved in one.resolved
    ]


HE, SHE, IT, THEY = (f"{word}/PRON/nsubj/said" for word in ("He", "She", "It", "They"))

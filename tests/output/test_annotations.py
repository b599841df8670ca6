"""W3C Web Annotations conform to the model, and their selectors find their words."""

import hashlib
import json
from base64 import urlsafe_b64decode
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from hypothesis import given

from service.extraction.report import Report, SpeakerIndex
from service.input.article import Article
from service.output.annotations import AROUND, text_uri, to_annotations
from tests.output.reports import ARTICLE, MODEL, PIECES, REPORT, TEXT, articles_and_reports


def collection(article: Article = ARTICLE, report: Report = REPORT) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(to_annotations(article, report, MODEL))
    return found


def items(article: Article = ARTICLE, report: Report = REPORT) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = collection(article, report)["first"]["items"]
    return found


def targets(annotation: dict[str, Any]) -> list[dict[str, Any]]:
    target = annotation["target"]
    return target if isinstance(target, list) else [target]


def test_json_ld_cannot_end_a_script_element() -> None:
    article = replace(ARTICLE, title="</script><script>alert(1)</script>")
    assert "<" not in to_annotations(article, REPORT, MODEL)
    assert collection(article)["label"] == article.title


def test_quote_in_parts_has_a_target_for_each() -> None:
    first = items()[0]
    speaker = first["body"][0]["schema:spokenByCharacter"]
    source = text_uri(TEXT)
    assert first == {
        "id": first["id"],
        "type": "Annotation",
        "motivation": "describing",
        "body": [
            {
                "id": first["body"][0]["id"],
                "type": "schema:Quotation",
                "schema:text": "“No,” “never & nowhere.”",
                "schema:spokenByCharacter": {
                    "id": speaker["id"],
                    "type": "schema:Person",
                    "schema:name": "Ann <Example>",
                    "schema:description": 'an "expert"',
                    "schema:alternateName": ["Ann"],
                },
            },
            {"type": "TextualBody", "purpose": "classifying", "value": "direct"},
        ],
        "target": [
            {
                "type": "SpecificResource",
                "source": source,
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": "“No,”",
                        "prefix": "",
                        "suffix": " said Ann <Example>, “never & no",
                    },
                    {"type": "TextPositionSelector", "start": 0, "end": 5},
                ],
            },
            {
                "type": "SpecificResource",
                "source": source,
                "selector": [
                    {
                        "type": "TextQuoteSelector",
                        "exact": "“never & nowhere.”",
                        "prefix": "“No,” said Ann <Example>, ",
                        "suffix": "\n\nBob Sample said that Ann had a",
                    },
                    {"type": "TextPositionSelector", "start": 26, "end": 44},
                ],
            },
        ],
    }


def test_contiguous_quote_has_one_target() -> None:
    assert isinstance(items()[1]["target"], dict)


@given(articles_and_reports())
def test_both_selectors_find_the_words_of_the_text(made: tuple[Article, Report]) -> None:
    article, report = made
    for quote, annotation in zip(report.quotes, items(article, report), strict=True):
        (target,) = targets(annotation)
        words, place = target["selector"]
        start, end = place["start"], place["end"]
        assert (start, end) == quote.contents[0]
        assert article.text[start:end] == words["exact"]
        assert article.text[:start].endswith(words["prefix"])
        assert article.text[end:].startswith(words["suffix"])
        assert len(words["prefix"]) == min(AROUND, start)
        assert len(words["suffix"]) == min(AROUND, len(article.text) - end)


def test_negated_quote_is_not_a_quotation() -> None:
    assert items()[3]["body"] == [
        {"type": "TextualBody", "purpose": "classifying", "value": "indirect"},
        {"type": "TextualBody", "purpose": "classifying", "value": "negated"},
    ]


def test_unattributed_quotation_has_no_creator() -> None:
    assert items()[4]["body"][0].keys() == {"id", "type", "schema:text"}


def test_speaker_is_the_same_node_in_all_their_quotes() -> None:
    first, _, third, *_ = (one["body"][0].get("schema:spokenByCharacter") for one in items())
    assert first == third


def test_identical_speakers_have_different_nodes() -> None:
    ann, bob, union = REPORT.speakers
    twins = replace(REPORT, speakers=(ann, replace(bob, name=ann.name, description=ann.description), union))
    first, second, *_ = (one["body"][0]["schema:spokenByCharacter"]["id"] for one in items(report=twins)[:3])
    assert first != second


def test_other_speaker_kinds_are_things() -> None:
    group = replace(REPORT, quotes=(replace(PIECES, speaker=SpeakerIndex(2)),))
    assert items(report=group)[0]["body"][0]["schema:spokenByCharacter"]["type"] == "schema:Thing"


def test_required_ids_are_unique() -> None:
    whole = collection()
    named = [whole, whole["generator"], whole["first"], *items()]
    assert len({node["id"] for node in named}) == len(named)
    assert all(node["id"].startswith("urn:uuid:") for node in named)


def test_annotation_id_does_not_depend_on_other_quotes() -> None:
    alone = items(report=replace(REPORT, quotes=REPORT.quotes[:1]))
    assert alone == items()[:1]
    assert items(replace(ARTICLE, url="https://news.example/a"))[0]["id"] != alone[0]["id"]


def test_article_id_is_its_url_or_a_hash_of_its_text() -> None:
    addressed = items(replace(ARTICLE, url="https://news.example/a"))
    assert {target["source"] for one in addressed for target in targets(one)} == {"https://news.example/a"}
    (name,) = {target["source"] for one in items() for target in targets(one)}
    scheme, _, digest = name.partition(";")
    assert scheme == "ni:///sha-256"
    assert urlsafe_b64decode(digest + "=") == hashlib.sha256(TEXT.encode()).digest()


def test_collection_has_total_and_creator() -> None:
    whole = collection()
    assert (whole["type"], whole["label"], whole["total"]) == ("AnnotationCollection", "A <title> & more", 5)
    assert whole["generator"]["name"].endswith("made-up 1")
    empty = collection(replace(ARTICLE, title=None), Report())
    assert (empty["total"], empty["first"]["items"], "label" in empty) == (0, [], False)


# From http://www.w3.org/ns/anno.jsonld, which is not fetched. JSON-LD silently drops terms that its context does not
# define.
DEFINED = set(
    "Annotation AnnotationCollection AnnotationPage Software SpecificResource TextPositionSelector TextQuoteSelector "
    "TextualBody body classifying describing end exact first generator id items label motivation name prefix purpose "
    "selector source start startIndex suffix target total type value".split()
)


def test_all_terms_are_defined_in_the_context() -> None:
    used = set(_words(collection())) - {"@context"}
    assert used - DEFINED == {word for word in used if word.startswith("schema:")}
    assert used >= DEFINED | {"schema:Quotation", "schema:Person"}


def _words(value: Any) -> Iterator[str]:
    """Yield every key, and every value that is a term of the vocabulary."""
    if isinstance(value, dict):
        yield from value
        yield from (value[name] for name in ("type", "motivation", "purpose") if name in value)
        for below in value.values():
            yield from _words(below)
    elif isinstance(value, list):
        for below in value:
            yield from _words(below)

"""Render a report as W3C Web Annotations in JSON-LD: one annotation of the article's text per quote.

The model is https://www.w3.org/TR/annotation-model/ (2017). Its context defines the prefix `schema` for schema.org, so
the quoted words can be a https://schema.org/Quotation without a second context. Positions are code points, as the model
defines them.
"""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID, uuid5

from service import __version__
from service.extraction.report import Quote, Report, Speaker, SpeakerKind
from service.input.article import Article, Span
from service.output.promises import quote_text
from service.output.rendering import to_json
from service.parsing.parser import ModelInfo

CONTEXT: Final = "http://www.w3.org/ns/anno.jsonld"
# The model leaves the length of prefix and suffix open; with this many code points even a short quote is unambiguous.
AROUND: Final = 32
_NAMES: Final = UUID("6f1d5f0a-3f0e-4a59-9d0f-1c6d3c1d8a57")  # random namespace of the UUIDs
_TYPES: Final[dict[SpeakerKind, str]] = {
    "person": "schema:Person",
    "organization": "schema:Organization",
    "group": "schema:Thing",  # schema.org has no type for groups such as "two officials"
    "unknown": "schema:Thing",
}


def to_annotations(article: Article, report: Report, model: ModelInfo) -> str:
    r"""Return an AnnotationCollection of the quotes of `article`, in text order, on a single page; one line of JSON.

    `<` is written as `\u003c`, so that `</script>` in a quote cannot end a script element that holds the JSON-LD.

    A node's id is a UUID of its content: equal annotations have equal ids.
    """
    source = article.url or text_uri(article.text)
    speakers = [_speaker(speaker, source) for speaker in report.speakers]
    items = [_annotation(article, quote, speakers, source) for quote in report.quotes]
    page = _with_id({"type": "AnnotationPage", "startIndex": 0, "items": items}, source)
    collection = {
        "type": "AnnotationCollection",
        **({"label": article.title} if article.title else {}),
        "generator": _with_id({"type": "Software", "name": f"Pullquote {__version__}, {model.name} {model.version}"}),
        "total": len(items),
        "first": page,
    }
    return to_json({"@context": CONTEXT, **_with_id(collection)}).replace("<", "\\u003c") + "\n"


def text_uri(text: str) -> str:
    """Return the RFC 6920 URI of a text without a URL, made from its SHA-256."""
    digest = urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).decode().rstrip("=")
    return f"ni:///sha-256;{digest}"


def _annotation(article: Article, quote: Quote, speakers: list[dict[str, Any]], source: str) -> dict[str, Any]:
    """Return a quote's annotation. A quote in several parts has a target for each; the bodies apply to all of them."""
    tags = [quote.kind, *(["negated"] if quote.negated else [])]
    bodies: list[dict[str, Any]] = [{"type": "TextualBody", "purpose": "classifying", "value": tag} for tag in tags]
    if not quote.negated:  # words reported as not said are no one's quotation
        quotation: dict[str, Any] = {"type": "schema:Quotation", "schema:text": quote_text(article, quote)}
        if quote.speaker is not None:
            quotation["schema:spokenByCharacter"] = speakers[quote.speaker]
        bodies.insert(0, _with_id(quotation, source, *quote.contents))
    targets = [
        {"type": "SpecificResource", "source": source, "selector": _selectors(article.text, span)}
        for span in quote.contents
    ]
    target = targets[0] if len(targets) == 1 else targets
    node = {"type": "Annotation", "motivation": "describing", "body": bodies, "target": target}
    return _with_id(node, quote.cue and quote.cue.span)


def _selectors(text: str, span: Span) -> list[dict[str, Any]]:
    """Return two selectors of a span: by its words, in case the text changes, and by its position."""
    start, end = span
    return [
        {
            "type": "TextQuoteSelector",
            "exact": text[start:end],
            "prefix": text[max(0, start - AROUND) : start],
            "suffix": text[end : end + AROUND],
        },
        {"type": "TextPositionSelector", "start": start, "end": end},
    ]


def _speaker(speaker: Speaker, source: str) -> dict[str, Any]:
    node: dict[str, Any] = {"type": _TYPES[speaker.kind], "schema:name": speaker.name}
    if speaker.description:
        node["schema:description"] = speaker.description
    if speaker.aliases:
        node["schema:alternateName"] = list(speaker.aliases)
    return _with_id(node, source, *speaker.mentions)


def _with_id(node: Mapping[str, Any], *about: object) -> dict[str, Any]:
    """Add an id to `node`, a hash of its content; `about` distinguishes nodes with the same content."""
    name = json.dumps([node, *about], sort_keys=True, separators=(",", ":"))
    return {"id": uuid5(_NAMES, name).urn, **node}

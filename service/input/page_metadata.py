"""Extracts a page's metadata: the article's title, byline, date, language and address, and the site's name."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from lxml.html import HtmlElement
from trafilatura.settings import Document

_LANGUAGE_TAG: Final = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,8}")
_DATE: Final = re.compile(r"\d{4}-\d{2}-\d{2}")
_TIMESTAMP: Final = re.compile(
    r"\d{4}-\d{2}-\d{2}[Tt ]([01]\d|2[0-3]):[0-5]\d(:[0-5]\d(\.\d{1,9})?)? ?([Zz]|[+-]([01]\d|2[0-3]):?[0-5]\d)",
    re.ASCII,
)
_ADDRESS: Final = re.compile(r"https?://[^\x00-\x20/?#][^\x00-\x20]*", re.IGNORECASE)
_MAX_ADDRESS: Final = 2000  # characters, as in a request
_MAX_NAME: Final = 200  # characters of a site's name
# Names of the metadata for the time of publication, most reliable first.
_TIME_NAMES: Final = (
    "article:published_time", "og:article:published_time", "datepublished", "parsely-pub-date", "sailthru.date",
    "publishdate", "pubdate", "dc.date.issued", "dc.date", "dcterms.created", "dcterms.date", "date",
    "cxenseparse:recs:publishtime",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageMetadata:
    """A page's metadata; None for values that the page does not state.

    `published_at` is an RFC 3339 date or date-time.
    """

    title: str | None = None
    byline: str | None = None
    published_at: str | None = None
    language: str | None = None
    url: str | None = None
    site_name: str | None = None


def read_metadata(tree: HtmlElement, document: Document | None) -> PageMetadata:
    """Return the metadata of the article in `tree`, with the values of trafilatura's `document`, if it found one."""
    language, address, site = _language(tree), _address(tree), _site_name(tree)
    if document is None:
        return PageMetadata(language=language, url=address, site_name=site)
    date = document.date if document.date and _DATE.fullmatch(document.date) else None
    published_at = (date and _timestamp(tree, date)) or date
    return PageMetadata(document.title, document.author, published_at, language, address, site)


def linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield every object in the page's JSON-LD."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        try:
            pending = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while pending:
            node = pending.pop()
            if isinstance(node, dict):
                yield node
                pending.extend(node.values())
            elif isinstance(node, list):
                pending.extend(node)


def _meta(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    """Yield the names, in lower case, and contents of the page's `<meta>` elements."""
    for meta in tree.iterfind(".//meta[@content]"):
        for attribute in ("name", "property", "http-equiv", "itemprop"):
            name = (meta.get(attribute) or "").lower()
            if name:
                yield name, meta.get("content") or ""


def _timestamp(tree: HtmlElement, date: str) -> str | None:
    """Return the time of publication if the page states one on `date` with a UTC offset."""
    metas = list(_meta(tree))
    values = [content for known_name in _TIME_NAMES for name, content in metas if name == known_name]
    values += [str(node["datePublished"]) for node in linked_data(tree) if "datePublished" in node]
    values += [element.get("datetime") or "" for element in tree.iter("time")]
    for text in map(str.strip, values):
        if text.startswith(date) and _TIMESTAMP.fullmatch(text):
            try:
                timestamp = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper())
            except ValueError:
                continue
            return timestamp.isoformat().replace("+00:00", "Z")
    return None


def _address(tree: HtmlElement) -> str | None:
    """Return the page's canonical address if it is absolute."""
    candidates = [
        link.get("href")
        for link in tree.iterfind(".//link[@href]")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    candidates += [content for name, content in _meta(tree) if name == "og:url"]
    urls = ((url or "").strip() for url in candidates)
    return next((url for url in urls if len(url) <= _MAX_ADDRESS and _ADDRESS.fullmatch(url)), None)


def _site_name(tree: HtmlElement) -> str | None:
    """Return the site's name from the page's metadata, else the publisher in its JSON-LD."""
    values = [content for name, content in _meta(tree) if name in {"og:site_name", "application-name"}]
    for node in linked_data(tree):
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            values.append(publisher["name"])
    names = (" ".join(name.split()) for name in values)
    return next((name for name in names if 0 < len(name) <= _MAX_NAME), None)


def _language(tree: HtmlElement) -> str | None:
    """Return the page's language (BCP 47) from its outermost element or its metadata."""
    values = [tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang"), tree.get("xml:lang")]
    values += [content for name, content in _meta(tree) if name in {"content-language", "og:locale", "inlanguage"}]
    tags = ((tag or "").split(",")[0].strip().replace("_", "-") for tag in values)
    return next((tag for tag in tags if _LANGUAGE_TAG.fullmatch(tag)), None)

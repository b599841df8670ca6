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
_LONGEST_ADDRESS: Final = 2000  # characters, as in a request
_LONGEST_NAME: Final = 200  # characters of a site's name
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


def read_metadata(tree: HtmlElement, found: Document | None) -> PageMetadata:
    """Return the metadata of the article in `tree`, including what trafilatura `found`."""
    language, address, site = _language(tree), _address(tree), _site_name(tree)
    if found is None:
        return PageMetadata(language=language, url=address, site_name=site)
    date = found.date if found.date and _DATE.fullmatch(found.date) else None
    published_at = (date and _timestamp(tree, date)) or date
    return PageMetadata(found.title, found.author, published_at, language, address, site)


def linked_data(tree: HtmlElement) -> Iterator[dict[str, Any]]:
    """Yield every object in the page's JSON-LD."""
    for script in tree.iterfind('.//script[@type="application/ld+json"]'):
        try:
            waiting = [json.loads(script.text or "", strict=False)]
        except (ValueError, RecursionError):
            continue
        while waiting:
            node = waiting.pop()
            if isinstance(node, dict):
                yield node
                waiting.extend(node.values())
            elif isinstance(node, list):
                waiting.extend(node)


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
    said = [content for wanted in _TIME_NAMES for name, content in metas if name == wanted]
    said += [str(node["datePublished"]) for node in linked_data(tree) if "datePublished" in node]
    said += [element.get("datetime") or "" for element in tree.iter("time")]
    for text in map(str.strip, said):
        if text.startswith(date) and _TIMESTAMP.fullmatch(text):
            try:
                moment = datetime.fromisoformat(text.replace(" ", "T", 1).replace(" ", "").upper())
            except ValueError:
                continue
            return moment.isoformat().replace("+00:00", "Z")
    return None


def _address(tree: HtmlElement) -> str | None:
    """Return the page's canonical address if it is absolute."""
    links = [
        link.get("href")
        for link in tree.iterfind(".//link[@href]")
        if "canonical" in (link.get("rel") or "").lower().split()
    ]
    links += [content for name, content in _meta(tree) if name == "og:url"]
    said = ((link or "").strip() for link in links)
    return next((link for link in said if len(link) <= _LONGEST_ADDRESS and _ADDRESS.fullmatch(link)), None)


def _site_name(tree: HtmlElement) -> str | None:
    """Return the site's name from the page's metadata, else the publisher in its JSON-LD."""
    said = [content for name, content in _meta(tree) if name in {"og:site_name", "application-name"}]
    for node in linked_data(tree):
        publisher = node.get("publisher")
        if isinstance(publisher, dict) and isinstance(publisher.get("name"), str):
            said.append(publisher["name"])
    names = (" ".join(name.split()) for name in said)
    return next((name for name in names if 0 < len(name) <= _LONGEST_NAME), None)


def _language(tree: HtmlElement) -> str | None:
    """Return the page's language (BCP 47) from its outermost element or its metadata."""
    said = [tree.get("lang"), tree.get("{http://www.w3.org/XML/1998/namespace}lang"), tree.get("xml:lang")]
    said += [content for name, content in _meta(tree) if name in {"content-language", "og:locale", "inlanguage"}]
    tags = ((tag or "").split(",")[0].strip().replace("_", "-") for tag in said)
    return next((tag for tag in tags if _LANGUAGE_TAG.fullmatch(tag)), None)

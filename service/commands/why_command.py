"""`pullquote why`: print the decisions that led to a quote."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

import click

from service.commands.progress import one_line
from service.errors import InputError
from service.extraction.report import Statements
from service.files.inputs import SEVERAL, Form, OutputOptions, Refused, TextStyle, find_inputs
from service.settings import Settings

_NAMES: Final = {
    "cue": "cue",
    "content": "content",
    "source": "source",
    "quoted-span": "quoted span",
    "speaker": "speaker",
}
_NONE: Final = "(none)"


@click.command()
@click.argument("article", metavar="ARTICLE", type=click.Path(allow_dash=True))
@click.option("--quote", "ids", multiple=True, metavar="ID", help="Only this quote, such as q3; repeatable.")
@click.option("--statements", type=click.Choice(get_args(Statements)), help="Same as for extract.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="Same as for extract; 0 also shows dropped quotes.")
@click.option("--unattributed", is_flag=True, help="Include quoted text without an attribution.")
@click.option("--from", "form", type=click.Choice(get_args(Form)), help="Type of ARTICLE, whatever its name.")
@click.pass_obj
def why(
    settings: Settings, /, article: str, ids: tuple[str, ...], statements: Statements | None,
    min_confidence: float | None, unattributed: bool, form: Form | None,
) -> None:  # fmt: skip
    """Print the decisions that led to each quote.

    ARTICLE is plain text, a web page, a document, or - for standard input.

    Each decision shows the winner, what decided (the model or a rule), the runner-up, and the features with the largest
    contributions, in log-odds. The ids are those of extract with the same options. docs/debugging.md shows how to read
    them.
    """
    options: dict[str, Any] = {"explain": True, "unattributed": unattributed}
    if statements is not None:
        options["statements"] = statements
    if min_confidence is not None:
        options["min_confidence"] = min_confidence
    answer = _answer(settings, article, form, options)
    quotes = {quote["id"]: quote for quote in answer["quotes"]}
    unknown = [item for item in ids if item not in quotes]
    if unknown:
        raise click.UsageError(f"{one_line(article)} has {len(quotes)} quotes, and no quote {unknown[0]!r}.")
    names = {speaker["id"]: speaker["name"] for speaker in answer["speakers"]}
    shown = [quotes[item] for item in ids] if ids else list(quotes.values())
    click.echo("\n\n".join("\n".join(_lines(quote, names)) for quote in shown) or "No quotes found.")


def _answer(settings: Settings, path: str, form: Form | None, options: dict[str, Any]) -> dict[str, Any]:
    """Return the response of `POST /quotes`. Raises `InputError`, or what loading the model raises."""
    from service.files.articles import articles_of
    from service.files.processing import ArticleProcessor
    from service.parsing import load

    inputs = find_inputs([path], form)
    if len(inputs) != 1 or inputs[0].form in SEVERAL:
        raise click.UsageError(f"{path} contains several articles, but why takes one.")
    (input_article,) = articles_of(inputs[0], settings.max_bytes)
    processed: Any = input_article
    if not isinstance(input_article, Refused):
        output_options = OutputOptions("json", options, TextStyle())
        processor = ArticleProcessor(lambda: load.load_parser(settings), settings, output_options)
        processed = processor.answer(input_article)
    if isinstance(processed, Refused):
        raise InputError(f"{one_line(path)}: {one_line(processed.reason)}")
    answer: dict[str, Any] = json.loads(processed.text)
    return answer


def _lines(quote: Mapping[str, Any], names: Mapping[str, str]) -> Iterator[str]:
    """Format a quote and its decisions as lines."""
    speaker = names.get(quote["speaker"], "Unknown speaker")
    yield f"{quote['id']}  {speaker}: {one_line(quote['text'])}"
    about = [quote["kind"], f"confidence {quote['confidence']:.2f}"]
    about += [quote["unresolved"]] if quote["unresolved"] else []
    about += [f"continues {quote['continues']}"] if quote["continues"] else []
    yield "    " + one_line(" · ".join(about))
    for decision in quote["decisions"]:
        name = _NAMES[decision["decision"]]
        yield ""
        yield f"  {name}: {_formatted(decision['winner'])}" + (
            f"  of {one_line(decision['about'])}" if decision["about"] else ""
        )
        yield f"    decided by: {decision['decided_by']}"
        yield from _features(decision["winner"])
        if decision["runner_up"]:
            yield f"    runner-up: {_formatted(decision['runner_up'])}"
            yield from _features(decision["runner_up"])


def _formatted(alternative: Mapping[str, Any]) -> str:
    text = _NONE if alternative["text"] is None else one_line(alternative["text"])
    return text if alternative["score"] is None else f"{text}  {alternative['score']:+.1f}"


def _features(alternative: Mapping[str, Any]) -> Iterator[str]:
    for item in alternative["features"]:
        yield f"      {item['weight']:+.2f}  {item['feature']}"

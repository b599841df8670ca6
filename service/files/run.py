"""Process files: skip, reject or process each article, in the order of the files."""

from collections.abc import Callable, Generator, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial

from service.files.answering import Answering
from service.files.articles import articles_of
from service.files.inputs import Input
from service.files.outcomes import Outcome, Refused, Sent, Skipped
from service.files.outputs import Output
from service.files.processes import answered_by_processes, answered_here
from service.files.wanted import Wanted
from service.parsing.parser import Parser
from service.settings import Settings


def outcomes(
    inputs: Sequence[Input], output: Output, load: Callable[[Settings], Parser], settings: Settings, wanted: Wanted,
    jobs: int,
) -> Generator[Outcome, None, None]:  # fmt: skip
    """Yield the outcome of each article of `inputs`. `load` is called in each process that handles articles.

    Raises `ModelError` if the model cannot be loaded.
    """
    mine = replace(settings, workers=jobs)  # each process gets its share of the cores
    start = partial(Answering, partial(load, mine), mine, wanted)
    items = _items(inputs, output, settings.max_bytes, wanted.fields)
    if jobs == 1:
        yield from answered_here(items, start())
    else:
        with closing(answered_by_processes(items, start, jobs, mine.threads)) as answered:
            yield from answered


def _items(
    inputs: Sequence[Input], output: Output, max_bytes: int, fields: Mapping[str, str]
) -> Iterator[Sent | Refused | Skipped]:
    for file in inputs:
        for found in articles_of(file, max_bytes, fields):
            yield Skipped(len(found.content)) if isinstance(found, Sent) and output.has(found) else found

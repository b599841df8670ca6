"""Process a block: read it, process each article as `pullquote extract` does, and write the results."""

import json
import pickle
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any, Final

from service.archive.articles import block_articles
from service.archive.blocks import Block
from service.archive.folder import Done, write_block
from service.archive.tables import Tables, add_answer, add_refusal
from service.errors import ModelError, OutputError
from service.files.answering import Answering
from service.files.outcomes import Refused
from service.files.processes import Worker
from service.files.wanted import Look, Wanted
from service.parsing.parser import Parser
from service.settings import Settings

_THREADS: Final = 1  # each process has one core


@dataclass(frozen=True, slots=True)
class Order:
    """The job of every block: settings, options, model loader and output folder.

    `about` is stored in every file: everything that the results depend on. `fields` maps fields of a request to the
    columns or fields of a line that replace them.
    """

    load: Callable[[Settings], Parser]
    settings: Settings
    options: dict[str, Any]
    folder: Path
    about: str
    fields: dict[str, str] = field(default_factory=dict)


class BlockAnswering:
    """Processes blocks one by one. Ray creates one per core, and calls it with batches of one block.

    The model runs in a child process: an article that crashes it is rejected without Ray noticing.
    """

    def __init__(self, order: Order) -> None:
        self._order = order
        wanted = Wanted("jsonl", order.options, Look(), order.fields)
        self._worker = Worker(partial(Answering, partial(order.load, order.settings), order.settings, wanted), _THREADS)

    def __call__(self, batch: dict[str, Any]) -> dict[str, list[str]]:
        """Return each block's outcome as JSON: `done`, `failed` with a reason, or `stop` if every other block would
        fail too."""
        return {"told": [json.dumps(self._told(pickle.loads(pickled))) for pickled in batch["block"]]}

    def _told(self, block: Block) -> dict[str, Any]:
        try:
            return {"block": block.number, "done": asdict(self.answer(block))}
        except (ModelError, OutputError) as error:
            return {"block": block.number, "stop": [type(error).__name__, str(error)]}
        except Exception as error:  # a temporary disk failure, or a bug
            return {"block": block.number, "failed": f"{type(error).__name__}: {error}"}

    def answer(self, block: Block) -> Done:
        """Process and write `block`. Raises `ModelError`, `OutputError`, or what reading it raises."""
        limits = self._order.settings
        tables: Tables = {"articles": [], "quotes": [], "speakers": []}
        for place, found in block_articles(block, limits.max_bytes, self._order.fields):
            outcome = found if isinstance(found, Refused) else self._worker.answer(found)
            if isinstance(outcome, Refused):
                add_refusal(tables, place, outcome)
            else:
                add_answer(tables, place, outcome.sent.name, outcome.text)
        return write_block(self._order.folder, block, tables, self._order.about)

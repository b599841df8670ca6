"""The application state that routes need. `create_app` stores it in `app.extensions`."""

from dataclasses import dataclass, field
from threading import Event
from typing import Final

from flask import current_app

from service.api.admission import Turns
from service.api.kept_answers import KeptAnswers
from service.article.page_reader import PageReader
from service.errors import Draining, NotReady
from service.metrics import Metrics
from service.parsing.watched_parser import WatchedParser
from service.settings import Settings

EXTENSION: Final = "pullquote"


@dataclass(frozen=True, slots=True)
class Desk:
    """State of one application. `ready` is set once the parser has parsed, `draining` when the service is shutting
    down."""

    settings: Settings
    parser: WatchedParser
    turns: Turns
    pages: PageReader
    answers: KeptAnswers
    made_by: str  # fingerprint of everything a response depends on except the request: `repeats.made_by`
    metrics: Metrics
    ready: Event = field(default_factory=Event)
    draining: Event = field(default_factory=Event)

    def check_ready(self) -> None:
        """Raise `NotReady` until the parser has parsed, and `Draining` when the service is shutting down."""
        if self.draining.is_set():
            raise Draining("The service is shutting down. Retry the request.", 1)
        if not self.ready.is_set():
            raise NotReady("The model is not loaded yet. Retry in a few seconds.")


def desk() -> Desk:
    """Return the current application's state."""
    found: Desk = current_app.extensions[EXTENSION]
    return found

"""The application state that routes need. `create_app` stores it in `app.extensions`."""

from dataclasses import dataclass, field
from threading import Event
from typing import Final

from flask import current_app

from service.api.admission import AdmissionQueue
from service.api.response_cache import ResponseCache
from service.errors import Draining, NotReady
from service.input.page_reader import PageReader
from service.parsing.parser import WatchedParser
from service.server.metrics import Metrics
from service.settings import Settings

EXTENSION: Final = "pullquote"


@dataclass(frozen=True, slots=True)
class AppState:
    """State of one application.

    `ready` is set once the parser has parsed, `draining` when the service is shutting down.
    """

    settings: Settings
    parser: WatchedParser
    admission: AdmissionQueue
    pages: PageReader
    responses: ResponseCache
    fingerprint: str  # of everything a response depends on except the request: `response_cache.fingerprint`
    metrics: Metrics
    ready: Event = field(default_factory=Event)
    draining: Event = field(default_factory=Event)

    def check_ready(self) -> None:
        """Raise `NotReady` until the parser has parsed, and `Draining` when the service is shutting down."""
        if self.draining.is_set():
            raise Draining("The service is shutting down. Retry the request.", 1)
        if not self.ready.is_set():
            raise NotReady("The model is not loaded yet. Retry in a few seconds.")


def app_state() -> AppState:
    """Return the current application's state."""
    result: AppState = current_app.extensions[EXTENSION]
    return result

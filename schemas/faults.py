"""The errors that marshmallow found, as faults with JSON pointers."""

from collections.abc import Iterator
from typing import Any, Final

from service.errors import Fault

_MOST: Final = 20


def faults_of(messages: Any) -> list[Fault]:
    """Return the faults of marshmallow's tree of messages; of more than twenty, the first twenty and their number."""
    faults = list(_faults(messages, ""))
    return faults if len(faults) <= _MOST else [*faults[:_MOST], Fault("", f"and {len(faults) - _MOST} more errors.")]


def _faults(messages: Any, pointer: str) -> Iterator[Fault]:
    """Flatten marshmallow's tree of messages to a list, each with its JSON pointer."""
    if isinstance(messages, list):
        yield from (Fault(pointer, message) for message in messages)
        return
    for key, below in messages.items():
        yield from _faults(below, pointer if key == "_schema" else f"{pointer}/{_token(str(key))}")


def _token(key: str) -> str:
    """Return a step of a JSON pointer: a name from the request, shortened and made safe to return."""
    shown = key if len(key) <= 100 else f"{key[:100]}…"
    return shown.encode("utf-8", "replace").decode().replace("~", "~0").replace("/", "~1")

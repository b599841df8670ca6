"""The exceptions that Pullquote raises on purpose.

    PullquoteError
    ├── SettingsError        an environment variable or option has an unusable value
    ├── OutputError          results cannot be written to the chosen place
    ├── MachineError         a machine, its memory, disk or mounts failed; the same work can succeed elsewhere
    ├── ClusterLost          the cluster's head no longer responds
    ├── ModelError           the configured model cannot be used; the service does not start
    │   ├── ModelMissing     it was not found
    │   ├── ModelDamaged     a file is unreadable or does not match the manifest
    │   └── ModelMismatch    it needs another version of Stanza, or is for another language
    ├── InputError           the input is invalid; says what is wrong, the limit and what to do
    │   ├── NotHttp          its body is malformed HTTP or shorter than its declared length
    │   ├── NotJson          it is not UTF-8 or not JSON, or its JSON exceeds a limit
    │   ├── TooLarge         it has more bytes than the limit
    │   ├── TooSlow          it did not arrive in time
    │   └── Invalid          it does not match openapi.yaml, or contains no article
    ├── Unauthorized         the API key is missing or unknown
    ├── Unavailable          the request is valid but cannot be processed now
    │   ├── NotReady         the model is not loaded yet, or keeps failing
    │   ├── Draining         the service is shutting down
    │   ├── Busy             the service is overloaded
    │   │   ├── QueueFull       too many requests are waiting, or being uploaded
    │   │   ├── BatchesFull     too many batches are in progress
    │   │   └── WaitedTooLong   the article waited too long in the queue
    │   └── OutOfTime        the article exceeded the deadline
    └── BrokenPromise        a response violates the contract; logged, never sent

Messages are one or two sentences for people. Only those of `InputError`, `Unauthorized` and `Unavailable` are sent over
HTTP.
"""

from dataclasses import dataclass


class PullquoteError(Exception):
    """Base class of Pullquote's exceptions."""


class SettingsError(PullquoteError):
    """A setting has an unusable value."""


class OutputError(PullquoteError):
    """Results cannot be written to the chosen place."""


class MachineError(PullquoteError):
    """A machine failed: its memory, its disk or mounts, a process. The same work can succeed later or elsewhere."""


class ClusterLost(PullquoteError):
    """The cluster's head no longer responds."""


class ModelError(PullquoteError):
    """The configured model cannot be used."""


class ModelMissing(ModelError):
    """The model was not found."""


class ModelDamaged(ModelError):
    """A file of the model is unreadable or does not match the manifest."""


class ModelMismatch(ModelError):
    """The model needs another version of Stanza, or is for another language."""


class InputError(PullquoteError):
    """The input is invalid."""


class NotHttp(InputError):
    """The request is malformed or incomplete HTTP/1.1."""


class NotJson(InputError):
    """The body is not JSON in UTF-8, or its JSON exceeds a limit."""


class TooLarge(InputError):
    """The body has more bytes than the limit."""


class TooSlow(InputError):
    """The request did not arrive in time."""

    @classmethod
    def after(cls, seconds: float) -> "TooSlow":
        """Return the error for a request that did not arrive within `seconds`."""
        return cls(
            f"The request did not arrive within {seconds:g} seconds, the limit. Send it faster or in smaller parts."
        )


@dataclass(frozen=True, slots=True)
class Fault:
    """One error in a request. `pointer` is the JSON pointer (RFC 6901) of its place; "" is the whole request."""

    pointer: str
    detail: str


class Invalid(InputError):
    """The request does not match openapi.yaml, or contains no article."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer or 'the request'}: {fault.detail}" for fault in faults))
        self.faults = faults


class Unauthorized(PullquoteError):
    """The API key is missing, or unknown if `given`."""

    def __init__(self, message: str, *, given: bool = False) -> None:
        super().__init__(message)
        self.given = given


class Unavailable(PullquoteError):
    """The request is valid but cannot be processed now. `retry_after` is in seconds."""

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotReady(Unavailable):
    """The model is not loaded yet, or keeps failing."""


class Draining(Unavailable):
    """The service is shutting down and only finishes requests in progress."""


class Busy(Unavailable):
    """The service is overloaded."""


class QueueFull(Busy):
    """Too many requests are waiting, or being uploaded."""


class BatchesFull(Busy):
    """Too many batches are in progress."""


class WaitedTooLong(Busy):
    """The article waited too long in the queue."""


class OutOfTime(Unavailable):
    """The article exceeded the deadline."""


class BrokenPromise(PullquoteError):
    """A response violates the contract."""

"""Every exception this project raises on purpose.

    PullquoteError
    ├── SettingsError        an environment variable or an option has a value that cannot be used
    ├── OutputError          answers cannot be written where they are wanted
    ├── ModelError           the model that the settings name cannot be used; the service does not start
    │   ├── ModelMissing     it is not there
    │   ├── ModelDamaged     a file of it is not the one its manifest names, or cannot be read
    │   └── ModelMismatch    it was made for another version of Stanza, or another language
    ├── InputError           what was sent cannot be answered; says what was wrong, the limit, and what to do
    │   ├── NotHttp          its body is not as HTTP has it, or ends before its length
    │   ├── NotJson          it is not UTF-8, not JSON, or JSON that no article needs
    │   ├── TooLarge         it has more bytes than the limit
    │   ├── TooSlow          it has not arrived in time
    │   └── Invalid          it can be read, but is not the request that openapi.yaml describes, or has no article
    ├── Unauthorized         what was asked for needs an API key, and there was none, or not one of ours
    ├── Unavailable          the request is fine, but cannot be answered now
    │   ├── NotReady         the model is not loaded yet, or fails
    │   ├── Draining         the service has been told to stop
    │   ├── Busy             there is more to do than can be done
    │   │   ├── QueueFull       as many requests wait as may wait, or are received as may be
    │   │   ├── BatchesFull     as many batches go on as may go on
    │   │   └── WaitedTooLong   the article has waited its time
    │   └── OutOfTime        the article took longer than one may
    └── BrokenPromise        an answer breaks a promise of the contract; logged, never sent

The message of each is one sentence or two for the person who reads it. Only the messages of `InputError`,
`Unauthorized` and `Unavailable` go out over HTTP.
"""

from dataclasses import dataclass


class PullquoteError(Exception):
    """Something that this project noticed and can explain."""


class SettingsError(PullquoteError):
    """A setting has a value that cannot be used."""


class OutputError(PullquoteError):
    """Answers cannot be written where they are wanted."""


class ModelError(PullquoteError):
    """The model that the settings name cannot be used."""


class ModelMissing(ModelError):
    """The model is not where the settings say."""


class ModelDamaged(ModelError):
    """A file of the model is not the one that its manifest names, or cannot be read."""


class ModelMismatch(ModelError):
    """The model was made for another version of Stanza, or another language."""


class InputError(PullquoteError):
    """What was sent cannot be answered."""


class NotHttp(InputError):
    """What was sent is not a whole request of HTTP/1.1."""


class NotJson(InputError):
    """What was sent is not JSON in UTF-8."""


class TooLarge(InputError):
    """What was sent has more bytes than the limit."""


class TooSlow(InputError):
    """What was sent has not arrived in time."""

    @classmethod
    def after(cls, seconds: float) -> "TooSlow":
        """The error of a request that has not arrived within `seconds`."""
        return cls(f"The request has not arrived as a whole within {seconds:g} seconds, which is the limit.")


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a request. `pointer` (RFC 6901) says where, "" being the whole."""

    pointer: str
    detail: str


class Invalid(InputError):
    """What was sent can be read, but is not the request that openapi.yaml describes, or has no article."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("; ".join(f"{fault.pointer or 'the request'}: {fault.detail}" for fault in faults))
        self.faults = faults


class Unauthorized(PullquoteError):
    """What was asked for needs an API key. `given` says whether there was one, which is not one of ours."""

    def __init__(self, message: str, *, given: bool = False) -> None:
        super().__init__(message)
        self.given = given


class Unavailable(PullquoteError):
    """The request is fine, but cannot be answered now; `retry_after` is in how many seconds it may be."""

    def __init__(self, message: str, retry_after: int = 5) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotReady(Unavailable):
    """The model is not loaded yet, or fails."""


class Draining(Unavailable):
    """The service has been told to stop, and only finishes what it has begun."""


class Busy(Unavailable):
    """There is more to do than can be done."""


class QueueFull(Busy):
    """As many requests wait as may wait."""


class BatchesFull(Busy):
    """As many batches go on as may go on."""


class WaitedTooLong(Busy):
    """The article has waited its time."""


class OutOfTime(Unavailable):
    """The article took longer than one may."""


class BrokenPromise(PullquoteError):
    """An answer breaks a promise of the contract."""

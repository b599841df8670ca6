"""Errors raised by the clients. Connection failures are raised as httpx's own errors."""

import httpx

from pullquote_client.contract import Problem
from pullquote_client.reading import read


class PullquoteError(Exception):
    """Base class of this package's errors."""


class Refused(PullquoteError):
    """The service rejected a request.

    `problem` says why (RFC 9457): `problem.status`, `problem.detail` and, for an invalid request, `problem.errors` with
    a pointer to each field at fault.
    """

    def __init__(self, problem: Problem) -> None:
        faults = [f"{fault.pointer or 'the request'} {fault.detail}" for fault in problem.errors or ()]
        super().__init__(f"{problem.status} {problem.title}: {' '.join(faults) or problem.detail}")
        self.problem = problem


class Busy(Refused):
    """The service or a proxy is overloaded or not ready (503, 429), and `max_wait` seconds were not enough."""


class IncompleteBatch(PullquoteError):
    """The response to a batch ended before its last line. The results yielded until then are valid."""


def error_of(response: httpx.Response) -> Refused:
    """Return the error for an unsuccessful `response`, whose body has been read."""
    problem = _problem_of(response)
    return Busy(problem) if problem.status in (429, 503) else Refused(problem)


def _problem_of(response: httpx.Response) -> Problem:
    try:
        return read(Problem, response.json())
    except (ValueError, KeyError, TypeError):
        title = response.reason_phrase or f"HTTP error {response.status_code}"
        return Problem(
            "about:blank", title, response.status_code, "The response came from a proxy, not from the service."
        )

"""Who may ask: where there are keys, articles are answered to who shows one."""

from typing import Final

from flask import Flask, Request, request

from service.account import account
from service.api.origins import is_preflight
from service.errors import Unauthorized
from service.keys import Key, whose

_SCHEME: Final = "bearer "
# What is answered without a key: whether the service is alive, its contract, and its pages, which hold no article.
_OPEN: Final = frozenset({"operations.get_health", "operations.get_readiness"})
_OPEN_PARTS: Final = frozenset({"docs", "screen"})
_METRICS: Final = "operations.get_metrics"


def require_keys(app: Flask, keys: tuple[Key, ...], metrics_open: bool) -> None:
    """Have `app` answer 401 to whoever shows none of `keys`, but for what is open to all."""
    opened = _OPEN | {_METRICS} if metrics_open else _OPEN

    def check() -> None:
        if request.endpoint is None or request.endpoint in opened or request.blueprint in _OPEN_PARTS:
            return  # of None: there is nothing at the address, and that is what is answered
        if is_preflight(request):
            return
        given = _given(request)
        if given is None:
            raise Unauthorized("This address needs an API key: send one as Authorization: Bearer, or as X-API-Key.")
        account().key = whose(given, keys)
        if account().key is None:
            raise Unauthorized("The API key is not one of this service's; ask whoever runs it.", given=True)

    app.before_request(check)


def _given(request: Request) -> str | None:
    said = request.headers.get("Authorization", "")
    if said.lower().startswith(_SCHEME):
        return said[len(_SCHEME) :].strip()
    return request.headers.get("X-API-Key")

"""Models that will never be trained need no optimizers."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from stanza.models.common import utils


@contextmanager
def no_optimizers() -> Iterator[None]:
    """While this lasts, Stanza gives the models that it loads no optimizers.

    It makes one for each, to use them too. With the first one torch imports its compiler: a second or two of the start,
    and some 70 MB.
    """
    dispatch = utils.dispatch_optimizer
    utils.dispatch_optimizer = lambda *_, **__: SimpleNamespace(param_groups=[])
    try:
        yield
    finally:
        utils.dispatch_optimizer = dispatch

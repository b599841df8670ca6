"""Load Stanza's models without optimizers, which only training needs."""

from collections.abc import Iterator
from contextlib import contextmanager
from types import SimpleNamespace

from stanza.models.common import utils


@contextmanager
def no_optimizers() -> Iterator[None]:
    """Keep Stanza from creating optimizers for the models it loads inside.

    It creates one for each model. The first one makes torch import its compiler, which adds a second or two to the
    start and 70 MB.
    """
    dispatch = utils.dispatch_optimizer
    utils.dispatch_optimizer = lambda *_, **__: SimpleNamespace(param_groups=[])
    try:
        yield
    finally:
        utils.dispatch_optimizer = dispatch

"""torch's configuration in these tests."""

from collections.abc import Callable, Iterator
from types import ModuleType
from typing import Any

import pytest
import torch


@pytest.fixture(autouse=True)
def one_thread() -> Iterator[None]:
    """Use one thread: on a busy machine, synchronizing threads after each small step takes longer than the steps."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(threads)


def interrupt(train: Callable[[], object], steps: int, module: ModuleType) -> None:
    """Run `train` and interrupt it after `steps` steps, each of which computes the `losses` of `module` once."""
    losses, remaining = module.losses, iter(range(steps))

    def interrupted(*given: Any) -> Any:
        if next(remaining, None) is None:
            raise KeyboardInterrupt
        return losses(*given)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(module, "losses", interrupted)
        with pytest.raises(KeyboardInterrupt):
            train()

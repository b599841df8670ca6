"""Set up torch and Stanza for inference: deferred imports, threads, precision, kernel cache, no optimizers.

Importing this module imports neither: that must not happen before a process has set OMP_NUM_THREADS.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import find_spec
from types import ModuleType, SimpleNamespace
from typing import Any, Final

# graphs of enhanced dependencies, encoders of a user's own models, downloads, language identification
SELDOM_USED: Final = ("networkx", "transformers", "huggingface_hub", "emoji")

# Python parts of torch that only training, compilation and export use: 23 MB and a third of the time of its import.
NOT_FOR_INFERENCE: Final = (
    "torch._meta_registrations", "torch.distributions", "torch.export", "torch.masked", "torch.quantization",
)  # fmt: skip

# oneDNN caches a kernel and its work memory per matrix size. Below "highest" precision, torch sends it all products, of
# hundreds of sizes per article; generating those kernels took half of the time and memory.
_MAX_KERNELS: Final = "64"


def defer_imports() -> None:
    """Defer the import of the packages that Stanza seldom uses. Call this before Stanza is imported.

    The embedded model uses none of them; importing them takes half a second and 25 MB. A package that is not installed
    stays not importable.
    """
    for name in SELDOM_USED:
        if name not in sys.modules and (spec := find_spec(name)) is not None:
            sys.modules[name] = DeferredPackage(spec)


def shorten_torch() -> None:
    """Defer parts of torch that only training, compilation and export use. Call this before torch is imported.

    Only for processes of which this program alone decides what they compute, with a model pack: tensors without data
    (device "meta"), which transformers makes to load models, are not fully supported then.
    """
    torch = find_spec("torch")
    if "torch" in sys.modules or torch is None:
        return
    for name in NOT_FOR_INFERENCE:
        spec = PathFinder.find_spec(name, torch.submodule_search_locations)
        if spec is not None:
            sys.modules[name] = DeferredPackage(spec)


class DeferredPackage(ModuleType):
    """Stands in for a package in `sys.modules` until one of its attributes is used; then it imports the package.

    Submodules can be imported without importing the package itself. `importlib.util.LazyLoader` can do neither this nor
    import transformers, which replaces its own entry in `sys.modules`.
    """

    def __init__(self, spec: ModuleSpec) -> None:
        super().__init__(spec.name)
        self.__spec__ = spec
        self.__file__ = spec.origin
        self.__path__ = list(spec.submodule_search_locations or ())

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        package = import_module(self.__name__)
        for child, value in vars(self).items():  # submodules that were imported before
            if isinstance(value, ModuleType):
                vars(package).setdefault(child, value)
        return getattr(package, name)


def limit_kernel_cache() -> None:
    """Limit oneDNN's kernel cache. Call this before any computation: oneDNN reads the environment once."""
    os.environ.update(ONEDNN_PRIMITIVE_CACHE_CAPACITY=_MAX_KERNELS)


def set_up_torch(threads: int) -> None:
    """Set torch's number of threads, use MKL for float32 products, and limit oneDNN's kernel cache."""
    import torch

    limit_kernel_cache()
    torch.set_num_threads(threads)
    torch.set_float32_matmul_precision("highest")


@contextmanager
def no_optimizers() -> Iterator[None]:
    """Keep Stanza from creating optimizers, which only training needs, for the models it loads inside.

    It creates one for each model. The first one makes torch import its compiler, which adds a second or two to the
    start and 70 MB.
    """
    from stanza.models.common import utils

    dispatch = utils.dispatch_optimizer
    utils.dispatch_optimizer = lambda *_, **__: SimpleNamespace(param_groups=[])
    try:
        yield
    finally:
        utils.dispatch_optimizer = dispatch

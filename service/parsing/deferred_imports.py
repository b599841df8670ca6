"""Packages that Stanza imports but seldom uses, imported when they are first used instead."""

import sys
from importlib import import_module
from importlib.machinery import ModuleSpec
from importlib.util import find_spec
from types import ModuleType
from typing import Any, Final

# graphs of enhanced dependencies, encoders of a user's own models, downloads, language identification
SELDOM_USED: Final = ("networkx", "transformers", "huggingface_hub", "emoji")


def defer_imports() -> None:
    """Defer the import of the packages that Stanza seldom uses. Call this before Stanza is imported.

    The embedded model uses none of them; importing them takes half a second and 25 MB. A package that is not installed
    stays not importable.
    """
    for name in SELDOM_USED:
        if name not in sys.modules and (spec := find_spec(name)) is not None:
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

"""One fuzzing target in a process of its own, for libFuzzer ends it: started by `run.py`.

python -m tests.fuzzing.target NAME [libFuzzer's options and folders]
"""

import sys
from importlib import import_module

import atheris


def main() -> None:
    """Fuzz until an option of libFuzzer's says that it is enough, or an input breaks a promise."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["service"]):
        target = import_module(f"tests.fuzzing.{name}")
    atheris.Setup(sys.argv, target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

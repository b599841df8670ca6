"""Run a fuzzing target in its own process, since libFuzzer exits it. Started by `run.py`.

python -m tests.fuzzing.target NAME [libFuzzer's options and folders]
"""

import sys
from importlib import import_module

import atheris


def main() -> None:
    """Fuzz until a libFuzzer option stops it, or an input fails."""
    name = sys.argv.pop(1)
    with atheris.instrument_imports(include=["service"]):
        target = import_module(f"tests.fuzzing.{name}")
    atheris.Setup(sys.argv, target.check)
    atheris.Fuzz()


if __name__ == "__main__":
    main()

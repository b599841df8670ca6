"""Packages that Stanza seldom uses are imported when they are used."""

import subprocess
import sys

from tests.conftest import ROOT

_PACKAGE = """
import sys
from service.parsing import deferred_imports
deferred_imports.SELDOM_USED = ("email", "no_such_package")
deferred_imports.defer_imports()
import email
import email.errors
assert "email.message" not in sys.modules, "imported although not used"
{used}
"""


def run(used: str) -> None:
    code = _PACKAGE.format(used=used)
    done = subprocess.run([sys.executable, "-S", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_an_attribute_imports_the_package() -> None:
    run("assert email.message_from_string('a: b')['a'] == 'b'; assert sys.modules['email'] is not email")


def test_submodules_imported_before_stay_the_same() -> None:
    run("before = sys.modules['email.errors']; email.message_from_string; import email; assert email.errors is before")


def test_a_missing_package_stays_missing() -> None:
    run("assert 'no_such_package' not in sys.modules")


def test_a_missing_attribute_is_an_attribute_error() -> None:
    run("assert not hasattr(email, 'no_such_attribute')")

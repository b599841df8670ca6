"""API keys: who may ask. What is kept of a key is its name and its SHA-256, never the key.

A key is 256 random bits, so nobody finds it by trying, however little a hash costs: the slow, salted hashes that
passwords need would slow down each request and keep nobody out.
"""

import hashlib
import re
import secrets
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Final

from service.errors import SettingsError

_PREFIX: Final = "pq_"  # by which scanners of source code know a key that was committed by mistake
_LINE: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,64})[ \t]+(?P<sha256>[0-9a-f]{64})")
MOST_CHARACTERS: Final = 200  # of what is taken for a key


@dataclass(frozen=True, slots=True)
class Key:
    """A key as it is kept. `name` says in the log who has asked."""

    name: str
    sha256: str

    @property
    def line(self) -> str:
        """Its line in the file of keys."""
        return f"{self.name} {self.sha256}"


def new_key(name: str) -> tuple[str, Key]:
    """A new key, and what is to be kept of it. Raises `SettingsError` for a name that cannot stand in the file."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    key = Key(name, _sha256(secret))
    if not _LINE.fullmatch(key.line):
        raise SettingsError(f"A key cannot be named {name!r}: take letters, digits, '.', '_' and '-', 64 at most.")
    return secret, key


def read_keys(path: Path) -> tuple[Key, ...]:
    """The keys of a file: a line for each, its name and its SHA-256. Lines that are blank or begin with # say nothing.

    Raises `SettingsError` where it cannot be read, has another line, a name twice, or no key at all.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise SettingsError(f"PULLQUOTE_KEYS_FILE: {path} cannot be read: {reason}.") from None
    keys = []
    for number, line in enumerate(lines, start=1):
        if not line.strip() or line.startswith("#"):
            continue
        found = _LINE.fullmatch(line.strip())
        if found is None:  # the line is not shown: it may hold a key
            raise SettingsError(
                f"PULLQUOTE_KEYS_FILE: line {number} of {path} is not a name and a SHA-256; "
                "`pullquote keys new` makes one."
            )
        keys.append(Key(**found.groupdict()))
    if len({key.name for key in keys}) < len(keys):
        raise SettingsError(f"PULLQUOTE_KEYS_FILE: {path} has two keys of one name; each needs a name of its own.")
    if not keys:
        raise SettingsError(
            f"PULLQUOTE_KEYS_FILE: {path} has no key, so nobody could ask; `pullquote keys new` makes one."
        )
    return tuple(keys)


def whose(given: str, keys: tuple[Key, ...]) -> str | None:
    """The name of the key that `given` is, or None. It takes as long for each of the keys as for none of them."""
    sha256 = _sha256(given[: MOST_CHARACTERS + 1])
    name = None
    for key in keys:
        if compare_digest(key.sha256, sha256):
            name = key.name
    return name


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()

"""Who can call the service: API keys, and the origins of web pages (`PULLQUOTE_ORIGINS`).

Only a key's name and SHA-256 are stored, never the key. A key is 256 random bits, which cannot be guessed however cheap
the hash is. The slow, salted hashes that passwords need would only slow down each request.
"""

import hashlib
import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from hmac import compare_digest
from pathlib import Path
from typing import Final

from service.errors import SettingsError

_PREFIX: Final = "pq_"  # lets secret scanners recognise a key that was committed by mistake
_LINE: Final = re.compile(r"(?P<name>[A-Za-z0-9._-]{1,64})[ \t]+(?P<sha256>[0-9a-f]{64})")
MAX_CHARACTERS: Final = 200  # longer values are not checked


@dataclass(frozen=True, slots=True)
class Key:
    """A stored key. `name` identifies the caller in the log."""

    name: str
    sha256: str

    @property
    def line(self) -> str:
        """The key's line in the key file."""
        return f"{self.name} {self.sha256}"


def new_key(name: str) -> tuple[str, Key]:
    """Create a key. Returns it and what to store of it. Raises `SettingsError` for an invalid name."""
    secret = _PREFIX + secrets.token_urlsafe(32)
    key = Key(name, _sha256(secret))
    if not _LINE.fullmatch(key.line):
        raise SettingsError(
            f"{name!r} is not a valid key name. Use letters, digits, '.', '_' and '-', at most 64 characters."
        )
    return secret, key


def read_keys(path: Path) -> tuple[Key, ...]:
    """Read a key file: one key per line, a name and a SHA-256. Blank lines and lines that begin with # are ignored.

    Raises `SettingsError` if the file cannot be read, has an invalid line, a duplicate name, or no key.
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
        result = _LINE.fullmatch(line.strip())
        if result is None:  # the line is not quoted: it may contain a key
            raise SettingsError(
                f"PULLQUOTE_KEYS_FILE: line {number} of {path} is not a name and a SHA-256. Create one "
                "with `pullquote keys new`."
            )
        keys.append(Key(**result.groupdict()))
    if len({key.name for key in keys}) < len(keys):
        raise SettingsError(f"PULLQUOTE_KEYS_FILE: {path} has two keys with the same name. Give each key its own name.")
    if not keys:
        raise SettingsError(
            f"PULLQUOTE_KEYS_FILE: {path} has no keys, so every request would be rejected. Create one "
            "with `pullquote keys new`."
        )
    return tuple(keys)


def name_of_key(given: str, keys: tuple[Key, ...]) -> str | None:
    """Return the name of the key that equals `given`, or None. Takes the same time whichever key matches."""
    sha256 = _sha256(given[: MAX_CHARACTERS + 1])
    name = None
    for key in keys:
        if compare_digest(key.sha256, sha256):
            name = key.name
    return name


def _sha256(secret: str) -> str:
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


ANY_ORIGIN: Final = "*"
_ORIGIN: Final = re.compile(r"https?://([a-z0-9-]+(\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(:[0-9]{1,5})?", re.IGNORECASE)


def split_origins(text: str) -> tuple[str, ...]:
    """Split `text` at commas and white space."""
    return tuple(filter(None, re.split(r"[,\s]+", text)))


def check_origins(origins: Sequence[str]) -> None:
    """Raise `SettingsError` if one of `origins` is neither an origin nor `*`."""
    for origin in origins:
        if origin != ANY_ORIGIN and not _ORIGIN.fullmatch(origin):
            raise SettingsError(
                f"PULLQUOTE_ORIGINS has {origin!r}, which is not an origin. Use scheme, host and, unless "
                "it is the scheme's default, port, without a path, as in 'https://news.example'; or * "
                "for every origin."
            )

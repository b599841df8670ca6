"""Creating and storing API keys."""

import re
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.server.callers import Key, name_of_key, new_key, read_keys
from tests.commands.running import run


def test_new_key_is_random_and_not_stored() -> None:
    made = [new_key("newsdesk") for _ in range(10)]
    assert len({secret for secret, _ in made}) == len({key.sha256 for _, key in made}) == 10
    for secret, key in made:
        assert re.fullmatch(r"pq_[\w-]{43}", secret)  # 256 bits
        assert secret not in key.line
        assert name_of_key(secret, (key,)) == "newsdesk"


def test_only_stored_keys_are_recognized_by_name() -> None:
    made = [new_key(name) for name in ("old", "new", "archive")]
    keys = tuple(key for _, key in made)
    assert [name_of_key(secret, keys) for secret, _ in made] == ["old", "new", "archive"]
    for other in ("", "pq_", made[0][0][:-1], made[0][0] + "a", made[0][1].sha256, "é“\udcff", "a" * 1_000_000):
        assert name_of_key(other, keys) is None


def test_all_keys_are_compared_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [new_key(name) for name in ("a", "b", "c")]
    compared: list[str] = []

    def compare(kept: str, given: str) -> bool:
        compared.append(kept)
        return kept == given

    monkeypatch.setattr("service.server.callers.compare_digest", compare)
    for secret in (made[0][0], made[2][0], "none of them"):
        compared.clear()
        name_of_key(secret, tuple(key for _, key in made))
        assert compared == [key.sha256 for _, key in made]


def test_key_file_contains_the_printed_line(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    made = [run("keys", "new", name).stdout.split("\n") for name in ("newsdesk", "archive")]
    file.write_text("# keys\n\n" + "\n".join(f"  {line}" for _, line, _ in made) + "\n")
    keys = read_keys(file)
    assert [key.name for key in keys] == ["newsdesk", "archive"]
    assert [name_of_key(secret, keys) for secret, _, _ in made] == ["newsdesk", "archive"]


def test_redirected_key_is_a_separate_line() -> None:
    result = run("keys", "new", "newsdesk")
    assert re.fullmatch(r"pq_[\w-]{43}\nnewsdesk [0-9a-f]{64}\n", result.stdout)
    assert "shown only once" in result.stderr


@pytest.mark.parametrize("name", ["", "a b", "é", "a" * 65, "a\nb", "#a/"])
def test_invalid_key_name_is_rejected(name: str) -> None:
    assert "is not a valid key name" in run("keys", "new", name).stderr


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "has no key"),
        ("# nothing\n", "has no key"),
        ("newsdesk pq_secret\n", "line 1 of .* is not a name and a SHA-256"),
        (f"a {'0' * 64}\nb {'0' * 63}\n", "line 2 of"),
        (f"a {'0' * 64} c\n", "line 1 of"),
        (f"a {'0' * 64}\na {'1' * 64}\n", "two keys with the same name"),
        (b"\xff\xfe", "not UTF-8"),
        (None, "No such file"),
    ],
)
def test_invalid_key_file_error_shows_no_key(tmp_path: Path, text: str | bytes | None, expected: str) -> None:
    file = tmp_path / "keys"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError, match=f"^PULLQUOTE_KEYS_FILE: .*{expected}") as raised:
        read_keys(file)
    assert "pq_secret" not in str(raised.value)


def test_key_line_round_trips(tmp_path: Path) -> None:
    key = Key("a.b-c_9", "f" * 64)
    (tmp_path / "keys").write_text(key.line)
    assert read_keys(tmp_path / "keys") == (key,)

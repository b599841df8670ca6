"""API keys as they are made and kept."""

import re
from pathlib import Path

import pytest

from service.errors import SettingsError
from service.keys import Key, new_key, read_keys, whose
from tests.commands.running import run


def test_a_new_key_is_random_and_what_is_kept_of_it_does_not_hold_it() -> None:
    made = [new_key("newsdesk") for _ in range(10)]
    assert len({secret for secret, _ in made}) == len({key.sha256 for _, key in made}) == 10
    for secret, key in made:
        assert re.fullmatch(r"pq_[\w-]{43}", secret)  # 256 bits
        assert secret not in key.line
        assert whose(secret, (key,)) == "newsdesk"


def test_of_several_keys_each_is_known_by_its_name_and_no_other_is_known() -> None:
    made = [new_key(name) for name in ("old", "new", "archive")]
    keys = tuple(key for _, key in made)
    assert [whose(secret, keys) for secret, _ in made] == ["old", "new", "archive"]
    for other in ("", "pq_", made[0][0][:-1], made[0][0] + "a", made[0][1].sha256, "é“\udcff", "a" * 1_000_000):
        assert whose(other, keys) is None


def test_every_key_is_compared_whichever_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    made = [new_key(name) for name in ("a", "b", "c")]
    compared: list[str] = []

    def compare(kept: str, given: str) -> bool:
        compared.append(kept)
        return kept == given

    monkeypatch.setattr("service.keys.compare_digest", compare)
    for secret in (made[0][0], made[2][0], "none of them"):
        compared.clear()
        whose(secret, tuple(key for _, key in made))
        assert compared == [key.sha256 for _, key in made]


def test_the_file_of_keys_holds_what_the_command_prints(tmp_path: Path) -> None:
    file = tmp_path / "keys"
    made = [run("keys", "new", name).stdout.split("\n") for name in ("newsdesk", "archive")]
    file.write_text("# who may ask\n\n" + "\n".join(f"  {line}" for _, line, _ in made) + "\n")
    keys = read_keys(file)
    assert [key.name for key in keys] == ["newsdesk", "archive"]
    assert [whose(secret, keys) for secret, _, _ in made] == ["newsdesk", "archive"]


def test_a_key_that_is_written_to_a_file_is_a_line_of_its_own() -> None:
    result = run("keys", "new", "newsdesk")
    assert re.fullmatch(r"pq_[\w-]{43}\nnewsdesk [0-9a-f]{64}\n", result.stdout)
    assert "shown this once" in result.stderr


@pytest.mark.parametrize("name", ["", "a b", "é", "a" * 65, "a\nb", "#a/"])
def test_a_name_that_cannot_stand_in_the_file_is_refused(name: str) -> None:
    assert "A key cannot be named" in run("keys", "new", name).stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "has no key"),
        ("# nothing\n", "has no key"),
        ("newsdesk pq_secret\n", "line 1 of .* is not a name and a SHA-256"),
        (f"a {'0' * 64}\nb {'0' * 63}\n", "line 2 of"),
        (f"a {'0' * 64} c\n", "line 1 of"),
        (f"a {'0' * 64}\na {'1' * 64}\n", "two keys of one name"),
        (b"\xff\xfe", "not UTF-8"),
        (None, "No such file"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_line_that_shows_no_key(
    tmp_path: Path, text: str | bytes | None, told: str
) -> None:
    file = tmp_path / "keys"
    if text is not None:
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(SettingsError, match=f"^PULLQUOTE_KEYS_FILE: .*{told}") as raised:
        read_keys(file)
    assert "pq_secret" not in str(raised.value)


def test_a_key_s_line_is_read_as_it_is_written(tmp_path: Path) -> None:
    key = Key("a.b-c_9", "f" * 64)
    (tmp_path / "keys").write_text(key.line)
    assert read_keys(tmp_path / "keys") == (key,)

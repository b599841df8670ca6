"""Charsets that are not text encodings, or take quadratic time to decode: each is rejected at once."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.raw import ask
from tests.attacks.server import Server, processor_seconds

pytestmark = pytest.mark.slow

PYTHON_ONLY = (
    "hex rot13 base64 zlib bz2 quopri uu undefined idna punycode utf-7 raw_unicode_escape mbcs utf_8_sig".split()
)
WITHOUT_TEXT = ("replacement", "iso-2022-kr", "x-user-defined", "")
PAGE = b"<html><body><article><p>The mayor said that the bridge will reopen in May of this year.</p></article></body>"


@pytest.mark.parametrize("media_type", ["text/plain", "text/html"])
def test_unknown_charset_in_the_content_type_is_415(server: Server, media_type: str) -> None:
    for charset in (*PYTHON_ONLY, *WITHOUT_TEXT):
        response = ask(server.port, "POST", "/quotes", PAGE, {"Content-Type": f'{media_type}; charset="{charset}"'})
        assert response.status == 415, charset
        assert charset in response.problem["detail"]
    assert not [event for event in server.events() if event.get("level") == "error"]


def test_unknown_charset_in_a_page_s_markup_is_ignored(server: Server) -> None:
    for charset in PYTHON_ONLY:
        page = f"<meta charset={charset}>".encode() + PAGE
        assert ask(server.port, "POST", "/quotes", page, {"Content-Type": "text/html"}).status == 200, charset
    assert not [event for event in server.events() if event.get("level") == "error"]


def test_megabytes_in_a_quadratic_charset_block_no_one(server: Server) -> None:
    def attack(number: int) -> int:
        declared = (f"text/{'html' if number % 2 else 'plain'}; charset=punycode", "text/html")[number % 3 == 0]
        body = b"<meta charset=punycode>" + b"a" * 800_000 + b"-" + b"zz" * 100_000
        return ask(server.port, "POST", "/quotes", body, {"Content-Type": declared}, timeout=60).status

    (worker,) = server.workers()
    spent = processor_seconds(worker)
    with ThreadPoolExecutor(21) as pool:
        answers = [pool.submit(attack, number) for number in range(21)]
        healthy = server.health()
        assert {answer.result() for answer in answers} <= {415, 422, 503}
    assert healthy[0] == 200
    # quadratic decoding would take minutes for one body; CPU time, as the machine is shared
    assert processor_seconds(worker) - spent < 15
    assert ask(server.port, "POST", "/quotes", b"No comment.", {"Content-Type": "text/plain"}).status == 200

"""Small requests, pages included, that take long to process: they are rejected quickly, and their cost is bounded."""

import os
import signal
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.raw import Response, ask
from tests.attacks.server import Server, children, descriptors_of, processor_seconds
from tests.input.pages import NEWS
from tests.input.test_page_reader import SLOW, processor_time, running
from tests.waiting import wait_until

SECONDS = 1.5  # CPU time of the worker, as the machine is shared; on c887a21 the worst take hours
JSON = {"Content-Type": "application/json"}
MOST = 1_990_000  # bytes
pytestmark = pytest.mark.slow

PYTHON_ONLY = (
    "hex rot13 base64 zlib bz2 quopri uu undefined idna punycode utf-7 raw_unicode_escape mbcs utf_8_sig".split()
)
WITHOUT_TEXT = ("replacement", "iso-2022-kr", "x-user-defined", "")
PAGE = b"<html><body><article><p>The mayor said that the bridge will reopen in May of this year.</p></article></body>"
HTML = {"Content-Type": "text/html"}
DESCRIPTORS = 64
PAGE_SECONDS = 3.0  # for a page
LEAKED = 2  # descriptors that each aborted page used to leak


def repeated(part: str, size: int = MOST) -> str:
    return part * (size // len(part))


def bodies() -> Iterator[tuple[str, str, str]]:
    """Yield the path, a description and the body of each."""
    text = '"text": "No comment."'
    yield "/quotes/verify", "empty quotes", f'{{{text}, "quotes": [{repeated("{},")}{{}}]}}'
    yield "/quotes/verify", "quotes that are numbers", f'{{{text}, "quotes": [{repeated("1,")}1]}}'
    yield "/quotes/verify", "as many faulty quotes as values allow", f'{{{text}, "quotes": [{"{}," * 4000}{{}}]}}'
    yield "/quotes/verify", "one quote of many words", f'{{{text}, "quotes": [{{"text": "{repeated("a ")}"}}]}}'
    quotes = ",".join(['{"text": "' + repeated("a-", 35_000) + '"}'] * 50)
    yield "/quotes/verify", "many quotes of many words", f'{{{text}, "quotes": [{quotes}]}}'
    yield "/quotes", "an address that ends badly", f'{{{text}, "url": "http://{repeated("a")[:-100]} "}}'
    yield "/quotes", "a long language", f'{{{text}, "language": "en{repeated("-a")[:-100]}!"}}'
    yield "/quotes", "a long date", f'{{{text}, "published_at": "2024-05-04T10:00:00.{repeated("1")[:-100]}!"}}'
    yield "/quotes", "many kinds", f'{{{text}, "options": {{"kinds": [{repeated(chr(34) * 2 + ",")}""]}}}}'
    yield "/quotes", "many empty strings", f"[{repeated(chr(34) * 2 + ',')}1]"
    yield "/quotes", "many unknown names", "{" + ",".join(f'"{at}":0' for at in range(180_000)) + "}"
    yield "/quotes", "names as many as values allow", "{" + ",".join(f'"{at}":0' for at in range(4_900)) + "}"
    yield "/quotes", "the same name", "{" + repeated('"a":0,') + '"a":0}'
    yield "/quotes", "a long name", f'{{"{repeated("a")}": 1}}'
    yield "/quotes", "a long number", f'{{"text": {"1" * MOST}}}'
    yield "/quotes", "a long fraction", f'{{{text}, "options": {{"min_confidence": 0.{"1" * (MOST - 100)}}}}}'
    yield "/quotes", "a large exponent", f'{{{text}, "options": {{"min_confidence": 1e{"9" * (MOST - 100)}}}}}'
    yield "/quotes", "deep arrays", "[" * MOST
    yield "/quotes", "closed arrays", "]" * MOST
    yield "/quotes", "backslashes", '"' + "\\" * MOST
    yield "/quotes", "escapes", '{"text": "' + repeated("\\ud800") + '"}'
    yield "/quotes", "quotation marks", '"' * MOST
    yield "/quotes/batch", "many bad lines", repeated("{}\n", 2_999)
    yield "/quotes/batch", "long bad lines", repeated("[" + "{}," * 100_000 + "1]\n", 15_000_000)


CASES = list(bodies())


@pytest.mark.parametrize(
    ("path", "body"), [(path, body) for path, _, body in CASES], ids=[name for _, name, _ in CASES]
)
def test_expensive_body_is_rejected_quickly(server: Server, path: str, body: str) -> None:
    (worker,) = server.workers()
    headers = {"Content-Type": "application/x-ndjson"} if path.endswith("batch") else JSON
    spent = processor_seconds(worker)
    response = ask(server.port, "POST", path, body.encode(), headers)
    spent = processor_seconds(worker) - spent
    assert response.status in ({200} if path.endswith("batch") else {200, 400, 413, 422})
    assert len(response.body) < 1_000_000
    assert spent < SECONDS * (5 if len(body) > 2_000_000 else 1)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Accept", "a/b;q=0.5, " * 700 + "*/*"),
        ("Accept", "text/html;" + "a=b;" * 1_900),
        ("If-None-Match", '"a", ' * 1_600 + '"b"'),
        ("Content-Type", "text/plain; " + "a=b; " * 1_500),
        ("Content-Type", "text/plain; " + 'a*0="b"; ' * 800),
        ("Accept-Encoding", "gzip, " * 1_300),
        ("Authorization", "Bearer " + "a" * 8_000),
        ("Cookie", "a=b; " * 1_600),
        ("Range", "bytes=" + "0-1," * 1_900),
        ("X-Forwarded-For", "1.1.1.1, " * 800),
        ("traceparent", "00-" * 2_000),
    ],
)
@pytest.mark.parametrize("copies", [1, 8, 90])  # 90 exceed the limit of a head
def test_repeated_headers_are_rejected_quickly(server: Server, name: str, value: str, copies: int) -> None:
    (worker,) = server.workers()
    lines = "".join(f"{name}: {value}\r\n" for _ in range(copies))
    extra = {"Content-Type": "text/plain"} if name != "Content-Type" else {}
    spent = processor_seconds(worker)
    response = ask(server.port, "POST", "/quotes", b"No comment.", {**extra, "X": f"y\r\n{lines}Z: z"})
    assert response.status in ({0, 431} if copies == 90 else {200, 304, 400, 406, 415}), response
    assert processor_seconds(worker) - spent < SECONDS


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
        return ask(server.port, "POST", "/quotes", body, {"Content-Type": declared}).status

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


def read(server: Server, page: str) -> Response:
    return ask(server.port, "POST", "/quotes", page.encode(), HTML)


def test_aborted_pages_leak_no_descriptor(server_with: Callable[..., Server]) -> None:
    server = server_with(descriptors=DESCRIPTORS, PULLQUOTE_PAGE_SECONDS=str(PAGE_SECONDS))
    (worker,) = server.workers()
    assert read(server, NEWS).status == 200
    before = descriptors_of(worker)
    for _ in range(2):
        assert read(server, SLOW).status == 422
    assert read(server, NEWS).status == 200
    assert descriptors_of(worker) < before + LEAKED  # one more can be a connection that is being closed


def test_page_process_dies_with_its_killed_worker(server_with: Callable[..., Server]) -> None:
    server = server_with(PULLQUOTE_PAGE_SECONDS="60")
    (worker,) = server.workers()
    assert read(server, NEWS).status == 200
    (process,) = children(worker)
    with ThreadPoolExecutor(1) as pool:
        lost = pool.submit(read, server, SLOW)
        used = processor_time(process)
        wait_until(lambda: processor_time(process) > used + 0.5)
        os.kill(worker, signal.SIGKILL)
        assert lost.result().status == 0
    wait_until(lambda: not running(process))

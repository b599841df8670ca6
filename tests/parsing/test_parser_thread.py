"""The parsing thread: what runs in it, and which context of its callers reaches it."""

import gc
import json
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest
from structlog.contextvars import bound_contextvars, get_contextvars

from service.app import create_app, make_ready
from service.errors import OutOfTime
from service.input.article import NO_DEADLINE, Article, Deadline
from service.input.paragraphs import read_article
from service.parsing.parser import ParserThread
from service.parsing.tree import Parse
from service.server.request_stats import RequestStats, request_stats
from service.settings import Settings
from tests.conftest import ROOT
from tests.doubles import ARTICLE, FakeParser
from tests.waiting import PATIENCE, wait_until


class Noting(FakeParser):
    """Records the thread and the context of each parse."""

    def __init__(self) -> None:
        self.threads: list[int] = []
        self.accounts: list[RequestStats] = []
        self.request_ids: list[object] = []
        self.together = self.most = 0

    def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
        self.together += 1
        self.most = max(self.most, self.together)
        self.threads.append(threading.get_ident())
        self.accounts.append(request_stats())
        self.request_ids.append(get_contextvars().get("request_id"))
        deadline.check(1, 2, "sentences parsed")
        if "broken" in articles[0].text:
            raise ZeroDivisionError(articles[0].text)
        if "over" in articles[0].text:
            raise SystemExit
        time.sleep(0.001)
        self.together -= 1
        return super().parse(articles, deadline)


def test_all_callers_share_one_parsing_thread() -> None:
    noting = Noting()
    app = create_app(Settings(cache_answers=0, max_waiting=64, wait_seconds=600), noting)
    make_ready(app)

    def post(number: int) -> int:
        return app.test_client().post("/quotes", json={"text": f"{ARTICLE} {number}"}).status_code

    with ThreadPoolExecutor(8) as pool:
        assert set(pool.map(post, range(60))) == {200}
    assert len(noting.threads) == 61
    assert len(set(noting.threads)) == 1
    assert threading.get_ident() not in noting.threads
    assert noting.most == 1


def test_request_record_and_log_context_reach_the_thread() -> None:
    noting = Noting()
    parser = ParserThread(noting)
    for number in range(3):
        mine = RequestStats(f"request-{number}")
        with mine.open(), bound_contextvars(request_id=mine.request_id):
            parser.parse([read_article(ARTICLE)])
        assert noting.accounts[-1] is mine
        assert noting.request_ids[-1] == mine.request_id
    parser.parse([read_article(ARTICLE)])
    assert noting.request_ids[-1] is None  # nothing is left of the previous request


def test_parser_errors_reach_the_caller() -> None:
    parser = ParserThread(Noting())
    with pytest.raises(OutOfTime, match="1 of 2 sentences parsed"):
        parser.parse([read_article(ARTICLE)], Deadline.after(0))
    with pytest.raises(ZeroDivisionError) as raised:
        parser.parse([read_article("broken")])
    assert str(raised.traceback[-1].path).endswith("test_parser_thread.py")  # the log names the place
    with pytest.raises(SystemExit):
        parser.parse([read_article("over")])
    assert len(parser.parse([read_article(ARTICLE)])[0].sentences) == 2


def test_the_thread_ends_with_its_parser() -> None:
    parser = ParserThread(Noting())
    parser.parse([read_article(ARTICLE)])
    threads = [thread for thread in threading.enumerate() if thread.name == "parser"]
    mine = threads[-1]
    del parser
    gc.collect()
    mine.join(PATIENCE)
    assert not mine.is_alive()


def test_article_is_released_after_its_parse() -> None:
    parser = ParserThread(FakeParser())
    parser.parse([read_article("A rare word: " + "x" * 1_000_003)])

    def is_held() -> bool:
        return any(type(one) is Article and len(one.text) > 1_000_000 for one in gc.get_objects())

    wait_until(lambda: not is_held())


def test_late_parse_is_503(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]

    class Late(FakeParser):
        def parse(self, articles: Sequence[Article], deadline: Deadline = NO_DEADLINE) -> list[Parse]:
            if len(articles[0].text) > len(ARTICLE):
                now[0] += 1.1
            deadline.check(1, 2, "sentences parsed")
            return super().parse(articles, deadline)

    monkeypatch.setattr("service.input.article.time", SimpleNamespace(monotonic=lambda: now[0]))
    app = create_app(Settings(deadline_seconds=1), Late())
    make_ready(app)
    response = app.test_client().post("/quotes", json={"text": ARTICLE + "\n\nMore."})
    assert (response.status_code, "1 of 2 sentences" in json.loads(response.data)["detail"]) == (503, True)


@pytest.mark.model
@pytest.mark.parametrize("kept", ["parser", "None"])
def test_process_exits_cleanly_after_parsing(kept: str) -> None:
    script = f"""
from service.parsing.load import load_parser
from service.parsing.parser import ParserThread
from service.pipeline import warm_up
from service.settings import Settings
parser = ParserThread(load_parser(Settings()))
warm_up(parser)
parser = {kept}  # freed just before the end, or by it
"""
    ended = subprocess.run([sys.executable, "-c", script], cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)
    assert (ended.returncode, ended.stderr) == (0, "")

"""pullquote-client against the service in this process, and against prepared responses."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
from pullquote_client import AsyncClient, Busy, Client, IncompleteBatch, Refused, read, speaker_of, to_pandas
from pullquote_client.contract import Problem, QuotesRequest, Report
from pullquote_client.requests import Waits, lines_of, retry_after

from service.app import create_app, make_ready
from service.output.csv_table import COLUMNS
from service.settings import Settings
from tests.doubles import ARTICLE, FakeParser

UNAVAILABLE = {"type": "about:blank", "title": "Unavailable", "status": 503, "detail": "The request queue is full."}
Handler = Callable[[httpx.Request], httpx.Response]


@pytest.fixture(scope="module")
def http() -> httpx.Client:
    """An httpx client of the service in this process."""
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return httpx.Client(transport=httpx.WSGITransport(app=app), base_url="http://pullquote.example")


@pytest.fixture
def client(http: httpx.Client) -> Client:
    return Client(http=http)


@pytest.fixture
def waited(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    """The waits of the clients, in seconds, which take no time."""
    waits: list[float] = []

    async def wait(seconds: float) -> None:
        waits.append(seconds)

    monkeypatch.setattr("pullquote_client.client.time.sleep", waits.append)
    monkeypatch.setattr("pullquote_client.asynchronous.asyncio.sleep", wait)
    return waits


def answering(*responses: httpx.Response, **options: Any) -> Client:
    """A client whose requests get these responses, one after the other."""
    left = iter(responses)
    transport = httpx.MockTransport(lambda _: next(left))
    return Client(http=httpx.Client(transport=transport, base_url="http://pullquote.example"), **options)


def busy(retry_after: str | None = "5") -> httpx.Response:
    return httpx.Response(503, json=UNAVAILABLE, headers={"Retry-After": retry_after} if retry_after else {})


def report(client: Client) -> httpx.Response:
    """The response to ARTICLE."""
    return httpx.Response(200, text=client.render(ARTICLE, "json"))


def test_quotes_are_typed_and_have_their_speaker(client: Client) -> None:
    report = client.quotes(ARTICLE, explain=True)
    assert [(quote.kind, quote.text) for quote in report.quotes] == [
        ("indirect", "that the bridge will reopen in May"),
        ("direct", "“We lost a winter,”"),
    ]
    first = report.quotes[0]
    assert first.cue is not None
    assert (first.cue.class_, first.cue.lemma) == ("tell", "tell")
    assert first.explain is not None
    assert first.explain[0].rule == "cue"
    speaker = speaker_of(report, first)
    assert speaker is not None
    assert (speaker.name, speaker.mentions[0].start) == ("Ruth Alder", 0)


def test_a_request_s_own_options_are_kept(client: Client) -> None:
    article: QuotesRequest = {"text": ARTICLE, "id": "a", "options": {"kinds": ["direct"]}}
    report = client.quotes(article, offsets="utf16")
    assert (report.article.id, [quote.kind for quote in report.quotes]) == ("a", ["direct"])


@pytest.mark.parametrize(("form", "part"), [("csv", '"Ruth Alder"'), ("html", "<mark"), ("jsonld", "schema:Quotation")])
def test_other_forms_are_returned_as_text(client: Client, form: Any, part: str) -> None:
    assert part in client.render(ARTICLE, form)


def test_printed_quotes_are_verified(client: Client) -> None:
    checks = client.verify(ARTICLE, ["We lost the winter", {"text": "We lost a winter", "speaker": "Alder"}]).checks
    assert [check.verdict for check in checks] == ["altered", "verbatim"]
    assert checks[1].attribution == "same"


def test_a_refusal_names_the_fields(client: Client) -> None:
    with pytest.raises(Refused, match="/options/min_confidence must be from 0 to 1") as refused:
        client.quotes(ARTICLE, min_confidence=2)
    assert refused.value.problem.errors is not None
    assert refused.value.problem.errors[0].pointer == "/options/min_confidence"


def test_a_batch_yields_results_and_problems_in_order(client: Client) -> None:
    articles: list[str | QuotesRequest] = [ARTICLE, "", {"text": ARTICLE, "id": "third"}, ""]
    results = list(client.batch(iter(articles), size=2, kinds=["direct"]))
    assert [one.line if isinstance(one, Problem) else len(one.quotes) for one in results] == [1, 2, 1, 4]
    assert isinstance(results[2], Report)
    assert results[2].article.id == "third"


def test_batches_read_their_articles_as_they_are_sent(client: Client) -> None:
    taken: list[int] = []

    def articles() -> Iterator[str]:
        for number in range(10):
            taken.append(number)
            yield ARTICLE

    next(client.batch(articles(), size=3))
    assert len(taken) <= 4


def test_line_separators_in_an_article_do_not_end_a_line(client: Client) -> None:
    articles: list[QuotesRequest] = [{"text": ARTICLE, "title": "Bridge\u2028reopens\x85in May"}, {"text": ARTICLE}]
    first, second = client.batch(articles)
    assert isinstance(first, Report)
    assert (first.article.title, type(second)) == ("Bridge\u2028reopens\x85in May", Report)


def test_batches_are_limited_in_bytes() -> None:
    parts = list(lines_of(["x" * 3_000_000] * 5, {}, 100))
    assert [(part.first, len(part.requests)) for part in parts] == [(1, 2), (3, 2), (5, 1)]


def test_busy_service_is_retried(client: Client, waited: list[float]) -> None:
    again = answering(busy("5"), busy("2"), report(client))
    assert len(again.quotes(ARTICLE).quotes) == 2
    assert waited == [5, 2]


def test_waits_are_bounded(waited: list[float]) -> None:
    with pytest.raises(Busy):
        answering(busy("5"), busy("5"), busy("5"), max_wait=12).quotes(ARTICLE)
    assert waited == [5, 5]
    with pytest.raises(Busy):
        answering(busy("600")).quotes(ARTICLE)
    assert waited == [5, 5]


def test_waits_grow_where_no_time_is_given(waited: list[float]) -> None:
    with pytest.raises(Busy):
        answering(*[busy(None)] * 4, max_wait=7).quotes(ARTICLE)
    assert waited == [1, 2, 4]


def test_other_refusals_are_not_repeated(waited: list[float]) -> None:
    with pytest.raises(Refused, match="500"):
        answering(httpx.Response(500, text="<h1>Bad gateway</h1>")).quotes(ARTICLE)
    assert waited == []


def test_line_refused_by_a_full_queue_is_retried(client: Client, waited: list[float]) -> None:
    batch = httpx.Response(200, text=json.dumps({**UNAVAILABLE, "line": 1}) + "\n" + report(client).text)
    results = list(answering(batch, busy("3"), report(client)).batch([ARTICLE, ARTICLE]))
    assert [type(result) for result in results] == [Report, Report]
    assert waited == [3]


def test_line_refused_on_retry_keeps_its_number(client: Client, waited: list[float]) -> None:
    batch = httpx.Response(200, text=report(client).text + json.dumps({**UNAVAILABLE, "line": 2}) + "\n")
    results = list(answering(batch, busy("30"), max_wait=20).batch([ARTICLE, ARTICLE]))
    assert isinstance(results[1], Problem)
    assert (results[1].line, results[1].status, waited) == (2, 503, [])


def test_a_batch_waits_before_it_begins(client: Client, waited: list[float]) -> None:
    results = list(answering(busy("4"), report(client)).batch([ARTICLE]))
    assert (len(results), waited) == (1, [4])


def test_interrupted_batch_is_an_error(client: Client) -> None:
    with pytest.raises(IncompleteBatch, match="1 of 2"):
        list(answering(report(client)).batch([ARTICLE, ARTICLE]))


def test_retry_after_can_be_a_date() -> None:
    past = httpx.Response(503, headers={"Retry-After": "Wed, 21 Oct 2015 07:28:00 GMT"})
    assert (retry_after(past), retry_after(busy("7")), retry_after(busy("soon"))) == (0, 7, None)
    assert Waits(1).after(httpx.Response(400)) is None


def test_unknown_fields_and_values_are_tolerated(client: Client) -> None:
    document = json.loads(client.render(ARTICLE, "json"))
    document["quotes"][0] |= {"kind": "hinted", "mood": "grim"}
    assert str(read(Report, document).quotes[0].kind) == "hinted"


def test_the_key_is_sent() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return httpx.Response(200)

    http = httpx.Client(transport=httpx.MockTransport(answer), base_url="http://pullquote.example")
    with Client(key="secret", http=http) as client:
        assert client.ready()
    assert sent[0].headers["Authorization"] == "Bearer secret"


def test_a_data_frame_has_the_columns_of_the_csv(client: Client) -> None:
    frame = to_pandas(client.batch([ARTICLE, ""]))
    assert list(frame["speaker"]) == ["Ruth Alder", "Ruth Alder"]
    assert list(frame["start"]) == [32, 69]
    assert set(frame.columns) <= set(COLUMNS)
    assert list(to_pandas(client.quotes("No comment.")).columns) == list(frame.columns)


def test_the_asynchronous_client_does_the_same(http: httpx.Client, waited: list[float]) -> None:
    busy_first = iter([busy("2")])

    def answer(request: httpx.Request) -> httpx.Response:
        response = next(busy_first, None)
        if response is not None:
            return response
        headers = {name: value for name, value in request.headers.items() if name != "host"}
        done = http.request(request.method, request.url.path, content=request.content, headers=headers)
        return httpx.Response(
            done.status_code, content=done.content, headers={"Content-Type": done.headers["Content-Type"]}
        )

    async def ask() -> tuple[Any, ...]:
        transport = httpx.MockTransport(answer)
        asynchronous = httpx.AsyncClient(transport=transport, base_url="http://pullquote.example")
        async with AsyncClient(http=asynchronous) as client:
            assert await client.ready() is False  # took the busy response: /readyz is not repeated
            report = await client.quotes(ARTICLE)
            checks = (await client.verify(ARTICLE, ["We lost a winter"])).checks
            table = await client.render(ARTICLE, "csv")
            results = [result async for result in client.batch([ARTICLE, ""])]
            with pytest.raises(Refused):
                await client.quotes("")
        return report, checks[0].verdict, table, results

    report, verdict, table, results = asyncio.run(ask())
    assert isinstance(report, Report)
    assert (len(report.quotes), verdict, "Ruth Alder" in table) == (2, "verbatim", True)
    assert [type(result) for result in results] == [Report, Problem]


def test_the_asynchronous_client_waits_too(client: Client, waited: list[float]) -> None:
    responses = iter([busy("2"), report(client), busy("3"), busy("4")])

    async def ask() -> AsyncIterator[Any]:
        transport = httpx.MockTransport(lambda _: next(responses))
        http = httpx.AsyncClient(transport=transport, base_url="http://pullquote.example")
        async with AsyncClient(http=http, max_wait=5) as client:
            yield await client.quotes(ARTICLE)
            with pytest.raises(Busy):
                await client.quotes(ARTICLE)

    async def all_of() -> list[Any]:
        return [one async for one in ask()]

    assert len(asyncio.run(all_of())) == 1
    assert waited == [2, 3]

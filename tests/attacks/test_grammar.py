"""Requests from a grammar: every one gets a response, and none an internal error."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.attacks.grammar import InputArticle, requests
from tests.attacks.raw import Response, send
from tests.attacks.server import Server

pytestmark = pytest.mark.slow

NUMBER = 500


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_request_of_the_grammar_gets_its_own_response(server: Server, seed: int) -> None:
    workers = server.workers()

    def answered(one: InputArticle) -> Response:
        return send(server.port, one.data, half_close=True)

    sent = requests(seed, NUMBER)
    with ThreadPoolExecutor(4) as pool:
        found = list(zip(sent, pool.map(answered, sent), strict=True))
    for one, response in found:
        assert response.status in {200, 400, 401, 404, 405, 406, 413, 415, 422, 431}, (one.data, response)
        if response.status != 200:
            assert response.problem["title"]
        if not one.framed:
            assert response.status != 200 or b" /healthz " in one.data.partition(b"\r\n")[0], (one.data, response)
    assert {response.status for _, response in found} >= {200, 400, 404, 405, 415, 422}
    assert server.workers() == workers
    assert not [event for event in server.events() if event.get("level") == "error"]

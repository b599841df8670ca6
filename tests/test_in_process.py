"""`pullquote.quotes` and `verify`: the service's responses in this process."""

from threading import Thread
from typing import Any

import pytest

import pullquote
from service.app import create_app, make_ready
from service.settings import Settings
from tests.doubles import ARTICLE, FakeParser


@pytest.fixture(scope="module")
def reader() -> pullquote.Reader:
    return pullquote.Reader(load=lambda _: FakeParser())


def posted(path: str, document: dict[str, Any]) -> Any:
    app = create_app(Settings(), FakeParser())
    make_ready(app)
    return app.test_client().post(path, json=document).json


def test_quotes_are_the_service_s_response(reader: pullquote.Reader) -> None:
    assert reader.quotes(ARTICLE) == posted("/quotes", {"text": ARTICLE})
    request = {"text": ARTICLE, "id": "a", "options": {"kinds": ["direct"]}}
    both = {**request, "options": {"kinds": ["direct"], "explain": True}}
    assert reader.quotes(request, explain=True) == posted("/quotes", both)


def test_verdicts_are_the_service_s_response(reader: pullquote.Reader) -> None:
    printed = {"text": "We lost a winter", "speaker": "Alder"}
    assert reader.verify(ARTICLE, [printed, "We won"]) == posted(
        "/quotes/verify", {"text": ARTICLE, "quotes": [printed, {"text": "We won"}]}
    )


def test_an_invalid_request_names_its_fields(reader: pullquote.Reader) -> None:
    with pytest.raises(pullquote.Invalid) as refused:
        reader.quotes(ARTICLE, min_confidence=2)
    assert refused.value.faults[0].pointer == "/options/min_confidence"


def test_the_model_is_loaded_once_for_the_first_article() -> None:
    loaded = []

    def load(settings: Settings) -> FakeParser:
        loaded.append(settings)
        return FakeParser()

    reader = pullquote.Reader(Settings(max_characters=500), load)
    assert loaded == []
    threads = [Thread(target=reader.quotes, args=(ARTICLE,)) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [settings.max_characters for settings in loaded] == [500]


@pytest.mark.model
def test_the_functions_use_the_embedded_model() -> None:
    (quote,) = pullquote.quotes("“We lost a winter,” Mayor Ruth Alder said.")["quotes"]
    assert quote["speaker"] == "s1"
    assert (
        pullquote.verify("“We lost a winter,” Mayor Ruth Alder said.", ["We lost"])["checks"][0]["verdict"]
        == "verbatim"
    )

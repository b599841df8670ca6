from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from service.parsing.parser import Parser
from tests.doubles import FakeParser
from tests.web.browsing import chromium, opened, served, visited


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    executable = chromium()
    if executable is None:
        pytest.skip("no Chromium on the PATH; apt-get install chromium, or name one in PULLQUOTE_CHROMIUM")
    with opened(executable) as browser:
        yield browser


@pytest.fixture(scope="package")
def service() -> Iterator[str]:
    """The address of a service with a fake parser."""
    with served(FakeParser()) as address:
        yield address


@pytest.fixture(scope="package")
def real_service(embedded_parser: Parser) -> Iterator[str]:
    """The address of a service with the embedded model."""
    with served(embedded_parser) as address:
        yield address


@pytest.fixture
def page(browser: Browser, service: str) -> Iterator[Page]:
    """The web page, just opened."""
    with visited(browser, service) as page:
        page.goto("/")
        yield page

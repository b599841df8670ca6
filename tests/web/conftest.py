from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress

import pytest
from playwright.sync_api import Browser, Error, Page

from service.parsing.parser import Parser
from tests.doubles import FakeParser
from tests.web.browsing import check_no_fault, chromium, opened, served, visited, visited_until


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


class ReusedPage:
    """A page for one test after the other. A new context for each takes twice the CPU, most of it in Chromium."""

    def __init__(self, browser: Browser, service: str) -> None:
        self._browser = browser
        self._service = service
        self._open: ExitStack | None = None
        self._page: Page

    @contextmanager
    def visited(self, path: str = "/", *, width: int = 1100, height: int = 800) -> Iterator[Page]:
        """Visit the service with nothing left of the last visit. Fails like `visited`."""
        if self._open is None:
            self._open = ExitStack()
            self._page, self._faults = self._open.enter_context(visited_until(self._browser, self._service))
        self._faults.clear()
        self._page.set_viewport_size({"width": width, "height": height})
        self._page.goto(path)
        try:
            yield self._page
            check_no_fault(self._faults)
            self._reset()
        except BaseException:
            self.close()  # the next test gets a new one
            raise

    def _reset(self) -> None:
        for other in self._page.context.pages:
            if other is not self._page:
                other.close()
        self._page.evaluate("sessionStorage.clear(); localStorage.clear()")
        self._page.context.clear_cookies()
        self._page.emulate_media(media="null", color_scheme="null")
        self._page.unroute_all(behavior="ignoreErrors")
        self._page.goto("/healthz")  # about:blank would start a process for the next page

    def close(self) -> None:
        """Close the page, if it is open."""
        if self._open is not None:
            with suppress(Error):
                self._open.close()
        self._open = None


@pytest.fixture(scope="package")
def reused_page(browser: Browser, service: str) -> Iterator[ReusedPage]:
    reused = ReusedPage(browser, service)
    yield reused
    reused.close()


@pytest.fixture(scope="package")
def real_page(browser: Browser, real_service: str) -> Iterator[ReusedPage]:
    """The page of a service with the embedded model."""
    reused = ReusedPage(browser, real_service)
    yield reused
    reused.close()


@pytest.fixture
def page(reused_page: ReusedPage) -> Iterator[Page]:
    """The web page, just opened."""
    with reused_page.visited() as page:
        yield page


@pytest.fixture
def new_page(browser: Browser, service: str) -> Iterator[Page]:
    """The web page, just opened, for a test that changes what a reload keeps."""
    with visited(browser, service) as page:
        page.goto("/")
        yield page

"""axe-core checks of the web page: light, dark, on a phone, and in each of its states."""

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.doubles import ARTICLE
from tests.web.browsing import show_seed
from tests.web.conftest import ReusedPage

pytestmark = pytest.mark.browser

NARROW = 800  # pixels; below, the choices are folded


def check(page: Page) -> None:
    """Fail if axe-core reports a violation."""
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()


LOOKS = [
    pytest.param("light", 1100, id="light"),
    pytest.param("dark", 1100, id="dark"),
    pytest.param("light", 360, id="phone"),
    pytest.param("dark", 360, id="phone in the dark"),
]


@pytest.mark.model
@pytest.mark.parametrize(("scheme", "width"), LOOKS)
def test_axe_passes_with_quotes_and_details(real_page: ReusedPage, scheme: str, width: int) -> None:
    with real_page.visited(width=width) as page:
        page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
        show_seed(page)
        if width < NARROW:
            page.get_by_text("Speakers and filters").click()
        page.locator("#speakers button").first.click()
        page.locator("#article .badge").first.focus()
        page.get_by_text("Rename or merge a speaker").click()
        page.get_by_text("Add a quote").click()
        check(page)
        page.get_by_role("button", name="By speaker").click()
        check(page)


@pytest.mark.model
def test_page_fits_a_phone(real_page: ReusedPage) -> None:
    with real_page.visited(width=320) as page:
        show_seed(page)
        page.locator("#article .badge").first.focus()
        assert page.evaluate("document.documentElement.scrollWidth") <= 320


def empty(_: Page) -> None:
    """The initial state."""


def nothing(page: Page) -> None:
    page.get_by_label("Article", exact=True).fill("The bridge is old.")
    page.get_by_role("button", name="Find quotes").click()
    page.get_by_role("heading", name="No quotes found").wait_for()


def error(page: Page) -> None:
    page.get_by_role("button", name="Find quotes").click()
    page.get_by_role("alert").wait_for()


def linked(page: Page) -> None:
    page.goto("/#article=0123456789abcdef&minimum=0.5")
    page.reload()
    page.locator("#linked").wait_for()


def working(page: Page) -> None:
    page.route("**/quotes?*", lambda _: None)
    page.get_by_label("Article", exact=True).fill(ARTICLE)
    page.get_by_role("button", name="Find quotes").click()
    page.get_by_role("progressbar").wait_for()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("reach", [empty, linked, working, nothing, error])
def test_axe_passes_in_the_other_states(page: Page, reach: Callable[[Page], None], scheme: str) -> None:
    page.emulate_media(color_scheme=scheme)  # type: ignore[arg-type]
    reach(page)
    check(page)

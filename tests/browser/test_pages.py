"""What every page owes to everybody: it fits a phone, the keyboard suffices, the language can be changed anywhere."""

import pytest

from service.i18n import LOCALES, Locale
from tests.browser.conftest import Visit
from tests.browser.places import OPEN_TO_ALL, PLACES, places_of
from tests.browser.visitors import Visitor

pytestmark = pytest.mark.browser

OVERFLOW = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
WIDTHS = (360, 768, 1024, 1280)
SKIP_LINK_TABS = 8


@pytest.mark.parametrize("locale", LOCALES)
@pytest.mark.parametrize("person", PLACES)
def test_main_pages_fit_every_screen(visit: Visit, person: str, locale: Locale) -> None:
    visitor = visit(locale, phone=True)
    visitor.sign_in(person)

    assert too_wide(visitor, *places_of(visitor, person)) == {}


@pytest.mark.parametrize("locale", LOCALES)
def test_open_pages_fit_every_screen(visit: Visit, locale: Locale) -> None:
    assert too_wide(visit(locale, phone=True), *OPEN_TO_ALL) == {}


def too_wide(visitor: Visitor, *paths: str) -> dict[tuple[str, int], int]:
    """Open each page; return by how many pixels it overflows which width of the screen."""
    found = {}
    for path in paths:
        visitor.open(path)
        assert visitor.page.locator("html").get_attribute("lang") == visitor.locale
        for width in WIDTHS:
            visitor.page.set_viewport_size({"width": width, "height": 800})
            found[path, width] = visitor.page.evaluate(OVERFLOW)
    return {place: pixels for place, pixels in found.items() if pixels > 0}


def test_the_keyboard_suffices_to_sign_in_and_to_skip_the_navigation(visit: Visit) -> None:
    visitor = visit("en")
    keyboard = visitor.page.keyboard
    visitor.open("/sign-in")

    tab_to(visitor, "E-mail address")
    keyboard.type("engineer@sample.example")
    tab_to(visitor, "Password")
    keyboard.type(visitor.server.password)
    keyboard.press("Enter")
    visitor.page.wait_for_url("**/console")
    keyboard.press("Tab")
    assert focused(visitor) == "Skip to the content"
    keyboard.press("Enter")

    assert visitor.page.evaluate("document.activeElement.id") == "content"


def tab_to(visitor: Visitor, name: str) -> None:
    """Press Tab until the control with this label has the focus."""
    for _ in range(SKIP_LINK_TABS):
        visitor.page.keyboard.press("Tab")
        if focused(visitor) == name:
            return
    pytest.fail(f"{name} is not reached by pressing Tab {SKIP_LINK_TABS} times")


def focused(visitor: Visitor) -> str:
    """Return the label or text of what has the focus."""
    text: str = visitor.page.evaluate("(document.activeElement.labels?.[0] ?? document.activeElement).innerText.trim()")
    return text


def test_changing_the_language_keeps_the_page_and_its_filters(visit: Visit) -> None:
    visitor = visit("zh-CN")
    visitor.sign_in("engineer")
    visitor.open("/console/footprints?status=released")

    visitor.page.get_by_role("link", name="English").click()

    assert visitor.page.url == visitor.server.url + "/console/footprints?status=released"
    assert visitor.page.locator("html").get_attribute("lang") == "en"
    assert visitor.text_of("h1") == "Footprints"
    assert visitor.page.locator("#field-status").input_value() == "released"

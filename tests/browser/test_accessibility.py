"""Every screen of the portal, on a phone and on a desk, breaks no rule of WCAG 2.2 AA that a machine can check."""

from collections.abc import Callable, Mapping, Sequence

import pytest

from service.i18n import LOCALES, Locale
from service.submissions.models import Depth
from service.submissions.questionnaire import groups_for
from tests.browser import toll_plant
from tests.browser.accessibility import find_violations
from tests.browser.conftest import Visit
from tests.browser.places import OPEN_TO_ALL
from tests.browser.visitors import Visitor

pytestmark = pytest.mark.browser

PIN = "482913"
WIDTHS: Mapping[Locale, Sequence[int]] = {"zh-CN": (360, 1280), "en": (360,)}
EARLIER = {"zh-CN": 40, "en": 41}  # years back that no other test asks for
UNREADABLE_AND_DOUBTFUL = {"product_output": "12,16", "charge_in": "8300", "product_out": "1"}

Look = Callable[[str], None]


@pytest.mark.parametrize("locale", LOCALES)
def test_no_screen_of_the_portal_breaks_a_rule(visit: Visit, locale: Locale) -> None:
    supplier, found = visit(locale), dict[tuple[str, int], list[str]]()

    def look(screen: str, visitor: Visitor = supplier) -> None:
        for width in WIDTHS[locale]:
            visitor.page.set_viewport_size({"width": width, "height": 900})
            visitor.page.locator("details").evaluate_all("all => all.forEach(one => one.open = !one.closest('.site-header'))")
            found[screen, width] = find_violations(visitor.page)

    engineer = visit(locale)
    engineer.sign_in("engineer")
    link = toll_plant.ask(engineer, toll_plant.year_to_june(EARLIER[locale]))
    for path in OPEN_TO_ALL:
        supplier.open(path)
        look(path)
    home = look_until_home(supplier, link, look)
    look_at_questions(supplier, home, look)
    look_at_colleague(visit(locale), supplier, home, look)
    look_until_receipt(supplier, home, look)

    assert [f"{screen}: {one}" for screen, violations in found.items() for one in violations] == []


def look_until_home(supplier: Visitor, link: str, look: Look) -> str:
    """Look at the page behind the link, with a PIN refused, and at the task list; return its address."""
    supplier.open(link)
    look("link")
    supplier.enter("pin", "123456")
    supplier.press("Start")
    look("PIN refused")
    supplier.enter("pin", PIN)
    supplier.press("Start")
    supplier.page.wait_for_url("**/portal/submissions/*")
    look("task list")
    return supplier.page.url


def look_at_questions(supplier: Visitor, home: str, look: Look) -> None:
    """Look at screens with figures that can't be read or are doubtful, and at the pages beside them."""
    site, furnace, *_ = groups_for("TOLL", Depth.FIRST)
    for group in (site, furnace):
        supplier.open(f"{home}/{group.key}")
        for question in group.questions:
            if question.key in UNREADABLE_AND_DOUBTFUL:
                supplier.enter(question.key, UNREADABLE_AND_DOUBTFUL[question.key])
        supplier.press("Save")
        supplier.page.locator("[data-flashes]").wait_for()
        look(group.key)
    for page in ("evidence", "check", "workbook", "decline"):
        supplier.open(f"{home}/{page}")
        look(page)


def look_at_colleague(colleague: Visitor, supplier: Visitor, home: str, look: Callable[..., None]) -> None:
    """Look at the page that makes a link for a colleague, and at what the colleague sees."""
    supplier.open(f"{home}/colleagues")
    supplier.page.locator("[name=fields]").first.check()
    supplier.enter("colleague", "Li Na")
    supplier.press("Make the link")
    look("colleagues")
    colleague.open(supplier.page.locator("#colleague-link").input_value())
    look("colleague's link", colleague)
    colleague.enter("pin", PIN)
    colleague.press("Start")
    colleague.page.wait_for_url("**/portal/submissions/*")
    look("colleague's tasks", colleague)


def look_until_receipt(supplier: Visitor, home: str, look: Look) -> None:
    """Answer everything, hand in, look at the receipt and the closed task list."""
    groups = groups_for("TOLL", Depth.FIRST)
    supplier.open(f"{home}/{groups[0].key}")
    for group in groups:
        toll_plant.fill(supplier, group)
    supplier.open(f"{home}/check")
    for box in supplier.page.locator("textarea").all():
        box.fill("As on the meter")
    supplier.press("Hand in")
    supplier.page.wait_for_url("**/receipt")
    look("receipt")
    supplier.open(home)
    look("handed in")

"""Pictures of each main screen of the portal and of the staff's pages beside it, for docs/portal: both languages, both widths."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser

from service.i18n import LOCALES, Locale
from service.submissions.models import Depth
from service.submissions.questionnaire import groups_for
from tests.browser.album import Album, Keep, addresses
from tests.browser.serving import SampleServer
from tests.browser.toll_plant import ask, fill, year_to_june
from tests.browser.visitors import Visitor

FOLDER = Path("docs", "portal")
PIN = "482913"
YEARS_BACK: Mapping[Locale, int] = {"zh-CN": 1, "en": 2}
SITE, FURNACE, ELECTRICITY, *REST = groups_for("TOLL", Depth.FIRST)


def take_portal(browser: Browser, server: SampleServer, keep: Keep) -> None:
    """Take all pictures."""
    for locale in LOCALES:
        album = Album(browser=browser, server=server, locale=locale, keep=keep, folder=FOLDER)
        take_questionnaire(album)
        take_feedback(album)
        take_staff_pages(album)


def take_questionnaire(album: Album) -> None:
    """A plant's way from the link to the receipt."""
    engineer, supplier = album.somebody(), album.somebody()
    engineer.sign_in("engineer")
    link = ask(engineer, year_to_june(YEARS_BACK[album.locale]))
    supplier.open(link)
    album.take(supplier, "preview")
    album.take(supplier, "pin", at="form[action^='/r/']")
    enter(supplier, link, "Start")
    home = supplier.page.url
    supplier.open(f"{home}/{SITE.key}")
    for group in (SITE, FURNACE):
        fill(supplier, group)
    with supplier.page.expect_navigation():
        fill(supplier, ELECTRICITY, then="Save")
    album.take(supplier, "section")
    supplier.open(home)
    album.take(supplier, "task-list")
    take_contest(album, supplier, link, home)
    for page, path in (("evidence", "evidence"), ("excel", "workbook")):
        supplier.open(f"{home}/{path}")
        album.take(supplier, page)
    take_colleagues(album, supplier, home)
    supplier.open(f"{home}/{REST[0].key}")
    for group in REST:
        fill(supplier, group)
    supplier.open(f"{home}/check")
    album.take(supplier, "check")
    for box in supplier.page.locator("textarea").all():
        box.fill("As on the meter")
    supplier.press("Hand in")
    supplier.page.wait_for_url("**/receipt")
    album.take(supplier, "receipt")


def enter(supplier: Visitor, link: str, button: str) -> None:
    """Open a link with the PIN."""
    supplier.open(link)
    supplier.enter("pin", PIN)
    supplier.press(button)
    supplier.page.wait_for_url("**/portal/submissions/*")


def take_contest(album: Album, first: Visitor, link: str, home: str) -> None:
    """Two people answer one question without knowing of each other."""
    second = album.somebody()
    enter(second, link, "Open the questionnaire")
    for visitor in (first, second):
        visitor.open(f"{home}/{ELECTRICITY.key}")
    for visitor, typed in ((first, "7,584"), (second, "7,536")):
        visitor.enter("furnace_electricity", typed, unit="MWh")
        visitor.enter("furnace_electricity", typed, unit="万kWh")
        if visitor is first:
            visitor.enter("auxiliary_electricity", "351", unit="万kWh")
            visitor.enter("furnace_electricity", "7,585", unit="万kWh")
        visitor.press("Save")
        visitor.page.locator("[data-flashes]").wait_for()
    album.take(second, "conflict", at="[data-question=furnace_electricity]")
    second.page.locator("[data-question=furnace_electricity] button[name=choose]").nth(1).click()
    second.page.locator("[data-flashes]").wait_for()


def take_colleagues(album: Album, supplier: Visitor, home: str) -> None:
    """A part is sent to a colleague, who opens it."""
    supplier.open(f"{home}/colleagues")
    supplier.page.locator(f"[name=fields][value='group:{REST[0].key}']").check()
    supplier.enter("colleague", "李娜" if album.locale == "zh-CN" else "Li Na")
    supplier.press("Make the link")
    album.take(supplier, "colleagues")
    colleague = album.somebody()
    colleague.open(supplier.page.locator("#colleague-link").input_value())
    album.take(colleague, "colleague")


def take_feedback(album: Album) -> None:
    """What a supplier gets back once its answers are accepted."""
    supplier = album.somebody()
    supplier.sign_in("supplier")
    supplier.open("/portal")
    for address in list(addresses(supplier, "main .task-list a")):
        response = supplier.page.goto(f"{album.server.url}{address}/feedback")
        if response is not None and response.ok:
            album.take(supplier, "feedback")
            return


def take_staff_pages(album: Album) -> None:
    """The funnel of a campaign, a review beside last year and peers, the planner."""
    engineer, reviewer = album.somebody(), album.somebody()
    engineer.sign_in("engineer")
    engineer.open("/console/campaigns")
    engineer.open(next(one for one in addresses(engineer, "main a") if one.count("-") >= 4))
    album.take(engineer, "campaign", at="body")
    engineer.open("/console/planner")
    album.take(engineer, "planner", at="body")
    reviewer.sign_in("reviewer")
    reviewer.open("/console/review")
    reviewer.page.locator("td a").first.click()
    reviewer.page.wait_for_url("**/console/review/*-*")
    album.take(reviewer, "review", at="body")

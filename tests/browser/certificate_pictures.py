"""Pictures of certificates, of what surrounds them, and of the exchange with others, for docs/certificates."""

import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser

from service.i18n import LOCALES
from tests.browser.album import Album, Keep, addresses
from tests.browser.serving import SampleServer
from tests.browser.visitors import Visitor

FOLDER = Path("docs", "certificates")
PAGE_DPI = 80
TEAM: Mapping[str, str] = {
    "declared-footprints": "/console/declared-footprints",
    "exchange": "/console/exchange/requests",
    "received": "/console/exchange/received",
    "validator": "/console/validator",
    "kwh-calculator": "/console/kwh-calculator?g_per_kwh=1100&loss_percent=5&kg_co2e_per_kg=12.6",
    "verifications": "/console/verification",
}
ADMIN: Mapping[str, str] = {"partners": "/console/partners", "systems": "/console/systems", "log": "/console/audit"}


def take_certificates(browser: Browser, server: SampleServer, keep: Keep) -> None:
    """Take all pictures; the case and the partner that they show are made by hand, as people make them."""
    for locale in LOCALES:
        album = Album(browser=browser, server=server, locale=locale, keep=keep, folder=FOLDER)
        engineer, admin = album.somebody(), album.somebody()
        engineer.sign_in("engineer")
        admin.sign_in("admin")
        case = open_a_case(engineer)
        add_a_partner(admin)
        take_sales(album)
        take_lists(album, engineer, TEAM)
        engineer.open("/console/declared-footprints")
        engineer.open(next(addresses(engineer, "main a[href*='/console/declared-footprints/0']")))
        album.take(engineer, "declared-footprint")
        take_lists(album, admin, ADMIN)
        take_room(album, case)
    draw_pages(album, keep)


def take_lists(album: Album, visitor: Visitor, lists: Mapping[str, str]) -> None:
    """Take pages by their address."""
    for name, path in lists.items():
        visitor.open(path)
        album.take(visitor, name)


def open_a_case(engineer: Visitor) -> str:
    """Open a verification of the first footprint on the list; return its address."""
    engineer.open("/console/verification/new")
    engineer.enter("title", engineer.say("Verification"))
    engineer.page.locator("select[name='organisation_id'] option").last.evaluate("option => { option.selected = true }")
    engineer.page.locator("input[name='record_ids']").first.check()
    with engineer.page.expect_navigation():
        engineer.press("Open the verification")
    return engineer.page.url


def add_a_partner(admin: Visitor) -> None:
    """Set up a partner's system that sees everything released."""
    mark = admin.locale[:2]
    admin.open("/console/partners/new")
    typed = {"name_zh": "北辰电池系统（样例）", "name_en": "Beichen battery system (sample)", "client_id": f"beichen-{mark}"}
    for name, value in {**typed, "base_url": f"https://pact-{mark}.sample.example"}.items():
        admin.enter(name, value)
    admin.page.locator("input[name='shares_all']").first.check()
    with admin.page.expect_navigation():
        admin.page.locator("main form button").last.click()


def take_sales(album: Album) -> None:
    """What sales works with, and what anybody sees behind the code on a certificate."""
    sales = album.somebody()
    sales.sign_in("sales")
    take_lists(album, sales, {"sales": "/console/sales", "answer-sheets": "/console/answer-sheets"})
    sales.open("/console/sales")
    sales.open(next(addresses(sales, "main a[href$='/issue']")))
    album.take(sales, "issue")
    sales.open("/console/certificates")
    sales.page.locator("tbody a[href^='/console/certificates/']").last.click()
    sales.finds("link", "Download the PDF").wait_for()
    album.take(sales, "certificate")
    anybody = album.somebody()
    anybody.open(sales.page.locator("#verify-url").input_value())
    album.take(anybody, "verify")


def take_room(album: Album, case: str) -> None:
    """What a verifier sees of a case."""
    verifier = album.somebody()
    verifier.sign_in("verifier")
    room = f"/room/cases/{case.rsplit('/', 1)[1].partition('?')[0]}"
    verifier.open(room)
    album.take(verifier, "room")
    footprint = next(addresses(verifier, f"main a[href^='{room}/footprints/']"))
    for name in ("inputs", "trace"):
        verifier.open(f"{footprint}/{name}")
        album.take(verifier, f"room-{name}")


def draw_pages(album: Album, keep: Keep) -> None:
    """Draw every page of a certificate."""
    sales = album.somebody()
    sales.sign_in("sales")
    sales.open("/console/certificates")
    sales.page.locator("tbody a[href^='/console/certificates/']").last.click()
    sales.finds("link", "Download the PDF").wait_for()
    with sales.page.expect_download() as downloading:
        sales.follow("Download the PDF")
    with tempfile.TemporaryDirectory() as folder:
        target = Path(folder, "page")
        subprocess.run(["pdftoppm", "-png", "-r", str(PAGE_DPI), str(downloading.value.path()), str(target)], check=True)
        for number, page in enumerate(sorted(Path(folder).glob("page-*.png")), start=1):
            keep(page.read_bytes(), FOLDER / f"page-{number}.png")

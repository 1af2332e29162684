"""Pictures of the pages on which procurement decides, and of what a supplier sees of it, for docs/procurement."""

from collections.abc import Mapping
from pathlib import Path

from playwright.sync_api import Browser

from service.i18n import LOCALES
from tests.browser.album import Album, Keep, addresses
from tests.browser.serving import SampleServer
from tests.browser.visitors import Visitor

FOLDER = Path("docs", "procurement")
PAUSE_MS = 1000
TOLL = "/console/ranking?flow=graphitised_powder"
LISTS: Mapping[str, str] = {
    "inbox": "/console",
    "offers": "/console/offers?flow=graphitised_powder",
    "method": "/console/scoring-methods/2026.1",
    "engagement": "/console/engagement",
    "self-assessment": "/console/self-assessment",
    "certificates": "/console/held-certificates",
    "corrective-actions": "/console/corrective-actions",
    "appeals": "/console/appeals",
}


def take_procurement(browser: Browser, server: SampleServer, keep: Keep) -> None:
    """Take all pictures."""
    for locale in LOCALES:
        album = Album(browser=browser, server=server, locale=locale, keep=keep, folder=FOLDER)
        buyer = album.somebody()
        buyer.sign_in("procurement")
        take_ranking(album, buyer)
        take_decisions(album, buyer)
        for name, path in LISTS.items():
            buyer.open(path)
            album.take(buyer, name)
        take_supplier_side(album)


def take_ranking(album: Album, buyer: Visitor) -> None:
    """The order of a material's suppliers, one of them laid open, three side by side, and what stands on its file."""
    buyer.open(TOLL)
    album.take(buyer, "ranking")
    first, *others = dict.fromkeys(addresses(buyer, "tbody a[href*='/score']"))
    chosen = buyer.page.locator("tbody input[type=checkbox]")
    for row in range(3):
        chosen.nth(row).check()
    with buyer.page.expect_navigation():
        buyer.press("Compare the chosen ones")
    album.take(buyer, "comparison")
    buyer.open(first)
    album.take(buyer, "score")
    buyer.open(others[1].replace("/score", "/standing").partition("?")[0])
    album.take(buyer, "standing")


def take_decisions(album: Album, buyer: Visitor) -> None:
    """Other suppliers tried for a product, a year's orders, and the memo of an award."""
    buyer.open("/console/swaps")
    buyer.open(next(addresses(buyer, "main a[href*='/console/swaps/0']")))
    album.take(buyer, "swaps")
    buyer.open(next(addresses(buyer, "main a[href*='/console/swaps/runs/']")))
    wait_until_done(buyer)
    album.take(buyer, "front")
    buyer.open("/console/allocations")
    buyer.open(next(addresses(buyer, "main a[href*='/console/allocations/0']")))
    album.take(buyer, "allocation")
    buyer.open("/console/awards")
    buyer.open(next(addresses(buyer, "main a[href*='/console/awards/0']")))
    buyer.finds("link", "Download the memo (PDF)").wait_for()
    album.take(buyer, "award")


def wait_until_done(buyer: Visitor) -> None:
    """Look again until the background work is done."""
    while buyer.page.locator("main progress").count():
        buyer.page.wait_for_timeout(PAUSE_MS)
        buyer.page.reload()


def take_supplier_side(album: Album) -> None:
    """What a supplier sees of its own score."""
    supplier = album.somebody()
    supplier.sign_in("supplier")
    supplier.open("/portal/score")
    album.take(supplier, "own-score")

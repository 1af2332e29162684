"""Pictures of the carbon plan: every screen of its lines, of the committee, of the public and of employees, for docs/plan."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from service.i18n import LOCALES
from tests.browser.album import Album, Keep, addresses
from tests.browser.serving import SampleServer
from tests.browser.visitors import Visitor

FOLDER = Path("docs", "plan")
PLAN: Final = "/console/plan"
COMMITTEE: Final[Mapping[str, str]] = {"state-of-the-plan": PLAN, "plan-lines": f"{PLAN}/items"}
TEAM: Final[Mapping[str, str]] = {
    "targets": f"{PLAN}/targets",
    "target-2025": f"{PLAN}/targets/2025",
    "changes": f"{PLAN}/changes",
    "neutrality": f"{PLAN}/neutrality",
    "carbon-assets": f"{PLAN}/carbon-assets",
    "inventory": f"{PLAN}/inventory",
    "inventory-2025": f"{PLAN}/inventory/2025",
    "energy": f"{PLAN}/energy",
    "monitoring": f"{PLAN}/monitoring",
    "monitoring-month": f"{PLAN}/monitoring/month",
    "monitoring-sources": f"{PLAN}/monitoring/sources",
    "monitoring-plan": f"{PLAN}/monitoring/plan",
    "data-quality": f"{PLAN}/monitoring/data-quality",
    "buildings": f"{PLAN}/buildings",
    "office": f"{PLAN}/office",
    "measures": f"{PLAN}/measures",
    "abatement-costs": f"{PLAN}/measures/macc",
    "plan-of-measures": f"{PLAN}/measures/plan",
    "investments": f"{PLAN}/measures/investments",
    "technology": f"{PLAN}/measures/technology",
    "green-power": f"{PLAN}/green-power",
    "logistics": f"{PLAN}/logistics",
    "material-flows": f"{PLAN}/material-flows",
    "recycled-sources": f"{PLAN}/recycled-sources",
    "project-gate": f"{PLAN}/project-gate",
    "methods": f"{PLAN}/methods",
    "supply-chain": f"{PLAN}/supply-chain",
    "eco-design": f"{PLAN}/eco-design",
    "publicity": f"{PLAN}/publicity",
    "claims": f"{PLAN}/publicity/claims",
    "public-figures": f"{PLAN}/publicity/figures",
    "stakeholders": f"{PLAN}/stakeholders",
    "benchmark": f"{PLAN}/stakeholders/benchmark",
    "governance": f"{PLAN}/governance",
    "action-board": f"{PLAN}/governance/board",
    "assessment": f"{PLAN}/assessment",
    "resources": f"{PLAN}/resources",
    "people": f"{PLAN}/people",
    "people-accounts": f"{PLAN}/people/accounts",
}
PUBLIC: Final[Mapping[str, str]] = {
    "public-progress": "/public/progress",
    "public-learn": "/public/learn",
    "public-article": "/public/learn/why-graphitization-matters",
}


def take_plan(browser: Browser, server: SampleServer, keep: Keep) -> None:
    """Take all pictures."""
    for locale in LOCALES:
        album = Album(browser=browser, server=server, locale=locale, keep=keep, folder=FOLDER)
        for role, pages in (("committee", COMMITTEE), ("engineer", TEAM)):
            visitor = album.somebody()
            visitor.sign_in(role)
            take_pages(album, visitor, pages)
            if role == "engineer":
                take_comparison(album, visitor)
        employee = album.somebody()
        employee.sign_in("employee")
        take_pages(album, employee, {"my-carbon": "/me/carbon"})
        take_pages(album, album.somebody(), PUBLIC)


def take_pages(album: Album, visitor: Visitor, pages: Mapping[str, str]) -> None:
    """Take pages by their address."""
    for name, path in pages.items():
        visitor.open(path)
        album.take(visitor, name)


def take_comparison(album: Album, visitor: Visitor) -> None:
    """The comparison of variants that the sample company has made."""
    visitor.open(f"{PLAN}/eco-design")
    visitor.open(next(addresses(visitor, f"main a[href*='{PLAN}/eco-design/0']")))
    album.take(visitor, "eco-design-comparison")

"""The main pages of each role of the sample company."""

import re
from collections.abc import Mapping, Sequence

from tests.browser.visitors import Visitor

PLACES: Mapping[str, Sequence[str]] = {
    "engineer": (
        "/console",
        "/console/suppliers",
        "/console/requests",
        "/console/requests/new",
        "/console/products",
        "/console/products/new",
        "/console/purchases",
        "/console/purchases/import",
        "/console/footprints",
        "/console/footprints/new",
        "/console/footprints/batches",
        "/console/search?q=AG-350",
        "/account",
    ),
    "reviewer": ("/console", "/console/review", "/console/review?show=decided"),
    "procurement": ("/console/suppliers/new", "/console/purchases"),
    "sales": ("/console/certificates", "/console/certificates/new", "/console/customers", "/console/customers/new"),
    "auditor": ("/console/audit",),
    "admin": ("/console/people", "/console/people/new", "/console/deliveries"),
    "supplier": ("/portal",),
}
"""Pages with an address that is always the same, by who works there."""

LISTS: Mapping[str, Sequence[str]] = {
    "engineer": ("/console/suppliers", "/console/requests", "/console/products", "/console/footprints"),
    "reviewer": ("/console/review",),
    "procurement": (),
    "sales": ("/console/certificates",),
    "auditor": (),
    "admin": ("/console/people",),
    "supplier": ("/portal",),
}
"""Lists whose first entry leads to a page of its own."""

OPEN_TO_ALL = ("/sign-in", "/reset", "/portal/return")
DETAIL = re.compile(r"^/[^?]*[0-9a-f]{8}-[0-9a-f-]{27}$")


def places_of(visitor: Visitor, person: str) -> Sequence[str]:
    """Return what somebody who is signed in can open: the fixed pages, and the first entry of each list."""
    return [*PLACES[person], *(_first_entry(visitor, path) for path in LISTS[person])]


def _first_entry(visitor: Visitor, path: str) -> str:
    visitor.open(path)
    addresses: list[str] = visitor.page.locator("main a").evaluate_all("links => links.map(link => link.getAttribute('href'))")
    return next(address for address in addresses if DETAIL.match(address))

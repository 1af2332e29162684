"""URNs of products, companies and classifications, as PACT v3 spells them, and by which of them partners find a footprint.

Order of choice by the specification: a namespace registered with IANA, a widely used one, then `urn:pact:<domain of the
issuer>:<kind>:<id>`. Partners compare them without regard to case; they are kept as they were made.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final
from urllib.parse import quote

from service.product_footprints.models import IdentifierKind
from service.products.models import Product
from service.settings import Settings

_UNRESERVED: Final = "-._~"
_GEOGRAPHIES: Final = ("geographyCountrySubdivision", "geographyCountry", "geographyRegionOrSubregion")
_REGIONS: Final[Mapping[str, tuple[str, ...]]] = {"CN": ("Eastern Asia", "Asia")}
"""Of the countries in which there are plants, by the United Nations' geoscheme (M49)."""
_BLANK: Final = re.compile(r"\s+")


def company_ids(settings: Settings) -> tuple[str, ...]:
    """Return the URNs of the company: its own one, its registration number under its domain, its number in Catena-X."""
    own = f"urn:pact:{settings.company_domain}:company-id:{_part(settings.company_registration_no)}"
    catena_x = (f"urn:bpn:id:{settings.bpnl}",) if settings.bpnl else ()
    return _unique((settings.company_urn, own, *catena_x))


def product_ids(product: Product, *, settings: Settings) -> tuple[str, ...]:
    """Return the URNs of a product: its grade under our domain, its own id (a grade may be made at two plants), its CAS."""
    return (
        f"urn:pact:{settings.company_domain}:supplier-id:{_part(product.grade)}",
        f"urn:uuid:{product.id}",
        f"urn:pact:cas.org:substance-number:{product.cas}",
    )


def buyer_id(part_no: str, *, settings: Settings) -> str:
    """Return the URN of a customer's part number for our product."""
    return f"urn:pact:{settings.company_domain}:buyer-id:{_part(part_no)}"


def identifiers_of(document: Mapping[str, Any]) -> frozenset[tuple[IdentifierKind, str]]:
    """Return by what a footprint is found: kind and value in lower case."""
    pcf = document["pcf"]
    found: Mapping[IdentifierKind, Iterable[str]] = {
        IdentifierKind.PRODUCT: document["productIds"],
        IdentifierKind.COMPANY: document["companyIds"],
        IdentifierKind.CLASSIFICATION: document.get("productClassifications", ()),
        IdentifierKind.GEOGRAPHY: [place for name in _GEOGRAPHIES if name in pcf for place in _surroundings(pcf[name])],
    }
    return frozenset((kind, value.lower()) for kind, values in found.items() for value in values)


def _surroundings(place: str) -> tuple[str, ...]:
    """Return a place and what it lies in, because PACT finds a footprint by every geography that it lies within."""
    country, is_subdivision, _ = place.partition("-")
    return (place, *((country, *_REGIONS.get(country, ())) if is_subdivision and country.isupper() else _REGIONS.get(place, ())))


def _part(text: str) -> str:
    """Return a text as the last part of a URN: percent-encoded, blanks as one hyphen."""
    return quote(_BLANK.sub("-", text.strip()), safe=_UNRESERVED)


def _unique(urns: Iterable[str]) -> tuple[str, ...]:
    return tuple({urn.lower(): urn for urn in reversed(tuple(urns))}.values())[::-1]

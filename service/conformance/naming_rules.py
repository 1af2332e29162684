"""Rules on places, names and on what replaces what."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from service.conformance.countries import COUNTRIES
from service.conformance.findings import pointer
from service.conformance.footprint import Checked, Findings, KnownFootprint, error
from service.errors import N_

GEOGRAPHY: Final = ("geographyCountrySubdivision", "geographyCountry", "geographyRegionOrSubregion")
URN: Final = re.compile(
    r"urn:(?!urn:)[a-z0-9][a-z0-9-]{0,30}[a-z0-9]:[a-z0-9._~!$&'()*+,;=:@%-][a-z0-9._~!$&'()*+,;=:@%/?#-]*", re.IGNORECASE
)
"""RFC 8141 with its optional parts."""
_NAMES: Final = ("companyIds", "productIds", "productClassifications")
_ACTIVE: Final = "Active"


def geography(checked: Checked) -> Findings:
    """R4: at most one place, in a country that exists; none means the whole world."""
    given = [name for name in GEOGRAPHY if name in checked.pcf]
    for name in given[1:]:
        template = N_("Only one place may be named, and %(first)s is there already. Leave this one out.")
        yield error("PCF-R4", pointer("pcf", name), checked.pcf[name], template, first=given[0])
    country, subdivision = checked.pcf.get("geographyCountry"), checked.pcf.get("geographyCountrySubdivision")
    if isinstance(country, str) and country not in COUNTRIES:
        template = N_("“%(value)s” is no country code of ISO 3166-1. Write two capital letters such as CN.")
        yield error("PCF-R4", pointer("pcf", "geographyCountry"), country, template, value=country[:10])
    if isinstance(subdivision, str) and not _is_subdivision(subdivision):
        template = N_("“%(value)s” is no subdivision of a country (ISO 3166-2). Write it like CN-SC.")
        yield error("PCF-R4", pointer("pcf", "geographyCountrySubdivision"), subdivision, template, value=subdivision[:10])


def _is_subdivision(code: str) -> bool:
    country, hyphen, part = code.partition("-")
    return bool(hyphen) and country in COUNTRIES and re.fullmatch(r"[A-Z0-9]{1,3}", part) is not None


def names(checked: Checked) -> Findings:
    """R12: names are URNs, each once whatever its case; ours stand under our own domain."""
    for member in _NAMES:
        yield from _urns(checked, member)
    if checked.own:
        for member in ("companyIds", "productIds"):
            yield from _own(checked, member)


def _urns(checked: Checked, member: str) -> Findings:
    seen: set[str] = set()
    for place, name in _entries(checked, member):
        if not URN.fullmatch(name):
            template = N_("“%(value)s” is no URN (RFC 8141). Write it like urn:pact:example.com:supplier-id:AG-300.")
            yield error("PCF-R12", place, name, template, value=name[:60])
        elif name.lower() in seen:
            template = N_("“%(value)s” stands here twice: upper and lower case count as the same. Keep it once.")
            yield error("PCF-R12", place, name, template, value=name[:60])
        seen.add(name.lower())


def _entries(checked: Checked, member: str) -> Iterator[tuple[str, str]]:
    listed = checked.document.get(member)
    if isinstance(listed, list):
        yield from ((pointer(member, place), name) for place, name in enumerate(listed) if isinstance(name, str))


def _own(checked: Checked, member: str) -> Findings:
    wanted = f"urn:pact:{checked.domain}:".lower() if checked.domain else "urn:"
    if not any(name.lower().startswith(wanted) for name in checked.texts(member)):
        template = N_("No name here begins with %(wanted)s, so nobody can tell who gave it. Add one under our own domain.")
        yield error("PCF-R12", pointer(member), None, template, wanted=wanted)


def succession(checked: Checked) -> Findings:
    """R13: an id is used once; what is replaced is known, of the same product, deprecated, and nothing replaces itself."""
    own_id = str(checked.document.get("id", "")).lower()
    preceding = [name.lower() for name in checked.texts("precedingPfIds")]
    for place, name in enumerate(preceding):
        if name == own_id:
            template = N_("The footprint names itself as its predecessor. Give it a new id.")
            yield error("PCF-R13", pointer("precedingPfIds", place), name, template)
        elif checked.known is not None:
            yield from _predecessor(checked, place, name, checked.known, own_id)
    if checked.known is not None and own_id in checked.known:
        yield error("PCF-R13", "/id", own_id, N_("This id is in use already. Every new content needs a new id."))


def _predecessor(checked: Checked, place: int, name: str, known: Mapping[str, KnownFootprint], own_id: str) -> Findings:
    where, before = pointer("precedingPfIds", place), known.get(name)
    if before is None:
        template = N_("The footprint that this one replaces is not on file. Send that one too, or leave its id out.")
        yield error("PCF-R13", where, name, template)
        return
    if not _share_a_name(before, checked):
        yield error("PCF-R13", where, name, N_("The footprint that this one replaces is of another product. Correct the id."))
    if before.status == _ACTIVE:
        yield error("PCF-R13", where, name, N_("The footprint that this one replaces is still Active. Deprecate it."))
    if _leads_to(own_id, name, known):
        yield error("PCF-R13", where, name, N_("These footprints replace each other in a circle. Correct the ids."))


def _share_a_name(before: KnownFootprint, checked: Checked) -> bool:
    theirs = {name.lower() for name in before.product_ids}
    return any(name.lower() in theirs for name in checked.texts("productIds"))


def _leads_to(wanted: str, start: str, known: Mapping[str, KnownFootprint]) -> bool:
    waiting, seen = [start], {start}
    while waiting:
        before = known.get(waiting.pop())
        for name in () if before is None else before.preceding:
            if name == wanted:
                return True
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return False

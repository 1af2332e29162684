"""To which classes of goods a product belongs: URNs as PACT v3 spells them, with the two codes that people know by heart."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

CPC: Final = "urn:pact:productclassification:un-cpc:"
"""UN Central Product Classification."""
HS: Final = "urn:pact:productclassification:hs:"
"""Harmonized System of the World Customs Organization; 3801.10 is artificial graphite."""
CPC_CODE: Final = re.compile(r"\d{4,5}", re.ASCII)
HS_CODE: Final = re.compile(r"\d{6}(\d{2}){0,2}", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """A product's classes: bare codes, and URNs of other classifications."""

    cpc: str
    hs: str
    others: tuple[str, ...]


def urns_of(classes: Classes) -> list[str]:
    """Return the URNs in order: CPC, HS, others."""
    codes = [prefix + code for prefix, code in ((CPC, classes.cpc), (HS, classes.hs)) if code]
    return [*codes, *classes.others]


def classes_of(urns: Sequence[str] | None) -> Classes:
    """Return what a list of URNs says."""
    given = tuple(urns or ())
    return Classes(
        cpc=_code(given, CPC),
        hs=_code(given, HS),
        others=tuple(one for one in given if not one.startswith((CPC, HS))),
    )


def _code(urns: Iterable[str], prefix: str) -> str:
    return next((one.removeprefix(prefix) for one in urns if one.startswith(prefix)), "")

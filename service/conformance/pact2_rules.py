"""Rules beyond the schema for PACT v2.3, which is only ever received: notation, signs, place, times."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from service.conformance.amounts import amount_of, is_plain
from service.conformance.findings import Finding, pointer
from service.conformance.footprint import Checked, Findings, error, warning
from service.conformance.naming_rules import geography
from service.conformance.time_rules import timestamps, windows
from service.errors import N_

_NOT_NEGATIVE: Final = (
    "fossilGhgEmissions",
    "fossilCarbonContent",
    "biogenicCarbonContent",
    "dLucGhgEmissions",
    "iLucGhgEmissions",
    "otherBiogenicGhgEmissions",
    "aircraftGhgEmissions",
    "packagingGhgEmissions",
)
_NOT_POSITIVE: Final = ("biogenicCarbonWithdrawal",)
_DECIMALS: Final = (
    *("unitaryProductAmount", "productMassPerDeclaredUnit", "pCfExcludingBiogenic", "pCfIncludingBiogenic"),
    *("landManagementGhgEmissions", *_NOT_NEGATIVE, *_NOT_POSITIVE),
)


def check_pact2(document: Mapping[str, Any]) -> Iterator[Finding]:
    """Yield what the rules that v2.3 shares with v3 have against a footprint without nulls."""
    checked = Checked(raw=document, document=document, own=False, known=None, domain=None)
    yield from _numbers(checked)
    yield from geography(checked)
    yield from windows(checked)
    yield from timestamps(checked)


def _numbers(checked: Checked) -> Findings:
    for name in _DECIMALS:
        value = checked.pcf.get(name)
        if isinstance(value, str) and not is_plain(value):
            template = N_(
                "“%(value)s” is no plain decimal. Write it like 12.48: no exponent, plus sign, space or thousands separator."
            )
            yield warning("PCF-R1", pointer("pcf", name), value, template, value=value[:40])
        amount = amount_of(value)
        if amount is not None and amount < 0 and name in _NOT_NEGATIVE:
            template = N_("%(value)s is negative; emissions and contents are zero or more. Correct the sign.")
            yield error("PCF-R2", pointer("pcf", name), value, template, value=value)
        if amount is not None and amount > 0 and name in _NOT_POSITIVE:
            template = N_("%(value)s is positive; uptake, capture and removals are zero or less. Write it with a minus sign.")
            yield error("PCF-R2", pointer("pcf", name), value, template, value=value)
    amount = checked.amount("unitaryProductAmount")
    if amount is not None and amount <= 0:
        template = N_("The declared amount must be more than zero. Correct it.")
        yield error("PCF-R2", pointer("pcf", "unitaryProductAmount"), str(amount), template)

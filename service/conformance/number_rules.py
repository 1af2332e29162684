"""Rules on the numbers of a PACT v3 footprint: notation, signs, sums, ranges, carbon balance."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from service.conformance.amounts import amount_of, half_of_last_digit, is_plain
from service.conformance.findings import pointer
from service.conformance.footprint import Checked, Findings, at, error, found, warning
from service.errors import N_

NOT_NEGATIVE: Final = (
    "fossilCarbonContent",
    "biogenicCarbonContent",
    "recycledCarbonContent",
    "fossilGhgEmissions",
    "landUseChangeGhgEmissions",
    "landCarbonLeakage",
    "landManagementFossilGhgEmissions",
    "landManagementBiogenicCO2Emissions",
    "biogenicNonCO2Emissions",
    "landAreaOccupation",
    "aircraftGhgEmissions",
    "packagingGhgEmissions",
    "packagingBiogenicCarbonContent",
    "outboundLogisticsGhgEmissions",
    "ccuCarbonContent",
)
NOT_POSITIVE: Final = (
    "landManagementBiogenicCO2Removals",
    "biogenicCO2Uptake",
    "ccsTechnologicalCO2Capture",
    "technologicalCO2Removals",
)
ANY_SIGN: Final = ("pcfExcludingBiogenicUptake", "pcfIncludingBiogenicUptake")
DECIMALS: Final = (
    *("declaredUnitAmount", "productMassPerDeclaredUnit", "exemptedEmissionsPercent", "primaryDataShare"),
    *(*ANY_SIGN, *NOT_NEGATIVE, *NOT_POSITIVE),
)
RATINGS: Final = ("technologicalDQR", "geographicalDQR", "temporalDQR")
SUMMED: Final = (
    "fossilGhgEmissions",
    "landUseChangeGhgEmissions",
    "landManagementBiogenicCO2Emissions",
    "landManagementBiogenicCO2Removals",
    "technologicalCO2Removals",
    "ccsTechnologicalCO2Capture",
    "biogenicNonCO2Emissions",
)
"""What makes up the footprint without uptake; removals are negative, so they are added. Fossil land management, aircraft and
packaging are parts of these and never added again (PACT v3, notes of its OpenAPI)."""
WITH_MASS: Final = frozenset({"kilogram", "piece", "liter", "cubic meter", "square meter"})
RELATIVE_TOLERANCE: Final = Decimal("1e-6")
GRAPHITE: Final = "7782-42-5"
LEAST_CARBON_OF_GRAPHITE: Final = Decimal("0.99")
"""kg C per kg; synthetic graphite for anodes has 0.99 to 1.0."""
MOST_EXEMPTED: Final = 3
"""Per cent of the footprint that may be left out (PACT Methodology v3)."""


def notation(checked: Checked) -> Findings:
    """R1: numbers are plain decimals in quotation marks."""
    for place, value in _numeric_texts(checked):
        if not is_plain(value):
            yield found(
                "PCF-R1",
                checked.if_received,
                place,
                value,
                N_("“%(value)s” is no plain decimal. Write it like 12.48: no exponent, plus sign, space or thousands separator."),
                value=value[:40],
            )


def _numeric_texts(checked: Checked) -> Iterator[tuple[str, str]]:
    for name in DECIMALS:
        if isinstance(checked.pcf.get(name), str):
            yield pointer("pcf", name), checked.pcf[name]
    for name, value in _ratings(checked).items():
        if isinstance(value, str):
            yield pointer("pcf", "dqi", name), value


def _ratings(checked: Checked) -> dict[str, object]:
    dqi = checked.pcf.get("dqi")
    return {name: dqi[name] for name in RATINGS if name in dqi} if isinstance(dqi, dict) else {}


def signs(checked: Checked) -> Findings:
    """R2: emissions are not negative, removals not positive; amount and mass are positive, and equal for a product in kilograms."""
    for names, sign in ((NOT_NEGATIVE, 1), (NOT_POSITIVE, -1)):
        for name in names:
            amount = checked.amount(name)
            if amount is not None and amount * sign < 0:
                template = (
                    N_("%(value)s is negative; emissions and contents are zero or more. Correct the sign.")
                    if sign > 0
                    else N_("%(value)s is positive; uptake, capture and removals are zero or less. Write it with a minus sign.")
                )
                yield error("PCF-R2", pointer("pcf", name), checked.pcf[name], template, value=checked.pcf[name])
    yield from _unit(checked)


def _unit(checked: Checked) -> Findings:
    amount, mass = checked.amount("declaredUnitAmount"), checked.amount("productMassPerDeclaredUnit")
    unit = checked.pcf.get("declaredUnitOfMeasurement")
    if amount is not None and amount <= 0:
        yield error(
            "PCF-R2",
            pointer("pcf", "declaredUnitAmount"),
            str(amount),
            N_("The declared amount must be more than zero. Correct it."),
        )
    place = pointer("pcf", "productMassPerDeclaredUnit")
    if mass is not None and (mass < 0 or (mass == 0 and unit in WITH_MASS)):
        yield error(
            "PCF-R2",
            place,
            str(mass),
            N_("A product sold by %(unit)s has a mass. State the kilograms of the declared unit."),
            unit=unit,
        )
    elif mass is not None and amount is not None and unit == "kilogram" and mass != amount:
        yield error(
            "PCF-R2",
            place,
            str(mass),
            N_("The declared unit is %(amount)s kilogram, so its mass is %(amount)s too, not %(mass)s. Correct one of them."),
            amount=amount,
            mass=mass,
        )


def sums(checked: Checked) -> Findings:
    """R3: the two totals are the sums of their parts, but for rounding."""
    excluding, including = (checked.amount(name) for name in ANY_SIGN)
    parts = [checked.amount(name) or Decimal() for name in SUMMED]
    if excluding is not None and checked.amount("fossilGhgEmissions") is not None:
        yield from _sum(checked, ANY_SIGN[0], excluding, sum(parts, Decimal()))
    if excluding is not None and including is not None:
        yield from _sum(checked, ANY_SIGN[1], including, excluding + (checked.amount("biogenicCO2Uptake") or Decimal()))


def _sum(checked: Checked, name: str, printed: Decimal, calculated: Decimal) -> Findings:
    if abs(printed - calculated) > max(abs(printed) * RELATIVE_TOLERANCE, half_of_last_digit(printed)):
        yield found(
            "PCF-R3",
            checked.if_received,
            pointer("pcf", name),
            checked.pcf[name],
            N_("The total is %(printed)s, but its parts add up to %(sum)s. Correct the total or the part that is wrong."),
            printed=printed,
            sum=calculated,
        )


def ranges(checked: Checked) -> Findings:
    """R8: shares are per cents, ratings 1 to 5 and all three or none; exemptions are small and explained."""
    for name in ("primaryDataShare", "exemptedEmissionsPercent"):
        share = checked.amount(name)
        if share is not None and not 0 <= share <= 100:  # noqa: PLR2004 - per cent
            yield error(
                "PCF-R8", pointer("pcf", name), str(share), N_("%(value)s is no share in per cent. Write 0 to 100."), value=share
            )
    yield from _rated(checked)
    yield from _exempted(checked)


def _rated(checked: Checked) -> Findings:
    ratings = _ratings(checked)
    if "dqi" in checked.pcf and len(ratings) < len(RATINGS):
        missing = ", ".join(name for name in RATINGS if name not in ratings)
        yield error(
            "PCF-R8",
            pointer("pcf", "dqi"),
            None,
            N_("Data quality has three ratings or none; %(missing)s is missing. Add it, or leave all of them out."),
            missing=missing,
        )
    for name, value in ratings.items():
        rating = amount_of(value)
        if rating is not None and not 1 <= rating <= 5:  # noqa: PLR2004 - the scale of PACT v3
            yield error(
                "PCF-R8",
                pointer("pcf", "dqi", name),
                value,
                N_("%(value)s is no rating. PACT v3 rates from 1 (best) to 5; older scales of 1 to 3 can't be converted."),
                value=rating,
            )


def _exempted(checked: Checked) -> Findings:
    exempted, place = checked.amount("exemptedEmissionsPercent"), pointer("pcf", "exemptedEmissionsPercent")
    if exempted is None:
        return
    if exempted > MOST_EXEMPTED:
        template = N_("%(value)s %% of the footprint are left out; PACT v3 allows %(limit)s %%. Account for more of them.")
        yield warning("PCF-R8", place, str(exempted), template, value=exempted, limit=MOST_EXEMPTED)
    if exempted > 0 and not checked.pcf.get("exemptedEmissionsDescription"):
        yield warning(
            "PCF-R8",
            pointer("pcf", "exemptedEmissionsDescription"),
            None,
            N_("Emissions are left out, but nothing says which and why. Describe them."),
        )


def carbon(checked: Checked) -> Findings:
    """R9: the product holds no more carbon than mass, and no more recycled carbon than carbon; graphite is nearly all carbon."""
    mass, fossil = checked.amount("productMassPerDeclaredUnit"), checked.amount("fossilCarbonContent")
    if mass is None or fossil is None:
        return
    total = fossil + (checked.amount("biogenicCarbonContent") or Decimal())
    recycled = checked.amount("recycledCarbonContent")
    place = at(checked, "fossilCarbonContent")
    if mass > 0 and total > mass:
        template = N_("The product holds %(carbon)s kg of carbon but weighs %(mass)s kg. Correct one of them.")
        yield error("PCF-R9", place, str(total), template, carbon=total, mass=mass)
    elif mass > 0 and _is_graphite(checked) and total < mass * LEAST_CARBON_OF_GRAPHITE:
        template = N_("Synthetic graphite is 99 to 100 %% carbon; here %(carbon)s kg of %(mass)s kg are. Check the carbon content.")
        yield warning("PCF-R9", place, str(total), template, carbon=total, mass=mass)
    if recycled is not None and recycled > total:
        template = N_(
            "%(recycled)s kg of the carbon are recycled, but there are only %(carbon)s kg of carbon. Correct one of them."
        )
        place = pointer("pcf", "recycledCarbonContent")
        yield error("PCF-R9", place, str(recycled), template, recycled=recycled, carbon=total)


def _is_graphite(checked: Checked) -> bool:
    return any(GRAPHITE in one for one in (*checked.texts("productIds"), *checked.texts("productClassifications")))

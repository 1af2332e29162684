"""The figures of a declared footprint: four significant digits of the total, and lines that add up to it exactly."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from service.footprints.models import FootprintRecord
from service.footprints.protection import round_to_sum, rounding_step
from service.footprints.rules import known_split

_SUMMED = ("fossil", "land_use", "biogenic")


@dataclass(frozen=True, slots=True, kw_only=True)
class PrintedLines:
    """What is printed of a result, kg CO2e per kg of product.

    Attributes
    ----------
    excluding_uptake
        Sum of fossil, land use and biogenic lines as printed; an unknown one is inside the fossil line.
    including_uptake
        The same with the uptake, which is negative or zero.
    land_use, biogenic, uptake
        None: known only as a part of the fossil line.
    aircraft
        A part of the fossil line; None where the model knows of none.

    """

    step: Decimal
    excluding_uptake: Decimal
    including_uptake: Decimal
    fossil: Decimal
    land_use: Decimal | None
    biogenic: Decimal | None
    uptake: Decimal | None
    aircraft: Decimal | None


def printed_lines(record: FootprintRecord) -> PrintedLines:
    """Round a record's lines so that sums of what is printed hold to the last digit."""
    split = record.result["split"]
    known = known_split(split)
    step = rounding_step(record.total_kg_co2e_per_kg) / 10
    fossil, land_use, biogenic = round_to_sum([split[name] for name in _SUMMED], step=step)
    excluding = fossil + land_use + biogenic
    uptake = None if known["biogenic_uptake"] is None else rounded(split["biogenic_uptake"], step)
    return PrintedLines(
        step=step,
        excluding_uptake=excluding,
        including_uptake=excluding + (uptake or Decimal()),
        fossil=fossil,
        land_use=_if_known(known, "land_use", land_use),
        biogenic=_if_known(known, "biogenic", biogenic),
        uptake=uptake,
        aircraft=rounded(split["aircraft"], step) if split["aircraft"] else None,
    )


def rounded(value: float, step: Decimal) -> Decimal:
    """Round to a multiple of a step; never minus zero."""
    return ((Decimal(repr(float(value))) / step).to_integral_value() * step).quantize(step) + 0


def plain(value: Decimal) -> str:
    """Write a number without exponent."""
    return format(value, "f")


def _if_known(known: Mapping[str, float | None], name: str, value: Decimal) -> Decimal | None:
    return None if known[name] is None else value

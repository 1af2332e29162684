"""Units as people have them on their bills, converted by definition only; a registry of our own, so that no other slips in."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

import pint

from service.errors import N_
from service.i18n import Locale, translate

# Each line is a definition, not a measurement; the two that need a source name it.
DEFINITIONS = (
    "kilogram = [mass] = kg",
    "tonne = 1000 * kilogram = t",
    "wan_tonne = 10000 * tonne",
    "gram = kilogram / 1000 = g",
    # Middle of what GB 19147-2016 (diesel: 810 to 845 kg/m³) and GB 17930-2016 (petrol: 720 to 775 kg/m³) allow at 20 °C.
    "litre_diesel = 8275 / 10000 * kilogram",
    "litre_petrol = 7475 / 10000 * kilogram",
    "cubic_metre_water = 1000 * kilogram",  # water at 4 °C; at 20 °C it is 0.2 % less
    "megajoule = [heat] = MJ",
    "gigajoule = 1000 * megajoule = GJ",
    "million_kilojoule = 1000 * megajoule",
    "kgce = 293076 / 10000 * megajoule",  # GB/T 2589-2020: 1 kg of standard coal is 29.3076 MJ
    "gce = kgce / 1000",
    "tce = 1000 * kgce",
    # Saturated steam of 1.0 MPa: 2777.1 kJ/kg (IAPWS-IF97) less 83.74 kJ/kg of feed water at 20 °C, as in the reporting guidelines.
    "steam_tonne = 269336 / 100000 * gigajoule",
    "kilowatt_hour = [electricity] = kWh",
    "megawatt_hour = 1000 * kilowatt_hour = MWh",
    "gigawatt_hour = 1000000 * kilowatt_hour = GWh",
    "wan_kilowatt_hour = 10000 * kilowatt_hour",
    "normal_cubic_metre = [gas] = Nm3",
    "wan_normal_cubic_metre = 10000 * normal_cubic_metre",
    "cubic_metre_20 = 27315 / 29315 * normal_cubic_metre",  # ideal gas at equal pressure: 0 °C instead of the meter's 20 °C
    "kgCO2 = [carbon_dioxide]",
    "tCO2 = 1000 * kgCO2",
    "kgCO2e = [carbon_dioxide_equivalent]",
    "tCO2e = 1000 * kgCO2e",
    "litre = [volume]",
    "cubic_centimetre = litre / 1000",
    "kilometre = [length] = km",
    "hundred_kilometres = 100 * kilometre",
    "percent = 1 / 100",
    "piece = [piece]",
    "machine = [machine]",
    "cycle = [cycle]",
    "year = [time]",
    "yuan = [currency]",
    "milliampere_hour = [charge]",
    "celsius = [temperature]",  # a mark on a thermometer: never converted
)

# By the code that forms, tables and the API use: what Pint reads.
UNITS: Mapping[str, str] = {
    "t": "t",
    "kg": "kg",
    "万t": "wan_tonne",
    "L_diesel": "litre_diesel",
    "L_petrol": "litre_petrol",
    "m3_water": "cubic_metre_water",
    "kWh": "kWh",
    "MWh": "MWh",
    "GWh": "GWh",
    "万kWh": "wan_kilowatt_hour",
    "Nm3": "Nm3",
    "万Nm3": "wan_normal_cubic_metre",
    "m3": "cubic_metre_20",
    "GJ": "GJ",
    "MJ": "MJ",
    "百万kJ": "million_kilojoule",
    "tce": "tce",
    "kgce": "kgce",
    "t_steam": "steam_tonne",
    "kWh/t": "kWh / t",
    "MWh/t": "MWh / t",
    "Nm3/t": "Nm3 / t",
    "m3/t": "cubic_metre_20 / t",
    "GJ/t": "GJ / t",
    "MJ/t": "MJ / t",
    "MJ/kg": "MJ / kg",
    "tce/t": "tce / t",
    "kgce/t": "kgce / t",
    "t/t": "t / t",
    "kg/t": "kg / t",
    "tCO2/t": "tCO2 / t",
    "kgCO2/t": "kgCO2 / t",
    "kgCO2e/t": "kgCO2e / t",
    "tCO2e/t": "tCO2e / t",
    "MJ/Nm3": "MJ / Nm3",
    "GJ/万Nm3": "GJ / wan_normal_cubic_metre",
    "kWh/Nm3": "kWh / Nm3",
    "gce/kWh": "gce / kWh",
    "%": "percent",
    "km": "km",
    "次": "cycle",
    "只": "piece",
    "台": "machine",
    "a": "year",
    "t/a": "t / year",
    "元/t": "yuan / t",
    "℃": "celsius",
    "g/cm3": "g / cubic_centimetre",
    "mAh/g": "milliampere_hour / g",
    "kg/只": "kg / piece",
    "L/100km": "litre / hundred_kilometres",
    "kg/100km": "kg / hundred_kilometres",
    "kWh/100km": "kWh / hundred_kilometres",
}

# Only units whose code is not their name in every language.
LABELS: Mapping[str, str] = {
    "万t": N_("×10⁴ t"),
    "L_diesel": N_("L of diesel"),
    "L_petrol": N_("L of petrol"),
    "m3_water": N_("m³ of water"),
    "tce": N_("tce"),
    "kgce": N_("kgce"),
    "万kWh": N_("×10⁴ kWh"),
    "Nm3": "Nm³",
    "万Nm3": N_("×10⁴ Nm³"),
    "m3": N_("m³ (20 °C)"),
    "百万kJ": N_("million kJ"),
    "t_steam": N_("t steam (1.0 MPa)"),
    "Nm3/t": "Nm³/t",
    "m3/t": N_("m³ (20 °C)/t"),
    "tCO2/t": "t CO₂/t",
    "kgCO2/t": "kg CO₂/t",
    "kgCO2e/t": "kg CO₂e/t",
    "tCO2e/t": "t CO₂e/t",
    "MJ/Nm3": "MJ/Nm³",
    "GJ/万Nm3": N_("GJ/10⁴ Nm³"),
    "kWh/Nm3": "kWh/Nm³",
    "次": N_("times"),
    "只": N_("pieces"),
    "台": N_("machines"),
    "a": N_("years"),
    "t/a": N_("t per year"),
    "元/t": N_("yuan/t"),
    "℃": "°C",
    "g/cm3": "g/cm³",
    "kg/只": N_("kg per piece"),
    "L/100km": "L/100 km",
    "kg/100km": "kg/100 km",
    "kWh/100km": "kWh/100 km",
}


class UnknownUnitError(ValueError):
    """A unit code that no question offers; a mistake in the data or the code, never of a person."""


@lru_cache
def registry() -> pint.UnitRegistry[Fraction]:
    """Return the registry, made when first needed; it computes in fractions, so that conversions are exact."""
    made: pint.UnitRegistry[Fraction] = pint.UnitRegistry(None, non_int_type=Fraction)
    for definition in DEFINITIONS:
        made.define(definition)
    return made


@lru_cache
def factor(unit: str, to: str) -> Fraction | None:
    """Return how many `to` one `unit` is; None when they measure different things."""
    for code in (unit, to):
        if code not in UNITS:
            raise UnknownUnitError(code)
    quantities = registry()
    if not quantities.is_compatible_with(UNITS[unit], UNITS[to]):
        return None
    return Fraction(quantities.Quantity(Fraction(1), UNITS[unit]).to(UNITS[to]).magnitude)


def convert(value: float, unit: str, *, to: str) -> float:
    """Convert a value; the result is the double nearest to the exact one."""
    ratio = factor(unit, to)
    if ratio is None:
        message = f"{unit} does not convert to {to}"
        raise UnknownUnitError(message)
    return float(Fraction(Decimal(repr(value))) * ratio)


def unit_label(unit: str, locale: Locale) -> str:
    """Return a unit as people of a language write it."""
    return translate(locale, LABELS.get(unit, unit))

"""Units that convert into each other exactly; everything else must be spelt the same on both sides."""

from fractions import Fraction
from typing import Final

from lca_models.errors import N_, UnitError

_MASS = "mass"
_ENERGY = "energy"
_VOLUME = "volume"
_NORMAL_VOLUME = "gas volume at 0 °C and 101.325 kPa"
_TRANSPORT = "transport"
_DISTANCE = "distance"
_COUNT = "count"
_RATIO = "ratio"

# Size of each unit in the base of its dimension: kg, MJ, m3, Nm3, tkm, km, piece, 1.
# A cubic metre of gas is not a normal cubic metre.
UNITS: Final[dict[str, tuple[str, Fraction]]] = {
    "mg": (_MASS, Fraction(1, 10**6)),
    "g": (_MASS, Fraction(1, 1000)),
    "kg": (_MASS, Fraction(1)),
    "t": (_MASS, Fraction(1000)),
    "kt": (_MASS, Fraction(10**6)),
    "kJ": (_ENERGY, Fraction(1, 1000)),
    "MJ": (_ENERGY, Fraction(1)),
    "GJ": (_ENERGY, Fraction(1000)),
    "TJ": (_ENERGY, Fraction(10**6)),
    "kWh": (_ENERGY, Fraction(36, 10)),
    "MWh": (_ENERGY, Fraction(3600)),
    "GWh": (_ENERGY, Fraction(3_600_000)),
    "万kWh": (_ENERGY, Fraction(36_000)),
    "L": (_VOLUME, Fraction(1, 1000)),
    "m3": (_VOLUME, Fraction(1)),
    "Nm3": (_NORMAL_VOLUME, Fraction(1)),
    "万Nm3": (_NORMAL_VOLUME, Fraction(10_000)),
    "kgkm": (_TRANSPORT, Fraction(1, 1000)),
    "tkm": (_TRANSPORT, Fraction(1)),
    "m": (_DISTANCE, Fraction(1, 1000)),
    "km": (_DISTANCE, Fraction(1)),
    "piece": (_COUNT, Fraction(1)),
    "1": (_RATIO, Fraction(1)),
}


def convert(amount: float, unit: str, *, to: str, where: str) -> float:
    """Return `amount` in the unit `to`.

    Parameters
    ----------
    amount
        Amount in `unit`.
    unit, to
        Two units of one dimension, or the same text.
    where
        What is being converted, for the error message.

    """
    if unit == to:
        return amount
    ratio = _ratio(unit, to, where=where)
    # One multiplication or division by an integer-like number keeps kg/t and kWh/MWh free of rounding where floats allow it.
    return amount * float(ratio) if ratio >= 1 else amount / float(1 / ratio)


def _ratio(unit: str, to: str, *, where: str) -> Fraction:
    source, target = UNITS.get(unit), UNITS.get(to)
    for name, known in ((unit, source), (to, target)):
        if known is None:
            raise UnitError(
                N_(
                    "%(where)s: the unit “%(unit)s” is not known, so “%(source)s” can't be converted to “%(target)s”. "
                    "Spell both alike or use one of: %(known)s."
                ),
                where=where,
                unit=name,
                source=unit,
                target=to,
                known=", ".join(UNITS),
            )
    if source is None or target is None or source[0] != target[0]:
        raise UnitError(
            N_("%(where)s: “%(source)s” does not convert exactly to “%(target)s”. Give both in the same kind of unit."),
            where=where,
            source=unit,
            target=to,
        )
    return source[1] / target[1]

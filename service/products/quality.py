"""Quality parameters by which customers know a graphite anode material.

Source: names and units of GB/T 24533-2019 (Graphite negative electrode materials for lithium ion battery), from practitioner
knowledge; check against the standard before a legal statement. Bounds only tell a slip of the pen from a value.
"""

from dataclasses import dataclass
from typing import Final

from service.errors import N_


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityParameter:
    """A property of the powder, with the values that it can have at all."""

    key: str
    name: str
    unit: str
    low: float
    high: float


def _parameter(key: str, name: str, unit: str, low: float, high: float) -> QualityParameter:
    return QualityParameter(key=key, name=name, unit=unit, low=low, high=high)


PARAMETERS: Final[tuple[QualityParameter, ...]] = (
    _parameter("d10", N_("Particle size D10"), "µm", 0.1, 100),
    _parameter("d50", N_("Particle size D50"), "µm", 0.1, 100),
    _parameter("d90", N_("Particle size D90"), "µm", 0.1, 200),
    _parameter("moisture", N_("Moisture"), "%", 0, 5),
    _parameter("ph", N_("pH value"), "", 1, 14),
    _parameter("tap_density", N_("Tap density"), "g/cm³", 0.1, 2.3),
    _parameter("compacted_density", N_("Compacted density of the powder"), "g/cm³", 0.5, 2.3),
    _parameter("true_density", N_("True density"), "g/cm³", 1.5, 2.3),
    _parameter("specific_surface", N_("Specific surface (BET)"), "m²/g", 0.05, 50),
    _parameter("fixed_carbon", N_("Fixed carbon"), "%", 90, 100),
    _parameter("interlayer_spacing", N_("Interlayer spacing d002"), "nm", 0.33, 0.36),
    _parameter("first_capacity", N_("First discharge capacity"), "mAh/g", 100, 372.5),
    _parameter("first_efficiency", N_("First coulombic efficiency"), "%", 50, 100),
    _parameter("magnetic_matter", N_("Magnetic impurities"), "mg/kg", 0, 100),
    _parameter("iron", N_("Iron"), "mg/kg", 0, 5000),
)
BY_KEY: Final = {one.key: one for one in PARAMETERS}

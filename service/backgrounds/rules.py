"""What may take its value from a background, and what has to be said about it."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final

from lca_models.background.activities import BackgroundActivity
from lca_models.electricity import SCOPES
from lca_models.errors import ModelError, Notice
from lca_models.parameters import ParameterDefinition
from lca_models.units import convert
from service.backgrounds.models import Background, BackgroundFactor
from service.errors import N_, ConflictError

SOURCE: Final = "background:"
_FACTOR_UNIT: Final = "kgCO2e/"
# Brightway's words for units, as ours; a unit that is not here converts to nothing but itself.
UNITS: Final[Mapping[str, str]] = {
    "kilogram": "kg",
    "gram": "g",
    "ton": "t",
    "metric ton": "t",
    "kilowatt hour": "kWh",
    "megajoule": "MJ",
    "gigajoule": "GJ",
    "cubic meter": "m3",
    "litre": "L",
    "ton kilometer": "tkm",
    "kilogram kilometer": "kgkm",
    "kilometer": "km",
    "meter": "m",
    "unit": "piece",
    "item(s)": "piece",
}


class BackgroundError(ConflictError):
    """A background that can't be used in the way asked for."""

    code = "background"


@contextmanager
def explained() -> Iterator[None]:
    """Turn what the model refuses into an error that pages and programs understand."""
    try:
        yield
    except ModelError as error:
        raise BackgroundError(error.template, **error.values) from error


@dataclass(frozen=True, slots=True, kw_only=True)
class Constant:
    """What a background gives to a parameter.

    Attributes
    ----------
    kg_co2e_per_unit
        In the parameter's unit.
    background, licence
        Name and licence of the background.
    activity
        Name and location.

    """

    kg_co2e_per_unit: float
    background: str
    licence: str
    activity: str

    @property
    def source(self) -> str:
        """Return what a record keeps as source."""
        return f"{SOURCE}{self.background}"

    @property
    def note(self) -> str:
        """Return activity and licence, which a record keeps beside the source."""
        return f"{self.activity}; {self.licence}"


def constant_of(factor: BackgroundFactor, background: Background) -> Constant:
    """Return what a row gives."""
    return Constant(
        kg_co2e_per_unit=factor.kg_co2e_per_unit,
        background=background.name,
        licence=background.licence,
        activity=f"{factor.activity_name} [{factor.location or '-'}]",
    )


def takes_background(definition: ParameterDefinition) -> bool:
    """Tell whether a parameter is a life-cycle factor that a background may give; electricity comes from the views."""
    return definition.unit.startswith(_FACTOR_UNIT) and definition.name not in SCOPES and not definition.choices


def factor_in_unit_of(definition: ParameterDefinition, activity: BackgroundActivity, factor: float) -> float:
    """Return kg CO2e per unit of the parameter from kg CO2e per unit of the activity's product.

    Raises
    ------
    BackgroundError
        If the parameter is no such factor.
    UnitError
        If the units do not convert exactly.

    """
    if not takes_background(definition):
        raise BackgroundError(
            N_("%(parameter)s [%(unit)s] can't come from a background: only factors in kgCO2e per unit can, electricity excepted."),
            parameter=definition.name,
            unit=definition.unit,
        )
    own_unit = definition.unit.removeprefix(_FACTOR_UNIT)
    return factor * convert(1.0, own_unit, to=UNITS.get(activity.unit, activity.unit), where=str(activity))


def licence_notices(constants: Iterable[Constant]) -> tuple[Notice, ...]:
    """Return what everything derived from backgrounds must say, one notice for each background."""
    by_name: dict[str, list[Constant]] = {}
    for constant in constants:
        by_name.setdefault(constant.background, []).append(constant)
    return tuple(_notice(name, found) for name, found in sorted(by_name.items()))


def _notice(name: str, constants: list[Constant]) -> Notice:
    licence = constants[0].licence
    values = {"name": name, "licence": licence, "count": len(constants)}
    if "ecoinvent" in f"{name} {licence}".casefold():
        return Notice(template=ECOINVENT_NOTICE, values=values)
    return Notice(template=LICENCE_NOTICE, values=values)


def stated_licences(notices: Iterable[Mapping[str, Any]]) -> tuple[Mapping[str, Any], ...]:
    """Return name, licence and number of factors of each background that a stored result's notices name."""
    return tuple(one["values"] for one in notices if one["template"] in {LICENCE_NOTICE, ECOINVENT_NOTICE})


LICENCE_NOTICE: Final = N_(
    "%(count)s factors come from the background “%(name)s” (licence: %(licence)s). "
    "Check that this licence allows sharing derived results before you pass the figure on."
)
ECOINVENT_NOTICE: Final = N_(
    "%(count)s factors come from the background “%(name)s” (licence: %(licence)s). Its end-user licence does not allow sharing "
    "results with third parties in an automated way; a tool that does so needs ecoinvent's Developer licence."
)
"""support.ecoinvent.org/eula and /licenses, as stored in November 2026; the operator checks the licence in force."""
